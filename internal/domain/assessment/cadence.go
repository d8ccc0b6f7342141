package assessment

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
)

// Trigger is something that made an assessment due before its date: a change, a
// new threat, a breach, or evidence that changed. The reason is kept.
type Trigger struct {
	Kind   string // trigger id of the framework
	Reason string
	At     int64 // µs UTC; the assessment is due from that day
}

// DueDate is when an assessment is due and why.
type DueDate struct {
	On      civil.Date // "" = no date
	Reason  string
	Trigger string // trigger id; "" = by schedule
}

// NextDue returns when the next assessment is due: at most months after the
// last approval (0 = no schedule), counted in days of the organisation's zone
// with month ends clamped, or sooner by a trigger that came after that approval. It counts from approval, never from the start of work.
//
// approvedAt (µs UTC) is 0 when none was approved; then the first assessment is
// due the same number of months after the system came under assessment at
// sinceAt. This is the clock of assessments only. Quarterly risk reviews have
// one of their own.
func NextDue(approvedAt, sinceAt int64, months int, triggers []Trigger, zone *time.Location) DueDate {
	var due DueDate
	from, reason := approvedAt, "Due at most %s after the last approval."
	if approvedAt == 0 {
		from, reason = sinceAt, "The first assessment is due within %s."
	}
	if months > 0 && from != 0 {
		due = DueDate{On: civil.OfMicro(from, zone).AddMonths(months), Reason: fmt.Sprintf(reason, plural(months, "1 month", fmt.Sprintf("%d months", months)))}
	}
	for _, t := range slices.SortedFunc(slices.Values(triggers), compareTriggers) {
		on := civil.OfMicro(t.At, zone)
		if t.At > approvedAt && (due.On == "" || on < due.On) {
			due = DueDate{On: on, Reason: t.Reason, Trigger: t.Kind}
		}
	}
	return due
}

func compareTriggers(a, b Trigger) int {
	return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Reason, b.Reason))
}

// Countdown is how near a due date is.
type Countdown string

// The states of a countdown.
const (
	NoDate   Countdown = "none"
	Upcoming Countdown = "upcoming"
	DueSoon  Countdown = "due_soon" // within DueSoonDays, and on the day itself
	PastDue  Countdown = "overdue"  // the day has passed in the organisation's zone
)

// DueSoonDays is how long before its day an assessment is shown as due soon.
const DueSoonDays = 14

// CountDown returns how near the date is at now (µs UTC) and the days left,
// negative once it has passed.
func CountDown(due civil.Date, now int64, zone *time.Location) (Countdown, int) {
	if !due.Valid() {
		return NoDate, 0
	}
	days := civil.OfMicro(now, zone).DaysUntil(due)
	switch {
	case days < 0:
		return PastDue, days
	case days <= DueSoonDays:
		return DueSoon, days
	}
	return Upcoming, days
}

// Lapses reports whether an assessment moves to lapsed by itself: its day has
// passed and nobody has started it. Work under way is shown as overdue but is
// never closed under its authors' hands.
func Lapses(s State, due civil.Date, now int64, zone *time.Location) bool {
	c, _ := CountDown(due, now, zone)
	return s == Due && c == PastDue
}

// Current reports whether an approved assessment still speaks for its system:
// it is frozen, not superseded, and the next one is not overdue. Otherwise its
// result is shown as history with its date.
func Current(s State, nextDue civil.Date, now int64, zone *time.Location) bool {
	c, _ := CountDown(nextDue, now, zone)
	return (s == Approved || s == Shared) && c != PastDue
}
