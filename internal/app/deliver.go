package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/evidence"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/ident"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
	"github.com/touchstone-assurance/touchstone/internal/domain/text"
	"github.com/touchstone-assurance/touchstone/internal/format"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/match/occurrence"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// Limits of documents of machines.
const (
	DefaultMaxDocument = 256 << 20
	largeDocument      = 1 << 20 // bytes from which on a process of its own reads it
	largeAtOnce        = 2
)

// DeliverInput is a document that a machine delivers for a release.
type DeliverInput struct {
	System  string
	Release string // by its name; it becomes known with its first document
	Name    string // of the file, for people
	Content io.Reader
}

// Delivered says what became of a document.
type Delivered struct {
	Evidence string       `json:"evidence"`
	Job      string       `json:"job"` // that judges it; it may be done already
	Release  string       `json:"release"`
	Document string       `json:"document"`
	SHA256   string       `json:"sha256"`
	Format   string       `json:"format"`
	Status   string       `json:"status"`
	Items    int64        `json:"items"`
	Faults   []fact.Fault `json:"faults"`
}

// Deliver takes a document in: the file encrypted, what was understood of it, its
// occurrences, the evidence record and the job that judges it, in one transaction.
// The same file again for the same release changes nothing and is judged again. It
// needs release.write on the system.
//
// It fails with fault.Invalid, naming the places, when the document cannot be
// understood, and with fault.TooLarge beyond a limit; nothing is kept then.
func (a *App) Deliver(ctx context.Context, who access.Actor, in DeliverInput) (Delivered, Receipt, error) {
	var org store.Organisation
	err := a.reading(ctx, who, access.ReleaseWrite, func(tx *store.Tx, scope access.Scope) error {
		s, err := tx.System(ctx, scope, in.System)
		if err != nil {
			return err
		}
		if err := takesDocuments(s, &in); err != nil {
			return err
		}
		org, err = tx.OrganisationByID(ctx, s.Organisation)
		return err
	})
	if err != nil {
		return Delivered{}, Receipt{}, err
	}
	limit := a.MaxDocument
	if limit == 0 {
		limit = DefaultMaxDocument
	}
	file, err := a.keepContent(org, in.Content, limit)
	if err != nil {
		return Delivered{}, Receipt{}, err
	}
	d := delivery{app: a, who: who, in: in, file: file}
	out, r, err := d.deliver(ctx, org)
	if err != nil || d.again {
		a.dropFile(file)
	}
	return out, r, err
}

