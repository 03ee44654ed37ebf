package convert_test

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"elmobridge/convert"
	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/mapping"
	"elmobridge/testdata/judge"
)

// unnamed lists the differences of a trip that no report names.
func unnamed(trip *convert.Trip) []string {
	var list []string
	for _, d := range trip.Differences {
		if !d.Named {
			list = append(list, d.Kind+" "+d.Path)
		}
	}
	return list
}

// TestDocumentsComeBack: ELMO to EDC and back, with notes. Every difference is named, and what comes
// back is valid when the source was.
func TestDocumentsComeBack(t *testing.T) {
	dir := t.TempDir()
	back := map[string]string{} // source file -> result file
	for _, s := range readableDocuments(t) {
		trip, err := convert.RoundTrip(s.data, options(convert.KeepNotes))
		if err != nil {
			t.Errorf("%s: %v", s.name, err)
			continue
		}
		if list := unnamed(trip); list != nil {
			t.Errorf("%s: not named: %q", s.name, list)
		}
		source, result := filepath.Join(dir, s.name), filepath.Join(dir, "back-"+s.name)
		write(t, source, s.data)
		write(t, result, trip.Result[0])
		back[source] = result
	}
	checkValidity(t, back)
}

// schemas are those that documents in the wild are valid against, with the version that comes back.
var schemas = []string{"1.7.0", "2.0.0"}

// checkValidity asks whether results are valid where their sources are.
func checkValidity(t *testing.T, back map[string]string) {
	for _, version := range schemas {
		var valid []string
		for source, ok := range judge.ELMO(quiet{t}, version, slices.Collect(maps.Keys(back))...) {
			if ok {
				valid = append(valid, back[source])
			}
		}
		t.Logf("%d documents are valid ELMO %s", len(valid), version)
		if len(valid) == 0 {
			continue
		}
		for result, ok := range judge.ELMO(t, version, valid...) {
			if !ok {
				t.Errorf("%s is no valid ELMO %s", filepath.Base(result), version)
			}
		}
	}
}

// quiet keeps what the judge says of invalid sources to itself.
type quiet struct{ testing.TB }

func (quiet) Logf(string, ...any) {}

