package api

import (
	"context"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
)

type SystemBody struct {
	ID           string      `json:"id" ref:"system"`
	Organisation string      `json:"organisation" ref:"organisation"`
	Name         string      `json:"name"`
	Kind         string      `json:"kind"`
	Scope        string      `json:"scope"`
	Sponsor      string      `json:"sponsor"`
	Unit         string      `json:"unit" ref:"unit"`
	Stage        string      `json:"stage"`
	Phase        string      `json:"phase"`
	Gate         string      `json:"gate"`
	Size         string      `json:"size"`
	Marking      string      `json:"marking"`
	Exposure     string      `json:"exposure"`
	Personal     bool        `json:"personal" doc:"Holds personal data."`
	Special      bool        `json:"special" doc:"Holds special category data."`
	State        string      `json:"state"`
	CreatedAt    *time.Time  `json:"created_at"`
	Version      int64       `json:"version"`
	Summary      summaryBody `json:"summary"`
}

type summaryBody struct {
	Assessment string         `json:"assessment" ref:"assessment" doc:"The assessment that counts now, empty when there is none."`
	State      string         `json:"state"`
	DueOn      string         `json:"due_on"`
	ApprovedAt *time.Time     `json:"approved_at"`
	InScope    int            `json:"in_scope"`
	Answered   int            `json:"answered"`
	NeedYou    int            `json:"need_you"`
	DontKnow   int            `json:"dont_know"`
	BySupport  map[string]int `json:"by_support" nullable:"false" doc:"Answers by what holds them up."`
	Worst      string         `json:"worst"`
}

type systemMove struct {
	Action string `json:"action" enum:"register,start_disposal,cancel_disposal,retire,rehome,abandon"`
	Reason string `json:"reason,omitempty"`
}

func systemOf(s app.System, m app.Summary) SystemBody {
	return SystemBody{ID: s.ID, Organisation: s.Organisation, Name: s.Name, Kind: s.Kind, Scope: s.Scope, Sponsor: s.Sponsor, Unit: s.Unit, Stage: s.Stage,
		Phase: s.Phase, Gate: s.Gate, Size: s.Size, Marking: s.Marking, Exposure: s.Exposure, Personal: s.Personal, Special: s.Special, State: s.State,
		CreatedAt: instant(s.CreatedAt), Version: s.Version,
		Summary: summaryBody{Assessment: m.Assessment, State: m.State, DueOn: string(m.DueOn), ApprovedAt: instant(m.ApprovedAt), InScope: m.InScope,
			Answered: m.Answered, NeedYou: m.NeedYou, DontKnow: m.DontKnow, Worst: m.Worst,
			BySupport: map[string]int{"confirmed": m.Confirmed, "verified": m.Verified, "documented": m.Documented, "stale": m.Stale,
				"asserted": m.Asserted, "unassessed": m.Unassessed, "contradicted": m.Contradicted}}}
}

type systemHomeBody struct {
	SystemBody
	UnitPath      []string          `json:"unit_path" nullable:"false"`
	Missing       []fault.Problem   `json:"missing" nullable:"false" doc:"What registration still needs."`
	Findings      []findingBody     `json:"findings" nullable:"false"`
	Transitioning bool              `json:"transitioning" doc:"Between a legacy accreditation and its first approval."`
	Assessments   []AssessmentBrief `json:"assessments" nullable:"false"`
}

type findingBody struct {
	Kind    string `json:"kind"`
	Subject string `json:"subject" doc:"Identifier of the thing concerned, empty for the system itself."`
	Text    string `json:"text"`
	Remedy  string `json:"remedy"`
}

func systemHomeOf(h app.SystemHome) systemHomeBody {
	out := systemHomeBody{SystemBody: systemOf(h.System, h.Summary), UnitPath: append([]string{}, h.UnitPath...), Missing: append([]fault.Problem{}, h.Missing...),
		Findings: []findingBody{}, Transitioning: h.Transitioning, Assessments: []AssessmentBrief{}}
	for _, f := range h.Findings {
		out.Findings = append(out.Findings, findingBody{Kind: f.Kind, Subject: f.Subject, Text: f.Text, Remedy: f.Remedy})
	}
	for _, a := range h.Assessments {
		out.Assessments = append(out.Assessments, briefOf(a))
	}
	return out
}

type SystemPath struct {
	ID string `path:"id" ref:"system"`
}

type SystemChange struct {
	Name     string `json:"name"`
	Kind     string `json:"kind,omitempty"`
	Scope    string `json:"scope,omitempty"`
	Sponsor  string `json:"sponsor,omitempty"`
	Unit     string `json:"unit,omitempty" ref:"unit"`
	Stage    string `json:"stage,omitempty"`
	Phase    string `json:"phase,omitempty"`
	Gate     string `json:"gate,omitempty"`
	Size     string `json:"size,omitempty" doc:"Empty, or larger."`
	Marking  string `json:"marking,omitempty"`
	Exposure string `json:"exposure,omitempty"`
	Personal bool   `json:"personal,omitempty"`
	Special  bool   `json:"special,omitempty"`
}

