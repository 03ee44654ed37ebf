package rest

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"elmobridge/api/problem"
)

// choose gives the first of the media types offered that Accept likes best. RFC 9110, 12.5.1: the most
// specific range that fits a type counts, and without Accept everything is liked.
func choose(r *http.Request, offers ...string) (string, error) {
	accept := strings.Join(r.Header.Values("Accept"), ",")
	if strings.TrimSpace(accept) == "" {
		return offers[0], nil
	}
	ranges := readAccept(accept)
	best, most := "", 0.0
	for _, offer := range offers {
		if q := ranges.quality(offer); q > most {
			best, most = offer, q
		}
	}
	if best == "" {
		return "", problem.New(problem.Unacceptable, "the answer can be "+strings.Join(offers, ", "))
	}
	return best, nil
}

// accepted are the media ranges of Accept with their weights.
type accepted map[string]float64

// mostRanges is how many ranges of Accept are looked at.
const mostRanges = 64

func readAccept(accept string) accepted {
	ranges := accepted{}
	for i, text := range strings.Split(accept, ",") {
		if i == mostRanges {
			break
		}
		mediaType, params, err := mime.ParseMediaType(text)
		if err != nil {
			continue
		}
		q := 1.0
		if s, ok := params["q"]; ok {
			if q, err = strconv.ParseFloat(s, 64); err != nil {
				continue
			}
		}
		ranges[mediaType] = q
	}
	return ranges
}

// quality is the weight of a media type.
func (a accepted) quality(mediaType string) float64 {
	kind, _, _ := strings.Cut(mediaType, "/")
	for _, name := range []string{mediaType, kind + "/*", "*/*"} {
		if q, ok := a[name]; ok {
			return q
		}
	}
	return 0
}
