package convert

import "elmobridge/mapping"

// ELMOToELMO is the direction of reports on a change of the ELMO version; the others are those of
// package mapping.
const ELMOToELMO mapping.Direction = "elmo-to-elmo"

// record adds an entry to a report.
func record(r *Report, e Entry) {
	r.Counts[e.Verdict]++
	if e.Verdict == mapping.Added {
		r.Added = append(r.Added, e)
		return
	}
	r.Losses = append(r.Losses, e)
}

// versionReport is an empty report on a change of version.
func versionReport(from, to string) *Report {
	return &Report{
		Direction: ELMOToELMO, Source: mapping.Standard{Name: "ELMO", Version: from},
		Target: mapping.Standard{Name: "ELMO", Version: to}, Table: mapping.TableVersion,
		Losses: []Entry{}, Added: []Entry{}, Counts: map[Verdict]int{},
	}
}
