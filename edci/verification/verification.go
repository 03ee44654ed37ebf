// Package verification lists the checks that the European infrastructure makes of a credential, and
// makes those that need the credential alone.
//
// A check is passed, failed or not checked, each with its reason. The three are never mixed: what is
// not checked is neither right nor wrong. See code list "verification" of the EDC profile.
package verification

import (
	"errors"
	"fmt"
	"time"

	"elmobridge/edci"
	"elmobridge/edci/profile"
)

// Status is what came of a check.
type Status string

// The statuses.
const (
	Passed     Status = "passed"
	Failed     Status = "failed"
	NotChecked Status = "not-checked"
)

// Part is one step of a check.
type Part struct {
	Name   string `json:"name"`
	Status Status `json:"status"`
	Reason string `json:"reason"` // without any value of the credential
}

// List is the parts of something, in the order in which they were made.
type List []Part

// Part finds a part by its name; one that was not made is not checked.
func (l List) Part(name string) Part {
	for _, p := range l {
		if p.Name == name {
			return p
		}
	}
	return Part{name, NotChecked, "it was not reached"}
}

// The reasons of a verdict that is passed.
const (
	reasonRoot    = "signed by the named certificate, which leads to a given root; whether it is qualified or was revoked is not checked"
	reasonVouched = "signed by a certificate or key that is itself trusted, and by that for this issuer; whether it is qualified or was revoked is not checked"
)

// names of the parts that every signature has.
const (
	partSignature   = "signature"
	partCertificate = "certificate"
	partChain       = "certificate-chain"
	partIssuer      = "issuer"
)

// Verdict says of a signature whether it holds and is by who issues: failed by any part that failed, passed
// when its certificate, the way to a root and the issuer are. Vouched, the issuer need not have been compared.
func (l List) Verdict(vouched bool) Part {
	for _, p := range l {
		if p.Status == Failed {
			return Part{Status: Failed, Reason: p.Name + ": " + p.Reason}
		}
	}
	for _, name := range []string{partCertificate, partChain, partIssuer} {
		p := l.Part(name)
		if p.Status != Passed && !(vouched && name == partIssuer) {
			return Part{Status: NotChecked, Reason: p.Name + ": " + p.Reason}
		}
	}
	if vouched && l.Part(partIssuer).Status != Passed {
		return Part{Status: Passed, Reason: reasonVouched}
	}
	return Part{Status: Passed, Reason: reasonRoot}
}

// Check is one of the list "verification". ID is its member, under http://data.europa.eu/snb/verification/.
type Check struct {
	ID string `json:"id"`
	Part
}

// The ids and names of the list "verification".
const (
	formatID        = "2f5b89b96f"
	sealID          = "f9c2016fe9"
	ownerID         = "1faf8d450f"
	accreditationID = "e2bbc86a28"
	revocationID    = "271aef9eb4"
	expiryID        = "94d828f160"
	customID        = "c_50990fe3"
)

// Credential is what a verified payload holds, read once for all who look at it.
type Credential struct {
	source   *edci.Source
	err      error
	withheld string // why nothing is said of it
}

// Why nothing is said of a credential.
const (
	reasonBroken      = "the seal does not hold, so that this is not the credential that was issued"
	reasonUnevaluated = "the seal was not evaluated, so that nobody vouches for the credential"
)

// Withheld stands for the credential under signatures of which not all hold: one is broken, or was not
// even evaluated.
func Withheld(signatures ...List) *Credential {
	for _, l := range signatures {
		if l.Part(partSignature).Status == Failed {
			return &Credential{withheld: reasonBroken}
		}
	}
	return &Credential{withheld: reasonUnevaluated}
}

// Read reads the one credential of a payload.
func Read(payload []byte, lim edci.Limits) *Credential {
	credentials, err := edci.Read(payload, edci.ReadOptions{Limits: lim})
	switch {
	case err != nil:
		return &Credential{err: err}
	case len(credentials) != 1:
		return &Credential{err: errors.New("it holds several credentials")}
	}
	return &Credential{source: credentials[0].Source}
}

// Tree is the credential in plain shape, nil when it cannot be read.
func (c *Credential) Tree() edci.Object {
	if c.source == nil {
		return nil
	}
	return c.source.Tree
}

// Checks lists all seven checks. The verdict on the signatures was made before; it is no more than not checked
// for the list, whose member says that the seal is valid and qualified, and qualified nobody has checked. Of a
// credential that is withheld nothing else is checked.
func Checks(verdict Part, c *Credential, at time.Time) []Check {
	seal := named("Seal", verdict)
	if seal.Status == Passed {
		seal.Status, seal.Reason = NotChecked, "it holds and leads to what is trusted; qualified status and revocation are not checked"
	}
	format, expiry := c.inspect(at)
	return []Check{
		{formatID, named("Format", format)},
		{sealID, seal},
		{ownerID, Part{"Owner", NotChecked, "whether the holder is the person named is not checked"}},
		{accreditationID, Part{"Accreditation", NotChecked, "accreditations are not looked up"}},
		{revocationID, Part{"Revocation", NotChecked, "neither the status of the credential nor that of certificates is looked up"}},
		{expiryID, named("Expiry", expiry)},
		{customID, Part{"Custom", NotChecked, "there are no checks of our own"}},
	}
}

func named(name string, p Part) Part {
	p.Name = name
	return p
}

// inspect makes the checks that look at the credential itself.
func (c *Credential) inspect(at time.Time) (format, expiry Part) {
	if c.withheld != "" {
		p := Part{Status: NotChecked, Reason: c.withheld}
		return p, p
	}
	if c.err != nil {
		return Part{Status: Failed, Reason: c.err.Error()}, Part{Status: NotChecked, Reason: "the credential cannot be read"}
	}
	return conformity(c.source), validity(c.source.Tree, at)
}

// conformity asks the profile that the credential names.
func conformity(s *edci.Source) Part {
	p := profile.Of(s.Tree)
	findings := profile.CheckSource(s, p, profile.Options{ErrorsOnly: true})
	if len(findings) > 0 {
		return Part{Status: Failed, Reason: fmt.Sprintf("%d faults against the profile %s; the first is %s at %q", len(findings), p, findings[0].Rule, findings[0].Path)}
	}
	return Part{Status: Passed, Reason: "it conforms to the profile " + p.String() + "; code lists are not looked up"}
}

// limits are the times from which and until which a credential is valid.
var limits = []struct {
	member string
	until  bool
}{{"validFrom", false}, {"validUntil", true}, {"expirationDate", true}}

// validity tells whether a credential in plain shape is valid at a time by its own members: validFrom,
// validUntil and expirationDate.
func validity(tree edci.Object, at time.Time) Part {
	reason := "it does not expire"
	for _, l := range limits {
		v, there := tree.Get(l.member)
		if !there {
			continue
		}
		s, _ := v.(string)
		t, err := Time(s)
		switch {
		case err != nil:
			return Part{Status: Failed, Reason: l.member + " is no date and time"}
		case l.until && !at.Before(t):
			return Part{Status: Failed, Reason: "it has expired: " + l.member + " is past"}
		case !l.until && at.Before(t):
			return Part{Status: Failed, Reason: "it is not valid yet: " + l.member + " is to come"}
		case l.until:
			reason = "it has not expired"
		}
	}
	return Part{Status: Passed, Reason: reason}
}

// Time reads an xsd:dateTime; without a zone it is UTC.
func Time(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t, err = time.Parse("2006-01-02T15:04:05", s)
	}
	return t, err
}
