// Package report decides what a report says: the maturity self-assessment report
// with its statement of assurance, and the short view that an SRO reads before
// signing. Each is one plain value, from which every format is written, so that
// no two formats can disagree.
//
// It is pure: no clock, no store, no bytes of any format. It never calls a
// report a certificate or an accreditation, knows no pass mark, and makes no
// score or percentage. The content of a signed report comes from what was
// signed (assessment.Frozen); what became known later stands beside it with its
// own date.
package report

import (
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/evidence"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
)

// Schema names the JSON form of Assessment; docs/schemas/report.schema.json
// describes it. Fields may be added under this name, never renamed or dropped.
const Schema = "touchstone.report/v1"

// SampleData stands on every page of a report from a demonstration.
const SampleData = "Sample data"

// Proof lets a stranger check the approval against the log.
type Proof struct {
	AuditIndex   int64    `json:"audit_index"`   // of the entry that records the approval; -1 = not known
	Checkpoint   string   `json:"checkpoint"`    // signed note that covers it, C2SP tlog-checkpoint
	VerifierKeys []string `json:"verifier_keys"` // C2SP signed-note verifier keys
}

// Assessment is the maturity self-assessment report and statement of assurance
// as one value. Lists are never nil.
type Assessment struct {
	Schema       string         `json:"schema"`
	Title        string         `json:"title"`
	Statement    string         `json:"statement"` // what this is and is not
	Marking      string         `json:"marking"`   // "" = unmarked
	Sample       bool           `json:"sample_data"`
	AsOf         time.Time      `json:"as_of"`
	ID           string         `json:"assessment"`
	Version      int64          `json:"version"`
	State        string         `json:"state"`
	Organisation string         `json:"organisation"`
	System       System         `json:"system"`
	Framework    Framework      `json:"framework"`
	Scope        Scope          `json:"scope"`
	Roles        []Role         `json:"roles"`
	Summary      Summary        `json:"summary"`
	Groups       []Group        `json:"groups"`
	Trend        []Quarter      `json:"trend"` // oldest first, this one last
	Gaps         []Gap          `json:"gaps"`
	Unknowns     []Unknown      `json:"dont_knows"`
	Answers      []Answer       `json:"answers"`
	Evidence     []EvidenceItem `json:"evidence"`
	History      []HistoryItem  `json:"standing_history"` // newest first
	SignOff      Signature      `json:"sign_off"`
	Proof        Proof          `json:"proof"`
	Shares       []Sharing      `json:"shares"`
	zone         *time.Location
	sroWord      string
}

// System is the profile of the system as it was signed.
type System struct {
	ID             string `json:"id"`
	Name           string `json:"name"`
	Kind           string `json:"kind"`
	Scope          string `json:"scope"`
	Stage          string `json:"stage"`
	Phase          string `json:"phase"`
	Gate           string `json:"gate"`
	Classification string `json:"classification"`
	Exposure       string `json:"exposure"`
	Personal       bool   `json:"personal_data"`
	Special        bool   `json:"special_category_data"`
}

// Framework says whose questions were asked.
type Framework struct {
	Key       string `json:"key"` // id@version
	Title     string `json:"title"`
	Publisher string `json:"publisher"`
	Alignment string `json:"alignment"` // one sentence: whose words these are
	Note      string `json:"note"`
	Source    string `json:"source"`
	SHA256    string `json:"sha256"` // of the framework file
	RollUp    string `json:"roll_up"`
}

// Scope says what was asked and why.
type Scope struct {
	Set       string `json:"set"`
	Stage     string `json:"stage"`
	Larger    bool   `json:"larger"`
	Reason    string `json:"reason"` // why the suggested set was not taken; "" = it was
	Questions int    `json:"questions"`
}

// Role is a person in a role when the report was signed.
type Role struct {
	Role       string     `json:"role"`
	Name       string     `json:"name"`
	StandIn    bool       `json:"stand_in"`
	OnBehalfOf bool       `json:"on_behalf_of"`
	From       civil.Date `json:"from"`
	To         civil.Date `json:"to"`
}

// Summary counts the whole report.
type Summary struct {
	Distribution
	Gap assessment.Gap `json:"support_gap"`
}

// Distribution is assessment.Distribution with the words for its levels.
type Distribution struct {
	Total         int                `json:"total"`
	Levels        []LevelCount       `json:"levels"` // lowest first, then not applicable
	DontKnow      int                `json:"dont_know"`
	Unanswered    int                `json:"unanswered"`
	LowestLevel   string             `json:"lowest_level"`  // label; "" = nothing is claimed at a level
	WorstSupport  assessment.Support `json:"worst_support"` // "" = nothing is claimed
	Worst         []string           `json:"worst"`         // requirements with that support
	PartlyChecked int                `json:"partly_checked"`
}

