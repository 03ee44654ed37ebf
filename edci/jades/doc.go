// Package jades seals European Digital Credentials as Europass does, and verifies such seals: JAdES
// (ETSI TS 119 182-1), levels B and T, in JSON serialisation.
//
//	{"payload":"CREDENTIAL","signatures":[
//	  {"protected":"HEADER","header":{"etsiU":["SIGTST"]},"signature":"SIGNATURE"}]}
//
//	CREDENTIAL  the JSON text itself, as a JSON string (b64 false, RFC 7797)
//	HEADER      alg, cty, kid (IssuerSerial), x5t#S256, x5c, typ, b64, sigT, crit
//	SIGTST      {"sigTst":{"tstTokens":[{"val":"TOKEN"}]}}, at level T only
//	signed      HEADER as it stands, a full stop, the bytes of CREDENTIAL
//
// Complete adds to a credential what the sealing service of Europass adds, Seal seals it, Verify makes the
// checks of a sealed file and says of each what was checked and what was not. Of a seal that holds
// Verify gives the very bytes that were sealed.
//
// Nothing is fetched. A time-stamping authority is asked over a function of the caller (NewTimestamper).
package jades

import "errors"

var (
	// ErrForm is returned for files that are no seal in JSON serialisation, or one that is not evaluated.
	ErrForm = errors.New("jades: not a seal we evaluate")

	// ErrCredential is returned for what cannot be sealed.
	ErrCredential = errors.New("jades: the credential cannot be sealed")

	// ErrIssuer is returned when the certificate does not fit the issuer of the credential.
	ErrIssuer = errors.New("jades: the certificate and the issuer do not go together")

	// ErrTimestamp is returned for time stamps that are not right.
	ErrTimestamp = errors.New("jades: the time stamp is not right")
)
