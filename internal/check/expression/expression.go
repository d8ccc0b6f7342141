// Package expression lets an organisation write checks of its own: a sentence in CEL
// (the Common Expression Language) over the facts that the checks of the library
// see. It is true, false, or cannot be decided, because a fact that it asks for was
// never delivered: an empty list is not a clean one.
//
// An expression is checked against the vocabulary (vocabulary.go) before it is kept,
// has no access to anything but the facts, and stops at a bound of cost, so that it
// can neither look elsewhere nor hold the server up.
package expression

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/ext"

	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Limits of an expression.
const (
	MaxLength = 4000      // characters
	MaxCost   = 2_000_000 // steps of CEL, some tens of milliseconds
)

// Expression is an expression that was checked. It may be used by several
// goroutines at once.
type Expression struct {
	Source  string
	Kinds   []check.Kind // of the facts that it asks for
	program cel.Program
	uses    []variable
}

// Compiler checks expressions against the vocabulary.
type Compiler struct{ env *cel.Env }

// New makes a compiler.
func New() (*Compiler, error) {
	options := []cel.EnvOption{ext.NativeTypes(append(nativeTypes(), ext.ParseStructTags(true))...), ext.Strings(ext.StringsVersion(3)),
		cel.ParserRecursionLimit(64), cel.ParserExpressionSizeLimit(MaxLength), cel.CrossTypeNumericComparisons(true)}
	for _, v := range vocabulary() {
		options = append(options, cel.Variable(v.name, v.celType()))
	}
	env, err := cel.NewEnv(options...)
	if err != nil {
		return nil, fmt.Errorf("vocabulary of expressions: %w", err)
	}
	return &Compiler{env}, nil
}

// Compile checks an expression. It fails with fault.Invalid and one problem for each
// mistake, with its line and column, when the expression is not CEL, asks for what
// the vocabulary does not have, is neither true nor false, or asks for no fact.
func (c *Compiler) Compile(source string) (*Expression, error) {
	var p fault.Problems
	source = strings.TrimSpace(source)
	if source == "" {
		p.Add("/expression", "Enter an expression.")
		return nil, p.Err()
	}
	if utf8.RuneCountInString(source) > MaxLength {
		p.Add("/expression", "The expression must be %d characters or fewer.", MaxLength)
		return nil, p.Err()
	}
	ast, issues := c.env.Compile(source)
	if issues.Err() != nil {
		for _, e := range issues.Errors() {
			p.Add("/expression", "Line %d, column %d: %s.", e.Location.Line(), e.Location.Column()+1, plain(e.Message))
		}
		return nil, p.Err()
	}
	if ast.OutputType() != cel.BoolType {
		p.Add("/expression", "The expression must be true or false. This one gives %s.", ast.OutputType())
		return nil, p.Err()
	}
	e := &Expression{Source: source}
	named := map[string]bool{}
	for _, ref := range ast.NativeRep().ReferenceMap() {
		named[ref.Name] = true
	}
	for _, v := range vocabulary() {
		if named[v.name] {
			e.uses = append(e.uses, v)
			if v.kind != "" && !slices.Contains(e.Kinds, v.kind) {
				e.Kinds = append(e.Kinds, v.kind)
			}
		}
	}
	if len(e.Kinds) == 0 {
		p.Add("/expression", "The expression asks for no fact, so it would say the same of every system.")
		return nil, p.Err()
	}
	var err error
	if e.program, err = c.env.Program(ast, cel.CostLimit(MaxCost)); err != nil {
		return nil, fmt.Errorf("program of an expression: %w", err)
	}
	return e, nil
}

// plain turns the words of the CEL parser into one line.
func plain(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if before, _, long := strings.Cut(s, " expecting {"); long {
		s = before
	}
	return strings.TrimSuffix(s, ".")
}

// Evaluate decides the expression on the facts of one release. pass and fail are the
// organisation's own words for its outcomes.
func (e *Expression) Evaluate(f check.Facts, pass, fail string) check.Verdict {
	in := map[string]any{}
	var used []check.Used
	var newest, oldest int64
	for _, v := range e.uses {
		value, from := v.read(f)
		in[v.name] = value
		if v.kind == "" {
			continue
		}
		if from.missing {
			return check.Undecided(f.Now, fmt.Sprintf("Nothing is known of “%s”: %s", v.name, v.missing), used...)
		}
		used = append(used, check.Used{What: v.kind.Title(), Value: from.value, At: from.newest, Where: v.name})
		newest = max(newest, from.newest)
		if from.oldest != 0 && (oldest == 0 || from.oldest < oldest) {
			oldest = from.oldest
		}
	}
	if newest == 0 {
		newest = f.Now
	}
	out, _, err := e.program.Eval(in)
	if err != nil {
		return check.Undecided(f.Now, "The expression could not be evaluated: "+why(err)+".", used...)
	}
	verdict := check.Failed(newest, sentence(fail, "The expression is false"), used...)
	if out.Value() == true {
		verdict = check.Passed(newest, sentence(pass, "The expression is true"), used...)
	}
	verdict.FreshFrom = oldest
	return verdict
}

func why(err error) string {
	if strings.Contains(err.Error(), "cost limit exceeded") {
		return fmt.Sprintf("it takes more than %d steps on these facts. Make it simpler", MaxCost)
	}
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return plain(err.Error())
}

func sentence(s, otherwise string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		s = otherwise
	}
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}
