package app_test

import (
	"bytes"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/pgtest"
	"github.com/touchstone-assurance/touchstone/internal/tlog"
)

// approved answers every question, links one record, and approves.
func (q *quarter) approved() app.Assessment {
	q.t.Helper()
	q.answerAll()
	_, err := q.App.LinkEvidence(q.t.Context(), q.admin.Actor(), q.system, inService, q.questions[0], q.evidence(civil.Of(q.Clock.Now(), nil).AddDays(10)))
	ok(q.t, err)
	_, _, err = q.App.Submit(q.t.Context(), q.admin.Actor(), q.assessment, 0)
	ok(q.t, err)
	v, err := q.App.SignOffView(q.t.Context(), q.sro.Actor(), q.assessment)
	ok(q.t, err)
	as, _, err := q.App.Approve(q.t.Context(), q.sro.StepUp(), q.assessment, app.ApproveInput{Version: v.Version, Digest: v.Digest, SeenAt: v.SeenAt, Statement: "I accept what is open."})
	ok(q.t, err)
	return as
}

func TestTheReportIsWhatWasSignedWithItsProof(t *testing.T) {
	q := newQuarter(t)
	_, err := q.App.Report(t.Context(), q.sro.Actor(), q.assessment)
	fails(t, err, fault.Conflict)
	if public, _ := fault.Public(err); public != "There is no report until the assessment is approved." {
		t.Errorf("it says %q", public)
	}
	as := q.approved()
	r, err := q.App.Report(t.Context(), q.sro.Actor(), q.assessment)
	ok(t, err)
	if r.SignOff.Digest != as.ContentDigest || r.SignOff.By != q.sro.Name || r.SignOff.Declaration != "I accept what is open." || len(r.Answers) != len(q.questions) || r.Sample {
		t.Errorf("sign-off %+v, %d answers", r.SignOff, len(r.Answers))
	}
	if len(r.Evidence) != 1 || r.Evidence[0].Freshness != "expiring" || r.Marking != "OFFICIAL" || len(r.Shares) != 1 {
		t.Errorf("evidence %+v, marking %q, shares %+v", r.Evidence, r.Marking, r.Shares)
	}
	verifier, err := tlog.NewVerifier(tlog.Trust{LogID: logOf(t, r.Proof.Checkpoint), Keys: r.Proof.VerifierKeys, Given: [][]byte{[]byte(r.Proof.Checkpoint)}})
	if err != nil || verifier == nil {
		t.Fatalf("the checkpoint does not open with the key beside it: %v", err)
	}
	entries, err := q.App.AuditEntries(t.Context(), q.admin.Actor(), app.AuditFilter{Action: "assessment.approved", Target: q.assessment}, app.Page{})
	ok(t, err)
	if len(entries.Items) != 1 || entries.Items[0].Index != r.Proof.AuditIndex {
		t.Errorf("log entry %d, report says %d", entries.Items[0].Index, r.Proof.AuditIndex)
	}
	// Evidence runs out afterwards: what was signed stays, its freshness moves.
	q.Clock.Advance(12 * 24 * time.Hour)
	_, err = q.App.Tick(t.Context())
	ok(t, err)
	q.SignInAgain()
	later, err := q.App.Report(t.Context(), q.sro.Actor(), q.assessment)
	ok(t, err)
	if later.SignOff.Digest != r.SignOff.Digest || later.Answers[0].Support != assessment.Documented || later.Evidence[0].Freshness != "ran_out" {
		t.Errorf("answer %+v, evidence %+v", later.Answers[0].Support, later.Evidence[0].Freshness)
	}
	if len(later.History) == 0 || !later.History[0].AfterSigning || later.Proof.Checkpoint != r.Proof.Checkpoint {
		t.Errorf("history %+v", later.History)
	}
}

// logOf reads the log's id from the first line of a checkpoint.
func logOf(t *testing.T, note string) string {
	t.Helper()
	first, _, _ := strings.Cut(note, "\n")
	id, found := strings.CutPrefix(first, "touchstone/")
	if !found {
		t.Fatalf("checkpoint begins %q", first)
	}
	return id
}

func TestEveryFormatIsProducedAndRecorded(t *testing.T) {
	q := newQuarter(t)
	as := q.approved()
	for format, begins := range map[string]string{"html": "<!DOCTYPE html>", "json": "{", "docx": "PK\x03\x04", "pdf": "%PDF-"} {
		var b bytes.Buffer
		name, media, receipt, err := q.App.ProduceReport(t.Context(), q.sro.Actor(), q.assessment, format, &b)
		if format == "pdf" && fault.Is(err, fault.NotAvailable) {
			if b.Len() > 0 {
				t.Error("a PDF that is not available left bytes")
			}
			continue
		}
		ok(t, err)
		if !strings.HasPrefix(b.String(), begins) || !strings.HasSuffix(name, "."+format) || media == "" {
			t.Errorf("%s: %q, %s, begins %.20q", format, name, media, b.String())
		}
		entries, err := q.App.AuditEntries(t.Context(), q.admin.Actor(), app.AuditFilter{Action: "report.produced"}, app.Page{Limit: 1})
		ok(t, err)
		fields := map[string]string{}
		for _, f := range entries.Items[0].Fields {
			fields[f.Name] = f.Value
		}
		if entries.Items[0].Index != receipt.Index || entries.Items[0].Target != q.assessment || fields["format"] != format || fields["digest"] != as.ContentDigest {
			t.Errorf("%s is recorded as %+v", format, entries.Items[0])
		}
	}
	_, _, _, err := q.App.ProduceReport(t.Context(), q.sro.Actor(), q.assessment, "odt", &bytes.Buffer{})
	fails(t, err, fault.Invalid)
}

