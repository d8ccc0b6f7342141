package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
	"github.com/touchstone-assurance/touchstone/internal/domain/report"
	"github.com/touchstone-assurance/touchstone/internal/report/csv"
	"github.com/touchstone-assurance/touchstone/internal/report/xlsx"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// ExportInput says which list to export and how it is narrowed: the filter of
// that list, as the page or the API takes it.
type ExportInput struct {
	What     string // systems, evidence or audit
	Format   string // csv or xlsx
	Systems  SystemFilter
	Evidence EvidenceFilter
	Audit    AuditFilter
}

// Exported is a list ready to be written.
type Exported struct {
	Name      string // of the file
	MediaType string
	Marking   string // highest of its rows
	Rows      int
	list      report.List
	rows      *spool
	write     func(io.Writer, report.List) (int, error)
}

// Send writes the file, row by row. It can be called once.
func (e Exported) Send(w io.Writer) error {
	_, err := e.write(w, e.list)
	return errors.Join(err, e.rows.Close())
}

// exportable is one list that can be exported.
type exportable struct {
	op      access.Operation
	columns []string
	// page returns the rows of one page with the marking of each.
	page func(ctx context.Context, who access.Actor, in ExportInput, p Page, zone *time.Location) (rows [][]string, marks []string, next string, total int64, err error)
}

// Export gathers every page of a list that the actor sees, with the same filter
// and in the same order, and records that it was exported before anything
// leaves. The rows wait on the disk, so that memory is bounded however many there
// are. It needs the permission of the list: system.read, evidence.read or
// audit.read.
//
// It fails with fault.Invalid for an unknown list or format, and fault.TooLarge
// when more rows match than the format holds; CSV holds any number.
func (a *App) Export(ctx context.Context, who access.Actor, in ExportInput) (Exported, Receipt, error) {
	from, out, err := a.exportOf(in)
	if err != nil {
		return out, Receipt{}, err
	}
	zone, sample, now, err := a.exportSetting(ctx, who, from.op)
	if err != nil {
		return out, Receipt{}, err
	}
	if out.rows, err = newSpool(a.Files); err != nil {
		return out, Receipt{}, err
	}
	marks, err := gather(out.rows, mostRows(in.Format), func(p Page) ([][]string, []string, string, int64, error) {
		in.Audit.Uncounted = p.After != ""
		return from.page(ctx, who, in, p, zone)
	})
	if err != nil {
		return out, Receipt{}, errors.Join(err, out.rows.Close())
	}
	out.Marking, out.Rows = portfolio.Highest(marks...).String(), out.rows.count
	out.Name = "touchstone-" + in.What + "-" + string(civil.Of(now, zone)) + "." + in.Format
	out.list = report.List{Name: in.What, Marking: out.Marking, AsOf: now.In(zone).Format("2 January 2006, 15:04 MST"), Columns: from.columns, Rows: out.rows.all()}
	if sample {
		out.list.Banner = report.SampleData
	}
	r, err := a.writing(ctx, who, from.op, func(tx *store.Tx, _ access.Scope) error {
		tx.Record(store.Record{Action: audit.ExportProduced, TargetType: "export", Target: in.What,
			Fields: map[string]string{"what": in.What, "format": in.Format, "rows": strconv.Itoa(out.Rows)}})
		return nil
	})
	if err != nil {
		err = errors.Join(err, out.rows.Close())
	}
	return out, r, err
}

// mostRows is how many rows a format holds.
func mostRows(format string) int64 {
	if format == "xlsx" {
		return xlsx.MaxRows
	}
	return math.MaxInt64
}

// gather puts every page into the spool and returns the markings that occur.
func gather(to *spool, most int64, page func(Page) (rows [][]string, marks []string, next string, total int64, err error)) ([]portfolio.Marking, error) {
	var marks []portfolio.Marking
	for p := (Page{Limit: MaxLimit}); ; {
		rows, marked, next, total, err := page(p)
		if err != nil {
			return nil, err
		}
		if matching := max(total, int64(to.count+len(rows))); matching > most {
			return nil, fault.Newf(fault.TooLarge, "At least %d rows match, and a spreadsheet of this format holds at most %d. Choose CSV, or narrow the list.", matching, most)
		}
		if err := to.add(rows); err != nil {
			return nil, err
		}
		for _, s := range marked {
			if m, err := portfolio.ParseMarking(s); err == nil && !slices.Contains(marks, m) {
				marks = append(marks, m)
			}
		}
		if p.After = next; next == "" {
			return marks, nil
		}
	}
}

// ExportNames lists what can be exported, ExportFormats how.
func ExportNames() []string { return []string{"systems", "evidence", "audit"} }

// ExportFormats lists the formats of exports.
func ExportFormats() []string { return []string{"csv", "xlsx"} }

