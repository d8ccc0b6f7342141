package tlog_test

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/tlog"
)

// workedExample gives every value that the worked example of docs/log.md shows,
// under the label the page has for it. It is entry 3 of the vectors.
func workedExample() [][2]string {
	w := grown(4)
	s := w.entries[3]
	out := [][2]string{{"verifier key", w.vkey()}, {"leaf", string(s.Entry.Leaf())}, {"leaf hash", hex.EncodeToString(s.StoredLeafHash[:])}}
	for i, o := range s.Openings {
		sum := s.Entry.Commitments[i].Sum
		out = append(out, [2]string{o.Name + " salt", hex.EncodeToString(o.Salt)}, [2]string{o.Name + " sum", hex.EncodeToString(sum[:])})
	}
	for i, e := range w.entries[:3] {
		out = append(out, [2]string{"leaf hash " + string(rune('0'+i)), hex.EncodeToString(e.StoredLeafHash[:])})
	}
	root, head := w.tree.Root(), w.head()
	return append(out,
		[2]string{"row", hex.EncodeToString(audit.EncodeRow(w.rows["row:system/sys_3"]))},
		[2]string{"node of entries 0 and 1", hex.EncodeToString(w.nodes[2].Hash[:])},
		[2]string{"node of entries 2 and 3", hex.EncodeToString(w.nodes[5].Hash[:])},
		[2]string{"root", hex.EncodeToString(root[:])},
		[2]string{"frontier", hex.EncodeToString(head.Frontier)},
		[2]string{"checkpoint", strings.TrimSuffix(string(w.kept[0].Note), "\n")},
	)
}

func TestTheWorkedExampleOnThePageIsWhatTheCodeGives(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "log.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range workedExample() {
		if !strings.Contains(string(page), "\n"+v[1]+"\n") {
			t.Errorf("docs/log.md has no line with the %s:\n%s", v[0], v[1])
		}
	}
}

func TestThePageExplainsEveryKindOfProblem(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "log.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range tlog.Kinds() {
		if !strings.Contains(string(page), "\n| `"+k+"` |") {
			t.Errorf("docs/log.md does not explain %s", k)
		}
	}
}
