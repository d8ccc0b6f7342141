package api

import (
	"context"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

type moveBody struct {
	ID            string     `json:"id" doc:"Assessment, requirement and time of the move."`
	At            *time.Time `json:"at"`
	Assessment    string     `json:"assessment" ref:"assessment"`
	Requirement   string     `json:"requirement" ref:"requirement"`
	BeforeLevel   string     `json:"before_level"`
	BeforeSupport string     `json:"before_support"`
	AfterLevel    string     `json:"after_level"`
	AfterSupport  string     `json:"after_support"`
	Why           string     `json:"why"`
}

func moveID(e app.StandingEvent) string {
	return e.Assessment + "." + e.Requirement + "." + itoa(e.At)
}

func moveOf(e app.StandingEvent) moveBody {
	return moveBody{ID: moveID(e), At: instant(e.At), Assessment: e.Assessment, Requirement: e.Requirement, BeforeLevel: e.BeforeLevel, BeforeSupport: e.BeforeSupport,
		AfterLevel: e.AfterLevel, AfterSupport: e.AfterSupport, Why: e.Why}
}

type asAtBody struct {
	System    string         `json:"system" ref:"system"`
	At        *time.Time     `json:"at"`
	Standings []standingThen `json:"standings" nullable:"false"`
}

type standingThen struct {
	Assessment  string     `json:"assessment" ref:"assessment"`
	Requirement string     `json:"requirement" ref:"requirement"`
	Level       string     `json:"level"`
	Support     string     `json:"support"`
	Why         string     `json:"why"`
	Since       *time.Time `json:"since"`
}

func systemHistory(s *server) {
	route(s, Operation{ID: "listSystemHistory", Method: "GET", Path: "/systems/{id}/history", Summary: "List how the standings of a system moved, newest first", Needs: access.SystemRead},
		func(ctx context.Context, who access.Actor, in *struct {
			SystemPath
			Paging
		}) (*listed[moveBody], error) {
			l, err := s.app.SystemMoves(ctx, who, in.ID, in.page())
			if err != nil {
				return nil, err
			}
			return listOf(l, moveOf), nil
		})
	route(s, Operation{ID: "getSystemAsAt", Method: "GET", Path: "/systems/{id}/as-at", Summary: "Read how the answers of a system stood at a time", Needs: access.SystemRead},
		func(ctx context.Context, who access.Actor, in *struct {
			SystemPath
			At string `query:"at" required:"true" doc:"The time, RFC 3339."`
		}) (*struct{ Body asAtBody }, error) {
			at, err := timeOf("/at", in.At)
			if err != nil {
				return nil, err
			}
			v, err := s.app.SystemAsAt(ctx, who, in.ID, at)
			if err != nil {
				return nil, err
			}
			out := asAtBody{System: v.System.ID, At: instant(v.At), Standings: []standingThen{}}
			for _, st := range v.Standings {
				out.Standings = append(out.Standings, standingThen{Assessment: st.Assessment, Requirement: st.Requirement, Level: st.Level, Support: st.Support, Why: st.Why, Since: instant(st.Since)})
			}
			return &struct{ Body asAtBody }{out}, nil
		})
}

// timeOf reads a time as microseconds; years that those cannot hold are refused.
func timeOf(pointer, s string) (int64, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || t.Year() < 1970 || t.Year() > 9999 {
		var p fault.Problems
		p.Add(pointer, "Enter a time like 2026-03-31T09:00:00Z.")
		return 0, p.Err()
	}
	return t.UnixMicro(), nil
}