func (b SystemChange) input() app.SystemInput {
	return app.SystemInput{Name: b.Name, Kind: b.Kind, Scope: b.Scope, Sponsor: b.Sponsor, Unit: b.Unit, Stage: b.Stage, Phase: b.Phase, Gate: b.Gate,
		Size: b.Size, Marking: b.Marking, Exposure: b.Exposure, Personal: b.Personal, Special: b.Special}
}

type newSystem struct {
	SystemChange
	Organisation string `json:"organisation" ref:"organisation" doc:"Identifier or exact name of the organisation."`
}

// SystemFilter narrows lists of systems.
type SystemFilter struct {
	Name     string `query:"name" maxLength:"200" doc:"Part of the name."`
	Unit     string `query:"unit" ref:"unit" doc:"A unit with all below it."`
	Stage    string `query:"stage"`
	State    string `query:"state"`
	Marking  string `query:"marking"`
	Exposure string `query:"exposure"`
	Worst    string `query:"worst" doc:"Weakest support of an answer now."`
	Overdue  string `query:"due_before" doc:"With an assessment due before this day."`
	SRO      string `query:"sro" ref:"user" doc:"Where this person is senior responsible owner."`
}

func (f SystemFilter) filter() (app.SystemFilter, error) {
	out := app.SystemFilter{Name: f.Name, Stage: f.Stage, State: f.State, Marking: f.Marking, Exposure: f.Exposure, Worst: f.Worst, OverdueOn: civil.Date(f.Overdue), Owner: f.SRO}
	if f.Unit != "" {
		out.Units = []string{f.Unit}
	}
	return out, day("/due_before", f.Overdue)
}

// day checks a date that only narrows a list; app does not look at it.
func day(pointer, s string) error {
	var p fault.Problems
	if s != "" && !civil.Date(s).Valid() {
		p.Add(pointer, "Enter a day like 2026-03-31.")
	}
	return p.Err()
}

type systemShown struct {
	ETag string `header:"ETag"`
	Body systemHomeBody
}

func systems(s *server) {
	route(s, Operation{ID: "listSystems", Method: "GET", Path: "/systems", Summary: "List systems", Needs: access.SystemRead},
		func(ctx context.Context, who access.Actor, in *struct {
			Paging
			SystemFilter
		}) (*listed[SystemBody], error) {
			f, err := in.filter()
			if err != nil {
				return nil, err
			}
			l, err := s.app.SystemsIn(ctx, who, f, in.page())
			if err != nil {
				return nil, err
			}
			return listOf(l, func(l app.SystemLine) SystemBody { return systemOf(l.System, l.Summary) }), nil
		})
	route(s, Operation{ID: "createSystem", Method: "POST", Path: "/systems", Summary: "Register a system", Needs: access.SystemCreate, created: true},
		func(ctx context.Context, who access.Actor, in *struct{ Body newSystem }) (*created, error) {
			if err := s.ownOrganisation(ctx, who, in.Body.Organisation); err != nil {
				return nil, err
			}
			c, r, err := s.app.CreateSystem(ctx, who, in.Body.input())
			return creation("/systems", c, r, err)
		})
	route(s, Operation{ID: "getSystem", Method: "GET", Path: "/systems/{id}", Summary: "Read a system with what is missing and found", Needs: access.SystemRead},
		func(ctx context.Context, who access.Actor, in *SystemPath) (*systemShown, error) {
			h, err := s.app.SystemHome(ctx, who, in.ID)
			if err != nil {
				return nil, err
			}
			return &systemShown{ETag: etag(h.System.Version), Body: systemHomeOf(h)}, nil
		})
	route(s, Operation{ID: "changeSystem", Method: "PUT", Path: "/systems/{id}", Summary: "Replace what is entered about a system", Needs: access.SystemWrite},
		func(ctx context.Context, who access.Actor, in *struct {
			SystemPath
			Precondition
			Body SystemChange
		}) (*changed[changedBody], error) {
			v, err := in.version()
			if err != nil {
				return nil, err
			}
			c, r, err := s.app.ChangeSystem(ctx, who, in.ID, v, in.Body.input())
			return change(c.ID, c.Version, r, err)
		})
	route(s, Operation{ID: "moveSystem", Method: "POST", Path: "/systems/{id}/move", Summary: "Move a system on in its life", Needs: access.SystemWrite},
		func(ctx context.Context, who access.Actor, in *struct {
			SystemPath
			Precondition
			Body systemMove
		}) (*changed[movedBody], error) {
			v, err := in.version()
			if err != nil {
				return nil, err
			}
			c, r, err := s.app.MoveSystem(ctx, who, in.ID, v, portfolio.Action(in.Body.Action), in.Body.Reason)
			return movement(c.ID, c.State, c.Version, r, err)
		})
}

// ownOrganisation takes the identifier or the exact name of the organisation that
// the token acts in; every other one is not found.
func (s *server) ownOrganisation(ctx context.Context, who access.Actor, said string) error {
	o, err := s.app.Organisation(ctx, who)
	if err != nil {
		return err
	}
	if said != o.ID && said != o.Name {
		return errNotFound
	}
	return nil
}
