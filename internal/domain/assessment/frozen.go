package assessment

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
)

// FrozenFormat names the form of Frozen. A change of its fields needs a new name,
// for what was signed must stay readable.
const FrozenFormat = "touchstone.frozen/v1"

// Frozen is everything that an approval signs. It holds no time of viewing and
// no approver: the same content has the same digest when it is read, when it is
// signed, and in thirty years. The signature refers to it by digest.
type Frozen struct {
	Format       string            `json:"format"` // FrozenFormat
	Assessment   string            `json:"assessment"`
	Version      int64             `json:"version"`
	Organisation string            `json:"organisation"` // name
	System       FrozenSystem      `json:"system"`
	Framework    FrozenFramework   `json:"framework"`
	Scope        FrozenScope       `json:"scope"`
	Marking      portfolio.Marking `json:"marking"` // highest of the parts
	Roles        []FrozenRole      `json:"roles"`
	Responses    []FrozenResponse  `json:"responses"`
	Evidence     []FrozenEvidence  `json:"evidence"`
	Gap          Gap               `json:"gap"`
}

// FrozenSystem is the profile of the system as it was.
type FrozenSystem struct {
	ID             string            `json:"id"`
	Name           string            `json:"name"`
	Kind           string            `json:"kind"`
	Scope          string            `json:"scope"`
	Stage          string            `json:"stage"`
	Phase          string            `json:"phase"`
	Gate           string            `json:"gate"`
	Classification portfolio.Marking `json:"classification"`
	Exposure       string            `json:"exposure"`
	Personal       bool              `json:"personal"`
	Special        bool              `json:"special"`
}

// FrozenFramework names the exact framework that was answered.
type FrozenFramework struct {
	Key       string `json:"key"` // id@version
	Title     string `json:"title"`
	Publisher string `json:"publisher"`
	SHA256    string `json:"sha256"` // of its file
}

// FrozenScope says what was asked and why.
type FrozenScope struct {
	Set          string   `json:"set"`
	Stage        string   `json:"stage"`
	Larger       bool     `json:"larger"`
	Reason       string   `json:"reason"`       // why the suggestion was not followed; "" = it was
	Requirements []string `json:"requirements"` // in scope, sorted
}

// FrozenRole is a person in a role.
type FrozenRole struct {
	Role       string     `json:"role"`
	User       string     `json:"user"`
	Name       string     `json:"name"`
	StandIn    bool       `json:"stand_in"`
	OnBehalfOf string     `json:"on_behalf_of"`
	From       civil.Date `json:"from"`
	To         civil.Date `json:"to"`
}

// FrozenResponse is one answer with its standing and the evidence linked to it.
type FrozenResponse struct {
	Requirement   string     `json:"requirement"`
	Kind          ClaimKind  `json:"kind"`
	Level         string     `json:"level"`
	Rationale     string     `json:"rationale"`
	FindOutBy     civil.Date `json:"find_out_by"`
	Delegate      string     `json:"delegate"`
	NAReason      string     `json:"na_reason"`
	Author        string     `json:"author"`
	At            int64      `json:"at"`
	Version       int64      `json:"version"`
	Support       Support    `json:"support"`
	PartlyChecked bool       `json:"partly_checked"`
	Since         int64      `json:"since"`
	Because       []Cause    `json:"because"`
	Evidence      []string   `json:"evidence"` // ids, sorted
}

// FrozenEvidence is one evidence record as it was.
type FrozenEvidence struct {
	ID         string            `json:"id"`
	Kind       string            `json:"kind"`
	Title      string            `json:"title"`
	Version    string            `json:"version"`
	ProducedOn civil.Date        `json:"produced_on"`
	ValidUntil civil.Date        `json:"valid_until"`
	Place      string            `json:"place"`
	Marking    portfolio.Marking `json:"marking"`
	Link       string            `json:"link"`
	FileSHA256 string            `json:"file_sha256"`
	Held       *FrozenHeld       `json:"held"`
}

