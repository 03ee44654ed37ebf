package mapping

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"elmobridge/edci"
	"elmobridge/elmo"
	"elmobridge/mapping/codes"
)

// profileBase begins the addresses of the profiles a credential names as its schema.
const profileBase = "http://data.europa.eu/snb/model/ap/"

// Members of the list credential that we write.
const (
	profileGeneric   = "e34929035b"
	profileConverted = "c_7e400154"
)

// envelope writes what a credential must have around the results (ENV).
func (f *forward) envelope(c *edci.EuropeanDigitalCredential, rr *reportRun) {
	c.CredentialSchema = []*edci.ShaclValidator2017{{ID: profileBase + "edc-generic-full"}}
	c.CredentialProfiles = []*edci.Concept{codes.ByName("credential").Must(profileGeneric).Concept()}
	f.sealer(c, rr)
	f.reportIdentifier(c, rr)
	c.DisplayParameter = f.displayParameter(rr)
}

// sealer names the organisation that seals: the one given, else the issuer of the report (ENV-01).
func (f *forward) sealer(c *edci.EuropeanDigitalCredential, rr *reportRun) {
	f.row = "ENV-01"
	if f.opt.Issuer != nil {
		c.Issuer = f.opt.Issuer.organisation()
		f.say(Added, Policy, "", "/issuer", "the sealing organisation, as given")
		return
	}
	c.Issuer = rr.org
	f.say(Added, RequiredDefault, "", "/issuer", "no sealing organisation was given: the issuer of the report stands in; the profile demands its eIDASIdentifier, which ELMO does not have")
}

// reportIdentifier tells which credentials came from one document (ENV-08).
func (f *forward) reportIdentifier(c *edci.EuropeanDigitalCredential, rr *reportRun) {
	if f.opt.Random != nil || f.doc.Source == nil || f.foreign {
		return
	}
	notation := digestPrefix + hex.EncodeToString(f.doc.Source.Digest[:]) +
		";report=" + strconv.Itoa(rr.n) + ";of=" + strconv.Itoa(len(f.doc.Reports))
	c.Identifier = append(c.Identifier, identifier(schemeReport, notation))
	f.sayRow("ENV-08", Added, Derived, "", "/identifier", "the digest of the document, the number of the report, the number of reports")
}

const digestPrefix = "sha-256:"

// origin is what reportIdentifier wrote.
type origin struct {
	digest string // hexadecimal
	n, of  int
}

func parseOrigin(notation string) (o origin, ok bool) {
	parts := strings.Split(notation, ";")
	if len(parts) != 3 {
		return o, false
	}
	digest, ok1 := strings.CutPrefix(parts[0], digestPrefix)
	report, ok2 := strings.CutPrefix(parts[1], "report=")
	of, ok3 := strings.CutPrefix(parts[2], "of=")
	n, err1 := strconv.Atoi(report)
	m, err2 := strconv.Atoi(of)
	return origin{digest, n, m}, ok1 && ok2 && ok3 && err1 == nil && err2 == nil && n > 0
}

// displayParameter says how the credential is shown (ENV-06); the pictures come later.
func (f *forward) displayParameter(rr *reportRun) *edci.DisplayParameter {
	langs := f.languages(rr)
	d := &edci.DisplayParameter{}
	kind := documentKind(rr.report)
	for _, l := range langs {
		d.Title = append(d.Title, edci.LangText{Lang: l.tag, Text: displayTitle(kind, l.tag)})
		if c := l.member.Concept(); !slices.Contains(d.Language, c) {
			d.Language = append(d.Language, c)
		}
	}
	d.PrimaryLanguage = f.primaryLanguage(langs)
	if !slices.Contains(d.Language, d.PrimaryLanguage) {
		d.Language = append(d.Language, d.PrimaryLanguage)
	}
	f.sayRow("ENV-06", Added, RequiredDefault, "", "/displayParameter", "title and languages from the document")
	return d
}

// language is a language of the document, with the number of titles in it.
type language struct {
	tag    string
	member *codes.Member
	titles int
}

// languages lists the languages of titles, descriptions and so on of a report that are in the list.
func (f *forward) languages(rr *reportRun) []language {
	var out []language
	at := map[string]int{} // by tag; -1 for one that is in no list
	count := func(texts []elmo.Text, titles int) {
		for i := range texts {
			out = countLanguage(out, at, f.tagOf(texts[i].Lang), titles)
		}
	}
	if iss := rr.report.Issuer; iss != nil {
		count(iss.Titles, 0)
	}
	eachSpecification(rr.report.LearningOpportunitySpecifications, func(los *elmo.LearningOpportunitySpecification) {
		count(los.Titles, 1)
		count(los.Descriptions, 0)
		if los.Specifies != nil && los.Specifies.Instance != nil && los.Specifies.Instance.DiplomaSupplement != nil {
			out = countLanguage(out, at, f.tagOf(los.Specifies.Instance.DiplomaSupplement.Lang), 0)
		}
	})
	if len(out) == 0 {
		out = append(out, language{tag: "en", member: codes.ByName("language").Must("ENG")})
	}
	return out
}

func (f *forward) tagOf(lang string) string {
	if lang == "" {
		return f.defaultLanguage()
	}
	t, _ := tag(lang)
	return t
}

