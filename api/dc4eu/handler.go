package dc4eu

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"elmobridge/api/limit"
	"elmobridge/api/problem"
)

// handlers answer requests.
type handlers struct{ Config }

// handler receives a request, has it parsed, done and the answer written as JSON when a worker is free, and sends that.
func handler[To protocol | []protocol, A any](h *handlers, do func(context.Context, *request[To], *limit.Share) (A, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body := func(from io.Reader) ([]byte, error) { return receive(r, from) }
		answer, err := limit.WorkTaking(h.Bounds, r, body, func(ctx context.Context, data []byte, memory *limit.Share) ([]byte, error) {
			q, err := parse[To](data)
			if err != nil {
				return nil, err
			}
			a, err := do(ctx, q, memory)
			if err != nil {
				return nil, err
			}
			return encode(a), nil
		})
		if err != nil {
			fail(w, err)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		write(w, http.StatusOK, answer)
	}
}

// encode writes structs of our own as JSON, which can always be done.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// write answers with JSON.
func write(w http.ResponseWriter, status int, answer []byte) {
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
	w.WriteHeader(status)
	_, _ = w.Write(answer) // the client has gone: nobody is left to tell
}

// channel is the name of this adapter in figures.
const channel = "dc4eu"

// one answers /rest/request.
func (h *handlers) one(_ context.Context, q *request[protocol], memory *limit.Share) (*response, error) {
	j, err := h.begin(q.From, []protocol{q.To}, q.Parameters, q.Content, memory)
	if err != nil {
		return nil, err
	}
	r, err := j.convert(q.To)
	if err == nil {
		err = memory.Take(int64(len(r.content)))
	}
	if err != nil {
		return nil, err
	}
	h.Figures.Converted(channel, r.report)
	return &response{
		ResponseProtocol: r.protocol, Content: r.content, ConverterVersion: h.Version, Timestamp: j.now.Format(timestamp),
		Errors: together(), Warnings: together(unknownMembers(q.unknown), j.warnings, r.warnings), Report: r.report,
	}, nil
}

// mostTargets is more than there are versions.
const mostTargets = 16

// mostContent is how many times as large as the largest request the results of a request may be together.
const mostContent = 2

// repeated tells whether a protocol is in a list twice.
func repeated(list []protocol) bool {
	seen := map[protocol]bool{}
	for _, p := range list {
		p.Name = strings.ToLower(p.Name)
		if seen[p] {
			return true
		}
		seen[p] = true
	}
	return false
}

// several answers /rest/request2. A target that cannot be had has Errors; when that is so of all of them, the answer
// is what is wrong with the first.
func (h *handlers) several(ctx context.Context, q *request[[]protocol], memory *limit.Share) (*response2, error) {
	if n := len(q.To); n == 0 || n > mostTargets {
		return nil, problem.New(problem.BadRequest, fmt.Sprintf("To must be a list of 1 to %d protocols", mostTargets))
	}
	if repeated(q.To) {
		return nil, problem.New(problem.BadRequest, "a protocol is twice in To; ask for each once")
	}
	j, err := h.begin(q.From, q.To, q.Parameters, q.Content, memory)
	if err != nil {
		return nil, err
	}
	answer := &response2{ConverterVersion: h.Version, Timestamp: j.now.Format(timestamp),
		Errors: together(), Warnings: together(unknownMembers(q.unknown), j.warnings)}
	var (
		first error
		size  int64 // of all contents
	)
	for _, to := range q.To {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r, err := j.convert(to)
		if err != nil {
			first = cmp.Or(first, err)
			r = &result{protocol: to, errors: errorMessages(problem.Of(err), err)}
		} else {
			h.Figures.Converted(channel, r.report)
		}
		if size += int64(len(r.content)); size > mostContent*h.MaxBody {
			return nil, problem.New(problem.TooLarge, fmt.Sprintf("the results have more than %d bytes together; ask for one after the other", mostContent*h.MaxBody))
		}
		if err := memory.Take(int64(len(r.content))); err != nil {
			return nil, err
		}
		answer.add(r)
	}
	if len(answer.Errors) > 0 && !slices.ContainsFunc(answer.ResponseFormat, func(f format) bool { return f.Content != nil }) {
		return nil, first
	}
	return answer, nil
}

// add adds the entry of a target.
func (r *response2) add(of *result) {
	r.ResponseFormat = append(r.ResponseFormat, format{
		ResponseProtocol: of.protocol, Content: of.content, Report: of.report,
		Errors: together(of.errors), Warnings: together(of.warnings),
	})
	r.Errors = append(r.Errors, of.errors...)
}

// together joins lists to one that is never null.
func together(lists ...[]message) []message {
	return append([]message{}, slices.Concat(lists...)...)
}