// FrozenHeld says where evidence is held that may not be brought here.
type FrozenHeld struct {
	Reference string            `json:"reference"`
	Marking   portfolio.Marking `json:"marking"`
	Custodian string            `json:"custodian"`
	SeenBy    string            `json:"seen_by"`
	SeenOn    civil.Date        `json:"seen_on"`
}

// FreezeResponse joins an answer, its standing and the ids of its evidence.
func FreezeResponse(r Response, st Standing, evidenceIDs []string) FrozenResponse {
	return FrozenResponse{Requirement: r.Requirement, Kind: r.Claim.Kind, Level: r.Claim.Level, Rationale: r.Rationale, FindOutBy: r.FindOutBy,
		Delegate: r.Delegate, NAReason: r.NAReason, Author: r.Author, At: r.At, Version: r.Version, Support: st.Support,
		PartlyChecked: st.PartlyChecked, Since: st.Since, Because: slices.Clone(st.Because), Evidence: slices.Clone(evidenceIDs)}
}

// Canonical returns the one byte form of the content: compact JSON (RFC 8259) in
// UTF-8, members in the order of the types above, lists sorted by id, empty
// lists as [], no floating point, and no characters escaped beyond what JSON and
// Go's encoder need (U+2028 and U+2029 are escaped). The order in which lists
// were given has no effect. It errs only when two entries share an id, which
// would let one hide the other.
func (f Frozen) Canonical() ([]byte, error) {
	f.Format = FrozenFormat
	f.Scope.Requirements = sorted(f.Scope.Requirements, cmp.Compare)
	f.Roles = sorted(f.Roles, func(a, b FrozenRole) int {
		return cmp.Or(cmp.Compare(a.Role, b.Role), cmp.Compare(a.From, b.From), cmp.Compare(a.User, b.User), cmp.Compare(a.Name, b.Name),
			cmp.Compare(a.To, b.To), cmp.Compare(a.OnBehalfOf, b.OnBehalfOf))
	})
	f.Responses = sorted(f.Responses, func(a, b FrozenResponse) int { return cmp.Compare(a.Requirement, b.Requirement) })
	f.Evidence = sorted(f.Evidence, func(a, b FrozenEvidence) int { return cmp.Compare(a.ID, b.ID) })
	for i := range f.Responses {
		r := &f.Responses[i]
		if i > 0 && f.Responses[i-1].Requirement == r.Requirement {
			return nil, fmt.Errorf("freeze assessment %s: requirement %s is answered twice", f.Assessment, r.Requirement)
		}
		r.Because = newestFirst(r.Because)
		if r.Because == nil {
			r.Because = []Cause{}
		}
		r.Evidence = slices.Compact(sorted(r.Evidence, cmp.Compare))
	}
	for i := 1; i < len(f.Evidence); i++ {
		if f.Evidence[i].ID == f.Evidence[i-1].ID {
			return nil, fmt.Errorf("freeze assessment %s: evidence %s is given twice", f.Assessment, f.Evidence[i].ID)
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(f); err != nil {
		return nil, fmt.Errorf("freeze assessment %s: %w", f.Assessment, err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Digest returns the canonical bytes and their SHA-256 in lower-case hex. It is
// what the SRO is shown, signs, and what the log records.
func (f Frozen) Digest() (canonical []byte, digest string, err error) {
	canonical, err = f.Canonical()
	if err != nil {
		return nil, "", err
	}
	return canonical, DigestOf(canonical), nil
}

// DigestOf returns the content digest of canonical bytes.
func DigestOf(canonical []byte) string {
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:])
}

// sorted returns a sorted copy, never nil.
func sorted[T any](list []T, compare func(a, b T) int) []T {
	out := append(make([]T, 0, len(list)), list...)
	slices.SortFunc(out, compare)
	return out
}
