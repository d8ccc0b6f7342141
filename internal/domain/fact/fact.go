// Package fact holds what documents of machines say about one release, in one form
// for every format: scans, tests, ratings of a repository, provenance, disclosure,
// statements and CVE records.
//
// A fact is what was found, not what follows from it: checks judge
// (internal/domain/check), formats read (internal/format). What a bill of
// materials says stands in internal/domain/inventory. Values are kept as JSON with
// the document, so fields are added and never renamed.
package fact

// Fault is a broken rule in a document that was accepted all the same. One of
// Pointer and Line says where.
type Fault struct {
	Pointer string `json:"pointer,omitempty"` // JSON pointer (RFC 6901) or element path
	Line    int    `json:"line,omitempty"`    // from 1, in formats of lines
	Rule    string `json:"rule,omitempty"`    // short stable name
	Detail  string `json:"detail"`            // what is wrong, for people
}

// Scan is one run of one tool, as a SARIF log gives it.
type Scan struct {
	Tool        string `json:"tool"`
	ToolVersion string `json:"tool_version,omitempty"`
	Category    string `json:"category,omitempty"` // automationDetails.id, which tells runs of one tool apart
	// Kind is what the tool looks for, from its name and its rules; "" = not known.
	Kind  ScanKind `json:"kind,omitempty"`
	EndAt int64    `json:"end_at,omitempty"` // end of the run, microseconds since 1970 UTC; 0 = not said
	// Failed says that the run itself did not end well (executionSuccessful false, or
	// a tool notification of level error). Its silence says nothing then.
	Failed  bool   `json:"failed,omitempty"`
	Problem string `json:"problem,omitempty"` // what went wrong, as the tool says it
	// Unscanned says that the run has no list of results, which is how a run is written
	// that did not look for any. An empty list is a scan that found nothing.
	Unscanned bool `json:"unscanned,omitempty"`
	// Rules are the rules that the run declares, those of extensions too: silence of
	// a rule that is not among them says nothing. RulesTotal counts them all; the
	// list is cut at MaxRules.
	Rules      []Rule `json:"rules,omitempty"`
	RulesTotal int    `json:"rules_total"`
	// Total counts all results of the list: open, suppressed, passed and absent ones.
	Total int `json:"total"`
	// Open counts results that are neither suppressed nor passes, by level.
	Open map[string]int `json:"open,omitempty"` // error, warning, note, none
	// Severe counts open results of level error, or whose security-severity is 7 or more.
	Severe     int            `json:"severe"`
	Suppressed int            `json:"suppressed"`
	Passed     int            `json:"passed,omitempty"`     // results that found nothing: kinds pass, notApplicable, informational
	Absent     int            `json:"absent,omitempty"`     // results of the baseline that are gone
	Unchanged  int            `json:"unchanged"`            // open ones that the baseline has too
	ByCWE      map[string]int `json:"by_cwe,omitempty"`     // open results, "CWE-79"
	ByRule     map[string]int `json:"by_rule,omitempty"`    // open results, of the MaxRules rules that have most; "" = no rule is named
	First      []Result       `json:"first,omitempty"`      // the worst open results, MaxResults of them
	Revision   string         `json:"revision,omitempty"`   // versionControlProvenance: the commit
	Repository string         `json:"repository,omitempty"` // and where it lies
}

// Limits of what is kept of a scan.
const (
	MaxRules   = 2000
	MaxResults = 100
)

// ScanKind is what a scanner looks for.
type ScanKind string

// The kinds of scanner.
const (
	Static         ScanKind = "static"         // source code
	Dynamic        ScanKind = "dynamic"        // the running program, fuzzers too
	Secrets        ScanKind = "secrets"        // credentials in code
	Composition    ScanKind = "composition"    // known vulnerabilities of components
	Infrastructure ScanKind = "infrastructure" // configuration as code, images
)

// Rule is a rule that a run declares.
type Rule struct {
	ID       string   `json:"id"`
	CWEs     []string `json:"cwes,omitempty"`
	Security bool     `json:"security,omitempty"` // a tag or a security-severity says so
	Disabled bool     `json:"disabled,omitempty"`
}

// Result is one result of a scan.
type Result struct {
	Rule        string `json:"rule"`
	Level       string `json:"level"`
	Message     string `json:"message,omitempty"` // cut to 300 characters
	File        string `json:"file,omitempty"`
	Line        int    `json:"line,omitempty"`
	Fingerprint string `json:"fingerprint,omitempty"`
}

