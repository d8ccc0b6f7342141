package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/report"
	"github.com/touchstone-assurance/touchstone/internal/report/docx"
	"github.com/touchstone-assurance/touchstone/internal/report/html"
	reportjson "github.com/touchstone-assurance/touchstone/internal/report/json"
	"github.com/touchstone-assurance/touchstone/internal/report/pdf"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// The most that a report looks back on.
const (
	reportQuarters = 11
	reportMoves    = 500
)

var errUnapproved = fault.New(fault.Conflict, "There is no report until the assessment is approved.")

// errNotWhatWasSigned is answered when the kept content is not what was signed.
var errNotWhatWasSigned = fault.New(fault.Unavailable, "This report cannot be shown: its content is not what was signed. An administrator can run touchstone verify to see why.")

// Report reads the maturity self-assessment report and statement of assurance of
// an approved assessment: what was signed, word for word, with what became known
// since beside it. It needs report.read.
//
// It fails with fault.Conflict while there is no approval, and with
// fault.Unavailable when the kept content does not have the digest that was
// signed.
func (a *App) Report(ctx context.Context, who access.Actor, id string) (report.Assessment, error) {
	var in report.Input
	var as store.Assessment
	var kept store.Frozen
	err := a.reading(ctx, who, access.ReportRead, func(tx *store.Tx, scope access.Scope) error {
		sub, err := a.subjectIn(ctx, tx, scope, id)
		if err != nil {
			return err
		}
		if !assessment.State(sub.as.State).Frozen() {
			return errUnapproved
		}
		as = sub.as
		if in.Frozen, kept, err = a.frozenContent(ctx, tx, sub.as); err != nil {
			return err
		}
		if err := within(scope, in.Frozen); err != nil {
			return err
		}
		in.Approval = report.ApprovalFacts{By: as.ApprovedBy, At: as.ApprovedAt, OnBehalfOf: as.OnBehalfOf, Declaration: as.Declaration, Digest: as.ContentDigest, Content: kept.Body}
		in.Proof = report.Proof{AuditIndex: -1, Checkpoint: string(kept.Checkpoint)}
		entries, _, err := tx.Entries(ctx, scope, store.EntryFilter{Action: string(audit.AssessmentApproved), TargetType: "assessment", Target: as.ID, Limit: 1})
		if err != nil {
			return err
		}
		if len(entries) > 0 {
			in.Proof.AuditIndex = entries[0].Idx
		}
		return a.reportFacts(ctx, tx, sub, &in)
	})
	if err != nil {
		return report.Assessment{}, err
	}
	if err := a.proveReport(ctx, as, &in.Proof); err != nil {
		return report.Assessment{}, err
	}
	out := report.Build(in)
	if kept.PurgedAt > 0 {
		out.SignOff.Signed += " Some content was removed on " + civil.OfMicro(kept.PurgedAt, in.Zone).Words() + "; the digest that was signed can no longer be recomputed from what is kept."
	}
	return out, nil
}

// within refuses content that is marked above what the actor may read: it names
// evidence that the actor's own lists leave out.
func within(scope access.Scope, f assessment.Frozen) error {
	if rankOf(f.Marking) > scope.Ceiling() {
		return fault.Newf(fault.Forbidden, "This is marked %s, which is above what you may read.", f.Marking)
	}
	return nil
}

// proveReport adds the verifier keys, and the checkpoint when the process died
// before one was kept with the approval.
func (a *App) proveReport(ctx context.Context, as store.Assessment, p *report.Proof) (err error) {
	if p.Checkpoint == "" {
		if err := a.attachCheckpoint(ctx, as); err != nil {
			return err
		}
		note, err := a.SignCheckpoint(ctx)
		if err != nil {
			return err
		}
		p.Checkpoint = string(note)
	}
	p.VerifierKeys, err = a.CheckpointKeys(ctx)
	return err
}