// LevelCount counts the claims at one level by support.
type LevelCount struct {
	Level     string                     `json:"level"`
	Label     string                     `json:"label"`
	Total     int                        `json:"total"`
	BySupport map[assessment.Support]int `json:"by_support"`
}

// Group is one heading of the framework with its counts.
type Group struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Distribution
}

// Quarter is one approved assessment in the trend.
type Quarter struct {
	Assessment string         `json:"assessment"`
	ApprovedAt time.Time      `json:"approved_at"`
	Framework  string         `json:"framework"`
	Digest     string         `json:"digest"`
	Levels     []LevelCount   `json:"levels"`
	DontKnow   int            `json:"dont_know"`
	Gap        assessment.Gap `json:"support_gap"`
}

// Gap is one answer that needs work.
type Gap struct {
	Requirement string             `json:"requirement"`
	Title       string             `json:"title"`
	Kind        string             `json:"kind"` // contradicted, unassessed, asserted, stale, dont_know, lowest_level, unanswered
	Claim       string             `json:"claim"`
	Support     assessment.Support `json:"support"`
	Why         string             `json:"why"`
	Remedy      string             `json:"remedy"`
	Owner       string             `json:"owner"` // whoever was asked to find out, else whoever answered
	Since       time.Time          `json:"since,omitzero"`
	Due         civil.Date         `json:"due"` // "" = no date was set
	Overdue     bool               `json:"overdue"`
}

// Unknown is one "I don't know".
type Unknown struct {
	Requirement string     `json:"requirement"`
	Title       string     `json:"title"`
	FindOutBy   civil.Date `json:"find_out_by"`
	Delegate    string     `json:"delegate"`
	Overdue     bool       `json:"overdue"`
	Rationale   string     `json:"rationale"`
}

// Answer is one answer as it was signed.
type Answer struct {
	Requirement string             `json:"requirement"`
	Group       string             `json:"group"`
	Title       string             `json:"title"`
	Question    string             `json:"question"`
	Kind        string             `json:"kind"`
	Level       string             `json:"level"`
	Claim       string             `json:"claim"` // in words
	Rationale   string             `json:"rationale"`
	Reason      string             `json:"not_applicable_reason"`
	Support     assessment.Support `json:"support"`
	Partly      bool               `json:"partly_checked"`
	Since       time.Time          `json:"since,omitzero"`
	Because     []string           `json:"because"`
	Evidence    []string           `json:"evidence"`
	Author      string             `json:"author"`
	AnsweredAt  time.Time          `json:"answered_at,omitzero"`
}

// EvidenceItem is one evidence record with its freshness at the as-of time.
type EvidenceItem struct {
	ID         string             `json:"id"`
	Kind       string             `json:"kind"`
	Title      string             `json:"title"`
	Version    string             `json:"version"`
	ProducedOn civil.Date         `json:"produced_on"`
	ValidUntil civil.Date         `json:"valid_until"`
	Freshness  evidence.Freshness `json:"freshness"`
	Marking    string             `json:"marking"`
	Where      string             `json:"where"`
	Place      string             `json:"place"`
	SHA256     string             `json:"sha256"`
	Held       bool               `json:"held_elsewhere"`
	UsedFor    []string           `json:"used_for"`
}

// HistoryItem is one move of one standing, in words.
type HistoryItem struct {
	At           time.Time `json:"at"`
	Requirement  string    `json:"requirement"`
	Title        string    `json:"title"`
	Before       string    `json:"before"`
	After        string    `json:"after"`
	Why          string    `json:"why"`
	AfterSigning bool      `json:"after_signing"`
}

// Signature says who signed what.
type Signature struct {
	By          string    `json:"by"`
	Role        string    `json:"role"`
	OnBehalfOf  string    `json:"on_behalf_of"`
	At          time.Time `json:"at,omitzero"`
	Declaration string    `json:"declaration"`
	Algorithm   string    `json:"algorithm"` // of the digest
	Digest      string    `json:"digest"`
	Signed      string    `json:"signed"`         // what the digest covers, in words
	Content     string    `json:"signed_content"` // the text whose digest was signed
}

// Sharing is one record of the report being given to somebody.
type Sharing struct {
	Recipient string    `json:"recipient"`
	Marking   string    `json:"marking"`
	At        time.Time `json:"at"`
	By        string    `json:"by"`
}

// Today returns the as-of day in the report's zone.
func (a Assessment) Today() civil.Date { return civil.Of(a.AsOf, a.zone) }

// Mark returns the words of the marking that stand at the top and the bottom of
// every page.
func Mark(m string) string {
	if m == "" {
		return "Not marked"
	}
	return m
}

func roleTitle(r portfolio.Role, sroWord string) string {
	if r == portfolio.SRO && sroWord != "" {
		return sroWord
	}
	return r.Title()
}
