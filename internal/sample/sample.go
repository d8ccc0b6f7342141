// Package sample makes the sample data of a demo: two invented organisations with
// twelve months behind them. It does nothing that a user could not do: every row
// comes from an operation of app, asked by somebody who signed in, at a time that
// the clock showed. So the log of a demo is as sound as any other, and what a
// visitor sees is what the program does.
//
// It is not a fixture for tests of other packages and not a way to load data.
// Names are words for roles, never names of people. The same seed gives the same
// counts on every day of the year; identifiers and salts differ.
//
// Start reading at Build; the story of a system stands in story.go.
package sample

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
)

// Persona is a sample person whom a visitor can be.
type Persona struct {
	Name           string
	Role           access.Role
	Organisation   string // name
	OrganisationID string
	PersonID       string
}

// World is what was made.
type World struct {
	Personas []Persona // by organisation, then in the order of access.Roles
	Counts   app.Counts
}

// days is how long the story is: it begins so many days before now.
const days = 365

// Build fills a new, empty demo. setClock sets the time that the operations see;
// it is moved from a year before now up to now, and shows now at the end, also
// after an error. Nothing waits for the disk until Build returns.
//
// It fails with fault.NotFound in an instance that is not a demo and with
// fault.Conflict in one that has people in it already.
func Build(ctx context.Context, a *app.App, setClock func(time.Time), now time.Time, seed int64) (World, error) {
	b := &builder{ctx: ctx, app: a, setClock: setClock, seed: seed, start: now.UTC().Truncate(24*time.Hour).AddDate(0, 0, -days)}
	defer setClock(now)
	b.set(b.start.Add(8 * time.Hour))
	clean, err := b.feedFolder()
	if err != nil {
		return World{}, err
	}
	defer clean()
	err = a.WhileSeeding(ctx, func() error {
		if err := b.found(); err != nil {
			return err
		}
		if err := b.run(); err != nil {
			return err
		}
		b.set(now)
		if err := b.readFeed(); err != nil {
			return err
		}
		if err := b.tick(); err != nil {
			return err
		}
		return b.finish()
	})
	return b.world, err
}

// builder tells the story.
type builder struct {
	ctx      context.Context
	app      *app.App
	setClock func(time.Time)
	seed     int64
	start    time.Time // 00:00 UTC on day 0
	now      time.Time
	events   []event
	world    World
	feeds    string // folder of the records that the demo's feed has
	invents  bool   // the feed has the invented record by now
}

// event is one thing that happens at a minute of a day.
type event struct {
	day, minute int
	what        string
	do          func() error
}

// on plans something; two things at one time happen in the order of planning.
func (b *builder) on(day, minute int, what string, do func() error) {
	b.events = append(b.events, event{day, minute, what, do})
}

// run lets every day pass: the work by the clock at night, then what was planned.
func (b *builder) run() error {
	slices.SortStableFunc(b.events, func(x, y event) int {
		return cmp.Or(cmp.Compare(x.day, y.day), cmp.Compare(x.minute, y.minute))
	})
	rest := b.events
	for day := range days {
		if err := b.ctx.Err(); err != nil {
			return err
		}
		if day > 0 {
			b.set(b.at(day, 3*60))
			if err := b.readFeed(); err != nil {
				return fmt.Errorf("day %d: %w", day, err)
			}
			if err := b.tick(); err != nil {
				return err
			}
		}
		for len(rest) > 0 && rest[0].day == day {
			e := rest[0]
			rest = rest[1:]
			b.set(b.at(day, e.minute))
			if err := e.do(); err != nil {
				return fmt.Errorf("day %d, %s: %w", day, e.what, err)
			}
		}
	}
	return nil
}

func (b *builder) at(day, minute int) time.Time {
	return b.start.AddDate(0, 0, day).Add(time.Duration(minute) * time.Minute)
}

// set moves the clock, never back.
func (b *builder) set(t time.Time) {
	if t.After(b.now) {
		b.now = t
		b.setClock(t)
	}
}

// pass lets a little time go by between two actions of a person.
func (b *builder) pass() { b.set(b.now.Add(20 * time.Second)) }

// date is a day of the story; negative ones lie before it.
func (b *builder) date(day int) civil.Date { return civil.Of(b.start, time.UTC).AddDays(day) }

// today is the number of the day that the clock shows.
func (b *builder) today() int { return int(b.now.Sub(b.start) / (24 * time.Hour)) }

// chance gives the numbers for one matter; the same names give the same numbers
// whatever else happens.
func (b *builder) chance(names ...any) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(b.seed), hash(names...)))
}

// hash is FNV-1a, so that names of any length count.
func hash(names ...any) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range []byte(fmt.Sprint(names...)) {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h
}

func (b *builder) tick() error {
	for range 1000 {
		more, err := b.app.Tick(b.ctx)
		if err != nil {
			return err
		}
		if !more {
			return b.work()
		}
	}
	return fmt.Errorf("work by the clock does not end")
}

// finish counts what was made and notes that it is complete.
func (b *builder) finish() error {
	health, err := b.app.Doctor(b.ctx)
	if err != nil {
		return err
	}
	c := health.Counts
	words := fmt.Sprintf("organisations %d, people %d, systems %d, assessments %d, answers %d, evidence %d",
		c.Organisations, c.Users, c.Systems, c.Assessments, c.Responses, c.Evidence)
	if _, err := b.app.RecordDemoSeeded(b.ctx, words, b.seed); err != nil {
		return err
	}
	c.AuditEntries++
	b.world.Counts = c
	return nil
}
