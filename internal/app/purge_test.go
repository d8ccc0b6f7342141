package app_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// canary is in everything that is to be purged.
const canary = "Blackfinch-Canary"

// spilt is a quarter with a record whose every text has the canary in it: changed
// once, linked, answered with it, approved, ran out and looked at.
func spilt(t *testing.T) (q *quarter, id string) {
	t.Helper()
	q = newQuarter(t)
	ctx := t.Context()
	day := civil.Of(q.Clock.Now(), nil)
	in := app.EvidenceInput{Title: canary + " & plan", Edition: canary + " 1", Kind: "test_report", System: q.system, Place: canary + " safe",
		Owner: canary + " owner", ProducedOn: day, ValidUntil: day.AddDays(10), Upload: upload()}
	e, _, err := q.App.CreateEvidence(ctx, q.admin.Actor(), in)
	ok(t, err)
	in.Title, in.Upload = "The "+canary+" plan", upload()
	_, err = q.App.ChangeEvidence(ctx, q.admin.Actor(), e.ID, 1, in)
	ok(t, err)
	who := q.admin.Actor()
	_, err = q.App.LinkEvidence(ctx, who, q.system, inService, q.questions[0], e.ID)
	ok(t, err)
	who.IdempotencyKey, who.RequestDigest = "key", "digest" // its answer is kept, with the reasons of the standing
	_, _, err = q.App.Respond(ctx, who, q.assessment, q.questions[0], app.RespondInput{Claim: "met", Rationale: "See the plan."})
	ok(t, err)
	_, content, err := q.App.DownloadEvidence(ctx, q.admin.Actor(), e.ID)
	ok(t, err)
	ok(t, content.Close())
	q.answerRest()
	q.approve()
	q.Clock.Advance(12 * 24 * time.Hour)
	_, err = q.App.Tick(ctx)
	ok(t, err)
	q.SignInAgain()
	return q, e.ID
}

func upload() *app.Upload {
	return &app.Upload{Name: canary + ".txt", Content: strings.NewReader("The " + canary + " flies at dawn.")}
}

func (q *quarter) answerRest() {
	q.t.Helper()
	for _, id := range q.questions {
		v, err := q.App.QuestionView(q.t.Context(), q.admin.Actor(), q.assessment, id)
		ok(q.t, err)
		if v.Line.Answer.Version == 0 {
			q.answer(id, "met", 0)
		}
	}
}

func (q *quarter) approve() {
	q.t.Helper()
	_, _, err := q.App.Submit(q.t.Context(), q.admin.Actor(), q.assessment, 0)
	ok(q.t, err)
	_, _, err = q.App.Approve(q.t.Context(), q.sro.StepUp(), q.assessment, app.ApproveInput{})
	ok(q.t, err)
}

// ask is a request by the SRO, whom the administrator can approve.
func (q *quarter) ask(in app.PurgeInput) string {
	q.t.Helper()
	in.Reason = "Marked too high for this place."
	made, _, err := q.App.RequestPurge(q.t.Context(), q.sro.Actor(), in)
	ok(q.t, err)
	return made.ID
}

// leftovers are the places in which the canary still is: rows, openings of the
// log, and the bytes of every file in the folder, the write-ahead log included.
func (q *quarter) leftovers() []string {
	q.t.Helper()
	var found []string
	has := func(b []byte) bool { return bytes.Contains(bytes.ToLower(b), []byte(strings.ToLower(canary))) }
	ok(q.t, q.DB.Read(q.t.Context(), func(tx *store.Tx) error {
		err := tx.EachEntry(q.t.Context(), func(s store.StoredEntry, damaged error) error {
			for _, o := range s.Openings {
				if has([]byte(o.Value)) {
					found = append(found, string(s.Entry.Action)+" "+o.Name)
				}
			}
			return damaged
		})
		if err != nil {
			return err
		}
		return tx.EachAuditedRow(q.t.Context(), func(name string, row []byte) error {
			if has(row) {
				found = append(found, name)
			}
			return nil
		})
	}))
	ok(q.t, filepath.WalkDir(q.Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if has(b) {
			found = append(found, filepath.Base(path))
		}
		return err
	}))
	return found
}

