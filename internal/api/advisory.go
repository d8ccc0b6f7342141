package api

import (
	"context"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

type affectedBody struct {
	System     string   `json:"system" ref:"system"`
	SystemName string   `json:"system_name"`
	Release    string   `json:"release" doc:"Its name."`
	PURL       string   `json:"purl" doc:"As the document gives it; the name where it gives none."`
	Version    string   `json:"version"`
	Owner      string   `json:"owner" doc:"Senior responsible owner, or security lead."`
	Exposed    bool     `json:"exposed" doc:"Reached from the public internet; true while nobody has said."`
	Exposure   string   `json:"exposure"`
	Decision   string   `json:"decision" doc:"Status of the decision that holds; empty when nobody decided."`
	DecidedBy  string   `json:"decided_by"`
	Conflicts  int      `json:"conflicts" doc:"Decisions as near to the matter that say something else."`
	Refused    string   `json:"refused,omitempty" doc:"Why a statement that would have cleared it was not followed."`
	SSVC       string   `json:"ssvc" doc:"Outcome of CISA's SSVC tree."`
	SSVCPath   []string `json:"ssvc_path" nullable:"false"`
	Fixed      []string `json:"fixed" nullable:"false"`
	Severity   string   `json:"severity" doc:"Band."`
	Score      float64  `json:"score" doc:"-1 when it is not rated."`
	EPSS       float64  `json:"epss"`
	Exploited  bool     `json:"exploited"`
}

type feedBody struct {
	Name        string     `json:"name"`
	AsOf        *time.Time `json:"as_of"`
	AgeDays     int        `json:"age_days"`
	Stale       bool       `json:"stale"`
	Digest      string     `json:"digest"`
	Records     int64      `json:"records"`
	Quarantined int        `json:"quarantined"`
	Alerts      []string   `json:"alerts" nullable:"false"`
}

type coverageBody struct {
	Feeds      []feedBody `json:"feeds" nullable:"false"`
	Unassessed int64      `json:"unassessed" doc:"Components of which nothing can be said: without identity or version, of an ecosystem without advisories, or not comparable."`
}

type affectedAnswer struct {
	Advisory string         `json:"advisory" doc:"As it was asked for."`
	Name     string         `json:"name" doc:"CVE where there is one."`
	Aliases  []string       `json:"aliases" nullable:"false"`
	Held     bool           `json:"held" doc:"Whether any record about it is held."`
	AsOf     *time.Time     `json:"as_of"`
	Total    int64          `json:"total"`
	Items    []affectedBody `json:"items" nullable:"false"`
	Coverage coverageBody   `json:"coverage"`
	Next     *string        `json:"next"`
}

func affectedOf(v app.AffectedView) affectedAnswer {
	out := affectedAnswer{Advisory: v.ID, Name: v.Name, Aliases: append([]string{}, v.Aliases...), Held: v.Held, AsOf: instant(v.AsOf), Total: v.List.Total,
		Items: []affectedBody{}, Coverage: coverageBody{Feeds: feedsOf(v.Feeds), Unassessed: v.Unassessed}}
	if v.List.Next != "" {
		out.Next = &v.List.Next
	}
	for _, i := range v.List.Items {
		out.Items = append(out.Items, affectedBody{System: i.System, SystemName: i.SystemName, Release: i.Release, PURL: i.Component, Version: i.Version, Owner: i.Owner,
			Exposed: i.Exposed, Exposure: i.Exposure, Decision: i.Decision, DecidedBy: i.DecidedBy, Conflicts: i.Conflicts, Refused: i.Refused, SSVC: string(i.SSVC),
			SSVCPath: append([]string{}, i.SSVCPath...), Fixed: append([]string{}, i.Fixed...), Severity: string(i.Band), Score: score(i.Severity.Type, i.Severity.Score), EPSS: i.EPSS, Exploited: i.Exploited})
	}
	return out
}

// score is -1 where nobody has rated.
func score(scheme string, n float64) float64 {
	if scheme == "" {
		return -1
	}
	return n
}

func feedsOf(list []app.FeedView) []feedBody {
	out := []feedBody{}
	for _, f := range list {
		out = append(out, feedBody{Name: f.Name, AsOf: instant(f.AsOf), AgeDays: f.AgeDays, Stale: f.Stale, Digest: f.Digest, Records: f.Records,
			Quarantined: len(f.Quarantined), Alerts: append([]string{}, f.Alerts...)})
	}
	return out
}

type postedBody struct {
	ID      string `json:"id" ref:"advisory"`
	Digest  string `json:"digest"`
	Changed bool   `json:"changed" doc:"False when it was held like this already."`
}

type posted struct {
	Location string `header:"Location"`
	Index    string `header:"Touchstone-Audit-Index" doc:"Place of the entry in the audit log; missing when nothing changed."`
	Body     postedBody
}

type AdvisoryPath struct {
	ID string `path:"id" ref:"advisory" maxLength:"400"`
}

func advisories(s *server) {
	route(s, Operation{ID: "postAdvisory", Method: "POST", Path: "/advisories", Summary: "Send in one advisory", Needs: access.AdvisoryWrite, created: true,
		raw: "One record in the format of the OSV schema."},
		func(ctx context.Context, who access.Actor, _ *struct{}) (*posted, error) {
			p, r, err := s.app.PostAdvisory(ctx, who, raw(ctx))
			if err != nil {
				return nil, err
			}
			out := &posted{Location: Prefix + "/advisories/" + p.ID, Body: postedBody{ID: p.ID, Digest: p.Digest, Changed: p.Changed}}
			if r.Count > 0 {
				out.Index = itoa(r.Index)
			}
			return out, nil
		})
	route(s, Operation{ID: "listAffected", Method: "GET", Path: "/advisories/{id}/affected", Summary: "List who is affected by an advisory or an alias of one", Needs: access.AdvisoryRead},
		func(ctx context.Context, who access.Actor, in *struct {
			AdvisoryPath
			Paging
		}) (*struct{ Body affectedAnswer }, error) {
			v, err := s.app.Affected(ctx, who, in.ID, in.page())
			if err != nil {
				return nil, err
			}
			return &struct{ Body affectedAnswer }{affectedOf(v)}, nil
		})
}
