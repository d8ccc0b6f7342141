package app

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
	"github.com/touchstone-assurance/touchstone/internal/tlog"
)

// SignCheckpoint signs the state of the log now, keeps the checkpoint, and
// returns the signed note. When the log has not grown it returns the last one.
func (a *App) SignCheckpoint(ctx context.Context) ([]byte, error) {
	var head store.LogHead
	var last store.Checkpoint
	err := a.DB.Read(ctx, func(tx *store.Tx) error {
		var err error
		if head, err = tx.LogHead(ctx); err != nil {
			return err
		}
		last, err = tx.LastCheckpoint(ctx)
		return ignoreNotFound(err)
	})
	if err != nil {
		return nil, fmt.Errorf("read the log head: %w", err)
	}
	if last.Size == head.Size && len(last.Note) > 0 {
		return last.Note, nil
	}
	frontier, err := audit.UnmarshalFrontier(head.Frontier)
	if err != nil {
		return nil, fmt.Errorf("log head: %w", err)
	}
	signer, err := tlog.NewSigner(a.Keys.LogSigner())
	if err != nil {
		return nil, err
	}
	note, err := signer.Sign(tlog.Origin(head.LogID), head.Size, frontier.Root())
	if err != nil {
		return nil, fmt.Errorf("sign a checkpoint: %w", err)
	}
	err = a.DB.WriteUnaudited(ctx, "a checkpoint speaks about the log from outside", func(tx *store.Tx) error {
		return tx.SaveCheckpoint(ctx, store.Checkpoint{Size: head.Size, At: tx.Now(), Note: note})
	})
	return note, err
}

// Checkpoint gives a fresh signed checkpoint. It needs checkpoint.read.
func (a *App) Checkpoint(ctx context.Context, who access.Actor) ([]byte, error) {
	if _, err := access.Decide(who, access.CheckpointRead); err != nil {
		return nil, err
	}
	return a.SignCheckpoint(ctx)
}

