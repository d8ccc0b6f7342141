package api

import (
	"context"
	"encoding/json"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
)

type responseBody struct {
	ID          string       `json:"id" ref:"requirement"`
	Requirement string       `json:"requirement" ref:"requirement"`
	Title       string       `json:"title"`
	Question    string       `json:"question"`
	Group       string       `json:"group"`
	Levels      []string     `json:"levels" nullable:"false" doc:"Claims that the requirement takes, lowest first, beside not_applicable and dont_know."`
	Response    *answerBody  `json:"response" doc:"The answer, null while there is none."`
	Standing    standingBody `json:"standing"`
	Evidence    int          `json:"evidence_count" doc:"Records linked."`
	Version     int64        `json:"version" doc:"Of the answer; 0 while there is none. It is the ETag for If-Match."`
}

type answerBody struct {
	Claim     string     `json:"claim"`
	Rationale string     `json:"rationale"`
	NAReason  string     `json:"na_reason"`
	FindOutBy string     `json:"find_out_by"`
	Delegate  string     `json:"delegate" ref:"user"`
	Author    string     `json:"author" ref:"user"`
	At        *time.Time `json:"at"`
	Prior     bool       `json:"prior" doc:"Carried over and not yet confirmed."`
	Confirmed bool       `json:"confirmed"`
	Attention string     `json:"attention" doc:"Why a carried-over answer should be looked at first."`
}

type standingBody struct {
	Claim         string      `json:"claim"`
	Support       string      `json:"support"`
	PartlyChecked bool        `json:"partly_checked"`
	Since         *time.Time  `json:"since"`
	NextChangeAt  *time.Time  `json:"next_change_at"`
	Because       []causeBody `json:"because" nullable:"false"`
}

type causeBody struct {
	Kind string     `json:"kind"`
	ID   string     `json:"id" doc:"Identifier of what is behind it, by its kind; may be empty."`
	At   *time.Time `json:"at"`
	Text string     `json:"text"`
}

type confirmation struct {
	Requirements []string `json:"requirements" ref:"requirement" minItems:"1" maxItems:"500" nullable:"false"`
}

func standingOf(st assessment.Standing) standingBody {
	out := standingBody{Claim: st.Claim.String(), Support: string(st.Support), PartlyChecked: st.PartlyChecked, Since: instant(st.Since),
		NextChangeAt: instant(st.NextChangeAt), Because: []causeBody{}}
	for _, c := range st.Because {
		out.Because = append(out.Because, causeBody{Kind: string(c.Kind), ID: c.ID, At: instant(c.At), Text: c.Text})
	}
	return out
}

func responseOf(f *framework.Framework, l app.AnswerLine) responseBody {
	out := responseBody{ID: l.Requirement.ID, Requirement: l.Requirement.ID, Title: l.Requirement.Title, Question: l.Requirement.Question,
		Levels: append([]string{}, assessment.LevelIDs(f, l.Requirement)...), Standing: standingOf(l.Standing), Evidence: l.Evidence, Version: l.Answer.Version}
	if l.Group != nil {
		out.Group = l.Group.Title
	}
	if a := l.Answer; a.Version > 0 {
		out.Response = &answerBody{Claim: a.Claim.String(), Rationale: a.Rationale, NAReason: a.NAReason, FindOutBy: string(a.FindOutBy), Delegate: a.Delegate,
			Author: a.Author, At: instant(a.At), Prior: a.Prior, Confirmed: a.Confirmed, Attention: string(a.Attention)}
	}
	return out
}

type ResponsePath struct {
	AssessmentPath
	Requirement string `path:"requirement" ref:"requirement"`
}

type respondBody struct {
	Claim     string `json:"claim" doc:"A level of the requirement, not_applicable or dont_know."`
	Rationale string `json:"rationale,omitempty"`
	NAReason  string `json:"na_reason,omitempty" doc:"Why it does not apply."`
	FindOutBy string `json:"find_out_by,omitempty" doc:"By when a “don’t know” is found out."`
	Delegate  string `json:"delegate,omitempty" ref:"user" doc:"Who finds it out."`
}

type responseShown struct {
	ETag string `header:"ETag"`
	Body responseBody
}

type respondedBody struct {
	Requirement string       `json:"requirement" ref:"requirement"`
	Version     int64        `json:"version"`
	Standing    standingBody `json:"standing"`
}

// UnmarshalJSON reads what app keeps of an answer and shapes its standing.
func (b *respondedBody) UnmarshalJSON(raw []byte) error {
	var kept app.Responded
	if err := json.Unmarshal(raw, &kept); err != nil {
		return err
	}
	*b = respondedBody{Requirement: kept.Requirement, Version: kept.Version, Standing: standingOf(kept.Standing)}
	return nil
}

func responses(s *server) {
	route(s, Operation{ID: "listResponses", Method: "GET", Path: "/assessments/{id}/responses", Summary: "List every requirement in scope with its answer and standing", Needs: access.AssessmentRead},
		func(ctx context.Context, who access.Actor, in *struct {
			AssessmentPath
			Paging
		}) (*listed[responseBody], error) {
			v, err := s.app.AssessmentView(ctx, who, in.ID)
			if err != nil {
				return nil, err
			}
			return pageOf(v.Lines, in.Paging, app.MaxLimit, func(l app.AnswerLine) string { return l.Requirement.ID },
				func(l app.AnswerLine) responseBody { return responseOf(v.Framework, l) })
		})
	route(s, Operation{ID: "getResponse", Method: "GET", Path: "/assessments/{id}/responses/{requirement}", Summary: "Read one requirement with its answer and standing", Needs: access.AssessmentRead},
		func(ctx context.Context, who access.Actor, in *ResponsePath) (*responseShown, error) {
			v, err := s.app.QuestionView(ctx, who, in.ID, in.Requirement)
			if err != nil {
				return nil, err
			}
			return &responseShown{ETag: etag(v.Line.Answer.Version), Body: responseOf(v.Framework, v.Line)}, nil
		})
	route(s, Operation{ID: "respond", Method: "PUT", Path: "/assessments/{id}/responses/{requirement}", Summary: "Answer a requirement", Needs: access.ResponseWrite},
		func(ctx context.Context, who access.Actor, in *struct {
			ResponsePath
			Precondition
			Body respondBody
		}) (*changed[respondedBody], error) {
			v, err := in.version()
			if err != nil {
				return nil, err
			}
			b := in.Body
			out, r, err := s.app.Respond(ctx, who, in.ID, in.Requirement, app.RespondInput{Claim: b.Claim, Rationale: b.Rationale, NAReason: b.NAReason,
				FindOutBy: civil.Date(b.FindOutBy), Delegate: b.Delegate, Version: v})
			body, index, err := settle[respondedBody](r, err, func() any { return out })
			if err != nil {
				return nil, err
			}
			return &changed[respondedBody]{ETag: etag(body.Version), Index: index, Body: body}, nil
		})
	route(s, Operation{ID: "confirmResponses", Method: "POST", Path: "/assessments/{id}/confirm", Summary: "Confirm answers that were carried over", Needs: access.ResponseWrite},
		func(ctx context.Context, who access.Actor, in *struct {
			AssessmentPath
			Body confirmation
		}) (*done, error) {
			return finished(s.app.ConfirmAnswers(ctx, who, in.ID, in.Body.Requirements))
		})
}