func TestTheReportOfAnotherOrganisationIsMissing(t *testing.T) {
	q := newQuarter(t)
	q.approved()
	stranger := q.Admin("Beta")
	for name, call := range map[string]func(id string) error{
		"report":   func(id string) error { _, err := q.App.Report(t.Context(), stranger.Actor(), id); return err },
		"sign-off": func(id string) error { _, err := q.App.SignOffView(t.Context(), stranger.Actor(), id); return err },
		"production": func(id string) error {
			_, _, _, err := q.App.ProduceReport(t.Context(), stranger.Actor(), id, "json", &bytes.Buffer{})
			return err
		},
	} {
		foreign, missing := call(q.assessment), call("asm_00000000000000000000000000")
		fails(t, foreign, fault.NotFound)
		if foreign.Error() != missing.Error() {
			t.Errorf("%s: %v and %v", name, foreign, missing)
		}
	}
}

func TestTheSignOffViewHoldsTheDigestThatIsSigned(t *testing.T) {
	q := newQuarter(t)
	q.answerAll()
	e := q.evidence("")
	_, err := q.App.LinkEvidence(t.Context(), q.admin.Actor(), q.system, inService, q.questions[0], e)
	ok(t, err)
	_, _, err = q.App.Submit(t.Context(), q.admin.Actor(), q.assessment, 0)
	ok(t, err)
	v, err := q.App.SignOffView(t.Context(), q.sro.Actor(), q.assessment)
	ok(t, err)
	if len(v.Gaps) != len(q.questions)-1 || !v.PreviousAt.IsZero() {
		t.Errorf("%d gaps of %d answers without evidence", len(v.Gaps), len(q.questions)-1)
	}
	q.Clock.Advance(time.Minute)
	_, err = q.App.WithdrawEvidence(t.Context(), q.admin.Actor(), e, 1, "It was wrong.")
	ok(t, err)
	_, _, err = q.App.Approve(t.Context(), q.sro.StepUp(), q.assessment, app.ApproveInput{Digest: v.Digest, SeenAt: v.SeenAt})
	fails(t, err, fault.Conflict)
	if _, problems := fault.Public(err); len(problems) == 0 || !strings.Contains(problems[0].Detail, "withdrawn") {
		t.Errorf("the difference is not shown: %v", err)
	}
	v, err = q.App.SignOffView(t.Context(), q.sro.Actor(), q.assessment)
	ok(t, err)
	_, _, err = q.App.Approve(t.Context(), q.sro.StepUp(), q.assessment, app.ApproveInput{Digest: v.Digest, SeenAt: v.SeenAt})
	ok(t, err)
	_, err = q.App.SignOffView(t.Context(), q.sro.Actor(), q.assessment)
	fails(t, err, fault.Conflict)
}

func TestContentThatIsNotWhatWasSignedIsNotShown(t *testing.T) {
	if _, postgres := pgtest.URL(); postgres {
		t.Skip("the row is changed behind the program's back in the SQLite file")
	}
	q := newQuarter(t)
	q.approved()
	raw, err := sql.Open("sqlite", filepath.Join(q.Dir, "touchstone.db"))
	ok(t, err)
	defer raw.Close()
	var body []byte
	ok(t, raw.QueryRow("SELECT body FROM frozen WHERE assessment_id = ?", q.assessment).Scan(&body))
	_, err = raw.Exec("UPDATE frozen SET body = ? WHERE assessment_id = ?", bytes.Replace(body, []byte(`"met"`), []byte(`"MET"`), 1), q.assessment)
	ok(t, err)
	_, err = q.App.Report(t.Context(), q.sro.Actor(), q.assessment)
	fails(t, err, fault.Unavailable)
	_, err = raw.Exec("UPDATE frozen SET body = ? WHERE assessment_id = ?", body, q.assessment)
	ok(t, err)
	_, err = q.App.Report(t.Context(), q.sro.Actor(), q.assessment)
	ok(t, err)
}

func TestTheReportOfADemoSaysSo(t *testing.T) {
	w := apptest.New(t, apptest.Demo())
	admin := w.Admin("Alpha")
	_, _, err := w.App.CreateSystem(t.Context(), admin.Actor(), app.SystemInput{Name: "=Payments", Marking: "OFFICIAL"})
	ok(t, err)
	out, _, err := w.App.Export(t.Context(), admin.Actor(), app.ExportInput{What: "systems", Format: "csv"})
	ok(t, err)
	var b bytes.Buffer
	ok(t, out.Send(&b))
	if !strings.Contains(b.String(), "\nSample data\n") || !strings.Contains(b.String(), "'=Payments") {
		t.Errorf("%s", b.String())
	}
}

