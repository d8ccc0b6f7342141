package api

import (
	"context"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

type deliveredBody struct {
	Evidence string      `json:"evidence" ref:"evidence"`
	Job      string      `json:"job" ref:"job" doc:"It judges the document; ask for it until it is done."`
	Release  string      `json:"release" ref:"release"`
	Document string      `json:"document" ref:"document"`
	SHA256   string      `json:"sha256"`
	Format   string      `json:"format"`
	Status   string      `json:"status" doc:"accepted or accepted_with_faults."`
	Items    int64       `json:"items" doc:"Components, results, statements or tests."`
	Faults   []faultBody `json:"faults" nullable:"false" doc:"Rules that the document breaks though it was accepted."`
}

type faultBody struct {
	Pointer string `json:"pointer,omitempty" doc:"JSON pointer (RFC 6901) or path of elements."`
	Line    int    `json:"line,omitempty"`
	Rule    string `json:"rule,omitempty"`
	Detail  string `json:"detail"`
}

func faultsOf(list []fact.Fault) []faultBody {
	out := make([]faultBody, len(list))
	for i, f := range list {
		out[i] = faultBody(f)
	}
	return out
}

type delivered struct {
	Location string `header:"Location" doc:"Address of the job."`
	Index    string `header:"Touchstone-Audit-Index" doc:"Place of the entry in the audit log; missing when the file was known."`
	Body     deliveredBody
}

type jobBody struct {
	ID        string      `json:"id" ref:"job"`
	State     string      `json:"state" doc:"queued, running, done or failed."`
	Problem   string      `json:"problem" doc:"Why it failed."`
	Standings []movedHere `json:"standings" nullable:"false" doc:"Standings that moved."`
	Policy    string      `json:"policy" doc:"Once it is done: met; or not_met, when a finding is past its due date or a claim is contradicted."`
	Reasons   []string    `json:"reasons" nullable:"false"`
}

type movedHere struct {
	Assessment  string `json:"assessment" ref:"assessment"`
	Framework   string `json:"framework" ref:"framework"`
	Requirement string `json:"requirement" ref:"requirement"`
	Before      string `json:"before"`
	After       string `json:"after"`
	Because     string `json:"because"`
}

func jobOf(v app.JobView) jobBody {
	out := jobBody{ID: v.ID, State: v.State, Problem: v.Problem, Standings: []movedHere{}, Policy: v.Policy, Reasons: append([]string{}, v.Reasons...)}
	for _, m := range v.Standings {
		out.Standings = append(out.Standings, movedHere(m))
	}
	return out
}

func documents(s *server) {
	route(s, Operation{ID: "deliverDocument", Method: "POST", Path: "/systems/{id}/releases/{name}/documents", Summary: "Deliver a document about a release", Needs: access.ReleaseWrite, accepted: true,
		raw: "The document as it is: SBOM, SARIF, VEX, CSAF, attestation, Scorecard, test results, security.txt, repository facts. Its format is told by its content."},
		func(ctx context.Context, who access.Actor, in *struct {
			SystemPath
			Release string `path:"name" maxLength:"800" doc:"Name of the release; it becomes known with its first document."`
			File    string `query:"file" maxLength:"800" doc:"Name of the file, for people."`
		}) (*delivered, error) {
			d, r, err := s.app.Deliver(ctx, who, app.DeliverInput{System: in.ID, Release: in.Release, Name: in.File, Content: raw(ctx)})
			if err != nil {
				return nil, err
			}
			out := &delivered{Location: Prefix + "/jobs/" + d.Job, Body: deliveredBody{Evidence: d.Evidence, Job: d.Job, Release: d.Release, Document: d.Document, SHA256: d.SHA256,
				Format: d.Format, Status: d.Status, Items: d.Items, Faults: faultsOf(d.Faults)}}
			if r.Count > 0 {
				out.Index = itoa(r.Index)
			}
			return out, nil
		})
	route(s, Operation{ID: "getJob", Method: "GET", Path: "/jobs/{id}", Summary: "Read what judging a document came to", Needs: access.ReleaseRead},
		func(ctx context.Context, who access.Actor, in *struct {
			ID string `path:"id" ref:"job"`
		}) (*struct{ Body jobBody }, error) {
			v, err := s.app.Job(ctx, who, in.ID)
			if err != nil {
				return nil, err
			}
			return &struct{ Body jobBody }{jobOf(v)}, nil
		})
}