// CheckpointKeys returns the verifier keys of the log in C2SP form.
func (a *App) CheckpointKeys(ctx context.Context) ([]string, error) {
	var head store.LogHead
	err := a.DB.Read(ctx, func(tx *store.Tx) (err error) {
		head, err = tx.LogHead(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	key, err := a.verifierKey(head.LogID)
	return []string{key}, err
}

func (a *App) verifierKey(logID string) (string, error) {
	public, ok := a.Keys.LogSigner().Public().(ed25519.PublicKey)
	if !ok {
		return "", fault.New(fault.Internal, "the log key is not an Ed25519 key")
	}
	return tlog.VerifierKey(tlog.Origin(logID), public)
}

// Verification is the outcome of checking the log and every row on record.
type Verification struct {
	OK       bool
	Entries  int64
	Head     string // root hash, hex
	LogID    string
	Problems []tlog.Problem
	Omitted  int64
	Rows     int
	Files    int
	Given    int      // checkpoints from elsewhere that agree
	Notes    []string // what could not be judged, and why
}

// Verify checks the log against itself, every audited row and every attachment
// against the log, and the log against checkpoints that were kept elsewhere. It
// changes nothing. It needs instance.read.
func (a *App) Verify(ctx context.Context, who access.Actor, given [][]byte) (Verification, error) {
	var out Verification
	err := a.reading(ctx, who, access.InstanceRead, func(tx *store.Tx, _ access.Scope) error {
		head, err := tx.LogHead(ctx)
		if err != nil {
			return err
		}
		out.LogID = head.LogID
		rows, err := a.verifyLog(ctx, tx, head, given, &out)
		if err != nil {
			return err
		}
		if err := verifyRows(ctx, tx, rows, &out); err != nil {
			return err
		}
		return a.verifyFiles(ctx, tx, &out)
	})
	if len(given) == 0 {
		out.Notes = append(out.Notes, "Without a checkpoint that was kept elsewhere, a truncated log and a log rewritten by somebody who holds the signing key cannot be told from a sound one.")
	}
	out.OK = err == nil && len(out.Problems) == 0 && out.Omitted == 0
	return out, err
}

// A batch is this many entries, or fewer that carry this many values: an entry
// may stand for one change or for thousands of rows.
const (
	verifyBatch  = 2048
	verifyValues = 16 * verifyBatch
)

func (a *App) verifyLog(ctx context.Context, tx *store.Tx, head store.LogHead, given [][]byte, out *Verification) (*tlog.RowVerifier, error) {
	key, err := a.verifierKey(head.LogID)
	if err != nil {
		return nil, err
	}
	checkpoints, err := tx.Checkpoints(ctx)
	if err != nil {
		return nil, err
	}
	trust := tlog.Trust{LogID: head.LogID, Keys: []string{key}, Given: given, Nodes: true}
	for _, c := range checkpoints {
		trust.Stored = append(trust.Stored, tlog.Kept{Size: c.Size, Note: c.Note})
	}
	verifier, err := tlog.NewVerifier(trust)
	if err != nil {
		return nil, err
	}
	rows := tlog.NewRowVerifier()
	// Reading and checking go on side by side.
	full := make(chan []tlog.Stored, 1)
	var checking sync.WaitGroup
	checking.Go(func() {
		for batch := range full {
			verifier.Add(batch)
			rows.Observe(batch)
		}
	})
	batch, values := make([]tlog.Stored, 0, verifyBatch), 0
	err = tx.EachEntry(ctx, func(s store.StoredEntry, damaged error) error {
		values += len(s.Openings)
		if batch = append(batch, stored(s, damaged)); len(batch) == verifyBatch || values >= verifyValues {
			full <- batch
			batch, values = make([]tlog.Stored, 0, verifyBatch), 0
		}
		return nil
	})
	full <- batch
	close(full)
	checking.Wait()
	if err != nil {
		return nil, err
	}
	var nodes []audit.StoredHash
	err = tx.EachLogHash(ctx, func(h audit.StoredHash) error {
		if nodes = append(nodes, h); len(nodes) == verifyBatch {
			verifier.AddHashes(nodes)
			nodes = nodes[:0]
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	verifier.AddHashes(nodes)
	r := verifier.Finish(tlog.Head{N: head.Size, Frontier: head.Frontier})
	out.Entries, out.Head, out.Given = r.Entries, hex.EncodeToString(r.Root[:]), r.Given
	out.Problems, out.Omitted, out.Notes = r.Problems, r.Omitted, r.Notes
	return rows, nil
}

func stored(s store.StoredEntry, damaged error) tlog.Stored {
	out := tlog.Stored{Idx: s.Idx, Entry: s.Entry, Openings: s.Openings}
	if len(s.LeafHash) == len(out.StoredLeafHash) {
		out.StoredLeafHash = [32]byte(s.LeafHash)
	}
	if damaged != nil {
		out.Damaged = damaged.Error()
	}
	return out
}

func verifyRows(ctx context.Context, tx *store.Tx, rows *tlog.RowVerifier, out *Verification) error {
	err := tx.EachAuditedRow(ctx, func(name string, row []byte) error {
		table, key, _ := strings.Cut(strings.TrimPrefix(name, "row:"), "/")
		rows.Row(table, key, row)
		return nil
	})
	problems, omitted := rows.Finish()
	out.Problems, out.Omitted, out.Rows = append(out.Problems, problems...), out.Omitted+omitted, rows.Rows()
	return err
}

// verifyFiles decrypts every attachment and compares its digest.
func (a *App) verifyFiles(ctx context.Context, tx *store.Tx, out *Verification) error {
	files, err := tx.Attachments(ctx)
	if err != nil {
		return err
	}
	orgs := map[string]store.Organisation{}
	for _, f := range files {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		org, known := orgs[f.Organisation]
		if !known {
			if org, err = tx.OrganisationByID(ctx, f.Organisation); err != nil {
				return err
			}
			orgs[f.Organisation] = org
		}
		out.Files++
		if why := a.checkFile(org, f); why != "" {
			out.Problems = append(out.Problems, tlog.Problem{Index: -1, Kind: tlog.AttachmentChanged, Detail: "the file of evidence " + f.Evidence + " " + why})
		}
	}
	return nil
}

func (a *App) checkFile(org store.Organisation, f store.Attachment) string {
	content, err := a.openFile(org, f.File)
	if err != nil {
		return "cannot be opened: it is missing, changed, or sealed with another key"
	}
	defer content.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, content); err != nil {
		return "was changed: it cannot be read to its end"
	}
	if hex.EncodeToString(sum.Sum(nil)) != f.Digest {
		return "is not the file that was recorded"
	}
	return ""
}

// AuditEntry is one entry of the log as people read it.
type AuditEntry struct {
	Index        int64
	At           int64
	Action       string
	Description  string // what the action means
	Actor        string
	ActorName    string
	Strength     string
	Organisation string
	TargetType   string
	Target       string
	Outcome      string
	RequestID    string
	Fields       []AuditField
	LeafHash     string
}

// AuditField is a value beside an entry; Erased when it was removed for good.
type AuditField struct {
	Name, Value string
	Erased      bool
}

// AuditFilter narrows the audit view.
type AuditFilter = store.EntryFilter

// AuditEntries lists entries of the actor's organisation, newest first. It needs
// audit.read.
func (a *App) AuditEntries(ctx context.Context, who access.Actor, f AuditFilter, page Page) (ListOf[AuditEntry], error) {
	var out ListOf[AuditEntry]
	limit, err := page.size()
	if err != nil {
		return out, err
	}
	after, err := page.parts(1)
	if err != nil {
		return out, err
	}
	f.Limit = limit + 1
	if after[0] != "" {
		if _, err := fmt.Sscan(after[0], &f.Before); err != nil {
			return out, fault.New(fault.Invalid, "The cursor is not one that this list gave out.")
		}
	}
	err = a.reading(ctx, who, access.AuditRead, func(tx *store.Tx, scope access.Scope) error {
		rows, total, err := tx.Entries(ctx, scope, f)
		if err != nil {
			return err
		}
		out.Total = total
		var ids []string
		for _, s := range rows {
			ids = append(ids, s.Entry.Actor)
		}
		names, err := a.actorNames(ctx, tx, ids)
		if err != nil {
			return err
		}
		for _, s := range rows {
			out.Items = append(out.Items, auditEntry(s, names[s.Entry.Actor]))
		}
		return nil
	})
	if len(out.Items) > limit {
		out.Items = out.Items[:limit]
		out.Next = cursor(fmt.Sprint(out.Items[limit-1].Index))
	}
	return out, err
}

func auditEntry(s store.StoredEntry, actorName string) AuditEntry {
	e := s.Entry
	out := AuditEntry{Index: e.Index, At: e.At, Action: string(e.Action), Actor: e.Actor, ActorName: actorName, Strength: e.Strength,
		Organisation: e.Organisation, TargetType: e.TargetType, Target: e.Target, Outcome: e.Outcome, RequestID: e.RequestID,
		LeafHash: hex.EncodeToString(s.LeafHash)}
	if event, ok := audit.Lookup(e.Action); ok {
		out.Description = event.Description
	}
	for _, o := range s.Openings {
		name, isField := strings.CutPrefix(o.Name, "field:")
		if isField {
			out.Fields = append(out.Fields, AuditField{Name: name, Value: o.Value, Erased: o.Erased()})
		}
	}
	slices.SortFunc(out.Fields, func(a, b AuditField) int { return strings.Compare(a.Name, b.Name) })
	return out
}