// frozenContent reads what was signed and checks that it is.
func (a *App) frozenContent(ctx context.Context, tx *store.Tx, as store.Assessment) (assessment.Frozen, store.Frozen, error) {
	var f assessment.Frozen
	kept, err := tx.Frozen(ctx, as)
	if err != nil {
		return f, kept, fmt.Errorf("frozen content of %s: %w", as.ID, err)
	}
	if digest := assessment.DigestOf(kept.Body); kept.PurgedAt == 0 && (digest != as.ContentDigest || digest != kept.Digest) {
		return f, kept, errNotWhatWasSigned.Because(fmt.Errorf("frozen content of %s has digest %s, signed was %s", as.ID, digest, as.ContentDigest))
	}
	if err := json.Unmarshal(kept.Body, &f); err != nil {
		return f, kept, fmt.Errorf("frozen content of %s: %w", as.ID, err)
	}
	if f.Format != assessment.FrozenFormat {
		return f, kept, fmt.Errorf("frozen content of %s has format %q", as.ID, f.Format)
	}
	return f, kept, nil
}

// reportFacts gathers what stands beside the content: earlier approvals, moves,
// shares, names and the state of the evidence.
func (a *App) reportFacts(ctx context.Context, tx *store.Tx, sub subject, in *report.Input) error {
	in.Framework, in.State, in.SROWord = sub.framework, assessment.State(sub.as.State), sub.org.SROWord
	in.AsOf, in.Zone, in.Withdrawn = tx.Now(), zoneOf(sub.org), map[string]int64{}
	instance, err := tx.Instance(ctx)
	if err != nil {
		return err
	}
	in.Sample = instance.Demo
	if in.Earlier, err = a.earlierApprovals(ctx, tx, sub); err != nil {
		return err
	}
	linked, err := tx.LinkedTo(ctx, sub.system, sub.as.Framework, "")
	if err != nil {
		return err
	}
	for _, l := range linked {
		if l.Evidence.WithdrawnAt > 0 {
			in.Withdrawn[l.Evidence.ID] = l.Evidence.WithdrawnAt
		}
	}
	moves, err := tx.StandingEvents(ctx, sub.system, 0, reportMoves)
	if err != nil {
		return err
	}
	for _, m := range moves {
		if m.Assessment == sub.as.ID {
			in.Moves = append(in.Moves, report.Move{At: m.At, Assessment: m.Assessment, Requirement: m.Requirement, Before: m.BeforeLevel, BeforeHeld: assessment.Support(m.BeforeSupport),
				After: m.AfterLevel, AfterHeld: assessment.Support(m.AfterSupport), Why: m.Why})
		}
	}
	return a.reportPeople(ctx, tx, sub, in)
}

func (a *App) reportPeople(ctx context.Context, tx *store.Tx, sub subject, in *report.Input) error {
	shares, err := tx.Shares(ctx, sub.as)
	if err != nil {
		return err
	}
	ids := []string{in.Approval.By}
	for _, s := range shares {
		in.Shares = append(in.Shares, report.ShareFact{Recipient: s.Recipient, Marking: s.Marking, At: s.At, By: s.By})
		ids = append(ids, s.By)
	}
	for _, r := range in.Frozen.Responses {
		ids = append(ids, r.Author, r.Delegate)
	}
	in.Names, err = a.actorNames(ctx, tx, ids)
	return err
}

// earlierApprovals reads what was approved before with the same framework, the
// newest few.
func (a *App) earlierApprovals(ctx context.Context, tx *store.Tx, sub subject) ([]report.Earlier, error) {
	list, err := tx.AssessmentsOf(ctx, sub.system, 200)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(as store.Assessment) bool {
		return as.Framework != sub.as.Framework || as.ID == sub.as.ID || as.ApprovedAt == 0 || sub.as.ApprovedAt > 0 && as.ApprovedAt >= sub.as.ApprovedAt
	})
	slices.SortFunc(list, func(x, y store.Assessment) int { return int(min(max(y.ApprovedAt-x.ApprovedAt, -1), 1)) })
	var out []report.Earlier
	for _, as := range list[:min(len(list), reportQuarters)] {
		f, err := a.Frameworks.Get(as.Framework, as.FrameworkVersion)
		if err != nil {
			return nil, err
		}
		content, _, err := a.frozenContent(ctx, tx, as)
		if err != nil {
			return nil, err
		}
		out = append(out, report.Earlier{Frozen: content, Framework: f, ApprovedAt: as.ApprovedAt, Digest: as.ContentDigest})
	}
	return out, nil
}