func write(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestNothingIsLost: the document with every element of ELMO 1.7 comes back without a loss.
func TestNothingIsLost(t *testing.T) {
	data, err := os.ReadFile(judge.Corpus(t, "elmo", "documents", "synthetic-all-elements-1.7.xml"))
	if err != nil {
		t.Fatal(err)
	}
	trip, err := convert.RoundTrip(data, options(convert.KeepNotes))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []*convert.Report{trip.There, trip.Back} {
		for _, e := range r.Losses {
			if e.Verdict.Severity() >= mapping.Reduced.Severity() {
				t.Errorf("%s %s %s %s %s", e.Row, e.Verdict, e.Reason, e.Source, e.Note)
			}
		}
	}
}

// TestReportsAreTrue: what a report calls lost is not there when the document comes back; and with
// keep=none, too, every difference is named.
func TestReportsAreTrue(t *testing.T) {
	for _, keep := range []convert.Keep{convert.KeepNotes, convert.KeepNone} {
		for _, s := range readableDocuments(t) {
			trip, err := convert.RoundTrip(s.data, options(keep))
			if err != nil {
				t.Errorf("%s: %v", s.name, err)
				continue
			}
			if list := unnamed(trip); list != nil {
				t.Errorf("%s, keep=%s: not named: %q", s.name, keep, list)
			}
			for _, e := range trip.There.Losses {
				if e.Verdict.Severity() >= mapping.Reduced.Severity() && !shows(trip, e.Source) {
					t.Errorf("%s, keep=%s: %s %s %s, but it came back: %s", s.name, keep, e.Row, e.Verdict, e.Source, e.Note)
				}
			}
		}
	}
}

// shows tells whether there is a difference at, above or below a path, or a stand-in that may be equal.
func shows(trip *convert.Trip, path string) bool {
	for _, e := range trip.Back.Added {
		if e.Target == path {
			return true
		}
	}
	for _, d := range trip.Differences {
		if strings.HasPrefix(d.Path, path) || strings.HasPrefix(path, d.Path) {
			return true
		}
	}
	return false
}

// TestSourceComesBack: with keep=source the bytes come back.
func TestSourceComesBack(t *testing.T) {
	for _, s := range readableDocuments(t) {
		trip, err := convert.RoundTrip(s.data, options(convert.KeepSource))
		if err != nil {
			t.Errorf("%s: %v", s.name, err)
			continue
		}
		if !bytes.Equal(trip.Result[0], s.data) {
			t.Errorf("%s: not the same bytes", s.name)
		}
	}
}

// TestSourceWithOtherOptions: the way back does not need the options of the way there.
func TestSourceWithOtherOptions(t *testing.T) {
	for _, s := range ownDocuments(t) {
		opt := options(convert.KeepSource)
		opt.DefaultLanguage, opt.NameLanguage, opt.BirthCountry, opt.AttachToAll = "en", "nb", "NO", true
		credentials := there(t, s.data, opt)
		doc, report, err := convert.ToELMO(credentials, convert.Options{})
		if err != nil {
			t.Fatal(err)
		}
		xml, err := convert.WriteELMO(doc, convert.Options{})
		if err != nil || !bytes.Equal(xml, s.data) {
			t.Errorf("%s: not the same bytes, %v", s.name, err)
		}
		if report.Worst() != "" {
			t.Errorf("%s: %v", s.name, report.Counts)
		}
	}
}

// there converts a document and reads what was written.
func there(t testing.TB, data []byte, opt convert.Options) []*edci.EuropeanDigitalCredential {
	t.Helper()
	doc, err := elmo.Read(data, elmo.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	made, _, err := convert.ToEDC(doc, opt)
	if err != nil {
		t.Fatal(err)
	}
	var read []*edci.EuropeanDigitalCredential
	for _, c := range made {
		again, err := edci.Read(convert.AppendEDC(nil, c, opt), edci.ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		read = append(read, again...)
	}
	return read
}

// TestEditedSource: a credential that was changed does not give the document it no longer says.
func TestEditedSource(t *testing.T) {
	data := ownDocument(t, "one-course.xml")
	opt := options(convert.KeepSource)
	json := convert.AppendEDC(nil, there(t, data, opt)[0], opt)
	edits := map[string][2]string{
		"a result":     {`"point":"`, `"point":"1`},
		"the digest":   {"sha-256:", "sha-256:0"},
		"a new member": {`"credentialSubject":{`, `"credentialSubject":{"patronymicName":{"und":"X"},`},
	}
	for name, e := range edits {
		edited := strings.Replace(string(json), e[0], e[1], 1)
		if edited == string(json) {
			t.Fatalf("%s: nothing to edit", name)
		}
		credentials, err := edci.Read([]byte(edited), edci.ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		doc, _, err := convert.ToELMO(credentials, convert.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if xml, _ := convert.WriteELMO(doc, convert.Options{}); bytes.Equal(xml, data) {
			t.Errorf("%s was changed, and the old document comes back", name)
		}
	}
}

// TestPartOfSource: one of two credentials does not give the whole document.
func TestPartOfSource(t *testing.T) {
	data := ownDocument(t, "two-issuers.xml")
	credentials := there(t, data, options(convert.KeepSource))
	doc, _, err := convert.ToELMO(credentials[1:], convert.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Reports) != 1 {
		t.Errorf("%d reports", len(doc.Reports))
	}
}

func ownDocument(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", "elmo", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestCredentialsComeBack: EDC to ELMO and back, over the credentials of others: valid ELMO or a clear
// refusal, and no difference that no report names.
func TestCredentialsComeBack(t *testing.T) {
	dir := t.TempDir()
	var files []string
	for _, s := range credentialSamples(t) {
		opt := options(convert.KeepNotes)
		opt.Issuer = nil
		trip, err := convert.RoundTrip(s.data, opt)
		if err != nil {
			if !clear(err) {
				t.Errorf("%s: %v", s.name, err)
			}
			continue
		}
		if list := unnamed(trip); list != nil {
			t.Errorf("%s: not named: %q", s.name, list)
		}
		name := filepath.Join(dir, s.name+".xml")
		write(t, name, trip.Between[0])
		files = append(files, name)
	}
	if len(files) < 30 {
		t.Errorf("only %d credentials were converted", len(files))
	}
	for name, valid := range judge.ELMO(t, "1.7.0", files...) {
		if !valid {
			t.Errorf("%s is no valid ELMO", filepath.Base(name))
		}
	}
}

// clear are the refusals that say what is wrong with the file, not with us.
func clear(err error) bool {
	for _, known := range []error{edci.ErrNotEDC, edci.ErrContext, edci.ErrELM2, edci.ErrLimit, mapping.ErrSubject, mapping.ErrNoDate} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}

// TestSecondTrip: the second round trip changes nothing more.
func TestSecondTrip(t *testing.T) {
	for _, keep := range []convert.Keep{convert.KeepNotes, convert.KeepNone} {
		for _, s := range readableDocuments(t) {
			secondTrip(t, s, options(keep))
		}
		if judge.HasCorpus(t) {
			for _, s := range credentialSamples(t) {
				opt := options(keep)
				opt.Issuer = nil
				secondTrip(t, s, opt)
			}
		}
	}
}

func secondTrip(t *testing.T, s sample, opt convert.Options) {
	t.Helper()
	first, err := convert.RoundTrip(s.data, opt)
	if err != nil {
		return // another test looks at that
	}
	second, err := convert.RoundTrip(home(first), opt)
	if err != nil {
		t.Errorf("%s, keep=%s: %v", s.name, opt.Keep, err)
		return
	}
	for _, d := range second.Differences {
		if digest.MatchString(d.Path) {
			continue
		}
		t.Errorf("%s, keep=%s: %s %s changes on the second trip", s.name, opt.Keep, d.Kind, d.Path)
	}
}

// digest is where a credential names the document that it was made from, another one each time.
var digest = regexp.MustCompile(`^(credential\[\d+\])?/identifier/\d+/notation$`)

// home is the result of a trip as one file.
func home(trip *convert.Trip) []byte {
	if len(trip.Result) == 1 {
		return trip.Result[0]
	}
	return append(append([]byte("["), bytes.Join(trip.Result, []byte(","))...), ']')
}

// TestReportsPoint: what is kept or added stands where the report says.
func TestReportsPoint(t *testing.T) {
	for _, s := range readableDocuments(t) {
		trip, err := convert.RoundTrip(s.data, options(convert.KeepNotes))
		if err != nil {
			t.Errorf("%s: %v", s.name, err)
			continue
		}
		var trees []edci.Object
		for _, json := range trip.Between {
			in, err := convert.Read(json)
			if err != nil {
				t.Fatal(err)
			}
			trees = append(trees, in.Credentials[0].Source.Tree)
		}
		for _, e := range trip.There.Entries() {
			if e.Target != "" && !slices.ContainsFunc(trees, func(o edci.Object) bool { _, ok := edci.At(o, e.Target); return ok }) {
				t.Errorf("%s: %s %s: %s is not in the credential", s.name, e.Row, e.Verdict, e.Target)
			}
		}
	}
}

// TestOwnCredentialsComeBack: the same over credentials of ours, several in one file included.
func TestOwnCredentialsComeBack(t *testing.T) {
	for _, s := range readableDocuments(t) {
		there, err := convert.RoundTrip(s.data, options(convert.KeepNotes))
		if err != nil {
			t.Errorf("%s: %v", s.name, err)
			continue
		}
		file := there.Between[0]
		if len(there.Between) > 1 {
			file = append(append([]byte("["), bytes.Join(there.Between, []byte(","))...), ']')
		}
		opt := options(convert.KeepNotes)
		opt.Issuer = nil
		trip, err := convert.RoundTrip(file, opt)
		if err != nil {
			t.Errorf("%s: %v", s.name, err)
		} else if list := unnamed(trip); list != nil {
			t.Errorf("%s: not named: %q", s.name, list)
		}
	}
}

// TestFilesOfOneAttachment: what one file of an attachment says of itself is named when the attachment,
// which has one title, cannot say it.
func TestFilesOfOneAttachment(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "testdata", "elmo", "diploma.xml"))
	if err != nil {
		t.Fatal(err)
	}
	opt := options(convert.KeepNotes)
	c := there(t, data, opt)[0]
	second := c.Attachment[1]
	if len(second.Title) == 0 || !slices.Equal(second.Title, c.Attachment[0].Title) {
		t.Fatal("the first two files are not of one attachment")
	}
	second.Title = edci.LangString{{Lang: "en", Text: "Translation"}}
	trip, err := convert.RoundTrip(convert.AppendEDC(nil, c, opt), opt)
	if err != nil {
		t.Fatal(err)
	}
	if list := unnamed(trip); list != nil {
		t.Errorf("not named: %q", list)
	}
	if !slices.ContainsFunc(trip.There.Losses, func(e convert.Entry) bool {
		return e.Row == "ATT-02" && e.Verdict == mapping.Reduced && strings.HasPrefix(e.Source, "/attachment/1/title")
	}) {
		t.Errorf("no ATT-02 in %+v", trip.There.Losses)
	}
}

// TestEnvelopesAreNamed: what stands around credentials and is not read is in the report, once.
func TestEnvelopesAreNamed(t *testing.T) {
	opt := options(convert.KeepNotes)
	one := string(convert.AppendEDC(nil, there(t, ownDocument(t, "one-course.xml"), opt)[0], opt))
	for file, want := range map[string][]string{
		one: nil,
		`{"type":"EuropeanDigitalPresentation","id":"urn:p","holder":{"type":"Person"},"verifiableCredential":[` + one + `,` + one + `]}`: {"presentation/holder"},
		`{"credential":` + one + `,"deliveryDetails":{}}`:                          {"upload/deliveryDetails"},
		`{"iss":"x","exp":1,"vp":{"verifiableCredential":` + one + `,"proof":{}}}`: {"jwt/iss", "jwt/exp", "presentation/proof"},
	} {
		in, err := convert.Read([]byte(file))
		if err != nil {
			t.Fatal(err)
		}
		_, report, err := convert.ToELMO(in.Credentials, opt)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range report.Losses {
			if e.Row == "EDC-06" && e.Verdict == mapping.Dropped {
				got = append(got, e.Source)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestRoundTripVersions: the way back may end in any version of ELMO; what that changes is named, too.
func TestRoundTripVersions(t *testing.T) {
	files, _ := filepath.Glob("../testdata/elmo/*.xml")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range []elmo.Version{elmo.V10, elmo.V12, elmo.V14, elmo.V17, elmo.V20, elmo.V20v2} {
			checkNamed(t, roundTrip(t, data, convert.Options{Display: convert.DisplayMinimal, ELMOVersion: v}))
		}
	}
}
