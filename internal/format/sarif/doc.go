// Package sarif reads logs in the Static Analysis Results Interchange Format,
// version 2.1.0 (OASIS Standard, 27 March 2020), into scans: one for each run. It
// reads a log from front to back in one pass, so that one of several hundred
// megabytes costs little more memory than its rules.
//
// What it reads of a run: the tool, its version, the rules of the driver and the
// extensions with what switches them on and off; invocations and their notifications;
// results with level, kind, suppressions, baseline, weaknesses, fingerprint and first
// location; where the code lies under version control; the identity of the run.
//
// What it does not read: code flows, graphs, fixes, snippets, web requests, policies,
// translations, and files that the log only points to (which it says as a fault,
// since rules or results may be in them).
//
// How results count follows the standard. A result is open when its kind is fail,
// open or review (section 3.27.9), when no baseline says that it is gone (3.27.24),
// and when it is not suppressed: it has suppressions and none of them is under review
// or rejected (3.27.23, 3.35). Its level is its own, else that of the override of
// its invocation, else that of the rule, else warning (3.27.10). Where a log is wrong
// or unclear the worse reading counts: an unknown level is an error, a suppression
// without a kind does not suppress.
//
// Silence is told apart from health: a run without a list of results did not scan
// (Scan.Unscanned), a run that broke off has Failed, and a rule speaks only when it
// is among Rules and not Disabled.
//
// Invariant: since members of a JSON object have no order, and many tools write the
// results before the tool, nothing of a result is decided before the end of its run
// (settle.go).
package sarif