// SignOffView reads what the SRO decides on: what changed since the last
// approval, the gaps, and what they would be accepting, with the digest and the
// time that go into ApproveInput. It needs assessment.read.
//
// It fails with fault.Conflict before the assessment is started and after it is
// approved.
func (a *App) SignOffView(ctx context.Context, who access.Actor, id string) (report.SignOff, error) {
	var in report.Input
	err := a.reading(ctx, who, access.AssessmentRead, func(tx *store.Tx, scope access.Scope) error {
		sub, err := a.subjectIn(ctx, tx, scope, id)
		if err != nil {
			return err
		}
		switch state := assessment.State(sub.as.State); {
		case state.Frozen():
			return fault.New(fault.Conflict, "This assessment has already been approved. Read its report.")
		case state == assessment.Due || state == assessment.Lapsed:
			return fault.New(fault.Conflict, "This assessment has not been started, so there is nothing to sign.")
		}
		if in.Frozen, err = a.freeze(ctx, tx, sub); err != nil {
			return err
		}
		if err := within(scope, in.Frozen); err != nil {
			return err
		}
		return a.reportFacts(ctx, tx, sub, &in)
	})
	if err != nil {
		return report.SignOff{}, err
	}
	return report.BuildSignOff(in)
}

// ReportFormats lists the formats that a report can be had in.
func ReportFormats() []string { return []string{"html", "pdf", "docx", "json"} }

// ProduceReport writes the report in a format to w and returns the name and
// media type of the file. That it was produced is on record before the first
// byte leaves. It needs report.read.
//
// It fails with fault.Invalid for an unknown format, fault.NotAvailable for PDF
// where there is no Chromium, and as Report does; then nothing is written.
func (a *App) ProduceReport(ctx context.Context, who access.Actor, id, format string, w io.Writer) (name, mediaType string, r Receipt, err error) {
	if !slices.Contains(ReportFormats(), format) {
		var p fault.Problems
		p.Add("/format", "Choose html, pdf, docx or json.")
		return "", "", r, p.Err()
	}
	content, err := a.Report(ctx, who, id)
	if err != nil {
		return "", "", r, err
	}
	var b bytes.Buffer
	if mediaType, err = a.writeReport(ctx, content, format, &b); err != nil {
		return "", "", r, err
	}
	r, err = a.writing(ctx, who, access.ReportRead, func(tx *store.Tx, scope access.Scope) error {
		as, err := tx.Assessment(ctx, scope, id)
		if err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.ReportProduced, TargetType: "report", Target: as.ID,
			Fields: map[string]string{"format": format, "version": fmt.Sprint(content.Version), "digest": content.SignOff.Digest}})
		return nil
	})
	if err != nil {
		return "", "", r, err
	}
	name = "touchstone-report-" + id + "-" + string(civil.Of(content.AsOf, time.UTC)) + "." + format
	_, err = b.WriteTo(w)
	return name, mediaType, r, err
}

// writeReport writes the one view model in a format.
func (a *App) writeReport(ctx context.Context, content report.Assessment, format string, w *bytes.Buffer) (mediaType string, err error) {
	switch format {
	case "json":
		return reportjson.MediaType, reportjson.Write(w, content)
	case "docx":
		return docx.MediaType, docx.Write(w, content.Document())
	case "pdf":
		var page bytes.Buffer
		if err := html.Write(&page, content.Document()); err != nil {
			return "", err
		}
		printed, err := a.PDF.Print(ctx, page.Bytes())
		w.Write(printed)
		return pdf.MediaType, err
	}
	return html.MediaType, html.Write(w, content.Document())
}
