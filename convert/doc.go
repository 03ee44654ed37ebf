// Package convert is the front door of elmobridge: ELMO documents in, European Digital Credentials
// out, and back, each with a report of everything that did not come across unchanged.
//
//	doc, err := elmo.Read(xml, elmo.ReadOptions{})
//	credentials, report, err := convert.ToEDC(doc, convert.Options{Issuer: issuer})
//
// ToEDC makes one unsigned credential for each report of the document, ToELMO one document of all
// credentials of a learner, RoundTrip goes there and back and compares. ELMO 1.0 to 2.0 and ELM 3.0 to
// 3.2 are read; ELM 3.2 and ELMO 1.7, or another version on request, are written.
//
// A loss is no error: it stands in the Report, without the value unless Options.ReportValues is set.
// An error means that there is no result; its text holds no value of the document and is safe to log.
// The same input and options give the same bytes. Nothing is fetched from a network, no clock is
// read, and what is converted is not changed.
package convert
