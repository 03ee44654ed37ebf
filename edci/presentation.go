package edci

// AppendPresentation appends credentials as one unsigned presentation, compact JSON-LD: for callers that take one
// object where there are several credentials. Read opens it again.
//
//	{"@context":[VC,EDC],"id":ID,"type":["VerifiablePresentation","EuropeanDigitalPresentation"],"verifiableCredential":[...]}
//
// Source: Verifiable Credentials Data Model 1.1, 4.10; ELM 3.2, EuropeanDigitalPresentation.
func AppendPresentation(dst []byte, id string, credentials []*EuropeanDigitalCredential) []byte {
	dst = append(dst, `{"@context":["`+contextVC+`","`+contextEDC+`"],"id":`...)
	dst = AppendValue(dst, id)
	dst = append(dst, `,"type":["VerifiablePresentation","EuropeanDigitalPresentation"],"verifiableCredential":[`...)
	for i, c := range credentials {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = Append(dst, c)
	}
	return append(dst, "]}"...)
}
