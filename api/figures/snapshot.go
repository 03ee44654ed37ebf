package figures

import (
	"slices"
	"strings"

	dto "github.com/prometheus/client_model/go"
)

// Figure is one value as it is now.
type Figure struct {
	Name   string // without elmobridge_ in front, such as requests_total
	Labels []Label
	Value  float64 // of a histogram the number of observations
	Sum    float64 // of a histogram
}

// Label tells figures of one name apart.
type Label struct{ Name, Value string }

// Label is the value of a label, empty without it.
func (f Figure) Label(name string) string {
	for _, l := range f.Labels {
		if l.Name == name {
			return l.Value
		}
	}
	return ""
}

// Values are those of all labels, in the order of their names.
func (f Figure) Values() []string {
	var list []string
	for _, l := range f.Labels {
		list = append(list, l.Value)
	}
	return list
}

// Snapshot gives the figures of the service, without those of the Go runtime and the process, by name.
func (f *Figures) Snapshot() ([]Figure, error) {
	families, err := f.registry.Gather()
	if err != nil {
		return nil, err
	}
	var out []Figure
	for _, family := range families {
		name, ours := strings.CutPrefix(family.GetName(), "elmobridge_")
		if !ours {
			continue
		}
		for _, m := range family.GetMetric() {
			out = append(out, figureOf(name, m))
		}
	}
	slices.SortStableFunc(out, func(a, b Figure) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

func figureOf(name string, m *dto.Metric) Figure {
	f := Figure{Name: name}
	for _, l := range m.GetLabel() {
		f.Labels = append(f.Labels, Label{l.GetName(), l.GetValue()})
	}
	switch {
	case m.GetHistogram() != nil:
		f.Value, f.Sum = float64(m.GetHistogram().GetSampleCount()), m.GetHistogram().GetSampleSum()
	case m.GetCounter() != nil:
		f.Value = m.GetCounter().GetValue()
	default:
		f.Value = m.GetGauge().GetValue()
	}
	return f
}
