package verification

import (
	"time"

	"elmobridge/edci"
)

// Tolerance is what clocks may differ by.
const Tolerance = 5 * time.Minute

// largest is the size of a signed file, in bytes.
const largest = 64 << 20

// Defaults fills in what the options of a verification leave out: now, 64 MiB, and Tolerance.
func Defaults(at *time.Time, lim *edci.Limits, tolerance *time.Duration) {
	if at.IsZero() {
		*at = time.Now()
	}
	if lim.Size == 0 {
		lim.Size = largest
	}
	if *tolerance == 0 {
		*tolerance = Tolerance
	}
}
