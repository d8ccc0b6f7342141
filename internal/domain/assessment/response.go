package assessment

import (
	"fmt"
	"slices"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/evidence"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
	"github.com/touchstone-assurance/touchstone/internal/domain/text"
)

// Response is a person's answer to one requirement in one assessment.
type Response struct {
	Requirement string
	Claim       Claim
	Rationale   string
	FindOutBy   civil.Date // for don't know
	Delegate    string     // user id of who will find out; "" = the author
	NAReason    string     // for not applicable
	Author      string     // user id
	At          int64      // µs UTC
	Version     int64      // counts changes; the ETag
	Prior       bool       // carried over and not yet confirmed again
	Confirmed   bool       // confirmed by a person in this assessment
	Attention   Attention  // why a carried-over answer should be looked at first
}

// Counts reports whether the response answers its requirement in this
// assessment: a person answered, and a carried-over answer was confirmed again.
func (r Response) Counts() bool { return r.Claim.Answered() && (!r.Prior || r.Confirmed) }

// ValidateResponse checks a draft against its requirement and returns it
// cleaned. Fields that do not belong to the kind of claim are emptied. For not
// applicable the rationale serves as the reason when no other was given. No
// answer at all may be saved; it is Complete that asks for one.
func ValidateResponse(f *framework.Framework, requirement string, draft Response, today civil.Date) (Response, fault.Problems) {
	var p fault.Problems
	r, known := f.Requirement(requirement)
	if !known {
		p.Add("/requirement", "There is no such requirement in this framework.")
		return draft, p
	}
	draft.Requirement = requirement
	draft.Rationale = text.Clean(&p, "/rationale", draft.Rationale, text.Long)
	draft.NAReason = text.Clean(&p, "/na_reason", draft.NAReason, text.Long)
	if draft.Claim.Kind == "" {
		draft.Claim = Claim{Kind: Unanswered}
	}
	if draft.Claim.Kind != AtLevel {
		draft.Claim.Level = ""
	}
	switch draft.Claim.Kind {
	case AtLevel:
		if !slices.Contains(LevelIDs(f, r), draft.Claim.Level) {
			p.Add("/claim", "Choose one of the answers that this requirement has.")
		}
	case NotApplicable:
		if draft.NAReason == "" {
			draft.NAReason = draft.Rationale
		}
		if draft.NAReason == "" {
			p.Add("/na_reason", "Say why this does not apply.")
		}
	case DontKnow:
		draft.findOut(&p, today)
	case Unanswered:
	default:
		p.Add("/claim", "Choose one of the answers that this requirement has.")
	}
	if draft.Claim.Kind != DontKnow {
		draft.FindOutBy, draft.Delegate = "", ""
	}
	if draft.Claim.Kind != NotApplicable {
		draft.NAReason = ""
	}
	return draft, p
}

func (r *Response) findOut(p *fault.Problems, today civil.Date) {
	switch {
	case r.FindOutBy == "":
		p.Add("/find_out_by", "Say by when you will find out.")
	case !r.FindOutBy.Valid():
		p.Add("/find_out_by", "Enter a real date, for example 2026-03-27.")
	case r.FindOutBy < today:
		p.Add("/find_out_by", "The date must be today or later.")
	}
}

// Scope chooses the requirements that an assessment asks about.
type Scope struct {
	Set    string // id of a question set; "" = every set
	Stage  string // acquisition stage; "" = every stage
	Larger bool   // a larger or complex system, which is asked more
}

// InScope returns the requirements in scope, in reading order.
func InScope(f *framework.Framework, s Scope) []*framework.Requirement {
	var out []*framework.Requirement
	for _, r := range f.Requirements() {
		if applies(r.Sets, s.Set) && applies(r.Stages, s.Stage) && (s.Larger || len(r.Sizes) == 0 || slices.Contains(r.Sizes, "all")) {
			out = append(out, r)
		}
	}
	return out
}