func countLanguage(list []language, at map[string]int, lang string, titles int) []language {
	if i, ok := at[lang]; ok {
		if i >= 0 {
			list[i].titles += titles
		}
		return list
	}
	m, ok := codes.Language(lang)
	if !ok || lang == undetermined || lang == noLinguisticContent || lang == "mul" || lang == "mis" {
		at[lang] = -1
		return list
	}
	at[lang] = len(list)
	return append(list, language{lang, m, titles})
}

func eachSpecification(list []*elmo.LearningOpportunitySpecification, visit func(*elmo.LearningOpportunitySpecification)) {
	for _, los := range list {
		visit(los)
		for _, p := range los.HasParts {
			if p.Specification != nil {
				eachSpecification([]*elmo.LearningOpportunitySpecification{p.Specification}, visit)
			}
		}
	}
}

func (f *forward) primaryLanguage(langs []language) *edci.Concept {
	if m, ok := codes.Language(f.opt.PrimaryLanguage); ok && f.opt.PrimaryLanguage != "" {
		return m.Concept()
	}
	best := langs[0]
	for _, l := range langs {
		if l.titles > best.titles {
			best = l
		}
	}
	return best.member.Concept()
}

// kind of document a credential is shown as.
type kind int

const (
	transcript kind = iota
	diploma
	supplement
)

// documentKind reads the kind off the attachments and the results.
func documentKind(rep *elmo.Report) kind {
	degree, ds := false, false
	for _, los := range rep.LearningOpportunitySpecifications {
		degree = degree || los.Type == degreeProgramme
		if los.Specifies != nil && los.Specifies.Instance != nil {
			ds = ds || los.Specifies.Instance.DiplomaSupplement != nil
		}
	}
	for _, a := range rep.Attachments {
		switch {
		case a.Type == "Diploma" && degree:
			return diploma
		case a.Type == "Diploma Supplement" && len(a.Contents) > 0:
			ds = true
		}
	}
	if ds {
		return supplement
	}
	return transcript
}

// displayTitles are the three kinds in the languages of the Union and its neighbours; English else.
var displayTitles = map[string][3]string{
	"bg": {"Академична справка", "Диплома", "Европейско дипломно приложение"},
	"cs": {"Výpis studijních výsledků", "Diplom", "Dodatek k diplomu"},
	"da": {"Resultatudskrift", "Eksamensbevis", "Diploma Supplement"},
	"de": {"Leistungsübersicht", "Abschlusszeugnis", "Diplomzusatz"},
	"el": {"Αναλυτική βαθμολογία", "Δίπλωμα", "Παράρτημα διπλώματος"},
	"en": {"Transcript of records", "Diploma", "Diploma Supplement"},
	"es": {"Certificado académico", "Título", "Suplemento al Título"},
	"et": {"Õpitulemuste väljavõte", "Diplom", "Akadeemiline õiend"},
	"fi": {"Opintosuoritusote", "Tutkintotodistus", "Tutkintotodistuksen liite"},
	"fr": {"Relevé de notes", "Diplôme", "Supplément au diplôme"},
	"ga": {"Tras-scríbhinn torthaí", "Dioplóma", "Forlíonadh Dioplóma"},
	"hr": {"Prijepis ocjena", "Diploma", "Dopunska isprava o studiju"},
	"hu": {"Tanulmányi átirat", "Oklevél", "Oklevélmelléklet"},
	"is": {"Námsferilsyfirlit", "Prófskírteini", "Skírteinisviðauki"},
	"it": {"Certificato degli esami", "Diploma", "Supplemento al diploma"},
	"lt": {"Akademinė pažyma", "Diplomas", "Diplomo priedėlis"},
	"lv": {"Sekmju izraksts", "Diploms", "Diploma pielikums"},
	"mt": {"Traskrizzjoni tar-riżultati", "Diploma", "Suppliment tad-Diploma"},
	"nb": {"Karakterutskrift", "Vitnemål", "Vitnemålstillegg"},
	"nl": {"Cijferlijst", "Diploma", "Diplomasupplement"},
	"nn": {"Karakterutskrift", "Vitnemål", "Vitnemålstillegg"},
	"no": {"Karakterutskrift", "Vitnemål", "Vitnemålstillegg"},
	"pl": {"Wykaz zaliczeń", "Dyplom", "Suplement do dyplomu"},
	"pt": {"Registo académico", "Diploma", "Suplemento ao diploma"},
	"ro": {"Foaie matricolă", "Diplomă", "Supliment la diplomă"},
	"sk": {"Výpis študijných výsledkov", "Diplom", "Dodatok k diplomu"},
	"sl": {"Potrdilo o opravljenih obveznostih", "Diploma", "Priloga k diplomi"},
	"sv": {"Studieresultat", "Examensbevis", "Examensbilaga"},
	"tr": {"Not dökümü", "Diploma", "Diploma eki"},
	"uk": {"Академічна довідка", "Диплом", "Додаток до диплома"},
}

func displayTitle(k kind, lang string) string {
	base, _, _ := strings.Cut(lang, "-")
	if t, ok := displayTitles[base]; ok {
		return t[k]
	}
	return displayTitles["en"][k]
}

// groupTitles finds the titles of each group (LOI-16).
func (f *forward) groupTitles() map[string]edci.LangString {
	if f.doc.Groups == nil {
		return nil
	}
	out := map[string]edci.LangString{}
	for _, t := range f.doc.Groups.GroupTypes {
		for _, g := range t.Groups {
			out[groupKey(t.ID, g.ID)] = f.quietTexts(g.Titles)
		}
	}
	return out
}
