package boot

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/cli"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

// TestARestoreDoesNotBringBackWhatWasPurged makes a backup, purges a record with
// its file, and restores the backup.
func TestARestoreDoesNotBringBackWhatWasPurged(t *testing.T) {
	const canary = "Blackfinch-Canary"
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	top := t.TempDir()
	must(os.Chmod(top, 0o700))
	data, file := filepath.Join(top, "data"), filepath.Join(top, "b.bak")
	c, _, err := Load(map[string]string{"data": data}, nil, "")
	must(err)
	in, err := open(ctx, c, opening{create: true, version: "test", publicURL: lastURL(c)}, slog.New(slog.DiscardHandler))
	must(err)
	var people []access.Actor
	for range 2 {
		token, _, err := in.app.OperatorCreateToken(ctx, app.OperatorTokenInput{Organisation: "Alpha", Create: true, Role: access.Administrator})
		must(err)
		who, err := in.app.ActorFromToken(ctx, token.Secret, app.RequestMeta{})
		must(err)
		who.SteppedUp = true
		people = append(people, who)
	}
	people[0].ID, people[0].Kind = "usr_somebody", access.UserActor // who asks, and who approves
	e, _, err := in.app.CreateEvidence(ctx, people[0], app.EvidenceInput{Title: canary, Edition: "1", Kind: "test_report", ProducedOn: "2026-01-01",
		Upload: &app.Upload{Name: "a.txt", Content: strings.NewReader(canary)}})
	must(err)
	must(in.close())

	var said bytes.Buffer
	p := &program{stdout: &said, stderr: &said, version: "test", context: ctx}
	_, err = p.backup(ctx, cli.Target{Data: data}, file)
	must(err)

	in, err = open(ctx, c, opening{publicURL: lastURL(c)}, slog.New(slog.DiscardHandler))
	must(err)
	made, _, err := in.app.RequestPurge(ctx, people[0], app.PurgeInput{TargetType: app.PurgeEvidence, Evidence: e.ID, Reason: "Marked too high."})
	must(err)
	_, _, err = in.app.ApprovePurge(ctx, people[1], made.ID)
	must(err)
	must(in.close())

	_, err = p.restore(ctx, cli.Target{Data: data}, file)
	must(err)
	if !strings.Contains(said.String(), "purged again (1)") {
		t.Errorf("restore says %s", said.String())
	}
	in, err = open(ctx, c, opening{publicURL: lastURL(c)}, slog.New(slog.DiscardHandler))
	must(err)
	t.Cleanup(func() { must(in.close()) })
	who := people[1]
	v, err := in.app.EvidenceView(ctx, who, e.ID)
	must(err)
	done, err := in.app.DonePurges(ctx)
	must(err)
	if v.Evidence.Title == canary || v.Evidence.File != "" || len(done) != 1 || done[0].ID != made.ID {
		t.Errorf("restored: %+v, tombstones %+v", v.Evidence, done)
	}
	nowhere(t, data, canary)
	checked, err := in.app.Verify(context.Background(), access.Operator(), nil)
	must(err)
	if !checked.OK {
		t.Errorf("verify: %+v", checked.Problems)
	}
}

// nowhere searches every file of a folder, and that no attachment is left.
func nowhere(t *testing.T, folder, words string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(bytes.ToLower(b), []byte(strings.ToLower(words))) || filepath.Ext(path) == ".age" && strings.Contains(path, "attachments") {
			t.Errorf("still in %s", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
