package audit_test

import (
	"bytes"
	"encoding/hex"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
)

func TestARowEncodesToTheDocumentedBytes(t *testing.T) {
	got := hex.EncodeToString(audit.EncodeRow([]audit.Column{
		{"open", true}, {"id", "s1"}, {"at", int64(-2)}, {"raw", []byte{9}}, {"gone", nil},
	}))
	want := "01" + "00000005" +
		"00000002" + "6174" + "01" + "fffffffffffffffe" +
		"00000004" + "676f6e65" + "00" +
		"00000002" + "6964" + "02" + "00000002" + "7331" +
		"00000004" + "6f70656e" + "01" + "0000000000000001" +
		"00000003" + "726177" + "03" + "00000001" + "09"
	if got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
}

func anyRow(t *rapid.T) []audit.Column {
	names := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{1,3}`), 0, 4, rapid.ID).Draw(t, "names")
	var row []audit.Column
	for _, name := range names {
		var v any
		switch rapid.IntRange(0, 3).Draw(t, "type") {
		case 1:
			v = rapid.Int64Range(-2, 2).Draw(t, "int")
		case 2:
			v = rapid.StringN(0, 3, -1).Draw(t, "text")
		case 3:
			v = rapid.SliceOfN(rapid.Byte(), 0, 3).Draw(t, "bytes")
		}
		row = append(row, audit.Column{Name: name, Value: v})
	}
	return row
}

// decode reads the documented encoding, written apart from the encoder.
func decode(t *rapid.T, b []byte) map[string]any {
	take := func(n int) []byte { v := b[:n]; b = b[n:]; return v }
	number := func(n int) (v uint64) {
		for _, c := range take(n) {
			v = v<<8 | uint64(c)
		}
		return v
	}
	if take(1)[0] != 1 {
		t.Fatal("version")
	}
	row := map[string]any{}
	for range number(4) {
		name := string(take(int(number(4))))
		switch take(1)[0] {
		case 0:
			row[name] = nil
		case 1:
			row[name] = int64(number(8))
		case 2:
			row[name] = string(take(int(number(4))))
		case 3:
			row[name] = "bytes " + string(take(int(number(4))))
		default:
			t.Fatal("type")
		}
	}
	if len(b) > 0 {
		t.Fatalf("%d bytes are left", len(b))
	}
	return row
}

func TestAnEncodedRowSaysExactlyWhatTheRowHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		row := anyRow(t)
		got := decode(t, audit.EncodeRow(row))
		if len(got) != len(row) {
			t.Fatalf("%d columns became %d", len(row), len(got))
		}
		for _, c := range row {
			want := c.Value
			if raw, ok := want.([]byte); ok {
				want = "bytes " + string(raw)
			}
			if got[c.Name] != want {
				t.Fatalf("%s: %v became %v", c.Name, want, got[c.Name])
			}
		}
	})
}

func TestTheOrderOfColumnsDoesNotMatterAndIsNotChanged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		row := anyRow(t)
		want := audit.EncodeRow(row)
		other := rapid.Permutation(row).Draw(t, "order")
		names := func(row []audit.Column) (ns []string) {
			for _, c := range row {
				ns = append(ns, c.Name)
			}
			return ns
		}
		before := names(other)
		if !bytes.Equal(want, audit.EncodeRow(other)) {
			t.Fatal("bytes differ")
		}
		if !slices.Equal(before, names(other)) {
			t.Fatal("the caller's slice was sorted")
		}
	})
}

func TestBothEnginesGiveTheSameBytes(t *testing.T) {
	same := func(a, b any) bool {
		return bytes.Equal(audit.EncodeRow([]audit.Column{{"v", a}}), audit.EncodeRow([]audit.Column{{"v", b}}))
	}
	if !same(true, int64(1)) || !same(false, int64(0)) {
		t.Error("a bool differs from its integer")
	}
	if !same([]byte(nil), nil) {
		t.Error("a nil slice differs from NULL")
	}
	if same([]byte{}, nil) || same("", nil) || same("1", int64(1)) || same("x", []byte("x")) {
		t.Error("values of different types have the same bytes")
	}
}

func TestAMistakeInTheColumnsStopsTheProgram(t *testing.T) {
	for name, row := range map[string][]audit.Column{
		"a float":            {{"v", 1.5}},
		"an int":             {{"v", 1}},
		"a column repeated":  {{"v", nil}, {"v", nil}},
		"a repeat, unsorted": {{"v", nil}, {"a", nil}, {"v", nil}},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Fatal("it was encoded")
				}
			}()
			audit.EncodeRow(row)
		})
	}
}

func TestACommitmentOpensOnlyWithItsOwnNameSaltAndValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringN(0, 4, -1)
		name := rapid.SampledFrom([]string{"field:a", "field:ab", "row:a/b", "row:a/bc"})
		salt := rapid.SliceOfN(rapid.Byte(), 0, 3)
		n1, s1, v1 := name.Draw(t, "n1"), salt.Draw(t, "s1"), text.Draw(t, "v1")
		n2, s2, v2 := name.Draw(t, "n2"), salt.Draw(t, "s2"), text.Draw(t, "v2")
		same := n1 == n2 && bytes.Equal(s1, s2) && v1 == v2
		if equal := audit.Commit(n1, s1, []byte(v1)) == audit.Commit(n2, s2, []byte(v2)); same != equal {
			t.Fatalf("inputs equal: %v, sums equal: %v", same, equal)
		}
	})
}

func TestTheSaltOfARowIsCheckedWithoutTheRow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		salt := rapid.SliceOfN(rapid.Byte(), audit.SaltSize, audit.SaltSize).Draw(t, "salt")
		c := audit.Commitment{Name: "row:system/s1"}
		c.Sum = audit.Commit(c.Name, salt, []byte(rapid.String().Draw(t, "row")))
		if !audit.CheckSalt(c, salt) {
			t.Fatal("its own salt is refused")
		}
		bad := bytes.Clone(salt)
		bad[rapid.IntRange(0, len(bad)-1).Draw(t, "at")] ^= byte(rapid.IntRange(1, 255).Draw(t, "by"))
		if audit.CheckSalt(c, bad) {
			t.Fatal("another salt is taken")
		}
	})
}

func TestErasuresAreReadBackAndNothingElseIs(t *testing.T) {
	want := []audit.Erasure{{3, "field:address"}, {12, "field:reason"}, {12, "row:system/s1"}}
	got, err := audit.ParseErasures(audit.FormatErasures(want))
	if err != nil || !slices.Equal(got, want) {
		t.Fatal(got, err)
	}
	for _, bad := range []string{"3", "3 field:a", "03 field:a\n", "-1 field:a\n", "3  field:a\n", "3 name\n", "x field:a\n", "\n"} {
		if got, err := audit.ParseErasures(bad); err == nil {
			t.Errorf("%q was read as %v", bad, got)
		}
	}
}

func FuzzParseErasures(f *testing.F) {
	f.Add("3 field:address\n12 row:system/s1\n")
	f.Fuzz(func(t *testing.T, s string) {
		if es, err := audit.ParseErasures(s); err == nil && audit.FormatErasures(es) != s {
			t.Fatalf("%q is written back as %q", s, audit.FormatErasures(es))
		}
	})
}