func (q *quarter) attachments() int {
	q.t.Helper()
	list, err := filepath.Glob(filepath.Join(q.Dir, "files", "*", "*.age"))
	ok(q.t, err)
	return len(list)
}

// sound verifies the log, every row and every file.
func (q *quarter) sound() {
	q.t.Helper()
	v, err := q.App.Verify(q.t.Context(), access.Operator(), nil)
	ok(q.t, err)
	if !v.OK {
		q.t.Errorf("verify: %+v", v.Problems)
	}
}

// age makes uploads that are at rest look old.
func (q *quarter) age() {
	q.t.Helper()
	list, err := filepath.Glob(filepath.Join(q.Dir, "files", "*", "*.age"))
	ok(q.t, err)
	for _, f := range list {
		info, err := os.Stat(f)
		ok(q.t, err)
		ok(q.t, os.Chtimes(f, time.Time{}, info.ModTime().Add(-time.Hour)))
	}
}

func TestPurgedEvidenceIsNowhereAndTheLogStaysSound(t *testing.T) {
	q, id := spilt(t)
	ctx := t.Context()
	other := q.evidence("") // a record that stays
	if n := len(q.leftovers()); n < 8 || q.attachments() != 2 {
		t.Fatalf("the test sees only %d places and %d files", n, q.attachments())
	}
	before, err := q.App.Report(ctx, q.admin.Actor(), q.assessment)
	ok(t, err)
	purge := q.ask(app.PurgeInput{TargetType: app.PurgeEvidence, Evidence: id})
	q.age()
	done, r, err := q.App.ApprovePurge(ctx, q.admin.StepUp(), purge)
	ok(t, err)
	if left := q.leftovers(); len(left) > 0 || q.attachments() != 0 {
		t.Errorf("still in %v, and %d files", left, q.attachments())
	}
	q.sound()
	v, err := q.App.EvidenceView(ctx, q.admin.Actor(), id)
	ok(t, err)
	if e := v.Evidence; e.Title != "[removed]" || e.File != "" || e.Digest != "" || e.Location != "" || e.WithdrawnAt == 0 || e.Kind != "test_report" {
		t.Errorf("the tombstone is %+v", e)
	}
	if v, err := q.App.EvidenceView(ctx, q.admin.Actor(), other); err != nil || v.Evidence.Title != "Test report" {
		t.Errorf("another record became %+v, %v", v.Evidence, err)
	}
	after, err := q.App.Report(ctx, q.admin.Actor(), q.assessment)
	ok(t, err)
	if after.SignOff.Digest != before.SignOff.Digest || after.Evidence[0].Title != "[removed]" || !strings.Contains(after.SignOff.Signed, "Some content was removed on 14 March 2026") {
		t.Errorf("the report says %+v", after.SignOff)
	}
	entries, err := q.App.AuditEntries(ctx, q.admin.Actor(), app.AuditFilter{Action: string(audit.PurgeDone)}, app.Page{})
	ok(t, err)
	if len(entries.Items) != 1 || entries.Items[0].Index != r.Index || entries.Items[0].Target != purge || done.Digest == "" || len(done.Salt) != 32 {
		t.Errorf("recorded as %+v, answered %+v", entries.Items, done)
	}
	list, err := q.App.Purges(ctx, q.admin.Actor())
	ok(t, err)
	if len(list) != 1 || list[0].Purge.State != app.PurgeDone || list[0].Purge.Digest != done.Digest || list[0].RequestedBy != q.sro.Name || list[0].DecidedBy != q.admin.Name || list[0].Target != "[removed]" {
		t.Errorf("the tombstone reads %+v", list)
	}
}

