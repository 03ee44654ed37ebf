package dc4eu

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"elmobridge/api/limit"
	"elmobridge/api/problem"
)

// FuzzParse: whatever the body is, it is refused with a status of the client, or it is read, and what was read is
// read again when it is written. The document in Content is within its limit.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		javaBody(elmo17, elm32, []byte("<elmo/>")), javaBody(elm32, elmo17, packed(f, bytes.NewReader([]byte("{}")))),
		`{"from":null,"TO":{},"parameters":{"FLAGS":["` + validateInput + `"]},"content":"_-8=\r\n"}`, `{"x":[{}],"From":{"Name":1}}`, `{"Content":"H4sI"}`, `[`,
	} {
		f.Add([]byte(seed))
	}
	const most = 1 << 16
	f.Fuzz(func(t *testing.T, body []byte) {
		q, err := parse[protocol](body)
		if err != nil {
			theirFault(t, err)
			return
		}
		again, err := json.Marshal(q)
		if err != nil {
			t.Fatal(err)
		}
		q.unknown = 0
		if read, err := parse[protocol](again); err != nil || !reflect.DeepEqual(read, q) {
			t.Fatalf("%v: %s", err, again)
		}
		data, err := document(q.Content, most, limit.NewBudget(most<<1).Share())
		if err != nil {
			theirFault(t, err)
		}
		if len(data) > max(most, len(body)) {
			t.Fatalf("%d bytes", len(data))
		}
	})
}

// theirFault checks that an error is one of the client.
func theirFault(t *testing.T, err error) {
	t.Helper()
	if status, _ := translate(problem.Of(err)); status < 400 || status > 499 {
		t.Fatalf("%d %v", status, err)
	}
}