func (a *App) exportOf(in ExportInput) (exportable, Exported, error) {
	var p fault.Problems
	lists := map[string]exportable{
		"systems":  {access.SystemRead, systemColumns(), a.systemRows},
		"evidence": {access.EvidenceRead, evidenceColumns(), a.evidenceRows},
		"audit":    {access.AuditRead, auditColumns(), a.auditRows},
	}
	from, known := lists[in.What]
	if !known {
		p.Add("/what", "Choose systems, evidence or audit.")
	}
	var out Exported
	switch in.Format {
	case "csv":
		out.MediaType, out.write = csv.MediaType, csv.Write
	case "xlsx":
		out.MediaType, out.write = xlsx.MediaType, xlsx.Write
	default:
		p.Add("/format", "Choose csv or xlsx.")
	}
	return from, out, p.Err()
}

// exportSetting reads the time zone of dates, whether this is a demo, and the time.
func (a *App) exportSetting(ctx context.Context, who access.Actor, op access.Operation) (zone *time.Location, sample bool, now time.Time, err error) {
	err = a.reading(ctx, who, op, func(tx *store.Tx, scope access.Scope) error {
		instance, err := tx.Instance(ctx)
		if err != nil {
			return err
		}
		org, err := tx.Organisation(ctx, scope)
		zone, sample, now = zoneOf(org), instance.Demo, time.UnixMicro(tx.Now())
		return err
	})
	return zone, sample, now, err
}

func systemColumns() []string {
	return []string{"Identifier", "Name", "Kind", "State", "Stage", "Marking", "Exposure", "Assessment state", "Due on", "Last approved on", "Weakest support",
		"Questions in scope", "Answered", "Need attention", "Confirmed", "Verified", "Documented", "Stale", "Asserted", "Unassessed", "Contradicted", "I don’t know"}
}

func (a *App) systemRows(ctx context.Context, who access.Actor, in ExportInput, p Page, zone *time.Location) ([][]string, []string, string, int64, error) {
	page, err := a.SystemsIn(ctx, who, in.Systems, p)
	var rows [][]string
	var marks []string
	for _, l := range page.Items {
		s, m := l.System, l.Summary
		row := []string{s.ID, s.Name, s.Kind, s.State, s.Stage, s.Marking, s.Exposure, assessment.State(m.State).Label(), string(m.DueOn), dayOf(m.ApprovedAt, zone), m.Worst}
		for _, n := range []int{m.InScope, m.Answered, m.NeedYou, m.Confirmed, m.Verified, m.Documented, m.Stale, m.Asserted, m.Unassessed, m.Contradicted, m.DontKnow} {
			row = append(row, strconv.Itoa(n))
		}
		rows, marks = append(rows, row), append(marks, s.Marking)
	}
	return rows, marks, page.Next, page.Total, err
}

func evidenceColumns() []string {
	return []string{"Identifier", "Title", "Version", "Kind", "System", "Produced on", "Valid until", "Freshness", "Marking", "Location", "Place", "Owner", "File", "SHA-256", "Held elsewhere by", "Reference there"}
}

func (a *App) evidenceRows(ctx context.Context, who access.Actor, in ExportInput, p Page, zone *time.Location) ([][]string, []string, string, int64, error) {
	page, err := a.EvidenceIn(ctx, who, in.Evidence, p)
	var rows [][]string
	var marks []string
	for _, e := range page.Items {
		fresh := record(e).Freshness(a.Now().UnixMicro(), zone)
		rows = append(rows, []string{e.ID, e.Title, e.Edition, e.Kind, e.System, string(e.ProducedOn), string(e.ValidUntil), string(fresh), e.Marking, e.Location, e.Place, e.Owner,
			e.FileName, e.Digest, e.HeldCustodian, e.HeldReference})
		marks = append(marks, e.Marking)
	}
	return rows, marks, page.Next, page.Total, err
}

func auditColumns() []string {
	return []string{"Index", "Time (UTC)", "Action", "What happened", "Actor", "Name", "Strength", "Organisation", "About", "Identifier", "Outcome", "Request", "Values", "Leaf hash"}
}

func (a *App) auditRows(ctx context.Context, who access.Actor, in ExportInput, p Page, _ *time.Location) ([][]string, []string, string, int64, error) {
	page, err := a.AuditEntries(ctx, who, in.Audit, p)
	var rows [][]string
	for _, e := range page.Items {
		var values []string
		for _, f := range e.Fields {
			if f.Erased {
				f.Value = "(erased)"
			}
			values = append(values, f.Name+": "+f.Value)
		}
		rows = append(rows, []string{fmt.Sprint(e.Index), time.UnixMicro(e.At).UTC().Format("2006-01-02T15:04:05.000000Z"), e.Action, e.Description, e.Actor, e.ActorName, e.Strength,
			e.Organisation, e.TargetType, e.Target, e.Outcome, e.RequestID, strings.Join(values, "\n"), e.LeafHash})
	}
	return rows, nil, page.Next, page.Total, err
}

func dayOf(us int64, zone *time.Location) string {
	if us == 0 {
		return ""
	}
	return string(civil.OfMicro(us, zone))
}