// takesDocuments checks the release's name and that the system may change.
func takesDocuments(s store.System, in *DeliverInput) error {
	var p fault.Problems
	in.Release = text.Need(&p, "/name", "a name of the release, such as its version", in.Release, text.Name)
	in.Name = text.Line(&p, "/file", path.Base(strings.ReplaceAll(in.Name, `\`, "/")), text.Name)
	if in.Name == "" || in.Name == "." || in.Name == "/" {
		in.Name = "document"
	}
	if err := p.Err(); err != nil {
		return err
	}
	if portfolio.State(s.State).ReadOnly() {
		return fault.Newf(fault.Conflict, "This system is %s, so nothing can be delivered for it any more.", s.State)
	}
	return nil
}

// delivery is one document on its way in.
type delivery struct {
	app   *App
	who   access.Actor
	in    DeliverInput
	file  storedFile
	u     *Understood
	again bool // the file is there already, so the copy just made is not needed
}

func (d *delivery) deliver(ctx context.Context, org store.Organisation) (Delivered, Receipt, error) {
	known, err := d.known(ctx)
	if err == nil && !known {
		d.u, err = d.app.understand(ctx, org, d.in.Name, d.file)
	}
	if err != nil {
		return Delivered{}, Receipt{}, err
	}
	var out Delivered
	r, err := d.app.writing(ctx, d.who, access.ReleaseWrite, func(tx *store.Tx, scope access.Scope) error {
		out, d.again = Delivered{}, false
		s, err := tx.System(ctx, scope, d.in.System)
		if err != nil {
			return err
		}
		rel, created, err := d.release(ctx, tx, s)
		if err != nil {
			return err
		}
		if have, err := tx.DocumentWithDigest(ctx, rel, d.file.digest); err == nil {
			d.again = true
			out, err = d.answer(ctx, tx, have)
			return err
		} else if !fault.Is(err, fault.NotFound) {
			return err
		}
		if d.u == nil { // it was there a moment ago and its release is gone
			return fault.New(fault.Conflict, "The release changed while the document arrived. Send it again.")
		}
		doc, err := d.keep(ctx, tx, scope, s, rel, created)
		if err != nil {
			return err
		}
		out, err = d.answer(ctx, tx, doc)
		return err
	})
	return out, r, err
}

// known reports whether the release has the file already, so that it need not be
// read.
func (d *delivery) known(ctx context.Context) (bool, error) {
	err := d.app.reading(ctx, d.who, access.ReleaseWrite, func(tx *store.Tx, scope access.Scope) error {
		s, err := tx.System(ctx, scope, d.in.System)
		if err != nil {
			return err
		}
		rel, err := tx.ReleaseNamed(ctx, s, d.in.Release)
		if err != nil {
			return err
		}
		_, err = tx.DocumentWithDigest(ctx, rel, d.file.digest)
		return err
	})
	return err == nil, ignoreNotFound(err)
}

// understand reads a kept file: a small one here, a large one in a process of its
// own where there is one, few at a time.
func (a *App) understand(ctx context.Context, org store.Organisation, name string, file storedFile) (*Understood, error) {
	content, err := a.openFile(org, file.name)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	read := Understand
	if file.size > largeDocument {
		select {
		case a.parsing <- struct{}{}:
			defer func() { <-a.parsing }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if a.Config.Understand != nil {
			read = a.Config.Understand
		}
	}
	u, err := read(ctx, name, content, format.Options{Limits: budget.Limits{Bytes: file.size + 1}, Trust: a.Trust, Now: a.Now().UnixMicro()})
	if fault.Is(err, fault.Unsupported) { // the request was as it should be; its content was not
		public, _ := fault.Public(err)
		var p fault.Problems
		p.Add("", "%s", public)
		err = p.Err()
	}
	return u, err
}

// release finds the release, or makes it known.
func (d *delivery) release(ctx context.Context, tx *store.Tx, s store.System) (rel store.Release, created bool, err error) {
	rel, err = tx.ReleaseNamed(ctx, s, d.in.Release)
	switch {
	case err == nil && rel.RetiredAt != 0:
		return rel, false, fault.Newf(fault.Conflict, "Release %s was retired, so nothing can be delivered for it any more.", rel.Name)
	case err == nil || !fault.Is(err, fault.NotFound):
		return rel, false, err
	case d.u == nil:
		return rel, false, fault.New(fault.Conflict, "The release changed while the document arrived. Send it again.")
	}
	rel = store.Release{Organisation: s.Organisation, System: s.ID, Name: d.in.Release, CreatedAt: tx.Now(), CreatedBy: d.who.ID}
	if rel.ID, err = d.app.newID(tx, ident.Release); err != nil {
		return rel, false, err
	}
	if err := tx.CreateRelease(ctx, rel); err != nil {
		return rel, false, err
	}
	tx.Record(store.Record{Action: audit.ReleaseCreated, TargetType: "release", Target: rel.ID, Fields: map[string]string{"name": rel.Name, "system": s.ID}})
	return rel, true, nil
}

// keep writes the document and everything that hangs on it.
func (d *delivery) keep(ctx context.Context, tx *store.Tx, scope access.Scope, s store.System, rel store.Release, created bool) (store.Document, error) {
	u := *d.u // faults are added on the way, and the transaction may run again
	u.Faults = slices.Clone(u.Faults)
	lane, err := d.lane(ctx, tx, s, rel, &u)
	if err != nil {
		return store.Document{}, err
	}
	doc := store.Document{Organisation: s.Organisation, System: s.ID, Release: rel.ID, Digest: d.file.digest, Format: u.Format, Kind: string(u.Kind), Tool: u.Tool,
		Subject: u.Subject, Items: u.Items, ProducedAt: u.ProducedAt, ReceivedAt: tx.Now(), DeliveredBy: d.who.ID}
	if doc.ID, err = d.app.newID(tx, ident.Document); err != nil {
		return doc, err
	}
	if doc.Evidence, err = d.evidence(ctx, tx, scope, s, rel, &u); err != nil {
		return doc, err
	}
	lane.Document = doc.ID
	if err := tx.AddLane(ctx, lane); err != nil {
		return doc, err
	}
	if err := d.decide(ctx, tx, s, rel, doc.ID, &u); err != nil {
		return doc, err
	}
	if err := d.occurrences(ctx, tx, lane, u.Components); err != nil {
		return doc, err
	}
	doc.Status = string(u.Status())
	kept, err := json.Marshal(u)
	if err != nil {
		return doc, fmt.Errorf("encode what was understood: %w", err)
	}
	faults, err := json.Marshal(u.Faults)
	if err != nil {
		return doc, err
	}
	doc.Facts, doc.Faults = string(kept), string(faults)
	if err := tx.CreateDocument(ctx, doc); err != nil {
		return doc, err
	}
	tx.Record(store.Record{Action: audit.DocumentReceived, TargetType: "document", Target: doc.ID, Fields: map[string]string{"system": s.ID, "release": rel.Name,
		"format": doc.Format, "digest": doc.Digest, "status": doc.Status, "items": fmt.Sprint(doc.Items)}})
	return doc, nil
}

// lane says where the document stands among the others of the system, and notes
// on it what makes it doubtful.
func (d *delivery) lane(ctx context.Context, tx *store.Tx, s store.System, rel store.Release, u *Understood) (store.Lane, error) {
	l := store.Lane{Organisation: s.Organisation, System: s.ID, Release: rel.ID, Kind: string(u.Kind), Name: u.Lane, Digest: d.file.digest,
		Moment: u.ProducedAt, ReceivedAt: tx.Now()}
	if l.Moment <= 0 || l.Moment > tx.Now() {
		l.Moment = tx.Now()
	}
	before, err := tx.LanesOf(ctx, s)
	if err != nil {
		return l, err
	}
	if l.Doubt = doubtOf(l, before); l.Doubt != "" {
		u.Faults = append(u.Faults, fact.Fault{Rule: l.Doubt, Detail: doubtWords[l.Doubt]})
	}
	if u.Product == nil {
		return l, nil
	}
	l.Product = u.Product.Key
	return l, d.product(ctx, tx, s, rel, u, before)
}

// Doubts about a document. It is kept and shown, and its components are found when
// somebody asks who is affected; it takes no other's place and moves no standing.
const (
	doubtReplayed = "replayed"
	doubtOlder    = "older"
	doubtProduct  = "other-product"
)

var doubtWords = map[string]string{
	doubtReplayed: "The same file was delivered for an earlier release, and another one has come since. It improves nothing. Make the document again from this release.",
	doubtOlder:    "The document was made before the one that counts now. It improves nothing. Make the document again from this release.",
}

// ofRelease are the kinds that speak of one build. The others speak of the
// repository or of its makers, and stay true from one release to the next.
var ofRelease = []check.Kind{check.Inventory, check.Scan, check.Tests, check.Provenance, check.VEX}

// doubtOf compares a new document with those of its lane, in every release.
func doubtOf(l store.Lane, before []store.Lane) string {
	var newest store.Lane
	seen := false
	for _, b := range before {
		if b.Kind != l.Kind || b.Name != l.Name {
			continue
		}
		seen = seen || b.Digest == l.Digest
		if b.Doubt == "" && newer(b, newest) {
			newest = b
		}
	}
	switch {
	case seen && newest.Digest != l.Digest && slices.Contains(ofRelease, check.Kind(l.Kind)):
		return doubtReplayed
	case newest.Document != "" && l.Moment < newest.Moment && newest.Digest != l.Digest:
		return doubtOlder
	}
	return ""
}

// newer orders documents of one lane.
func newer(a, b store.Lane) bool {
	if a.Moment != b.Moment {
		return a.Moment > b.Moment
	}
	if a.ReceivedAt != b.ReceivedAt {
		return a.ReceivedAt > b.ReceivedAt
	}
	return a.Document > b.Document
}

// product takes what the first release describes for what the system is made of.
// A bill of materials of anything else later on may be somebody's mistake, or
// worse, so a person has to say that it belongs.
func (d *delivery) product(ctx context.Context, tx *store.Tx, s store.System, rel store.Release, u *Understood, before []store.Lane) error {
	known, err := tx.ProductsOf(ctx, s)
	if err != nil {
		return err
	}
	var titles []string
	for _, p := range known {
		if p.Name == u.Product.Key {
			return nil
		}
		titles = append(titles, named(p.Title))
	}
	first := !slices.ContainsFunc(before, func(l store.Lane) bool { return l.Kind == string(check.Inventory) && l.Release != rel.ID })
	if first {
		return tx.AddProduct(ctx, store.Product{Organisation: s.Organisation, System: s.ID, Name: u.Product.Key, Title: u.Product.Title, AddedAt: tx.Now(), AddedBy: d.who.ID})
	}
	u.Faults = append(u.Faults, fact.Fault{Rule: doubtProduct, Detail: fmt.Sprintf("The document describes %s. The bills of materials of this system describe %s. "+
		"It improves nothing until somebody confirms that it belongs to the system.", named(u.Product.Title), strings.Join(titles, ", "))})
	return nil
}

func named(title string) string {
	if title == "" {
		return "a product without a name"
	}
	return "“" + title + "”"
}

// evidence makes the record of the file.
func (d *delivery) evidence(ctx context.Context, tx *store.Tx, scope access.Scope, s store.System, rel store.Release, u *Understood) (string, error) {
	org, err := tx.Organisation(ctx, scope)
	if err != nil {
		return "", err
	}
	ceiling, err := d.app.ceilingOf(org)
	if err != nil {
		return "", err
	}
	marking := portfolio.Marking{Tier: portfolio.Official}
	if m := portfolioSystem(s).Classification; m.Marked() {
		marking = m
	}
	produced := today(tx, org)
	if u.ProducedAt > 0 && u.ProducedAt < tx.Now() {
		produced = civil.OfMicro(u.ProducedAt, zoneOf(org))
	}
	kind := evidenceKind(u.Kind)
	rec := evidence.Record{Kind: kind, Title: evidenceTitle(u), Version: rel.Name, ProducedOn: produced, Marking: marking, Owner: cut(u.Tool, text.Name),
		ValidUntil: validUntil(u, kind, produced, org),
		File:       &evidence.File{SHA256: d.file.digest, Name: d.in.Name, MediaType: mediaTypeOf(u.Format), Size: d.file.size}}
	v, problems := evidence.Validate(rec, today(tx, org), ceiling)
	if err := problems.Err(); err != nil {
		return "", err
	}
	e := store.Evidence{Organisation: s.Organisation, CreatedBy: d.who.ID, ReceivedAt: tx.Now(), ObservedAt: tx.Now()}
	d.app.putEvidence(&e, v, s.ID, d.file)
	if e.ID, err = d.app.newID(tx, ident.Evidence); err != nil {
		return "", err
	}
	if err := tx.CreateEvidence(ctx, e); err != nil {
		return "", err
	}
	tx.Record(store.Record{Action: audit.EvidenceCreated, TargetType: "evidence", Target: e.ID, Fields: map[string]string{"title": e.Title, "location": e.Location, "digest": e.Digest}})
	return e.ID, nil
}

func evidenceKind(k check.Kind) evidence.Kind {
	switch k {
	case check.Inventory:
		return evidence.SBOM
	case check.Scan:
		return evidence.Scan
	case check.Tests:
		return evidence.TestReport
	case check.Provenance:
		return evidence.Provenance
	case check.VEX, check.CVE, check.Advisories:
		return evidence.Attestation
	case check.Scorecard, check.Repository:
		return evidence.Statistics
	}
	return evidence.Document
}

// validUntil is the last day on which the record holds: that of its kind, or the
// one that the document itself gives when it is earlier.
func validUntil(u *Understood, k evidence.Kind, produced civil.Date, org store.Organisation) civil.Date {
	day := evidence.DefaultValidUntil(k, produced)
	if t := u.Facts.SecurityTxt; t != nil && t.ExpiresAt > 0 {
		if last := civil.OfMicro(t.ExpiresAt-1, zoneOf(org)); day == "" || last < day {
			day = max(last, produced)
		}
	}
	return day
}

func evidenceTitle(u *Understood) string {
	title := u.Kind.Title()
	if u.Subject != "" {
		title += ": " + u.Subject
	} else if u.Tool != "" {
		title += ": " + u.Tool
	}
	return cut(strings.Join(strings.Fields(title), " "), text.Name)
}

func mediaTypeOf(format string) string {
	switch {
	case strings.HasSuffix(format, "xml"):
		return "application/xml"
	case strings.Contains(format, "tag-value"), strings.Contains(format, "txt"):
		return "text/plain"
	}
	return "application/json"
}

// occurrences gives the components their numbers and keeps them packed. What the
// index knows already costs no statement.
func (d *delivery) occurrences(ctx context.Context, tx *store.Tx, l store.Lane, list []Component) error {
	if d.u.Facts.Inventory == nil {
		return nil
	}
	ids := make([]int64, 0, len(list))
	var missing []Component
	for _, c := range list {
		if id, known := d.app.machine.where.Find(c.Ecosystem, c.Key, occurrence.Version{Version: c.Version, PURL: c.PURL, Problem: c.Problem}); known {
			ids = append(ids, id)
		} else {
			missing = append(missing, c)
		}
	}
	added, err := ensureComponents(ctx, tx, missing)
	if err != nil {
		return err
	}
	ids = append(ids, added...)
	name := l.Name
	if l.Doubt != "" {
		name += " " + l.Digest[:16] // beside the one that counts, and not in its place
	}
	_, err = tx.AddOccurrences(ctx, store.Occurrences{Organisation: l.Organisation, Document: l.Document, System: l.System, Release: l.Release, Lane: name,
		N: int64(len(ids)), Postings: occurrence.Pack(ids)})
	return err
}

// ensureComponents adds what the dictionary lacks and returns the numbers.
func ensureComponents(ctx context.Context, tx *store.Tx, list []Component) ([]int64, error) {
	if len(list) == 0 {
		return nil, nil
	}
	type key struct{ ecosystem, key string }
	at := map[key]int{}
	var packages []store.Package
	for _, c := range list {
		k := key{c.Ecosystem, c.Key}
		if _, have := at[k]; !have {
			at[k] = len(packages)
			packages = append(packages, store.Package{Ecosystem: c.Ecosystem, Key: c.Key, Name: c.Name})
		}
	}
	if err := tx.EnsurePackages(ctx, packages); err != nil {
		return nil, err
	}
	versions := make([]store.PackageVersion, 0, len(list))
	seen := map[store.PackageVersion]bool{}
	for _, c := range list {
		v := store.PackageVersion{Package: packages[at[key{c.Ecosystem, c.Key}]].ID, Version: c.Version, PURL: c.PURL, Problem: c.Problem}
		if !seen[v] {
			seen[v] = true
			versions = append(versions, v)
		}
	}
	if err := tx.EnsurePackageVersions(ctx, versions); err != nil {
		return nil, err
	}
	ids := make([]int64, len(versions))
	for i, v := range versions {
		ids[i] = v.ID
	}
	return ids, nil
}

// answer queues the job that judges the document and says what became of it.
func (d *delivery) answer(ctx context.Context, tx *store.Tx, doc store.Document) (Delivered, error) {
	out := Delivered{Evidence: doc.Evidence, Release: doc.Release, Document: doc.ID, SHA256: doc.Digest, Format: doc.Format, Status: doc.Status, Items: doc.Items, Faults: []fact.Fault{}}
	if doc.Faults != "" && doc.Faults != "null" {
		if err := json.Unmarshal([]byte(doc.Faults), &out.Faults); err != nil {
			return out, fmt.Errorf("faults of %s: %w", doc.ID, err)
		}
	}
	key, err := d.app.newID(tx, ident.Job) // of this delivery: somebody waits for its job
	if err != nil {
		return out, err
	}
	out.Job, err = d.app.enqueue(ctx, tx, jobDocument, key, task{Organisation: doc.Organisation, System: doc.System, Document: doc.ID})
	return out, err
}
