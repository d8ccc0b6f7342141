package web

import (
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// paragraph is one paragraph of plain text.
func paragraph(text string) govuk.Component { return govuk.Prose{Text: text} }

// day writes the calendar day of an instant (µs UTC), in UTC; "" for none.
func day(us int64) string {
	if us == 0 {
		return ""
	}
	return civil.OfMicro(us, time.UTC).Words()
}

// moment writes an instant (µs UTC) for people; "" for none.
func moment(us int64) string {
	if us == 0 {
		return ""
	}
	return time.UnixMicro(us).UTC().Format("2 January 2006, 15:04 UTC")
}

// machine writes an instant for the datetime attribute.
func machine(us int64) string { return time.UnixMicro(us).UTC().Format(time.RFC3339) }

// or is s, or instead when s is empty.
func or(s, instead string) string {
	if s == "" {
		return instead
	}
	return s
}

// many writes a number with its noun.
func many(n int64, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + more
}

// thousands writes a number with commas.
func thousands(n int64) string {
	s := ""
	for n >= 1000 {
		s = "," + string([]byte{byte('0' + n%1000/100), byte('0' + n%100/10), byte('0' + n%10)}) + s
		n /= 1000
	}
	digits := ""
	for first := true; first || n > 0; first = false {
		digits = string(byte('0'+n%10)) + digits
		n /= 10
	}
	return digits + s
}
