package mapping

import (
	"net/url"

	"elmobridge/edci"
	"elmobridge/elmo"
)

// NSBridge marks what is ours inside ELMO and in remainders: a fixed UUID, since unregistered URN
// names are no valid URIs.
const NSBridge = elmo.NSBridge

// ns begins the identifiers of concepts that stand for a place in ELMO.
const ns = elmo.NS + "#"

// Scheme names of identifiers that are ours, and those of the DC4EU converter that we read.
const (
	schemeReport        = "elmo:report"
	schemePlaceholder   = "elmo:placeholder"
	schemeGrading       = "elmo:gradingScheme"
	schemeGradingLocal  = "elmo:gradingSchemeLocalId"
	schemeGradingExtern = "elmo:gradingSchemeExternalId"
	schemeLOSType       = "elmo:type:los" // DC4EU
	schemeISCED         = "elmo:isced"    // DC4EU
	nationalIdentifier  = "nationalIdentifier"
)

// Media types of notes, as IANA names them.
const (
	ianaMediaType = "http://www.iana.org/assignments/media-types/"
	mediaXML      = "application/xml"
	mediaHTML     = "text/html"
)

// noLinguisticContent is the BCP 47 tag of texts that are no language.
const noLinguisticContent = "zxx"

// place names a spot in ELMO as a concept identifier: values are percent-encoded, since a blank in
// the identifier loses the concept.
func conceptID(path string, value ...string) string {
	id := ns + path
	for _, v := range value {
		id += "/" + url.PathEscape(v)
	}
	return id
}

// mediaTypeConcept is the noteFormat for a media type.
func mediaTypeConcept(mediaType string) *edci.Concept {
	return &edci.Concept{ID: ianaMediaType + mediaType, Notation: mediaType}
}

var (
	formatXML  = mediaTypeConcept(mediaXML)
	formatHTML = mediaTypeConcept(mediaHTML)
)

func english(text string) edci.LangString { return edci.LangString{{Lang: "en", Text: text}} }

// identifier makes an Identifier; an empty scheme is left out.
func identifier(scheme, notation string) *edci.Identifier {
	return &edci.Identifier{SchemeName: scheme, Notation: notation}
}
