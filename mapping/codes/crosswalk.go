package codes

import "strings"

// ProvisionalCountry is the code in the country list that names no country ("Provisional data"). It
// stands where the profile demands a country and none is known.
const ProvisionalCountry = "OP_DATPRO"

var (
	countryList  = ByName("country")
	languageList = ByName("language")
	fileTypeList = ByName("file-type")
)

// Country returns the country with an ISO 3166-1 alpha-2 code in upper case. EL and UK, which EU
// documents write for Greece and the United Kingdom, are accepted too; Member.Alpha2 is then GR or GB.
// XK is Kosovo.
func Country(alpha2 string) (*Member, bool) {
	switch alpha2 {
	case "EL":
		alpha2 = "GR"
	case "UK":
		alpha2 = "GB"
	}
	return countryList.Alpha2(alpha2)
}

// Language returns the language of a BCP 47 tag by its primary subtag, of two or three letters in any
// case: "nb", "NO", "en-GB", "sme". The three Norwegian codes are three members: no NOR, nb NOB, nn NNO.
func Language(tag string) (*Member, bool) {
	primary, _, _ := strings.Cut(tag, "-")
	switch len(primary) {
	case 2:
		code := [2]byte{primary[0] | 0x20, primary[1] | 0x20}
		if m, ok := languageList.Alpha2(string(code[:])); ok {
			return m, true
		}
		return languageList.Code(languageAliases[string(code[:])])
	case 3:
		code := [3]byte{primary[0] &^ 0x20, primary[1] &^ 0x20, primary[2] &^ 0x20}
		return languageList.Code(string(code[:]))
	}
	return nil, false
}

// languageAliases holds the two-letter codes that the list lacks: it still has the codes of 1988 for
// Hebrew and Yiddish. The others were withdrawn from ISO 639-1.
var languageAliases = map[string]string{
	"he": "HEB",
	"yi": "YID",
	"in": "IND",
	"jw": "JAV",
	"mo": "RON",
}

// Tag returns the BCP 47 tag of a language: the two-letter code of today's ISO 639-1 if there is one,
// else the three letters in lower case. It is empty for OP_DATPRO, which is no language, and for
// members of other lists.
func (m *Member) Tag() string {
	switch {
	case m.list != languageList || len(m.Code) != 3:
		return ""
	case m.Code == "HEB":
		return "he"
	case m.Code == "YID":
		return "yi"
	case m.Alpha2 != "":
		return m.Alpha2
	}
	return strings.ToLower(m.Code)
}
