package codes_test

import (
	"strings"
	"testing"

	"elmobridge/edci"
	"elmobridge/mapping/codes"
)

// TestLoad reads every list, and with it checks for duplicates.
func TestLoad(t *testing.T) {
	total := 0
	for _, l := range codes.All() {
		if codes.ByName(l.Name) != l || codes.ByScheme(l.Scheme) != l {
			t.Errorf("%s: not found by its name or scheme", l.Name)
		}
		n := 0
		for m := range l.Members() {
			n++
			if got, ok := l.Code(m.Code); !ok || got != m {
				t.Errorf("%s: code %q is not found", l.Name, m.Code)
			}
			if got, ok := l.ID(m.ID); !ok || got != m {
				t.Errorf("%s: %s is not found in its list", l.Name, m.ID)
			}
			if got, ok := codes.ByID(m.ID); !ok || got != m || m.List() != l {
				t.Errorf("%s: %s is not found", l.Name, m.ID)
			}
			if !strings.HasSuffix(m.ID, "/"+m.Code) || strings.TrimSpace(m.Label) != m.Label || m.Code == "" {
				t.Errorf("%s: broken row %q %q %q", l.Name, m.ID, m.Code, m.Label)
			}
		}
		if n != l.Len() || l.Complete && n == 0 {
			t.Errorf("%s: %d members, Len %d, complete %v", l.Name, n, l.Len(), l.Complete)
		}
		total += n
	}
	t.Logf("%d lists, %d members", len(codes.All()), total)
}

func TestNotFound(t *testing.T) {
	country := codes.ByName("country")
	for _, s := range []string{"", "no", "NO", "nor", "NOR ", "http://publications.europa.eu/resource/authority/country/NOR"} {
		if m, ok := country.Code(s); ok || m != nil {
			t.Errorf("Code(%q) = %v", s, m)
		}
	}
	for _, s := range []string{"", "NOR", "/", "http://publications.europa.eu/resource/authority/language/NOR", "http://example.org/NOR"} {
		if m, ok := country.ID(s); ok || m != nil {
			t.Errorf("ID(%q) = %v", s, m)
		}
	}
	for _, s := range []string{"", "NOR", "http://example.org/NOR", "http://data.europa.eu/snb/claim-type/x"} {
		if m, ok := codes.ByID(s); ok || m != nil {
			t.Errorf("ByID(%q) = %v", s, m)
		}
	}
	if l := codes.ByName("colour"); l != nil {
		t.Errorf("ByName = %v", l)
	}
	if l := codes.ByScheme("http://example.org/colour"); l != nil {
		t.Errorf("ByScheme = %v", l)
	}
	defer func() {
		if recover() == nil {
			t.Error("Must does not panic")
		}
	}()
	country.Must("ZZZ")
}

func TestCountry(t *testing.T) {
	for in, want := range map[string]string{
		"NO": "NOR", "FI": "FIN", "GR": "GRC", "EL": "GRC", "GB": "GBR", "UK": "GBR", "XK": "1A0",
		"": "", "no": "", "NOR": "", "ZZ": "", "-": "", "EU": "",
	} {
		m, ok := codes.Country(in)
		if ok != (want != "") || ok && m.Code != want {
			t.Errorf("Country(%q) = %v, want %q", in, m, want)
		}
	}
	if m, _ := codes.Country("EL"); m.Alpha2 != "GR" || m.Label != "Greece" {
		t.Errorf("EL is %q %q", m.Alpha2, m.Label)
	}
	if m, ok := codes.ByName("country").Code(codes.ProvisionalCountry); !ok || m.Alpha2 != "" || m.Label != "Provisional data" {
		t.Errorf("%s is %v", codes.ProvisionalCountry, m)
	}
}

func TestLanguage(t *testing.T) {
	tests := []struct{ tag, code, back string }{
		{"no", "NOR", "no"}, {"nb", "NOB", "nb"}, {"nn", "NNO", "nn"}, {"nb-NO", "NOB", "nb"}, {"NO", "NOR", "no"},
		{"nor", "NOR", "no"}, {"Nob", "NOB", "nb"}, {"en", "ENG", "en"}, {"en-GB", "ENG", "en"}, {"sme", "SME", "se"},
		{"sma", "SMA", "sma"}, {"el", "ELL", "el"}, {"he", "HEB", "he"}, {"iw", "HEB", "he"}, {"yi", "YID", "yi"},
		{"ji", "YID", "yi"}, {"id", "IND", "id"}, {"in", "IND", "id"}, {"mo", "RON", "ro"}, {"zh-Hant-TW", "ZHO", "zh"},
		{"und", "UND", "und"}, {"zxx", "ZXX", "zxx"},
		{"", "", ""}, {"e", "", ""}, {"xx", "", ""}, {"english", "", ""}, {"en_GB", "", ""}, {"-en", "", ""}, {"sh", "", ""},
		{"ger", "", ""}, {"@@", "", ""}, {"é", "", ""}, {"OP_DATPRO", "", ""}, {"x-own", "", ""},
	}
	for _, c := range tests {
		m, ok := codes.Language(c.tag)
		if ok != (c.code != "") || ok && (m.Code != c.code || m.Tag() != c.back) {
			t.Errorf("Language(%q) = %v, want %q", c.tag, m, c.code)
		}
	}
	// Every language comes back from its tag.
	languages := codes.ByName("language")
	for m := range languages.Members() {
		tag := m.Tag()
		if got, ok := codes.Language(tag); m.Code != "OP_DATPRO" && (!ok || got != m) {
			t.Errorf("Language(%q) = %v, want %s", tag, got, m.Code)
		}
	}
	if tag := languages.Must("OP_DATPRO").Tag() + codes.ByName("country").Must("NOR").Tag(); tag != "" {
		t.Errorf("tag %q of what is no language", tag)
	}
}

