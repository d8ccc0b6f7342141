package audit_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

func sample() audit.Entry {
	salt := []byte("0123456789abcdef")
	return audit.Entry{
		LogID: "ins_1", Index: 7, At: 1767225600000000, Action: audit.SystemCreated, Actor: "usr_1", ActorKind: "user",
		Strength: "passkey", Organisation: "org_1", TargetType: "system", Target: "sys_1", Outcome: "done", RequestID: "req_1",
		Commitments: []audit.Commitment{
			{Name: "field:name", Sum: audit.Commit("field:name", salt, []byte("Harbour"))},
			{Name: "row:system/sys_1", Sum: audit.Commit("row:system/sys_1", salt, []byte{1})},
		},
	}
}

func TestAnEntryThatKeepsTheRulesIsAccepted(t *testing.T) {
	e := sample()
	if err := e.Validate(); err != nil {
		t.Fatal(err)
	}
}

func TestAnEntryThatBreaksARuleIsRefusedAndTheFieldNamed(t *testing.T) {
	for name, c := range map[string]struct {
		pointer string
		change  func(*audit.Entry)
	}{
		"an action outside the catalogue":     {"/action", func(e *audit.Entry) { e.Action = "system.painted" }},
		"another kind of target":              {"/target_type", func(e *audit.Entry) { e.TargetType = "user" }},
		"no log":                              {"/log", func(e *audit.Entry) { e.LogID = "" }},
		"an e-mail address as actor":          {"/actor", func(e *audit.Entry) { e.Actor = "a@example.org" }},
		"a name as target":                    {"/target", func(e *audit.Entry) { e.Target = "Harbour control" }},
		"an unknown kind of actor":            {"/actor_kind", func(e *audit.Entry) { e.ActorKind = "robot" }},
		"an unknown strength":                 {"/strength", func(e *audit.Entry) { e.Strength = "charm" }},
		"an unknown outcome":                  {"/outcome", func(e *audit.Entry) { e.Outcome = "perhaps" }},
		"a negative index":                    {"/index", func(e *audit.Entry) { e.Index = -1 }},
		"a time that JSON would round":        {"/at", func(e *audit.Entry) { e.At = 1 << 53 }},
		"a field the action may not carry":    {"/commitments", func(e *audit.Entry) { e.Commitments[0].Name = "field:email" }},
		"a commitment of no known kind":       {"/commitments", func(e *audit.Entry) { e.Commitments[0].Name = "blob:x" }},
		"a row without a key":                 {"/commitments", func(e *audit.Entry) { e.Commitments[1].Name = "row:system/" }},
		"commitments out of order":            {"/commitments", func(e *audit.Entry) { e.Commitments[0].Name = "row:zz/1" }},
		"the same commitment twice":           {"/commitments", func(e *audit.Entry) { e.Commitments[0] = e.Commitments[1] }},
		"a header longer than 200 characters": {"/request", func(e *audit.Entry) { e.RequestID = strings.Repeat("x", 201) }},
	} {
		t.Run(name, func(t *testing.T) {
			e := sample()
			c.change(&e)
			err := e.Validate()
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("got %v", err)
			}
			_, problems := fault.Public(err)
			for _, p := range problems {
				if p.Pointer == c.pointer {
					return
				}
			}
			t.Fatalf("no problem at %s in %v", c.pointer, problems)
		})
	}
}

func TestALeafIsTheJSONThatRFC8785Writes(t *testing.T) {
	e := sample()
	e.Target = "a\"b\\c\n\x01é"
	want := `{"action":"system.created","actor":"usr_1","actor_kind":"user","at":1767225600000000,"commitments":{"field:name":"` +
		hexSum(e.Commitments[0]) + `","row:system/sys_1":"` + hexSum(e.Commitments[1]) +
		`"},"index":7,"log":"ins_1","on_behalf_of":"","organisation":"org_1","outcome":"done","request":"req_1",` +
		`"strength":"passkey","target":"a\"b\\c\n\u0001é","target_type":"system","v":1}`
	if diff := cmp.Diff(want, string(e.Leaf())); diff != "" {
		t.Fatal(diff)
	}
	var v map[string]any
	if err := json.Unmarshal(e.Leaf(), &v); err != nil || v["target"] != e.Target {
		t.Fatalf("another reader of JSON sees %v, %v", v["target"], err)
	}
}

func hexSum(c audit.Commitment) string { return hex.EncodeToString(c.Sum[:]) }

