// Package civil is the calendar day: dates that people write and read, and that
// begin at midnight in an organisation's own time zone. It is not an instant;
// instants are microseconds since 1970 in UTC (int64) everywhere else.
package civil

import (
	"fmt"
	"time"
)

// Date is a calendar day as YYYY-MM-DD (ISO 8601); "" means no date. Dates of
// this form sort as text.
type Date string

// Parse reads YYYY-MM-DD. Anything else, and days that do not exist, are errors.
func Parse(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return "", fmt.Errorf("read date %q: %w", s, err)
	}
	if t.Year() < 1900 || t.Year() > 9000 {
		return "", fmt.Errorf("read date %q: year out of range", s)
	}
	return Date(s), nil
}

// Of returns the day that the instant falls on in the zone; nil is UTC.
func Of(t time.Time, zone *time.Location) Date { return Date(t.In(or(zone)).Format(time.DateOnly)) }

// OfMicro is Of for microseconds since 1970.
func OfMicro(us int64, zone *time.Location) Date { return Of(time.UnixMicro(us), zone) }

// Valid reports whether d is a day that exists.
func (d Date) Valid() bool { _, err := Parse(string(d)); return err == nil }

// Start returns the first instant of the day in the zone; nil is UTC. Where
// clocks go forward at midnight it is the first instant that exists. An
// invalid date gives the zero time.
func (d Date) Start(zone *time.Location) time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return time.Time{}
	}
	s := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, or(zone))
	for i := 0; i < 8 && Of(s, zone) < d; i++ { // midnight skipped: step to the first quarter that exists
		s = s.Add(15 * time.Minute)
	}
	return s
}

// EndMicro returns the first instant after the day, in microseconds since 1970.
func (d Date) EndMicro(zone *time.Location) int64 { return d.AddDays(1).Start(zone).UnixMicro() }

// AddDays returns the day n days later; n may be negative.
func (d Date) AddDays(n int) Date {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return ""
	}
	return Date(t.AddDate(0, 0, n).Format(time.DateOnly))
}

// AddMonths returns the same day n months later, or the last day of that month
// when it is shorter: 30 November plus 3 months is 28 or 29 February.
func (d Date) AddMonths(n int) Date {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return ""
	}
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Date(first.AddDate(0, 0, min(t.Day(), last)-1).Format(time.DateOnly))
}

// DaysUntil returns the number of days from d to later; negative when later is
// before d, 0 when either is invalid.
func (d Date) DaysUntil(later Date) int {
	a, errA := time.Parse(time.DateOnly, string(d))
	b, errB := time.Parse(time.DateOnly, string(later))
	if errA != nil || errB != nil {
		return 0
	}
	return int(b.Sub(a) / (24 * time.Hour))
}

// Words returns the day as people write it, "3 March 2026"; "" for no date.
func (d Date) Words() string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return ""
	}
	return t.Format("2 January 2006")
}

func or(zone *time.Location) *time.Location {
	if zone == nil {
		return time.UTC
	}
	return zone
}