func TestAnUploadThatIsNotYetNamedSurvivesAPurge(t *testing.T) {
	q, id := spilt(t)
	fresh := filepath.Join(q.Dir, "files", "aa", "aa00.age")
	ok(t, os.MkdirAll(filepath.Dir(fresh), 0o700))
	q.age()
	ok(t, os.WriteFile(fresh, []byte("being written"), 0o600))
	_, _, err := q.App.ApprovePurge(t.Context(), q.admin.StepUp(), q.ask(app.PurgeInput{TargetType: app.PurgeEvidence, Evidence: id}))
	ok(t, err)
	if _, err := os.Stat(fresh); err != nil || q.attachments() != 1 {
		t.Errorf("%d files are left: %v", q.attachments(), err)
	}
}

func TestAPurgedAnswerGoesWithItsVersionsDraftsReportsAndCopies(t *testing.T) {
	q := newQuarter(t)
	ctx := t.Context()
	one := q.questions[0]
	for i, words := range []string{"The " + canary + " was seen.", "Rewritten with " + canary + " again."} {
		_, _, err := q.App.Respond(ctx, q.admin.Actor(), q.assessment, one, app.RespondInput{Claim: "met", Rationale: words, Version: int64(i), KeptOver: canary})
		ok(t, err)
	}
	ok(t, q.App.SaveDraft(ctx, q.member.Actor(), q.assessment, one, `{"rationale":"`+canary+`"}`, 2))
	q.answerRest()
	q.approve()
	first := q.assessment
	q.Clock.Advance(85 * 24 * time.Hour)
	for more := true; more; {
		var err error
		more, err = q.App.Tick(ctx)
		ok(t, err)
	}
	q.SignInAgain()
	q.assessment = q.start() // carries the words over
	purge := q.ask(app.PurgeInput{TargetType: app.PurgeResponse, Assessment: first, Requirement: one})
	_, _, err := q.App.ApprovePurge(ctx, q.admin.StepUp(), purge)
	ok(t, err)
	if left := q.leftovers(); len(left) > 0 {
		t.Errorf("still in %v", left)
	}
	q.sound()
	for _, id := range []string{first, q.assessment} {
		v, err := q.App.QuestionView(ctx, q.admin.Actor(), id, one)
		ok(t, err)
		if v.Line.Answer.Rationale != "[removed]" || v.Line.Answer.Claim.String() != "met" {
			t.Errorf("%s: the answer is %+v", id, v.Line.Answer)
		}
		v, err = q.App.QuestionView(ctx, q.admin.Actor(), id, q.questions[1])
		ok(t, err)
		if v.Line.Answer.Rationale != "Because." {
			t.Errorf("%s: another answer is %q", id, v.Line.Answer.Rationale)
		}
	}
	list, err := q.App.Purges(ctx, q.sro.Actor())
	ok(t, err)
	var targets []string
	for _, l := range list {
		targets = append(targets, l.Purge.State+" "+l.Assessment+" "+l.Target)
	}
	want := []string{"done " + first + " " + one, "done " + q.assessment + " " + one}
	if slices.Sort(targets); !slices.Equal(targets, slices.Sorted(slices.Values(want))) {
		t.Errorf("tombstones for %v", targets)
	}
	if _, err := q.App.Report(ctx, q.admin.Actor(), first); err != nil {
		t.Errorf("the report cannot be read: %v", err)
	}
}

