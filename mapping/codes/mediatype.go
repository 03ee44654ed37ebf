package codes

import (
	"strings"
	"sync"
)

// FileType returns the file type of a media type; parameters and case do not matter.
func FileType(mediaType string) (*Member, bool) {
	mediaType, _, _ = strings.Cut(mediaType, ";")
	m, ok := mediaIndex().fileType[strings.ToLower(strings.TrimSpace(mediaType))]
	return m, ok
}

// MediaType returns the media type to write for a file type.
func MediaType(fileTypeCode string) (string, bool) {
	t, ok := mediaIndex().mediaType[fileTypeCode]
	return t, ok
}

type mediaTypes struct {
	fileType  map[string]*Member
	mediaType map[string]string
}

var mediaIndex = sync.OnceValue(func() mediaTypes {
	x := mediaTypes{map[string]*Member{}, map[string]string{}}
	for line := range strings.Lines(strings.TrimSpace(mediaTypeTable)) {
		fields := strings.Fields(line)
		code, types := fields[0], fields[1:]
		m := fileTypeList.Must(code)
		if x.mediaType[code] != "" {
			panic("codes: file type " + code + " twice")
		}
		x.mediaType[code] = strings.TrimPrefix(types[0], "<")
		for _, t := range types {
			if t[0] == '<' {
				continue
			}
			if x.fileType[t] != nil {
				panic("codes: media type " + t + " twice")
			}
			x.fileType[t] = m
		}
	}
	return x
})

// mediaTypeTable: file type, the media type we write for it, other names of that media type in use.
// "<" marks a media type that belongs to another file type and so does not lead back to this one.
// Sources: IANA media types; the old names from browsers and mail programs.
const mediaTypeTable = `
7Z application/x-7z-compressed
AAC audio/aac
ATOM application/atom+xml
BMP image/bmp image/x-ms-bmp image/x-bmp
CSS text/css
CSV text/csv application/csv text/comma-separated-values
DOC application/msword
DOCX application/vnd.openxmlformats-officedocument.wordprocessingml.document
EPS application/eps image/x-eps
EPUB application/epub+zip
GEOJSON application/geo+json
GIF image/gif
GML application/gml+xml
GZIP application/gzip application/x-gzip
HTML text/html
HTML5 <text/html
HTML_SIMPL <text/html
ICS text/calendar
JPEG image/jpeg image/jpg image/pjpeg
JPEG2000 image/jp2
JS text/javascript application/javascript
JSON application/json
JSON_LD application/ld+json
KML application/vnd.google-earth.kml+xml
KMZ application/vnd.google-earth.kmz
MBOX application/mbox
MOBI application/x-mobipocket-ebook
MP3 audio/mpeg audio/mp3
MPEG2 video/mpeg
MPEG4 video/mp4
MPEG4_AVC <video/mp4
N3 text/n3
OCTET application/octet-stream
ODB application/vnd.oasis.opendocument.base
ODC application/vnd.oasis.opendocument.chart
ODF application/vnd.oasis.opendocument.formula
ODG application/vnd.oasis.opendocument.graphics
ODP application/vnd.oasis.opendocument.presentation
ODS application/vnd.oasis.opendocument.spreadsheet
ODT application/vnd.oasis.opendocument.text
PDF application/pdf application/x-pdf
PDF1X <application/pdf
PDFA1A <application/pdf
PDFA1B <application/pdf
PDFA2A <application/pdf
PDFA2B <application/pdf
PDFA3 <application/pdf
PDFUA <application/pdf
PDFX <application/pdf
PDFX1A <application/pdf
PDFX2A <application/pdf
PDFX4 <application/pdf
PNG image/png image/x-png
PPS <application/vnd.ms-powerpoint
PPSX application/vnd.openxmlformats-officedocument.presentationml.slideshow
PPT application/vnd.ms-powerpoint
PPTX application/vnd.openxmlformats-officedocument.presentationml.presentation
PS application/postscript
PSD image/vnd.adobe.photoshop
RAR application/vnd.rar application/x-rar-compressed
RDF_N_QUADS application/n-quads
RDF_N_TRIPLES application/n-triples
RDF_TRIG application/trig
RDF_TURTLE text/turtle
RDF_XML application/rdf+xml
RSS application/rss+xml
RTF application/rtf text/rtf
SCHEMA_XML <application/xml
SGML text/sgml
SQL application/sql
SVG image/svg+xml
TAR application/x-tar
TIFF image/tiff image/tif
TIFF_FX image/tiff-fx
TSV text/tab-separated-values
TXT text/plain
WAV audio/wav audio/x-wav audio/vnd.wave
XHTML application/xhtml+xml
XHTML5 <application/xhtml+xml
XHTML_SIMPL <application/xhtml+xml
XLIFF application/xliff+xml
XLS application/vnd.ms-excel
XLSB application/vnd.ms-excel.sheet.binary.macroenabled.12
XLSM application/vnd.ms-excel.sheet.macroenabled.12
XLSX application/vnd.openxmlformats-officedocument.spreadsheetml.sheet
XML application/xml text/xml
XSLT application/xslt+xml
XZ application/x-xz
YAML application/yaml application/x-yaml text/yaml
ZIP application/zip application/x-zip-compressed
`
