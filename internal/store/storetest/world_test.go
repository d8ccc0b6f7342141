package storetest

import (
	"context"
	"fmt"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

var ctx = context.Background()

// world is two organisations with the same shape; everything in theirs is foreign
// to ours.
type world struct {
	t     *testing.T
	db    *store.DB
	clock *Clock
	ours  estate
	other estate
}

type estate struct {
	org    store.Organisation
	north  store.Unit
	south  store.Unit
	person store.Person
	system store.System // in north
	second store.System // in south, marked higher
	all    access.Scope // everything in the organisation
}

// sample fills every field with a value of its own, so that two columns given in
// the wrong order are noticed; set puts right what must be particular.
func sample[T any](set func(*T)) T {
	var v T
	n := 0
	fill(reflect.ValueOf(&v).Elem(), "", &n)
	set(&v)
	return v
}

func fill(v reflect.Value, name string, n *int) {
	*n++
	switch {
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), v.Type().Field(i).Name, n)
		}
	case v.Type() == reflect.TypeFor[civil.Date]():
		v.SetString(fmt.Sprintf("2026-%02d-%02d", 1+*n/28, 1+*n%28))
	case v.Kind() == reflect.String:
		v.SetString(fmt.Sprintf("%s %d", name, *n))
	case v.CanInt():
		v.SetInt(int64(1000 + *n))
	case v.Kind() == reflect.Bool:
		v.SetBool(*n%2 == 0)
	case v.Type() == reflect.TypeFor[[]byte]():
		v.SetBytes([]byte{byte(*n), 0, 0xff})
	default:
		panic("no sample of " + v.Type().String())
	}
}

// newWorld makes the log, the instance and both organisations.
func newWorld(t *testing.T, db *store.DB, clock *Clock) *world {
	t.Helper()
	w := &world{t: t, db: db, clock: clock}
	w.write(func(tx *store.Tx) error {
		if err := tx.CreateLog(ctx, "ins_1"); err != nil {
			return err
		}
		return tx.CreateInstance(ctx, store.Instance{ID: "ins_1", CreatedAt: tx.Now(), Shift: 7})
	})
	w.ours, w.other = w.estate("ours"), w.estate("other")
	return w
}

func (w *world) estate(name string) estate {
	w.t.Helper()
	org := "org_" + name
	e := estate{
		org: sample(func(o *store.Organisation) { o.ID, o.Name, o.NameFolded, o.Version = org, name, name, 1 }),
		north: sample(func(u *store.Unit) {
			u.Organisation, u.ID, u.Parent, u.Name, u.Version = org, "unit_north", "", "North", 1
		}),
		south: sample(func(u *store.Unit) {
			u.Organisation, u.ID, u.Parent, u.Name, u.Version = org, "unit_south", "", "South", 1
		}),
		person: sample(func(p *store.Person) { p.ID, p.EmailFolded, p.Version = "usr_"+name, name+"@example.org", 1 }),
		system: sample(func(s *store.System) {
			s.Organisation, s.ID, s.Name, s.NameFolded = org, "sys_1", "Payroll", "payroll"
			s.Unit, s.MarkingRank, s.Version = "unit_north", 1, 1
		}),
		second: sample(func(s *store.System) {
			s.Organisation, s.ID, s.Name, s.NameFolded = org, "sys_2", "Radar", "radar"
			s.Unit, s.MarkingRank, s.Version = "unit_south", 5, 1
		}),
		all: scope(w.t, access.Actor{ID: "x", Kind: access.UserActor, Organisation: org, Ceiling: access.MaxCeiling,
			Grants: []access.Grant{{Role: access.Administrator}}}),
	}
	w.write(func(tx *store.Tx) error {
		return first(tx.CreateOrganisation(ctx, e.org), tx.CreateUnit(ctx, e.north), tx.CreateUnit(ctx, e.south),
			tx.CreatePerson(ctx, e.person), tx.CreateSystem(ctx, e.system), tx.CreateSystem(ctx, e.second))
	})
	return e
}

// scope mints the scope of an actor for reading systems.
func scope(t *testing.T, a access.Actor) access.Scope {
	t.Helper()
	s, err := access.Decide(a, access.SystemRead)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// limited is a scope of the organisation over one system or some units.
func (e estate) limited(t *testing.T, ceiling int, system string, units ...string) access.Scope {
	t.Helper()
	return scope(t, access.Actor{ID: "usr_x", Kind: access.UserActor, Organisation: e.org.ID, Ceiling: ceiling,
		Grants: []access.Grant{{Role: access.TeamMember, System: system, Units: units}}})
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// anEntry is an entry for changes whose record is not what the test is about.
var anEntry = store.Record{Action: audit.InstanceChanged, TargetType: "instance", Target: "ins_1", Fields: map[string]string{"option": "test"}}

// try writes with an entry.
func (w *world) try(fn func(*store.Tx) error) error {
	_, err := w.db.Write(ctx, access.Operator(), func(tx *store.Tx) error {
		tx.Record(anEntry)
		return fn(tx)
	})
	return err
}

// write is try where nothing may go wrong.
func (w *world) write(fn func(*store.Tx) error) {
	w.t.Helper()
	if err := w.try(fn); err != nil {
		w.t.Fatal(err)
	}
}

// read reads where nothing may go wrong.
func (w *world) read(fn func(*store.Tx) error) {
	w.t.Helper()
	if err := w.db.Read(ctx, fn); err != nil {
		w.t.Fatal(err)
	}
}

// refuse writes what must fail with the kind of fault.
func (w *world) refuse(kind fault.Kind, why string, fn func(*store.Tx) error) {
	w.t.Helper()
	if err := w.try(fn); !fault.Is(err, kind) {
		w.t.Errorf("%s: want %s, got %v", why, kind, err)
	}
}

// same compares; an empty list is as good as none, since the drivers do not agree
// on what an empty blob is.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// missing asserts that err is the one answer for missing and foreign things.
func missing(t *testing.T, what string, err error) {
	t.Helper()
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("%s: want not_found, got %v", what, err)
	}
}
