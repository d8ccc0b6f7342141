package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/evidence"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/ident"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
	"github.com/touchstone-assurance/touchstone/internal/domain/text"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// Rows of evidence, as callers see them.
type (
	Evidence       = store.Evidence
	EvidenceFilter = store.EvidenceFilter
	EvidenceLink   = store.EvidenceLink
	LinkedEvidence = store.LinkedEvidence
)

// Upload is a file that comes with a record.
type Upload struct {
	Name    string
	Content io.Reader
}

// EvidenceInput is what a person enters about a piece of evidence.
type EvidenceInput struct {
	Title         string
	Edition       string // its version
	Kind          string
	System        string // "" = for the whole organisation
	Link          string
	Place         string
	Owner         string
	Marking       string // "" = the system's, or OFFICIAL
	ProducedOn    civil.Date
	ValidUntil    civil.Date
	HeldReference string
	HeldMarking   string
	HeldCustodian string
	HeldSeenBy    string
	HeldSeenOn    civil.Date
	Upload        *Upload
}

func (in EvidenceInput) held() bool {
	return in.HeldReference != "" || in.HeldMarking != "" || in.HeldCustodian != "" || in.HeldSeenBy != "" || in.HeldSeenOn != ""
}

// CreateEvidence records a piece of evidence, with its file when there is one. It
// needs evidence.write.
func (a *App) CreateEvidence(ctx context.Context, who access.Actor, in EvidenceInput) (Created, Receipt, error) {
	var out Created
	file, err := a.upload(ctx, who, in.Upload)
	if err != nil {
		return out, Receipt{}, err
	}
	r, err := a.writing(ctx, who, access.EvidenceWrite, func(tx *store.Tx, scope access.Scope) error {
		e := store.Evidence{Organisation: scope.Organisation(), CreatedBy: who.ID, ReceivedAt: tx.Now(), ObservedAt: tx.Now()}
		if err := a.fillEvidence(ctx, tx, scope, &e, in, file); err != nil {
			return err
		}
		var err error
		if e.ID, err = a.newID(tx, ident.Evidence); err != nil {
			return err
		}
		if err := tx.CreateEvidence(ctx, e); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.EvidenceCreated, TargetType: "evidence", Target: e.ID,
			Fields: map[string]string{"title": e.Title, "location": e.Location, "digest": e.Digest}})
		out = Created{ID: e.ID}
		tx.Answer(out)
		return nil
	})
	if err != nil {
		a.dropFile(file)
	}
	return out, r, err
}

// upload keeps the file that came with a request, after the permission was
// checked and before the transaction.
func (a *App) upload(ctx context.Context, who access.Actor, up *Upload) (storedFile, error) {
	if up == nil {
		return storedFile{}, nil
	}
	var org store.Organisation
	err := a.reading(ctx, who, access.EvidenceWrite, func(tx *store.Tx, scope access.Scope) (err error) {
		org, err = tx.Organisation(ctx, scope)
		return err
	})
	if err != nil {
		return storedFile{}, err
	}
	return a.keepFile(org, up.Name, up.Content)
}