func TestLabel(t *testing.T) {
	nqf := codes.ByName("nqf")
	if m, ok := nqf.Label("DQR Level 5"); !ok || m.Label != "DQR Level 5" {
		t.Errorf("DQR Level 5 is %v", m)
	}
	for m := range nqf.Members() {
		if got, ok := nqf.Label(m.Label); !ok || got != m {
			t.Errorf("label %q is not found", m.Label)
		}
	}
	isced := codes.ByName("isced-f")
	for _, label := range []string{"", "dqr level 5", "Education"} { // 01 and 011 are Education
		m, ok := nqf.Label(label)
		n, shared := isced.Label(label)
		if ok || m != nil || shared || n != nil {
			t.Errorf("label %q is found", label)
		}
	}
	if m, ok := isced.Label("Dental studies"); !ok || m.Code != "0911" {
		t.Errorf("Dental studies is %v", m)
	}
}

func TestConcept(t *testing.T) {
	eqf := codes.ByName("eqf").Must("7")
	c := eqf.Concept()
	if c.ID != "http://data.europa.eu/snb/eqf/7" || c.Notation != "" || len(c.InScheme) != 1 ||
		c.InScheme[0].ID != "http://data.europa.eu/snb/eqf/25831c2" {
		t.Errorf("concept %+v", c)
	}
	if text, ok := c.PrefLabel.Get("en"); !ok || text != "Level 7" || len(c.PrefLabel) != 1 {
		t.Errorf("label %v", c.PrefLabel)
	}
	if eqf.Concept() != c {
		t.Error("a second call makes a second concept")
	}
	// Without a label of the list there is none on the concept.
	for list, code := range map[string]string{"atu": "AUT_BLD_BURG", "language": "AAA", "evidence-type": "c_c4f849d7", "supervision-verification": "df2880c5cb"} {
		if c := codes.ByName(list).Must(code).Concept(); c.PrefLabel != nil {
			t.Errorf("%s %s has label %v", list, code, c.PrefLabel)
		}
	}
}

func TestMediaType(t *testing.T) {
	for in, want := range map[string]string{
		"application/pdf": "PDF", "Application/PDF": "PDF", "image/jpg": "JPEG", "image/png": "PNG", "text/plain;charset=utf-8": "TXT",
		" text/html ; charset=utf-8": "HTML", "application/xml": "XML", "text/xml": "XML", "application/zip": "ZIP", "image/svg+xml": "SVG",
		"": "", "pdf": "", "application/x-unheard-of": "", "<text/html": "",
	} {
		m, ok := codes.FileType(in)
		if ok != (want != "") || ok && m.Code != want {
			t.Errorf("FileType(%q) = %v, want %q", in, m, want)
		}
	}
	both := 0
	for m := range codes.ByName("file-type").Members() {
		mediaType, ok := codes.MediaType(m.Code)
		if !ok {
			continue
		}
		back, ok := codes.FileType(mediaType)
		if !ok {
			t.Errorf("%s is written as %s, which is not read", m.Code, mediaType)
		}
		if back == m {
			both++
		}
		// What we write for the type read back is what we wrote.
		if again, _ := codes.MediaType(back.Code); again != mediaType {
			t.Errorf("%s: %s, then %s", m.Code, mediaType, again)
		}
	}
	t.Logf("%d file types both ways", both)
	if _, ok := codes.MediaType("PDFZ"); ok {
		t.Error("PDFZ has a media type")
	}
}

func TestNoAllocations(t *testing.T) {
	var m *codes.Member
	var c *edci.Concept
	var s string
	country, nqf := codes.ByName("country"), codes.ByName("nqf")
	calls := map[string]func(){
		"Code":      func() { m, _ = country.Code("NOR") },
		"ID":        func() { m, _ = country.ID("http://publications.europa.eu/resource/authority/country/NOR") },
		"ByID":      func() { m, _ = codes.ByID("http://publications.europa.eu/resource/authority/country/NOR") },
		"ByName":    func() { m, _ = codes.ByName("eqf").Code("7") },
		"Label":     func() { m, _ = nqf.Label("DQR Level 5") },
		"Country":   func() { m, _ = codes.Country("EL") },
		"Language":  func() { m, _ = codes.Language("NB-no") },
		"Language3": func() { m, _ = codes.Language("sme") },
		"alias":     func() { m, _ = codes.Language("He") },
		"Concept":   func() { c = m.Concept() },
		"FileType":  func() { m, _ = codes.FileType("text/plain; charset=utf-8") },
		"MediaType": func() { s, _ = codes.MediaType("PDF") },
	}
	for name, call := range calls {
		m = country.Must("NOR")
		if n := testing.AllocsPerRun(100, call); n != 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
	_, _ = c, s
}
