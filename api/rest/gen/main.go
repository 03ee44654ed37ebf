// Command gen writes openapi.yaml; go generate runs it.
package main

import (
	"log"
	"os"

	"elmobridge/api/rest"
)

func main() {
	if err := os.WriteFile("openapi.yaml", rest.OpenAPI(), 0o644); err != nil {
		log.Fatal(err)
	}
}
