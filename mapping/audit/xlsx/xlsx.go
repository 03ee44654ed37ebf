// Package xlsx writes lists of the audit as an Excel workbook (Office Open XML), a sheet each, with the heading
// frozen and filters on it.
package xlsx

import (
	"fmt"
	"io"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"elmobridge/mapping/audit"
)

// Widths of columns, in characters.
const (
	narrowest = 8
	widest    = 60
)

// written is the date in every workbook, so that the same lists give the same bytes.
var written = time.Unix(0, 0).UTC().Format(time.RFC3339)

// Write writes the lists, in their order. Numbers are numbers, everything else is text and never a formula.
func Write(w io.Writer, lists []*audit.List) error {
	f := excelize.NewFile()
	defer f.Close()
	heading, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	for i, l := range lists {
		if err := addSheet(f, i, l, heading); err != nil {
			return fmt.Errorf("sheet %s: %w", l.Name, err)
		}
	}
	if err := f.SetDocProps(&excelize.DocProperties{Creator: "elmobridge", Created: written, Modified: written}); err != nil {
		return err
	}
	return f.Write(w)
}

// addSheet writes one list; a new workbook has its first sheet already.
func addSheet(f *excelize.File, n int, l *audit.List, heading int) error {
	if n == 0 {
		if err := f.SetSheetName(f.GetSheetName(0), l.Name); err != nil {
			return err
		}
	} else if _, err := f.NewSheet(l.Name); err != nil {
		return err
	}
	for i, line := range append([][]string{l.Heads}, l.Lines...) {
		values := cells(line)
		if err := f.SetSheetRow(l.Name, "A"+strconv.Itoa(i+1), &values); err != nil {
			return err
		}
	}
	return furnish(f, l, heading)
}

// furnish sets widths, heading and filters.
func furnish(f *excelize.File, l *audit.List, heading int) error {
	for i := range l.Heads {
		column, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		if err := f.SetColWidth(l.Name, column, column, width(l, i)); err != nil {
			return err
		}
	}
	if err := f.SetRowStyle(l.Name, 1, 1, heading); err != nil {
		return err
	}
	if err := f.SetPanes(l.Name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	last, err := excelize.CoordinatesToCellName(len(l.Heads), len(l.Lines)+1)
	if err != nil {
		return err
	}
	return f.AutoFilter(l.Name, "A1:"+last, nil)
}

// width fits the longest cell of a column.
func width(l *audit.List, column int) float64 {
	most := utf8.RuneCountInString(l.Heads[column])
	for _, line := range l.Lines {
		most = max(most, utf8.RuneCountInString(line[column]))
	}
	return float64(min(max(most+2, narrowest), widest))
}

// cells are values of a line: numbers where the text is one as a program writes it.
func cells(line []string) []any {
	out := make([]any, len(line))
	for i, text := range line {
		out[i] = text
		if n, err := strconv.Atoi(text); err == nil && strconv.Itoa(n) == text {
			out[i] = n
		}
	}
	return out
}