func anyEntry(t *rapid.T) audit.Entry {
	text := rapid.StringN(0, 12, 40)
	e := audit.Entry{
		LogID: text.Draw(t, "log"), Index: rapid.Int64Range(0, 1<<53-1).Draw(t, "index"),
		At: rapid.Int64Range(0, 1<<53-1).Draw(t, "at"), Action: audit.Action(text.Draw(t, "action")),
		Actor: text.Draw(t, "actor"), ActorKind: text.Draw(t, "kind"), Strength: text.Draw(t, "strength"),
		OnBehalfOf: text.Draw(t, "behalf"), Organisation: text.Draw(t, "org"), TargetType: text.Draw(t, "type"),
		Target: text.Draw(t, "target"), Outcome: text.Draw(t, "outcome"), RequestID: text.Draw(t, "request"),
	}
	name := ""
	for range rapid.IntRange(0, 4).Draw(t, "n") {
		name += rapid.StringMatching(`[a-z:/]{1,6}`).Draw(t, "name") // a longer name with the same start sorts later
		c := audit.Commitment{Name: name}
		copy(c.Sum[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "sum"))
		e.Commitments = append(e.Commitments, c)
	}
	return e
}

func TestALeafIsReadBackAsTheEntryItWasMadeFrom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := anyEntry(t)
		got, err := audit.ParseLeaf(e.Leaf())
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(e, got) {
			t.Fatalf("wrote %+v, read %+v", e, got)
		}
	})
}

func TestEntriesThatDifferHaveDifferentLeaves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyEntry(t), anyEntry(t)
		if rapid.Bool().Draw(t, "shift text between neighbours") {
			b = a
			b.Actor, b.ActorKind = a.Actor+`"`, a.ActorKind
		}
		if same, equal := reflect.DeepEqual(a, b), bytes.Equal(a.Leaf(), b.Leaf()); same != equal {
			t.Fatalf("entries equal: %v, leaves equal: %v", same, equal)
		}
	})
}

func TestLeavesThatAreNotCanonicalAreRefused(t *testing.T) {
	e := sample()
	leaf := string(e.Leaf())
	for name, bad := range map[string]string{
		"nothing":                     "",
		"something after it":          leaf + "\n",
		"a space":                     strings.Replace(leaf, `,"actor"`, `, "actor"`, 1),
		"keys in another order":       strings.Replace(leaf, `"index":7,"log":"ins_1"`, `"log":"ins_1","index":7`, 1),
		"a missing key":               strings.Replace(leaf, `"on_behalf_of":"",`, ``, 1),
		"a leading zero":              strings.Replace(leaf, `"index":7`, `"index":07`, 1),
		"a negative number":           strings.Replace(leaf, `"index":7`, `"index":-7`, 1),
		"a number too large":          strings.Replace(leaf, `"index":7`, `"index":9007199254740992`, 1),
		"an escape that is not due":   strings.Replace(leaf, `usr_1`, `usr\u005f1`, 1),
		"a solidus escaped":           strings.Replace(leaf, `row:system/`, `row:system\/`, 1),
		"upper-case hexadecimal":      strings.Replace(leaf, hexSum(e.Commitments[0]), strings.ToUpper(hexSum(e.Commitments[0])), 1),
		"a sum cut short":             strings.Replace(leaf, hexSum(e.Commitments[0]), hexSum(e.Commitments[0])[:62], 1),
		"commitments in wrong order":  strings.Replace(leaf, `"field:name"`, `"zfield:name"`, 1),
		"another version":             strings.Replace(leaf, `"v":1`, `"v":2`, 1),
		"bytes that are not UTF-8":    strings.Replace(leaf, `usr_1`, "usr\xff", 1),
		"a raw control character":     strings.Replace(leaf, `usr_1`, "usr\n1", 1),
		"a control character spelled": strings.Replace(leaf, `usr_1`, `usr\u000a1`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			if bad == leaf {
				t.Fatal("the example does not differ")
			}
			if got, err := audit.ParseLeaf([]byte(bad)); err == nil {
				t.Fatalf("read %+v", got)
			}
		})
	}
}

func FuzzParseLeaf(f *testing.F) {
	e := sample()
	f.Add(e.Leaf())
	e.Commitments, e.Target = nil, "a\"\\\n\x01é"
	f.Add(e.Leaf())
	f.Add([]byte(`{"action":"\u0000"`))
	f.Fuzz(func(t *testing.T, leaf []byte) {
		e, err := audit.ParseLeaf(leaf)
		if err == nil && !bytes.Equal(e.Leaf(), leaf) {
			t.Fatalf("%q was read but is written as %q", leaf, e.Leaf())
		}
	})
}

func BenchmarkLeaf(b *testing.B) {
	e := sample()
	b.ReportAllocs()
	for b.Loop() {
		if h := audit.LeafHash(e.Leaf()); h[0] == 0 && h[1] == 0 && h[2] == 0 && h[3] == 0 {
			b.Fatal("unlikely hash")
		}
	}
}

func TestALeafCostsOneAllocation(t *testing.T) {
	e := sample()
	if n := testing.AllocsPerRun(100, func() { e.Leaf() }); n > 1 {
		t.Fatalf("%v allocations", n)
	}
}
