package dc4eu_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"elmobridge/api/dc4eu"
	"elmobridge/api/limit"

	"github.com/go-chi/chi/v5"
)

// A gateway is pointed to http://HOST/rest/request, and sends what it sends to the other converter.
func ExampleMount() {
	r := chi.NewRouter()
	dc4eu.Mount(r, dc4eu.Config{Version: "1.0", Bounds: &limit.Bounds{
		MaxBody: 32 << 20, Time: time.Minute, Gate: limit.NewGate(2, time.Second), Budget: limit.NewBudget(512 << 20),
	}})
	server := httptest.NewServer(r)
	defer server.Close()

	xml, err := os.ReadFile("../../testdata/elmo/one-course.xml")
	if err != nil {
		log.Fatal(err)
	}
	resp, err := http.Post(server.URL+"/rest/request", "application/json", strings.NewReader(
		`{"From":{"Name":"elmo","Version":"1.7"},"To":{"Name":"elm","Version":"3.2"},"Content":"`+base64.StdEncoding.EncodeToString(xml)+`"}`))
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		Content  []byte
		Warnings []struct{ Message string }
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		log.Fatal(err)
	}
	fmt.Println(resp.StatusCode, json.Valid(answer.Content))
	for _, w := range answer.Warnings {
		fmt.Println(w.Message)
	}
	// Output:
	// 200 true
	// generatedDate has no place of its own in the other format and is stored beside the rest, where the way back finds it: a credential has no date of generation (ENV-09, no-counterpart).
}
