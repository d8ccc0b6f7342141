package ground

import (
	"cmp"
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

// Question is a question to the source repositories of a release. What a
// repository says of its own settings speaks first; a Scorecard result speaks for
// repositories that say nothing.
type Question struct {
	What string // the fact as a page shows it, "Reviews required"
	// Ask gives the answer of the repository's own facts with a sentence. The sentence
	// of an unsaid answer is made here. nil: they are not asked.
	Ask func(name string, r fact.Repository) (Answer, string)
	// Scorecard is the name of Scorecard's check; "" = it is not asked. A score of
	// AtLeast is a yes. A lower one is a no, or says nothing when Lenient: some of its
	// checks know a few tools only, and their silence shows nothing.
	Scorecard string
	AtLeast   int
	Lenient   bool
	Missing   string // what to deliver when nobody answers
}

// Judge asks every repository.
func (q Question) Judge(f check.Facts) check.Verdict {
	g := New(f)
	said := q.repositories(g, f.Repositories)
	said = append(said, q.scorecards(g, f.Scorecards)...)
	return g.every(merged(said), first, q.Missing)
}

func (q Question) repositories(g *Ground, list []check.Of[fact.Repository]) (said []Said) {
	if q.Ask == nil {
		return nil
	}
	for _, r := range list {
		name := cmp.Or(Text(RepositoryName(r.Fact.Repository)), "the repository")
		answer, words := q.Ask(name, r.Fact)
		value := map[Answer]string{Unsaid: "not said", No: "no", Yes: "yes"}[answer]
		if answer == Unsaid {
			words = fmt.Sprintf("The facts of %s do not say it.", name)
		}
		g.Beside(r.Document, q.What, value+", "+name)
		said = append(said, Said{Subject: RepositoryName(r.Fact.Repository), Answer: answer, Words: words, doc: r.Document})
	}
	return said
}

func (q Question) scorecards(g *Ground, list []check.Of[fact.Scorecard]) (said []Said) {
	if q.Scorecard == "" {
		return nil
	}
	for _, s := range list {
		subject := RepositoryName(s.Fact.Repository)
		name := cmp.Or(Text(subject), "the repository")
		c, ok := s.Fact.Checks[q.Scorecard]
		one := Said{Subject: subject, doc: s.Document, rank: 1}
		switch {
		case !ok:
			one.Words = fmt.Sprintf("The Scorecard result of %s does not have %s.", name, q.Scorecard)
			g.Beside(s.Document, "Scorecard "+q.Scorecard, "not there, "+name)
		case c.Score < 0 || c.Score > 10 || c.Score < q.AtLeast && q.Lenient:
			one.Words = fmt.Sprintf("Scorecard's %s could not tell for %s%s.", q.Scorecard, name, because(c.Reason))
			g.Beside(s.Document, "Scorecard "+q.Scorecard, fmt.Sprintf("%d, %s", c.Score, name))
		default:
			one.Answer = No
			if c.Score >= q.AtLeast {
				one.Answer = Yes
			}
			one.Words = fmt.Sprintf("Scorecard rates %s of %s %d of 10; %d is asked%s.", q.Scorecard, name, c.Score, q.AtLeast, because(c.Reason))
			g.Beside(s.Document, "Scorecard "+q.Scorecard, fmt.Sprintf("%d of 10, %s", c.Score, name))
		}
		said = append(said, one)
	}
	return said
}

func because(reason string) string {
	if reason = Text(reason); reason == "" {
		return ""
	}
	return " (" + reason + ")"
}

// merged counts documents that do not name their repository to the only one that is
// named, if there is one.
func merged(said []Said) []Said {
	only, several := "", false
	for _, s := range said {
		if s.Subject != "" {
			several = several || only != "" && only != s.Subject
			only = s.Subject
		}
	}
	for i := range said {
		if said[i].Subject == "" && !several {
			said[i].Subject = only
		}
	}
	return said
}

// Flag is the question about one setting that is said, or is not.
func Flag(b *bool, yes, no string) (Answer, string) {
	switch {
	case b == nil:
		return Unsaid, ""
	case *b:
		return Yes, yes
	}
	return No, no
}

// All is yes when every setting is on, no when one is off, and unsaid when one that
// matters is not said.
func All(flags ...*bool) Answer {
	answer := Yes
	for _, b := range flags {
		if b != nil && !*b {
			return No
		}
		if b == nil {
			answer = Unsaid
		}
	}
	return answer
}

// File is the question whether a file with a role is in the tree. A tree that was
// not listed has said nothing. The sentence of a yes is given the name of the
// repository and the path, that of a no the name.
func File(r fact.Repository, role fact.FileRole, name, yes, no string) (Answer, string) {
	path, ok := r.Files[role]
	switch {
	case ok && path != "":
		return Yes, fmt.Sprintf(yes, name, Text(path))
	case !r.FilesListed:
		return Unsaid, ""
	}
	return No, fmt.Sprintf(no, name)
}

// What to deliver when no repository answers.
const (
	NoRepository = "Push repository facts (touchstone.repository/v1)."
	NoScorecard  = "Push repository facts (touchstone.repository/v1) or a Scorecard result (JSON)."
	NoRating     = "Push a Scorecard result (JSON)."
)