func TestAnExportIsExactlyTheListOverEveryPage(t *testing.T) {
	w := apptest.New(t)
	admin := w.Admin("Alpha")
	stranger := w.Admin("Beta")
	_, _, err := w.App.CreateSystem(t.Context(), stranger.Actor(), app.SystemInput{Name: "canary of another organisation"})
	ok(t, err)
	for i := range 510 {
		marking := "OFFICIAL"
		if i == 505 {
			marking = "OFFICIAL-SENSITIVE"
		}
		_, _, err := w.App.CreateSystem(t.Context(), admin.Actor(), app.SystemInput{Name: "System " + string(rune('a'+i%26)) + strings.Repeat("x", i/26), Marking: marking})
		ok(t, err)
	}
	out, receipt, err := w.App.Export(t.Context(), admin.Actor(), app.ExportInput{What: "systems", Format: "csv"})
	ok(t, err)
	var b bytes.Buffer
	ok(t, out.Send(&b))
	whole := b.String()
	r := csv.NewReader(strings.NewReader(whole))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	ok(t, err)
	if out.Rows != 510 || len(rows) != 510+4 || out.Marking != "OFFICIAL-SENSITIVE" || rows[0][0] != "Marking: OFFICIAL-SENSITIVE" {
		t.Errorf("%d rows, %d lines, marking %s", out.Rows, len(rows), out.Marking)
	}
	if strings.Contains(whole, "canary") {
		t.Error("a system of another organisation is in it")
	}
	entries, err := w.App.AuditEntries(t.Context(), admin.Actor(), app.AuditFilter{Action: "export.produced"}, app.Page{})
	ok(t, err)
	if len(entries.Items) != 1 || entries.Items[0].Index != receipt.Index {
		t.Errorf("recorded as %+v", entries.Items)
	}
	narrow, _, err := w.App.Export(t.Context(), admin.Actor(), app.ExportInput{What: "systems", Format: "xlsx", Systems: app.SystemFilter{Marking: "OFFICIAL-SENSITIVE"}})
	ok(t, err)
	b.Reset()
	ok(t, narrow.Send(&b))
	f, err := excelize.OpenReader(&b)
	ok(t, err)
	defer f.Close()
	sheet, err := f.GetRows("systems")
	ok(t, err)
	if narrow.Rows != 1 || len(sheet) != 4 {
		t.Errorf("%d rows, %d lines", narrow.Rows, len(sheet))
	}
}

func TestEvidenceAndTheLogAreExported(t *testing.T) {
	q := newQuarter(t)
	q.approved()
	for what, canary := range map[string]string{"evidence": "Test report", "audit": "assessment.approved"} {
		out, _, err := q.App.Export(t.Context(), q.admin.Actor(), app.ExportInput{What: what, Format: "csv"})
		ok(t, err)
		var b bytes.Buffer
		ok(t, out.Send(&b))
		if out.Rows == 0 || !strings.Contains(b.String(), canary) {
			t.Errorf("%s: %d rows without %q", what, out.Rows, canary)
		}
	}
	_, _, err := q.App.Export(t.Context(), q.sro.Actor(), app.ExportInput{What: "audit", Format: "csv"})
	fails(t, err, fault.Forbidden)
	_, _, err = q.App.Export(t.Context(), q.admin.Actor(), app.ExportInput{What: "people", Format: "ods"})
	fails(t, err, fault.Invalid)
	if _, problems := fault.Public(err); len(problems) != 2 {
		t.Errorf("%+v", problems)
	}
	_, _, err = q.App.Export(t.Context(), access.Actor{}, app.ExportInput{What: "systems", Format: "csv"})
	fails(t, err, fault.Unauthorised)
}

func TestAReportMarkedAboveWhatSomebodyMayReadIsRefused(t *testing.T) {
	q := newQuarter(t)
	q.approved()
	low := q.sro.Actor()
	low.Ceiling = 0
	_, err := q.App.Report(t.Context(), low, q.assessment)
	if k := fault.KindOf(err); k != fault.Forbidden && k != fault.NotFound {
		t.Errorf("got %v", err)
	}
}

func TestTheJSONReportNamesItsSchema(t *testing.T) {
	q := newQuarter(t)
	q.approved()
	var b bytes.Buffer
	_, _, _, err := q.App.ProduceReport(t.Context(), q.sro.Actor(), q.assessment, "json", &b)
	ok(t, err)
	var doc struct {
		Schema, Assessment string
		SignOff            struct {
			Digest  string
			Content string `json:"signed_content"`
		} `json:"sign_off"`
	}
	ok(t, json.Unmarshal(b.Bytes(), &doc))
	if doc.Schema != "touchstone.report/v1" || doc.Assessment != q.assessment {
		t.Errorf("%+v", doc)
	}
	if got := assessment.DigestOf([]byte(doc.SignOff.Content)); got != doc.SignOff.Digest || got == "" {
		t.Errorf("the content in the report has digest %s, signed was %s", got, doc.SignOff.Digest)
	}
}
