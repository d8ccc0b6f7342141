package app

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// BenchInput says how much data for measuring to make.
type BenchInput struct {
	Systems    int
	Answers    int // in all; 0 = 100 a system
	Units      int // 0 = 200
	Users      int // 0 = 2,000
	Components int // of each bill of materials; nothing holds them yet
	Seed       int64
	Progress   func(done, of int) // systems; nil = nobody looks
}

// BenchSeeded is what was made.
type BenchSeeded struct {
	Counts map[string]int64 // by the names that the doctor uses
	Token  string           // of an administrator of the organisation
}

// BenchOrganisation is the name of the organisation that is made.
const BenchOrganisation = "Organisation for measuring (sample)"

const (
	maxBenchSystems = 200_000
	maxBenchUsers   = 200_000
	benchRows       = 1500 // audited rows of a transaction, about
)

// BenchSeed fills an empty installation with data for measuring: one organisation
// with units, people, systems, assessments, answers, evidence and standings. The
// same seed makes the same data, identifiers and salts aside. Rows are written by
// the thousand, each transaction with one audit entry that commits to all its
// rows, so the log of such an installation is sound; but it is short, and no
// person stands in it.
//
// It is for the operator's command. It fails with fault.Conflict when there are
// people or the organisation is there already.
func (a *App) BenchSeed(ctx context.Context, in BenchInput) (BenchSeeded, error) {
	if err := in.check(); err != nil {
		return BenchSeeded{}, err
	}
	b := &bench{app: a, in: in}
	if err := b.frameworks(); err != nil {
		return BenchSeeded{}, err
	}
	for _, step := range []func(context.Context) error{b.organisation, b.people, b.systems} {
		if err := step(ctx); err != nil {
			return BenchSeeded{}, err
		}
	}
	if _, err := a.SignCheckpoint(ctx); err != nil {
		return BenchSeeded{}, err
	}
	token, _, err := a.OperatorCreateToken(ctx, OperatorTokenInput{Organisation: BenchOrganisation, Name: "For measuring", Role: access.Administrator})
	if err != nil {
		return BenchSeeded{}, err
	}
	out := BenchSeeded{Token: token.Secret}
	out.Counts, err = a.benchCounts(ctx)
	return out, err
}

func (in *BenchInput) check() error {
	var p fault.Problems
	within := func(pointer string, n *int, usual, least, most int) {
		if *n == 0 {
			*n = usual
		}
		if *n < least || *n > most {
			p.Add(pointer, "Must be a number from %d to %d.", least, most)
		}
	}
	within("/systems", &in.Systems, 0, 1, maxBenchSystems)
	within("/units", &in.Units, 200, 1, maxUnits)
	within("/users", &in.Users, 2000, 1, maxBenchUsers)
	if in.Answers == 0 {
		in.Answers = 100 * in.Systems
	}
	if in.Answers < 0 {
		p.Add("/answers", "Must not be negative.")
	}
	return p.Err()
}

func (a *App) benchCounts(ctx context.Context) (map[string]int64, error) {
	var counts store.Counts
	err := a.DB.Read(ctx, func(tx *store.Tx) (err error) {
		counts, err = tx.Counts(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	b, err := json.Marshal(counts)
	if err != nil {
		return nil, err
	}
	out := map[string]int64{}
	return out, json.Unmarshal(b, &out)
}

// bench is one run of BenchSeed.
type bench struct {
	app   *App
	in    BenchInput
	org   store.Organisation
	asked []benchFramework
	units []string
	staff []string // ids of people
}

// benchFramework is a framework with the questions that the systems answer.
type benchFramework struct {
	*framework.Framework
	set   string
	scope []*framework.Requirement
}

// frameworks chooses the questions: of every framework whose subject is a system,
// the newest version, until there are enough for the answers wanted.
func (b *bench) frameworks() error {
	most := 0
	for _, id := range []string{"touchstone-in-service", "touchstone-foundation", "ncsc-caf", "gov-sbd", "nist-ssdf", "mod-sbd"} {
		f, err := b.app.Frameworks.Get(id, b.app.newest(id))
		if err != nil {
			return err
		}
		if !slices.Contains(f.Subjects, "system") {
			return fmt.Errorf("%s is not about systems", f.Key())
		}
		asked := benchFramework{Framework: f}
		if len(f.Sets) > 0 {
			asked.set = f.Sets[0].ID
		}
		sub := subject{framework: f, as: store.Assessment{Set: asked.set, Stage: benchStage, Size: framework.SizeLarger}}
		asked.scope = scopeOf(sub)
		b.asked = append(b.asked, asked)
		most += len(asked.scope)
	}
	if b.in.Answers > most*b.in.Systems {
		var p fault.Problems
		p.Add("/answers", "There are %d questions for a system, so at most %d answers.", most, most*b.in.Systems)
		return p.Err()
	}
	return nil
}

// benchStage is the stage of every system: each framework has questions for it.
const benchStage = "in_service"

// chance gives the numbers of one matter, so that what is made for a system does
// not depend on the others.
func (b *bench) chance(matter, n int) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(b.in.Seed), uint64(matter)<<32|uint64(n)))
}

