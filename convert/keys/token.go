package keys

// Token names a key in a PKCS#11 token, such as a hardware security module. OpenToken needs a program
// built with the tag pkcs11, which needs cgo. What is "" is not looked at.
type Token struct {
	Module       string                 // the library of the token, such as /usr/lib/softhsm/libsofthsm2.so
	Label        string                 // of the token
	Manufacturer string                 // of the token
	Model        string                 // of the token
	Serial       string                 // of the token
	Key          string                 // label of the key pair, and of its certificate; "": by its ID
	ID           string                 // of the key pair and its certificate, CKA_ID; "": by its label
	PIN          func() ([]byte, error) // of the user
	Certificates string                 // file of the certificates (PEM); "": the one in the token
}