func TestTwoPeoplePurge(t *testing.T) {
	q := newQuarter(t)
	ctx := t.Context()
	in := app.PurgeInput{TargetType: app.PurgeEvidence, Evidence: q.evidence(""), Reason: "Personal."}
	made, _, err := q.App.RequestPurge(ctx, q.admin.Actor(), in)
	ok(t, err)
	_, _, err = q.App.RequestPurge(ctx, q.sro.Actor(), in)
	fails(t, err, fault.Conflict)
	_, _, err = q.App.ApprovePurge(ctx, q.admin.StepUp(), made.ID)
	fails(t, err, fault.Conflict)
	_, _, err = q.App.ApprovePurge(ctx, q.sro.StepUp(), made.ID)
	fails(t, err, fault.Forbidden)
	_, _, err = q.App.RequestPurge(ctx, q.member.Actor(), in)
	fails(t, err, fault.Forbidden)
	second := q.Join(q.admin, "Second", access.Administrator)
	stale := second.Actor()
	stale.SteppedUp = false
	_, _, err = q.App.ApprovePurge(ctx, stale, made.ID)
	fails(t, err, fault.StepUp)
	who := second.StepUp()
	_, err = q.App.RejectPurge(ctx, who, made.ID, " ")
	fails(t, err, fault.Invalid)
	_, err = q.App.RejectPurge(ctx, who, made.ID, "It is not personal.")
	ok(t, err)
	_, _, err = q.App.ApprovePurge(ctx, who, made.ID)
	fails(t, err, fault.Conflict)
	if v, err := q.App.EvidenceView(ctx, q.admin.Actor(), in.Evidence); err != nil || v.Evidence.Title != "Test report" {
		t.Errorf("a refused purge left %+v, %v", v.Evidence, err)
	}
	again, _, err := q.App.RequestPurge(ctx, q.admin.Actor(), in)
	ok(t, err)
	_, _, err = q.App.ApprovePurge(ctx, who, again.ID)
	ok(t, err)
	_, err = q.App.RejectPurge(ctx, who, again.ID, "Too late.")
	fails(t, err, fault.Conflict)
	for _, bad := range []app.PurgeInput{{TargetType: "person", Evidence: in.Evidence, Reason: "x"}, {TargetType: app.PurgeEvidence, Evidence: q.evidence("")}} {
		_, _, err = q.App.RequestPurge(ctx, q.admin.Actor(), bad)
		fails(t, err, fault.Invalid)
	}
}

func TestAPurgeOfAnotherOrganisationIsMissing(t *testing.T) {
	q := newQuarter(t)
	e := q.evidence("")
	purge := q.ask(app.PurgeInput{TargetType: app.PurgeEvidence, Evidence: e})
	stranger := q.Admin("Beta")
	for name, call := range map[string]func(id string) error{
		"evidence": func(id string) error {
			_, _, err := q.App.RequestPurge(t.Context(), stranger.Actor(), app.PurgeInput{TargetType: app.PurgeEvidence, Evidence: id, Reason: "x"})
			return err
		},
		"answer": func(id string) error {
			_, _, err := q.App.RequestPurge(t.Context(), stranger.Actor(), app.PurgeInput{TargetType: app.PurgeResponse, Assessment: id, Requirement: q.questions[0], Reason: "x"})
			return err
		},
		"approval": func(id string) error { _, _, err := q.App.ApprovePurge(t.Context(), stranger.StepUp(), id); return err },
		"rejection": func(id string) error {
			_, err := q.App.RejectPurge(t.Context(), stranger.StepUp(), id, "x")
			return err
		},
	} {
		theirs := map[string]string{"evidence": e, "answer": q.assessment, "approval": purge, "rejection": purge}[name]
		foreign, missing := call(theirs), call("none")
		fails(t, foreign, fault.NotFound)
		if foreign.Error() != missing.Error() {
			t.Errorf("%s: %v and %v", name, foreign, missing)
		}
	}
	list, err := q.App.Purges(t.Context(), stranger.Actor())
	ok(t, err)
	if len(list) != 0 {
		t.Errorf("a stranger sees %+v", list)
	}
	_, _, err = q.App.RequestPurge(t.Context(), q.admin.Actor(), app.PurgeInput{TargetType: app.PurgeResponse, Assessment: q.assessment, Requirement: "none", Reason: "x"})
	fails(t, err, fault.NotFound)
}