func (a *App) fillEvidence(ctx context.Context, tx *store.Tx, scope access.Scope, e *store.Evidence, in EvidenceInput, file storedFile) error {
	org, err := tx.Organisation(ctx, scope)
	if err != nil {
		return err
	}
	ceiling, err := a.ceilingOf(org)
	if err != nil {
		return err
	}
	usual := portfolio.Marking{Tier: portfolio.Official}
	if in.System != "" {
		s, err := tx.System(ctx, scope, in.System)
		if err != nil {
			return err
		}
		if m := portfolioSystem(s).Classification; m.Marked() {
			usual = m
		}
	} else if !scope.All() {
		return fault.New(fault.Forbidden, "Your role covers some systems only, so the record must name one of them.")
	}
	var p fault.Problems
	rec := evidence.Record{Kind: evidence.Kind(in.Kind), Title: in.Title, Version: in.Edition, ProducedOn: in.ProducedOn, Link: in.Link,
		Place: in.Place, Owner: in.Owner, Marking: a.marking(&p, "/marking", in.Marking, usual), ValidUntil: in.ValidUntil}
	switch {
	case file.name != "":
		name := text.Line(&p, "/file", path.Base(strings.ReplaceAll(in.Upload.Name, `\`, "/")), text.Name)
		rec.File = &evidence.File{SHA256: file.digest, Name: name, MediaType: file.mediaType, Size: file.size}
	case e.File != "" && in.Link == "" && !in.held():
		rec.File = &evidence.File{SHA256: e.Digest, Name: e.FileName, MediaType: e.MediaType, Size: e.FileSize}
	}
	if in.held() {
		rec.Held = &evidence.HeldElsewhere{Reference: in.HeldReference, Marking: a.marking(&p, "/held/marking", in.HeldMarking, portfolio.Marking{}),
			Custodian: in.HeldCustodian, SeenBy: in.HeldSeenBy, SeenOn: in.HeldSeenOn}
	}
	v, problems := evidence.Validate(rec, today(tx, org), ceiling)
	if err := append(p, renamed(problems, "/version", "/edition")...).Err(); err != nil {
		return err
	}
	a.putEvidence(e, v, in.System, file)
	return nil
}

func (a *App) putEvidence(e *store.Evidence, v evidence.Record, system string, file storedFile) {
	e.Title, e.TitleFolded, e.Edition, e.Kind, e.System = v.Title, a.folded(v.Title), v.Version, string(v.Kind), system
	e.Location, e.Place, e.Owner, e.Marking, e.MarkingRank = v.Link, v.Place, v.Owner, v.Marking.String(), rankOf(v.Marking)
	e.ProducedOn, e.ValidUntil = v.ProducedOn, v.ValidUntil
	if v.File == nil {
		e.File, e.Digest, e.FileName, e.MediaType, e.FileSize = "", "", "", "", 0
	} else {
		if file.name != "" {
			e.File = file.name
		}
		e.Digest, e.FileName, e.MediaType, e.FileSize = v.File.SHA256, v.File.Name, v.File.MediaType, v.File.Size
	}
	e.HeldReference, e.HeldMarking, e.HeldCustodian, e.HeldSeenBy, e.HeldSeenOn = "", "", "", "", ""
	if v.Held != nil {
		e.HeldReference, e.HeldMarking, e.HeldCustodian = v.Held.Reference, v.Held.Marking.String(), v.Held.Custodian
		e.HeldSeenBy, e.HeldSeenOn = v.Held.SeenBy, v.Held.SeenOn
	}
}

// ChangeEvidence replaces a record, for example with a newer version of the
// document. Standings that rest on it are worked out again. It needs
// evidence.write.
func (a *App) ChangeEvidence(ctx context.Context, who access.Actor, id string, version int64, in EvidenceInput) (Receipt, error) {
	file, err := a.upload(ctx, who, in.Upload)
	if err != nil {
		return Receipt{}, err
	}
	r, err := a.writing(ctx, who, access.EvidenceWrite, func(tx *store.Tx, scope access.Scope) error {
		e, err := tx.EvidenceRecord(ctx, scope, id)
		if err != nil {
			return err
		}
		if e.WithdrawnAt > 0 {
			return fault.New(fault.Conflict, "This record was withdrawn, so it can no longer change. Make a new one.")
		}
		before := e
		e.Version, e.ObservedAt = version, tx.Now()
		if err := a.fillEvidence(ctx, tx, scope, &e, in, file); err != nil {
			return err
		}
		if err := tx.SaveEvidence(ctx, e); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.EvidenceChanged, TargetType: "evidence", Target: e.ID, Fields: map[string]string{"title": e.Title,
			"after": changed([3]string{"title", before.Title, e.Title}, [3]string{"version", before.Edition, e.Edition},
				[3]string{"produced", string(before.ProducedOn), string(e.ProducedOn)}, [3]string{"valid until", string(before.ValidUntil), string(e.ValidUntil)},
				[3]string{"link", before.Location, e.Location}, [3]string{"file", before.Digest, e.Digest}, [3]string{"marking", before.Marking, e.Marking})}})
		tx.Answer(map[string]any{"id": e.ID, "version": version + 1})
		return a.evidenceMoved(ctx, tx, e)
	})
	if err != nil {
		a.dropFile(file)
	}
	return r, err
}

// WithdrawEvidence takes a record out of use; it stays on file with the reason.
// It needs evidence.write.
func (a *App) WithdrawEvidence(ctx context.Context, who access.Actor, id string, version int64, reason string) (Receipt, error) {
	return a.writing(ctx, who, access.EvidenceWrite, func(tx *store.Tx, scope access.Scope) error {
		e, err := tx.EvidenceRecord(ctx, scope, id)
		if err != nil {
			return err
		}
		var p fault.Problems
		reason = text.Need(&p, "/reason", "why it is withdrawn", reason, text.Short)
		if err := p.Err(); err != nil {
			return err
		}
		if e.WithdrawnAt > 0 {
			return fault.New(fault.Conflict, "This record was withdrawn already.")
		}
		e.Version, e.WithdrawnAt, e.WithdrawnReason = version, tx.Now(), reason
		if err := tx.SaveEvidence(ctx, e); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.EvidenceWithdrawn, TargetType: "evidence", Target: e.ID, Fields: map[string]string{"title": e.Title, "reason": reason}})
		tx.Answer(map[string]any{"id": e.ID, "version": version + 1})
		return a.evidenceMoved(ctx, tx, e)
	})
}

// LinkEvidence says that a record speaks to a requirement for a system. It needs
// evidence.write on the system. A record that is linked already is a
// fault.Conflict.
func (a *App) LinkEvidence(ctx context.Context, who access.Actor, system, frameworkID, requirement, evidenceID string) (Receipt, error) {
	return a.linking(ctx, who, system, frameworkID, requirement, evidenceID, func(tx *store.Tx, l store.EvidenceLink, e store.Evidence) error {
		if e.WithdrawnAt > 0 {
			return fault.New(fault.Conflict, "This record was withdrawn, so it cannot support anything.")
		}
		linked, err := tx.LinksOf(ctx, e)
		if err != nil {
			return err
		}
		for _, have := range linked {
			if have.System == l.System && have.Framework == l.Framework && have.Requirement == l.Requirement {
				return fault.New(fault.Conflict, "This record is linked to the requirement already.")
			}
		}
		tx.Record(store.Record{Action: audit.EvidenceLinked, TargetType: "evidence", Target: e.ID, Fields: map[string]string{"requirement": l.Framework + " " + l.Requirement, "place": e.Place}})
		return tx.LinkEvidence(ctx, l)
	})
}

// UnlinkEvidence takes the link away. It needs evidence.write on the system.
func (a *App) UnlinkEvidence(ctx context.Context, who access.Actor, system, frameworkID, requirement, evidenceID string) (Receipt, error) {
	return a.linking(ctx, who, system, frameworkID, requirement, evidenceID, func(tx *store.Tx, l store.EvidenceLink, e store.Evidence) error {
		tx.Record(store.Record{Action: audit.EvidenceUnlinked, TargetType: "evidence", Target: e.ID, Fields: map[string]string{"requirement": l.Framework + " " + l.Requirement}})
		return tx.UnlinkEvidence(ctx, l)
	})
}

func (a *App) linking(ctx context.Context, who access.Actor, system, frameworkID, requirement, evidenceID string, fn func(*store.Tx, store.EvidenceLink, store.Evidence) error) (Receipt, error) {
	return a.writing(ctx, who, access.EvidenceWrite, func(tx *store.Tx, scope access.Scope) error {
		s, err := tx.System(ctx, scope, system)
		if err != nil {
			return err
		}
		e, err := tx.EvidenceRecord(ctx, scope, evidenceID)
		if err != nil {
			return err
		}
		if !a.knowsRequirement(frameworkID, requirement) {
			return errNotFound
		}
		l := store.EvidenceLink{Organisation: s.Organisation, System: s.ID, Framework: frameworkID, Requirement: requirement, Evidence: e.ID,
			LinkedBy: who.ID, LinkedAt: tx.Now()}
		if err := fn(tx, l, e); err != nil {
			return err
		}
		tx.Answer(map[string]any{"evidence": e.ID, "requirement": requirement})
		return a.restand(ctx, tx, s, frameworkID, requirement)
	})
}

// knowsRequirement reports whether any shipped version of the framework has it.
func (a *App) knowsRequirement(frameworkID, requirement string) bool {
	for _, head := range a.Frameworks.Heads() {
		if head.ID != frameworkID {
			continue
		}
		if f, err := a.Frameworks.Get(head.ID, head.Version); err == nil {
			if _, ok := f.Requirement(requirement); ok {
				return true
			}
		}
	}
	return false
}

// EvidenceIn lists the records that the actor may see. It needs evidence.read.
func (a *App) EvidenceIn(ctx context.Context, who access.Actor, f EvidenceFilter, page Page) (ListOf[Evidence], error) {
	var out ListOf[Evidence]
	limit, err := page.size()
	if err != nil {
		return out, err
	}
	after, err := page.parts(2)
	if err != nil {
		return out, err
	}
	f.Title = a.folded(f.Title)
	f.AfterTitle, f.AfterID, f.Limit = after[0], after[1], limit+1
	err = a.reading(ctx, who, access.EvidenceRead, func(tx *store.Tx, scope access.Scope) error {
		var err error
		out.Items, out.Total, err = tx.EvidenceRecords(ctx, scope, f)
		return err
	})
	if len(out.Items) > limit {
		out.Items = out.Items[:limit]
		out.Next = cursor(out.Items[limit-1].TitleFolded, out.Items[limit-1].ID)
	}
	return out, err
}

// EvidenceView is a record with where it is used.
type EvidenceView struct {
	Evidence  Evidence
	Freshness evidence.Freshness
	Links     []EvidenceLink
	Systems   map[string]string // id -> name of systems in Links that the actor may see
	Href      string            // when the location may be a link
}

// EvidenceView reads one record. It needs evidence.read.
func (a *App) EvidenceView(ctx context.Context, who access.Actor, id string) (EvidenceView, error) {
	var v EvidenceView
	err := a.reading(ctx, who, access.EvidenceRead, func(tx *store.Tx, scope access.Scope) error {
		var err error
		if v.Evidence, err = tx.EvidenceRecord(ctx, scope, id); err != nil {
			return err
		}
		org, err := tx.Organisation(ctx, scope)
		if err != nil {
			return err
		}
		rec := record(v.Evidence)
		v.Freshness = rec.Freshness(tx.Now(), zoneOf(org))
		v.Href, _ = rec.Href()
		links, err := tx.LinksOf(ctx, v.Evidence)
		if err != nil {
			return err
		}
		v.Systems = map[string]string{}
		for _, l := range links {
			if _, known := v.Systems[l.System]; !known {
				s, err := tx.System(ctx, scope, l.System)
				if ignoreNotFound(err) != nil {
					return err
				}
				v.Systems[l.System] = s.Name
			}
			if v.Systems[l.System] != "" {
				v.Links = append(v.Links, l)
			}
		}
		return nil
	})
	return v, err
}

// record turns a row into the domain's value.
func record(e store.Evidence) evidence.Record {
	r := evidence.Record{ID: e.ID, Kind: evidence.Kind(e.Kind), Title: e.Title, Version: e.Edition, ProducedOn: e.ProducedOn, Link: e.Location,
		Place: e.Place, Owner: e.Owner, ValidUntil: e.ValidUntil, ReceivedAt: e.ReceivedAt, WithdrawnAt: e.WithdrawnAt}
	if m, err := portfolio.ParseMarking(e.Marking); err == nil {
		r.Marking = m
	}
	if e.File != "" {
		r.File = &evidence.File{SHA256: e.Digest, Name: e.FileName, MediaType: e.MediaType, Size: e.FileSize}
	}
	if e.HeldReference != "" {
		r.Held = &evidence.HeldElsewhere{Reference: e.HeldReference, Custodian: e.HeldCustodian, SeenBy: e.HeldSeenBy, SeenOn: e.HeldSeenOn}
		if m, err := portfolio.ParseMarking(e.HeldMarking); err == nil {
			r.Held.Marking = m
		}
	}
	return r
}

// DownloadEvidence opens the file of a record and records that it was taken. It
// needs evidence.read. The caller closes the content.
func (a *App) DownloadEvidence(ctx context.Context, who access.Actor, id string) (Evidence, io.ReadCloser, error) {
	var e store.Evidence
	var org store.Organisation
	_, err := a.writing(ctx, who, access.EvidenceRead, func(tx *store.Tx, scope access.Scope) error {
		var err error
		if e, err = tx.EvidenceRecord(ctx, scope, id); err != nil {
			return err
		}
		if e.File == "" {
			return errNotFound
		}
		if org, err = tx.Organisation(ctx, scope); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.EvidenceDownloaded, TargetType: "evidence", Target: e.ID, Fields: map[string]string{"file": e.FileName, "digest": e.Digest}})
		return nil
	})
	if err != nil {
		return e, nil, err
	}
	content, err := a.openFile(org, e.File)
	if err != nil {
		return e, nil, errors.Join(fault.New(fault.Unavailable, "The file cannot be read. An administrator can run touchstone verify to see why."), fmt.Errorf("evidence %s: %w", e.ID, err))
	}
	return e, content, nil
}
