package report

import (
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
)

// Input is everything that a report is made from. Times are µs UTC.
type Input struct {
	Frozen    assessment.Frozen
	Framework *framework.Framework // the exact version that was answered
	State     assessment.State
	Approval  ApprovalFacts
	Proof     Proof
	Earlier   []Earlier // approved before, with the same framework; any order
	Moves     []Move    // of this system's standings; any order
	Shares    []ShareFact
	Names     map[string]string // ids of people to names
	Withdrawn map[string]int64  // ids of evidence withdrawn since, with the time
	SROWord   string            // what the organisation calls the SRO; "" = Senior Responsible Owner
	Sample    bool              // the installation is a demonstration
	AsOf      int64             // when the report is made
	Zone      *time.Location    // of its dates; nil = UTC
}

// ApprovalFacts say who signed what.
type ApprovalFacts struct {
	By          string // user id
	At          int64
	OnBehalfOf  string // name of the accountable person; "" = signed in their own right
	Declaration string // in the words of whoever signed
	Digest      string // content digest, SHA-256 in lower-case hex
	Content     []byte // the bytes that the digest is of
}

// Earlier is an approved assessment before this one.
type Earlier struct {
	Frozen     assessment.Frozen
	Framework  *framework.Framework
	ApprovedAt int64
	Digest     string
}

// Move is one change of one standing.
type Move struct {
	At          int64
	Assessment  string
	Requirement string
	Before      string // claim as written, and support
	BeforeHeld  assessment.Support
	After       string
	AfterHeld   assessment.Support
	Why         string
}

// ShareFact records who was given the report.
type ShareFact struct {
	Recipient string
	Marking   string
	At        int64
	By        string // user id
}