// Tests are the results of one JUnit-style document.
type Tests struct {
	Tool     string  `json:"tool,omitempty"`
	At       int64   `json:"at,omitempty"`     // the latest timestamp in it; 0 = not said
	Suites   []Suite `json:"suites,omitempty"` // cut at MaxSuites
	Tests    int     `json:"tests"`
	Failures int     `json:"failures"`
	Errors   int     `json:"errors"`
	Skipped  int     `json:"skipped"`
	// Failed names the first failing tests, MaxResults of them.
	Failed []string `json:"failed,omitempty"`
}

// MaxSuites bounds the suites that are kept by name.
const MaxSuites = 500

// Suite is one suite of tests.
type Suite struct {
	Name     string `json:"name"`
	Tests    int    `json:"tests"`
	Failures int    `json:"failures"` // errors included
	Skipped  int    `json:"skipped"`
}

// Scorecard is a result of OpenSSF Scorecard.
type Scorecard struct {
	Version    string                    `json:"version"` // of Scorecard
	Repository string                    `json:"repository"`
	Commit     string                    `json:"commit"`
	At         int64                     `json:"at"`     // 0 = not said
	Score      float64                   `json:"score"`  // 0 to 10; -1 = none
	Checks     map[string]ScorecardCheck `json:"checks"` // by name, "Branch-Protection"
}

// ScorecardCheck is one check of Scorecard. Score is 0 to 10; -1 = inconclusive,
// which is not the same as bad.
type ScorecardCheck struct {
	Score  int    `json:"score"`
	Reason string `json:"reason,omitempty"`
}

// Repository is what a forge and a source tree say about themselves, in the format
// touchstone.repository/v1 (docs/formats.md). A nil pointer means that nobody said.
type Repository struct {
	Repository    string `json:"repository,omitempty"`
	Commit        string `json:"commit,omitempty"`
	DefaultBranch string `json:"default_branch,omitempty"`
	CollectedAt   int64  `json:"collected_at,omitempty"`
	Collector     string `json:"collector,omitempty"`

	// Settings of the forge.
	ReviewsRequired     *int  `json:"reviews_required,omitempty"` // approvals before a change is merged
	CodeOwnersRequired  *bool `json:"code_owners_required,omitempty"`
	ChecksRequired      *bool `json:"checks_required,omitempty"` // status checks must pass
	ForcePushBlocked    *bool `json:"force_push_blocked,omitempty"`
	DeletionBlocked     *bool `json:"deletion_blocked,omitempty"`
	AdminsBound         *bool `json:"admins_bound,omitempty"` // rules bind administrators too
	SignedCommits       *bool `json:"signed_commits_required,omitempty"`
	MFARequired         *bool `json:"mfa_required,omitempty"`
	SecretScanning      *bool `json:"secret_scanning,omitempty"`
	PushProtection      *bool `json:"push_protection,omitempty"`
	PrivateReporting    *bool `json:"private_reporting,omitempty"`
	DependencyUpdates   *bool `json:"dependency_updates,omitempty"` // a bot proposes them
	WorkflowTokenRead   *bool `json:"workflow_token_read_only,omitempty"`
	ActionsPinned       *bool `json:"actions_pinned,omitempty"` // third-party steps by digest
	SecretsInRepository *int  `json:"secrets_found,omitempty"`
	// Merged and Reviewed count changes merged in the last 90 days, and those with an
	// approval by somebody other than the author.
	Merged   *int `json:"merged_90_days,omitempty"`
	Reviewed *int `json:"reviewed_90_days,omitempty"`

	// Files, by what they are; the value is the path.
	Files map[FileRole]string `json:"files,omitempty"`
	// Lockfiles and manifests, so that a manifest without a lock is seen.
	Manifests []string `json:"manifests,omitempty"`
	Lockfiles []string `json:"lockfiles,omitempty"`
	// Languages are bytes of source by language.
	Languages map[string]int64 `json:"languages,omitempty"`
	// Binaries are executable files in the tree.
	Binaries []string `json:"binaries,omitempty"`
	// FilesListed says that the tree was looked at, so that a file that is not in
	// Files is not there.
	FilesListed bool `json:"files_listed,omitempty"`
}

// FileRole is what a file in a repository is for.
type FileRole string

// The roles of files.
const (
	FileReadme         FileRole = "readme"
	FileLicence        FileRole = "licence"
	FileSecurity       FileRole = "security_policy"
	FileContributing   FileRole = "contributing"
	FileCodeOwners     FileRole = "code_owners"
	FileChangelog      FileRole = "changelog"
	FileGovernance     FileRole = "governance"
	FileSupport        FileRole = "support"
	FileThreatModel    FileRole = "threat_model"
	FileArchitecture   FileRole = "architecture"
	FileSecurityTxt    FileRole = "security_txt"
	FileBuild          FileRole = "build"
	FileCI             FileRole = "ci"
	FileDependencyBot  FileRole = "dependency_bot"
	FileFuzz           FileRole = "fuzz"
	FileLoosening      FileRole = "loosening_guide"
	FileMemoryRoadmap  FileRole = "memory_safety_roadmap"
	FileConfigTemplate FileRole = "secure_configuration"
)

