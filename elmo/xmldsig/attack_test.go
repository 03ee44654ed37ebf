package xmldsig_test

import (
	"errors"

	"elmobridge/elmo/xmldsig"
)

// reason gives why a signature was refused; empty when the error is of another kind, or none.
func reason(err error) xmldsig.Reason {
	var why *xmldsig.Error
	if errors.As(err, &why) {
		return why.Reason
	}
	return ""
}
