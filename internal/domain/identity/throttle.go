package identity

import "time"

// Guessing limits, per account, for doors that take something a person types.
// NIST SP 800-63B-4, section 3.2.2, allows at most 100 consecutive failures.
const (
	FreeFailures = 5
	MaxFailures  = 100
	longestWait  = 15 * time.Minute
)

// Throttle says when the next attempt may be made after failures in a row, the
// last of them at lastFailure: at once for the first few, then after a wait
// that doubles from one second to 15 minutes. A wait slows the guesser and
// leaves passkeys alone, where a lock would shut the owner out. From
// MaxFailures on locked is true and the caller locks the account.
func Throttle(failures int, lastFailure time.Time) (next time.Time, locked bool) {
	switch {
	case failures >= MaxFailures:
		return time.Time{}, true
	case failures < FreeFailures:
		return lastFailure, false
	}
	wait := longestWait
	if n := failures - FreeFailures; n < 10 { // 2^10 s is beyond the longest wait
		wait = min(time.Second<<n, longestWait)
	}
	return lastFailure.Add(wait), false
}