func applies(list []string, want string) bool {
	return want == "" || len(list) == 0 || slices.Contains(list, want)
}

// SuggestSet returns the question set that the framework suggests for a stage,
// or its first set; "" when it has none.
func SuggestSet(f *framework.Framework, stage string) string {
	for _, s := range f.Sets {
		if slices.Contains(s.AppliesStages, stage) {
			return s.ID
		}
	}
	if len(f.Sets) == 0 {
		return ""
	}
	return f.Sets[0].ID
}

// Complete returns nil when every requirement in scope is answered, else an
// Invalid fault with a problem at "/responses/<requirement>" for each that is
// not, in reading order. "I don't know" is an answer.
func Complete(inScope []*framework.Requirement, responses []Response) error {
	byID := byRequirement(responses)
	var p fault.Problems
	for _, r := range inScope {
		got, has := byID[r.ID]
		switch {
		case has && got.Counts():
		case has && got.Prior && got.Claim.Answered():
			p.Add("/responses/"+r.ID, "“%s” still has the answer from last time. Confirm it or change it.", r.Title)
		default:
			p.Add("/responses/"+r.ID, "“%s” is not answered. If you don’t know, say so.", r.Title)
		}
	}
	if len(p) == 0 {
		return nil
	}
	one := plural(len(p), "1 question still needs", fmt.Sprintf("%d questions still need", len(p)))
	return &fault.Error{Kind: fault.Invalid, Public: one + " an answer before this can be sent.", Problems: p}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// ConfirmSection marks the answered responses to the given requirements as
// confirmed by a person now. It changes no claim. Those without an answer are
// returned by requirement id.
func ConfirmSection(responses []Response, requirements []string) (confirmed []Response, unanswered []string) {
	byID := byRequirement(responses)
	for _, id := range requirements {
		r, has := byID[id]
		if !has || !r.Claim.Answered() {
			unanswered = append(unanswered, id)
			continue
		}
		r.Confirmed = true
		confirmed = append(confirmed, r)
	}
	return confirmed, unanswered
}

func byRequirement(responses []Response) map[string]Response {
	m := make(map[string]Response, len(responses))
	for _, r := range responses {
		m[r.Requirement] = r
	}
	return m
}

// Conflict is two people's words on the same question. Nothing is merged by
// machine: the page shows both and a person decides.
type Conflict struct {
	Mine   Response // what was about to be saved
	Theirs Response // what is stored now
	Base   Response // what I had read
}

// Fields lists the fields in which mine and theirs differ, by their JSON names.
func (c Conflict) Fields() []string {
	var out []string
	add := func(differs bool, name string) {
		if differs {
			out = append(out, name)
		}
	}
	add(c.Mine.Claim != c.Theirs.Claim, "claim")
	add(c.Mine.Rationale != c.Theirs.Rationale, "rationale")
	add(c.Mine.FindOutBy != c.Theirs.FindOutBy, "find_out_by")
	add(c.Mine.Delegate != c.Theirs.Delegate, "delegate")
	add(c.Mine.NAReason != c.Theirs.NAReason, "na_reason")
	return out
}

// FactOf turns an evidence record into what the standing looks at, or false when
// the record lacks what it needs to count. linkedAt is in µs UTC; dates are
// days in the zone.
func FactOf(r evidence.Record, linkedAt int64, zone *time.Location) (EvidenceFact, bool) {
	if !r.Counts() {
		return EvidenceFact{}, false
	}
	f := EvidenceFact{ID: r.ID, Title: r.Title, Version: r.Version, ProducedAt: r.ProducedOn.Start(zone).UnixMicro(), LinkedAt: linkedAt,
		ValidUntil: r.EndsAt(zone), WithdrawnAt: r.WithdrawnAt}
	if r.Held != nil {
		f.HeldBy = r.Held.Custodian
	}
	return f, true
}
