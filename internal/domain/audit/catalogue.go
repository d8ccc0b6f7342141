package audit

import (
	"fmt"
	"slices"
	"strings"
)

// Action names what happened. The set is closed: see Catalogue.
type Action string

// Category groups actions for whoever watches the log with other tools.
type Category string

const (
	Authentication Category = "authentication" // who got in, by what means, and who was refused
	Account        Category = "account"        // people, credentials, tokens and links
	Authorisation  Category = "authorisation"  // who may do what
	Register       Category = "register"       // organisations, units, systems and what hangs on them
	Assurance      Category = "assurance"      // assessments, answers, evidence and standing
	SignOff        Category = "sign-off"       // decisions of an accountable person
	Disclosure     Category = "disclosure"     // what left the instance
	Log            Category = "log"            // the log itself, its keys, backups and erasures
	Instance       Category = "instance"       // the installation
)

// Categories lists every category in the order in which they are documented.
func Categories() []Category {
	return []Category{Authentication, Account, Authorisation, Register, Assurance, SignOff, Disclosure, Log, Instance}
}

// Event describes one action of the catalogue.
type Event struct {
	Action      Action
	Category    Category
	Target      string   // the kind of thing it is about
	Fields      []string // values it may carry besides CommonFields
	Description string   // one sentence, past tense
}

// CommonFields may stand in an entry of any action: the network address the
// request came from and the reason given.
func CommonFields() []string { return []string{"address", "reason"} }

// Allows reports whether an entry of this action may carry the field.
func (ev Event) Allows(field string) bool {
	return field == "address" || field == "reason" || slices.Contains(ev.Fields, field)
}

// Catalogue returns every event, by category and then in order of its action.
func Catalogue() []Event {
	events := slices.Clone(catalogue)
	rank := Categories()
	slices.SortStableFunc(events, func(a, b Event) int {
		if d := slices.Index(rank, a.Category) - slices.Index(rank, b.Category); d != 0 {
			return d
		}
		return strings.Compare(string(a.Action), string(b.Action))
	})
	return events
}

// Lookup returns the event of an action.
func Lookup(a Action) (Event, bool) {
	ev, ok := byAction[a]
	return ev, ok
}

// Valid reports whether the action is in the catalogue.
func (a Action) Valid() bool {
	_, ok := byAction[a]
	return ok
}

var byAction = indexed(catalogue)

func indexed(events []Event) map[Action]Event {
	m := make(map[Action]Event, len(events))
	for _, ev := range events {
		m[ev.Action] = ev
	}
	return m
}

// Markdown writes the catalogue as the page docs/logging.md.
func Markdown() string {
	var b strings.Builder
	b.WriteString(`# The events of the log

This page is written from the code (` + "`internal/domain/audit`" + `) and a test fails when the two differ, so a tool
that watches the log may rely on it. Actions are never renamed or given another meaning; new ones are added.

Every entry has these header values, none of them personal data:

| Header | Meaning |
|---|---|
| ` + "`log`, `index`" + ` | which log, and the position in it from 0 |
| ` + "`at`" + ` | microseconds since 1970, UTC |
| ` + "`action`" + ` | one of the actions below |
| ` + "`actor`, `actor_kind`" + ` | opaque id or fixed word; ` + code(ActorKinds()) + ` |
| ` + "`strength`" + ` | how the actor was authenticated: ` + code(Strengths()) + ` |
| ` + "`on_behalf_of`" + ` | the person acted for, or empty |
| ` + "`organisation`" + ` | the organisation, or empty for the whole instance |
| ` + "`target_type`, `target`" + ` | what the action was about |
| ` + "`outcome`" + ` | ` + code(Outcomes()) + ` |
| ` + "`request`" + ` | the request, as in the server's own log |

Values that may be personal or may have to be erased are not in the entry. It holds a salted commitment to each, named
` + "`field:<name>`" + `; [log.md](log.md) says how it is made. Any entry may carry ` + code(CommonFields()) + `; the
others stand in the last column. An entry with any other field is refused before it is written. An entry also commits to
every audited row it changed, as ` + "`row:<table>/<key>`" + `.
`)
	last := Category("")
	for _, ev := range Catalogue() {
		if ev.Category != last {
			last = ev.Category
			fmt.Fprintf(&b, "\n## Category `%s`\n\n| Action | About | What happened | Fields |\n|---|---|---|---|\n", last)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", ev.Action, ev.Target, ev.Description, code(ev.Fields))
	}
	return b.String()
}

func code(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return "`" + strings.Join(words, "`, `") + "`"
}
