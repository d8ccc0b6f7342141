package app

import (
	"context"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// movesLookedAt is how far back in the history of one system AdvisoryMoves looks.
const movesLookedAt = 200

// AdvisoryMoves lists, by system, the moves of standings whose reason names a
// vulnerability or an alias of it, newest first. It reads the history of each
// system, so it is for those on one page. It needs advisory.read.
func (a *App) AdvisoryMoves(ctx context.Context, who access.Actor, id string, systems []string) (map[string][]StandingEvent, error) {
	out := map[string][]StandingEvent{}
	err := a.reading(ctx, who, access.AdvisoryRead, func(tx *store.Tx, scope access.Scope) error {
		if !a.Ready() {
			return errNotReady
		}
		if len(systems) == 0 {
			return nil
		}
		ids := append(a.machine.advisories.Group(id).All(), id)
		list, err := tx.SystemsNamed(ctx, scope, systems)
		if err != nil {
			return err
		}
		for _, s := range list {
			events, err := tx.StandingEvents(ctx, s, 0, movesLookedAt)
			if err != nil {
				return err
			}
			for _, e := range events {
				if slices.ContainsFunc(ids, func(id string) bool { return says(e.Why, id) }) {
					out[s.ID] = append(out[s.ID], e)
				}
			}
		}
		return nil
	})
	return out, err
}

// says reports whether a text has the identifier in it, and not a longer one that
// begins with it.
func says(text, id string) bool {
	for id != "" {
		_, rest, found := strings.Cut(text, id)
		if !found {
			return false
		}
		if rest == "" || !isIdentifier(rest[0]) {
			return true
		}
		text = rest
	}
	return false
}

func isIdentifier(c byte) bool {
	return c == '-' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}
