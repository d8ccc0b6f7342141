package app

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// openings names what has to go from an entry of the log: every value about a
// record but addresses and requirements, reasons that name it, what was said when
// two answers were joined, and the salts of earlier states of the rows. Sums that
// stay say nothing without their salts.
func (r *removal) openings(s store.StoredEntry) []string {
	fields := map[string]string{}
	for _, o := range s.Openings {
		fields[o.Name] = o.Value
	}
	ofRecord := s.Entry.TargetType == "evidence" && r.evidence[s.Entry.Target]
	ofAnswer := s.Entry.TargetType == "assessment" && r.answers[s.Entry.Target+" "+fields[audit.FieldName("requirement")]]
	var names []string
	for _, o := range s.Openings {
		var goes bool
		switch name, _ := strings.CutPrefix(o.Name, "field:"); {
		case audit.IsRow(o.Name):
			goes = r.rows[o.Name]
		case name == "address" || name == "requirement" || name == audit.ErasedField:
		default:
			goes = ofRecord || ofAnswer && name == "kept" || name == "because" && r.reasons[o.Value]
		}
		if goes {
			names = append(names, o.Name)
		}
	}
	return names
}

// record erases the openings and says so in the log.
func (r *removal) record(ctx context.Context, p store.Purge) error {
	erased, err := r.tx.EraseWhere(ctx, r.org, r.openings)
	if err != nil {
		return err
	}
	r.tx.Record(store.Record{Action: audit.PurgeDone, Organisation: r.org, TargetType: "purge", Target: p.ID, Fields: map[string]string{
		audit.ErasedField: audit.FormatErasures(erased), "targets": strings.Join(r.targets, "\n"), "digest": p.Digest}})
	return nil
}

// digest is the commitment of docs/log.md, named field:content, to the texts that
// were taken, each once, in the order of their bytes: for each its length as 4
// bytes, most significant first, and its bytes. The SHA-256 of a file stands for
// the file.
func (r *removal) digest(salt []byte) string {
	var content []byte
	for _, t := range slices.Sorted(maps.Keys(r.texts)) {
		content = append(binary.BigEndian.AppendUint32(content, uint32(len(t))), t...)
	}
	sum := audit.Commit(audit.FieldName("content"), salt, content)
	return hex.EncodeToString(sum[:])
}
