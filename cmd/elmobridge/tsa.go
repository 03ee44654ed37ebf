package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"
)

// Limits of the conversation with a time-stamping authority. Answers have some 3 KiB.
const (
	authorityPatience = 30 * time.Second
	longestReply      = 256 << 10
	mostRedirects     = 3
)

// Media types of RFC 3161, 3.4.
const (
	mediaQuery = "application/timestamp-query"
	mediaReply = "application/timestamp-reply"
)

// authority is a time-stamping authority over HTTP. RFC 3161, 3.4.
type authority struct {
	url    *url.URL
	client *http.Client
}

func newAuthority(address string) (*authority, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "":
		return nil, errors.New("is not a web address such as https://tsa.example.org/tsr")
	case u.User != nil:
		return nil, errors.New("must not have a name or password in the address: others could see it")
	}
	a := &authority{url: u}
	a.client = &http.Client{Timeout: authorityPatience, CheckRedirect: a.follow}
	return a, nil
}

// follow allows redirects within the host, as safe as the address that was given.
func (a *authority) follow(r *http.Request, via []*http.Request) error {
	switch {
	case r.URL.Host != a.url.Host || r.URL.Scheme != a.url.Scheme:
		return errors.New("it redirects to another host or scheme")
	case len(via) > mostRedirects:
		return errors.New("it redirects again and again")
	}
	return nil
}

// ask sends a request and gives the answer; both are in DER. No error has more of the address than the host:
// what follows may be a password.
func (a *authority) ask(ctx context.Context, request []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, a.url.String(), bytes.NewReader(request))
	if err != nil {
		return nil, errors.New("the request cannot be made")
	}
	r.Header.Set("Content-Type", mediaQuery)
	r.Header.Set("Accept", mediaReply)
	answer, err := a.client.Do(r)
	if err != nil {
		var why *url.Error // has the address
		if errors.As(err, &why) {
			err = why.Err
		}
		return nil, fmt.Errorf("%s: %w", a.url.Host, err)
	}
	defer answer.Body.Close()
	data, err := readReply(answer)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", a.url.Host, err)
	}
	return data, nil
}

func readReply(answer *http.Response) ([]byte, error) {
	kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	switch {
	case answer.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("it answers with status %d", answer.StatusCode)
	case kind != mediaReply:
		return nil, errors.New("its answer is no time stamp (" + mediaReply + ")")
	}
	data, err := io.ReadAll(io.LimitReader(answer.Body, longestReply+1))
	if err == nil && len(data) > longestReply {
		err = fmt.Errorf("its answer is longer than %d bytes", longestReply)
	}
	return data, err
}