// TestAPurgeIsRepeatedInARestoredDatabase gives the purges of one world to another
// that holds the same content, as a backup does that was made before them.
func TestAPurgeIsRepeatedInARestoredDatabase(t *testing.T) {
	q, id := spilt(t)
	ctx := t.Context()
	org := q.admin.Organisation
	purges := []app.Purge{
		{Organisation: org, ID: "prg_1", TargetType: app.PurgeEvidence, TargetID: id, Reason: "r", State: app.PurgeDone, Digest: "d", RequestedBy: "usr_1", RequestedAt: 1, ApprovedBy: "usr_2", ApprovedAt: 2, Version: 2},
		{Organisation: org, ID: "prg_2", TargetType: app.PurgeResponse, TargetID: q.assessment + "/" + q.questions[0], State: app.PurgeDone, Digest: "e", ApprovedAt: 3, Version: 2},
		{Organisation: org, ID: "prg_3", TargetType: app.PurgeEvidence, TargetID: "evd_later", State: app.PurgeDone, ApprovedAt: 4, Version: 2},
		{Organisation: "org_later", ID: "prg_4", TargetType: app.PurgeEvidence, TargetID: "evd_later", State: app.PurgeDone, ApprovedAt: 5, Version: 2},
	}
	n, err := q.App.ReapplyPurges(ctx, purges)
	ok(t, err)
	if left := q.leftovers(); n != 3 || len(left) > 0 || q.attachments() != 0 {
		t.Errorf("%d repeated; still in %v, and %d files", n, left, q.attachments())
	}
	q.sound()
	n, err = q.App.ReapplyPurges(ctx, purges)
	ok(t, err)
	if n != 0 {
		t.Errorf("%d were done a third time", n)
	}
	done, err := q.App.DonePurges(ctx)
	ok(t, err)
	if len(done) != 3 || done[0] != purges[0] {
		t.Errorf("the tombstones are %+v", done)
	}
	v, err := q.App.QuestionView(ctx, q.admin.Actor(), q.assessment, q.questions[0])
	ok(t, err)
	if v.Line.Answer.Rationale != "[removed]" {
		t.Errorf("the answer is %q", v.Line.Answer.Rationale)
	}
}

// TestARequestThatTheBackupHasIsClosed: the request came before the backup, the
// approval after it.
func TestARequestThatTheBackupHasIsClosed(t *testing.T) {
	q := newQuarter(t)
	id := q.ask(app.PurgeInput{TargetType: app.PurgeEvidence, Evidence: q.evidence("")})
	list, err := q.App.Purges(t.Context(), q.admin.Actor())
	ok(t, err)
	done := list[0].Purge
	done.State, done.ApprovedBy, done.ApprovedAt, done.Version = app.PurgeDone, q.admin.ID, 9, done.Version+1
	n, err := q.App.ReapplyPurges(t.Context(), []app.Purge{done})
	ok(t, err)
	if _, _, err := q.App.ApprovePurge(t.Context(), q.admin.StepUp(), id); n != 1 || !fault.Is(err, fault.Conflict) {
		t.Errorf("%d repeated, approving again gives %v", n, err)
	}
}

// TestTheSaltOpensTheDigest: whoever kept the salt and has the content can show
// that this is what was removed, from the description alone.
func TestTheSaltOpensTheDigest(t *testing.T) {
	q := newQuarter(t)
	one := q.questions[0]
	q.answer(one, "met", 0)
	done, _, err := q.App.ApprovePurge(t.Context(), q.admin.StepUp(), q.ask(app.PurgeInput{TargetType: app.PurgeResponse, Assessment: q.assessment, Requirement: one}))
	ok(t, err)
	if got := commitmentOf(t, done.Salt, "Because."); got != done.Digest {
		t.Errorf("opens as %s, the digest is %s", got, done.Digest)
	}
	kept, err := json.Marshal(done)
	ok(t, err)
	if strings.Contains(string(kept), done.Salt) {
		t.Error("the salt goes into the answer that is kept for repeated requests")
	}
	if q.standing(one).Support != assessment.Asserted {
		t.Error("the claim did not stay")
	}
}

// commitmentOf writes out the sum of docs/log.md for texts under the name
// field:content.
func commitmentOf(t *testing.T, salt string, texts ...string) string {
	t.Helper()
	raw, err := hex.DecodeString(salt)
	ok(t, err)
	sized := func(to []byte, s string) []byte {
		return append(binary.BigEndian.AppendUint32(to, uint32(len(s))), s...)
	}
	var value []byte
	for _, s := range texts {
		value = sized(value, s)
	}
	sum := sha256.Sum256(sized(sized(sized([]byte{2}, string(raw)), "field:content"), string(value)))
	return hex.EncodeToString(sum[:])
}
