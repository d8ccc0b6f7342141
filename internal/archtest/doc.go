// Package archtest holds the rules of the house as tests: which package may know
// which (rings_test.go), who may use which module of others (modules_test.go) and
// which words may not stand in the code at all (words_test.go). It has no code of
// its own.
//
// A failure names the rule, the place and what to do instead. Whoever changes a
// table here changes the architecture: say why in the commit, and keep
// docs/architecture.md in step.
package archtest
