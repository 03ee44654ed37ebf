package mapping

import (
	"encoding/base64"
	"fmt"

	"elmobridge/edci"
	"elmobridge/elmo"
)

// A credential repeats in each result what stands once in the document (the awarding body, the grading
// scheme, the group) and each credential what belongs to all (the learner, the extension, the files). The
// bounds are in proportion to the document: a real one grows five to ten times.
const (
	mostReports  = 200      // of one document; real ones have up to some twenty
	startBytes   = 32 << 20 // that the credentials of any document may have together
	bytesPerByte = 8        // of the document, beside them
	entrySize    = 128      // of an entry beside its texts
)

// sourceSize is that of the document as it was read.
func sourceSize(doc *elmo.Document) int {
	if doc.Source == nil {
		return 0
	}
	return len(doc.Source.Data)
}

// filesSize is that of the files from which the credentials were read.
func filesSize(creds []*edci.EuropeanDigitalCredential) int {
	files := map[*byte]int{}
	for _, c := range creds {
		if c.Source != nil && len(c.Source.Data) > 0 {
			files[&c.Source.Data[0]] = len(c.Source.Data)
		}
	}
	size := 0
	for _, n := range files {
		size += n
	}
	return size
}

// most is how much may be made of so many bytes.
func most(size int) int { return startBytes + bytesPerByte*size }

// bounded sets the bounds for a document of that many bytes.
func (f *forward) bounded(size int) {
	f.most = most(size)
	f.left, f.report.most = f.most, f.most
}

// fits gives the size of a credential, and refuses it when there would be too much.
func (f *forward) fits(c *edci.EuropeanDigitalCredential) (int, error) {
	size := f.size(c)
	if size > f.left {
		return 0, fmt.Errorf("%w: the credentials would have more than %d MiB, for they repeat what stands once in the document; "+
			"the longest of issuer, learner, grading schemes, groups, extensions and attachments is to be made shorter", elmo.ErrLimit, f.most>>20)
	}
	return size, f.report.fits()
}

// size is that of a credential as it is going to be written, but for the pictures.
func (f *forward) size(c *edci.EuropeanDigitalCredential) int {
	embedded := 0
	if f.opt.Keep == KeepSource && f.doc.Source != nil {
		embedded = base64.StdEncoding.EncodedLen(len(f.doc.Source.Data))
	}
	return embedded + edci.Size(c, f.left)
}

func (p *Report) over() bool { return p.most > 0 && p.size > p.most }

// fits refuses a report that is too long.
func (p *Report) fits() error {
	if !p.over() {
		return nil
	}
	kind := elmo.ErrLimit
	if p.Direction == ToELMO {
		kind = edci.ErrLimit
	}
	return fmt.Errorf("%w: the report of the conversion would have more than %d MiB", kind, p.most>>20)
}

// references finds the reports that refer to each attachment.
func (f *forward) references() map[string]map[int]bool {
	wanted := map[string]map[int]bool{}
	for i, rep := range f.doc.Reports {
		if !f.carries(i) {
			continue
		}
		eachSpecification(rep.LearningOpportunitySpecifications, func(los *elmo.LearningOpportunitySpecification) {
			if los.Specifies == nil || los.Specifies.Instance == nil || los.Specifies.Instance.Attachments == nil {
				return
			}
			for _, ref := range los.Specifies.Instance.Attachments.Refs {
				if wanted[ref] == nil {
					wanted[ref] = map[int]bool{}
				}
				wanted[ref][i] = true
			}
		})
	}
	return wanted
}