// Artifacts are the files of a release, in the format touchstone.artifacts/v1: what
// provenance must speak of to count.
type Artifacts struct {
	Files []Artifact `json:"files"`
}

// Artifact is one file of a release.
type Artifact struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"` // lower-case hex
	Size   int64  `json:"size,omitempty"`
}

// Attestation is one signed, or unsigned, statement about artifacts (in-toto). It
// counts only with Counts: signature, chain and identity were verified offline
// against what the operator trusts. Whether its subjects are the release's files is
// for the check to say, which knows both.
type Attestation struct {
	PredicateType string    `json:"predicate_type"`
	Envelope      string    `json:"envelope"`           // dsse, sigstore-bundle, none
	Subjects      []Subject `json:"subjects,omitempty"` // cut at MaxSubjects
	Signed        bool      `json:"signed"`
	Counts        bool      `json:"counts"`
	Problem       string    `json:"problem,omitempty"`  // why it does not count
	Identity      string    `json:"identity,omitempty"` // of the signer, verified
	Issuer        string    `json:"issuer,omitempty"`   // of the identity, verified
	KeyID         string    `json:"key_id,omitempty"`
	SignedAt      int64     `json:"signed_at,omitempty"` // by log or time-stamp; 0 = not known
	// Of SLSA provenance.
	Builder    string `json:"builder,omitempty"`
	BuildType  string `json:"build_type,omitempty"`
	Source     string `json:"source,omitempty"`
	Commit     string `json:"commit,omitempty"`
	BuiltAt    int64  `json:"built_at,omitempty"`
	Parameters bool   `json:"parameters,omitempty"` // external parameters are recorded
	Materials  int    `json:"materials,omitempty"`  // resolved dependencies that are recorded
}

// MaxSubjects bounds the subjects that are kept of an attestation.
const MaxSubjects = 2000

// Subject is an artifact that an attestation speaks of.
type Subject struct {
	Name    string            `json:"name"`
	Digests map[string]string `json:"digests"` // algorithm to lower-case hex
}

// SecurityTxt is a file by RFC 9116. Values that break a rule of it are left out.
type SecurityTxt struct {
	Contacts           []string `json:"contacts"`
	ExpiresAt          int64    `json:"expires_at"` // 0 = not said, which breaks the rule
	Policies           []string `json:"policies,omitempty"`
	Encryption         []string `json:"encryption,omitempty"`
	Acknowledgments    []string `json:"acknowledgments,omitempty"`
	Canonical          []string `json:"canonical,omitempty"`
	CSAF               []string `json:"csaf,omitempty"`
	Hiring             []string `json:"hiring,omitempty"`
	PreferredLanguages string   `json:"preferred_languages,omitempty"`
	Signed             bool     `json:"signed"`           // carries an OpenPGP cleartext signature; it is not verified
	Broken             []string `json:"broken,omitempty"` // names of the rules that the file breaks, once each
}

// Statements is what a VEX document says, counted.
type Statements struct {
	Author    string         `json:"author"`
	At        int64          `json:"at"`
	ByStatus  map[string]int `json:"by_status"`
	Justified int            `json:"justified"` // not affected, with a justification or an impact statement
}

// CVERecord is one record of the maker's own CVEs.
type CVERecord struct {
	ID           string   `json:"id"`
	State        string   `json:"state,omitempty"`
	Completeness int      `json:"completeness"` // 0 to 100, advisory.CVE.Completeness
	CWEs         []string `json:"cwes,omitempty"`
	CPE          bool     `json:"cpe"`
	PURL         bool     `json:"purl"`
	Severity     bool     `json:"severity"`
	PublishedAt  int64    `json:"published_at,omitempty"`
	UpdatedAt    int64    `json:"updated_at,omitempty"`
	Missing      []string `json:"missing,omitempty"` // names of what is not there
}

// Publication is one advisory that the maker published as CSAF.
type Publication struct {
	ID              string `json:"id"` // tracking id
	Title           string `json:"title"`
	Publisher       string `json:"publisher"`
	Category        string `json:"category"`
	CSAFVersion     string `json:"csaf_version"`
	Status          string `json:"status"` // draft, interim, final
	ReleasedAt      int64  `json:"released_at"`
	Vulnerabilities int    `json:"vulnerabilities"`
	FailedTests     int    `json:"failed_tests"` // mandatory tests of the standard
}
