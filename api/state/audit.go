package state

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// Event is what the audit log says of one step. None of its values is of or about a learner: all are names of the
// configuration, of fixed lists, or numbers.
type Event struct {
	Time    time.Time `json:"time"`              // in UTC
	Name    string    `json:"event"`             // what was done, such as delivered
	Channel string    `json:"channel"`           // the adapter, such as rest
	Source  string    `json:"source,omitempty"`  // name of the source in the configuration
	Client  string    `json:"client,omitempty"`  // name of the client in the configuration
	Request string    `json:"request,omitempty"` // id of the request, as in the log
	Outcome string    `json:"outcome"`           // ok, or the type of a problem
	Consent string    `json:"consent,omitempty"` // key of the text that was consented to, of the configuration
	Count   int       `json:"count,omitempty"`   // of results
}

// record is an event in the log. Each holds the digest of the one before, so that none can be changed or taken out
// without all that follow. Who can write the log anew from there on, or cut off its end, is found out by whoever has
// kept the number and the digest of a later record elsewhere.
type record struct {
	Number   int    `json:"number"`             // from 1
	Previous string `json:"previous,omitempty"` // SHA-256 of the record before, hexadecimal
	Event
}

// Audit adds an event to the log. When it returns nil, the event is durable.
func (s *Store) Audit(ctx context.Context, e Event) error {
	e.Time = e.Time.UTC()
	return s.engine.Append(ctx, func(last []byte) []byte {
		line, err := json.Marshal(follow(last, e))
		if err != nil {
			panic(err) // strings, numbers and times of this age can always be written
		}
		return line
	})
}

// follow is the record behind the last one. One that cannot be read is not passed over: Events finds it.
func follow(last []byte, e Event) record {
	if last == nil {
		return record{Number: 1, Event: e}
	}
	var before record
	_ = json.Unmarshal(last, &before)
	return record{Number: before.Number + 1, Previous: digest(last), Event: e}
}

// Events gives the records of the log as JSON, each as it was written, once it has been found to follow the one before.
// The error of a log that has been changed names the number of the first record that does not.
func (s *Store) Events(ctx context.Context, each func(line []byte) error) error {
	number, previous := 0, ""
	return s.engine.Records(ctx, func(line []byte) error {
		number++
		var r record
		if err := json.Unmarshal(line, &r); err != nil || r.Number != number || r.Previous != previous {
			return fmt.Errorf("record %d of the audit log does not follow the one before: the log has been changed", number)
		}
		previous = digest(line)
		return each(line)
	})
}

func digest(line []byte) string {
	sum := sha256.Sum256(line)
	return hex.EncodeToString(sum[:])
}