// Matters that chance decides.
const (
	chanceUnits = iota
	chancePeople
	chanceSystems
)

// write runs one transaction with its audit entry. fn may run again, so it keeps
// nothing of a run that failed.
func (b *bench) write(ctx context.Context, fn func(*store.Tx) error, what string, args ...any) error {
	_, err := b.app.DB.Write(ctx, access.Operator(), func(tx *store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		i, err := tx.Instance(ctx)
		if err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.BenchSeeded, TargetType: "instance", Target: i.ID,
			Fields: map[string]string{"counts": fmt.Sprintf(what, args...), "seed": fmt.Sprint(b.in.Seed)}})
		return nil
	})
	if err != nil {
		return fmt.Errorf("make data for measuring: %w", err)
	}
	return nil
}

// organisation makes the organisation and its units: ten at the top, the others
// below them and below each other.
func (b *bench) organisation(ctx context.Context) error {
	return b.write(ctx, func(tx *store.Tx) error {
		if err := nobodyYet(ctx, tx); err != nil {
			return fault.New(fault.Conflict, "This installation has people in it. Data for measuring goes into an empty one only.").Because(err)
		}
		var p fault.Problems
		org, err := b.app.newOrganisation(ctx, tx, &p, "/organisation", BenchOrganisation)
		if err != nil {
			return err
		}
		if len(p) > 0 {
			return fault.New(fault.Conflict, "This installation has data for measuring in it already. Use an empty folder.")
		}
		if err := b.app.createOrganisation(ctx, tx, org); err != nil {
			return err
		}
		units, err := b.createUnits(ctx, tx, org.ID)
		b.org, b.units = org, units
		return err
	}, "units %d", b.in.Units)
}

func (b *bench) createUnits(ctx context.Context, tx *store.Tx, org string) ([]string, error) {
	c := b.chance(chanceUnits, 0)
	var ids []string
	for i := range b.in.Units {
		u := store.Unit{Organisation: org, Name: fmt.Sprintf("%s %03d", []string{"Directorate", "Division", "Group"}[i%3], i+1), Kind: "directorate"}
		if i < 10 {
			u.Kind = "top_level_budget"
		} else {
			u.Parent = ids[c.IntN(i/3+1)]
		}
		var err error
		if u.ID, err = b.app.newID(tx, "unit"); err != nil {
			return nil, err
		}
		if err := tx.CreateUnit(ctx, u); err != nil {
			return nil, err
		}
		ids = append(ids, u.ID)
	}
	return ids, nil
}

// people makes the people, each with a role over a unit or over everything. None
// of them can sign in: nobody has a passkey.
func (b *bench) people(ctx context.Context) error {
	for first := 0; first < b.in.Users; first += benchRows / 2 {
		last := min(first+benchRows/2, b.in.Users)
		var made []string
		err := b.write(ctx, func(tx *store.Tx) error {
			made = nil
			for n := first; n < last; n++ {
				id, err := b.createPerson(ctx, tx, n)
				if err != nil {
					return err
				}
				made = append(made, id)
			}
			return nil
		}, "users %d", last-first)
		if err != nil {
			return err
		}
		b.staff = append(b.staff, made...)
	}
	return nil
}

func (b *bench) createPerson(ctx context.Context, tx *store.Tx, n int) (string, error) {
	id, err := b.app.newID(tx, "usr")
	if err != nil {
		return "", err
	}
	address := fmt.Sprintf("user%06d@bench.example", n+1)
	err = tx.CreatePerson(ctx, store.Person{ID: id, Name: fmt.Sprintf("Sample user %06d", n+1), Email: address, EmailFolded: address, Status: "active", CreatedAt: tx.Now()})
	if err != nil {
		return "", err
	}
	c := b.chance(chancePeople, n)
	g := store.RoleGrant{Organisation: b.org.ID, Person: id, StartsAt: tx.Now(), Unit: b.units[c.IntN(len(b.units))]}
	switch at := c.IntN(100); {
	case n == 0:
		g.Role, g.Unit = access.Administrator, ""
	case at < 60:
		g.Role = access.TeamMember
	case at < 75:
		g.Role = access.DTSL
	case at < 90:
		g.Role = access.SRO
	case at < 95:
		g.Role, g.Unit = access.Assessor, ""
	default:
		g.Role = access.PortfolioReader
	}
	if g.ID, err = b.app.newID(tx, "grt"); err != nil {
		return "", err
	}
	return id, tx.CreateGrant(ctx, g)
}
