package ground

import (
	"cmp"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

// Answer is what a document says to the question of a check. Unsaid is not no.
type Answer int

// The answers.
const (
	Unsaid Answer = iota
	No
	Yes
)

// Said is the answer of one document about one subject, such as a repository.
type Said struct {
	Subject string
	Answer  Answer
	Words   string // a sentence that names the deciding thing
	doc     check.Document
	rank    int // an answer of a lower rank speaks before those of higher ones
}

// every lets each subject answer, and passes when every one says yes. Within a
// subject choose picks the answer that speaks for it.
func (g *Ground) every(said []Said, choose func([]Said) Said, missing string) check.Verdict {
	subjects := map[string][]Said{}
	for _, s := range said {
		subjects[s.Subject] = append(subjects[s.Subject], s)
	}
	spoken := make([]Said, 0, len(subjects))
	for _, list := range subjects {
		s := choose(list)
		for _, o := range list { // whoever else says the same may be newer
			if o.Answer == s.Answer && Newer(o.doc, s.doc) {
				s.doc = o.doc
			}
		}
		g.Rests(s.doc)
		spoken = append(spoken, s)
	}
	slices.SortFunc(spoken, func(a, b Said) int { return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Words, b.Words)) })
	by := map[Answer][]Said{}
	for _, s := range spoken {
		by[s.Answer] = append(by[s.Answer], s)
	}
	switch {
	case len(by[No]) > 0:
		return g.Fail("%s%s", by[No][0].Words, Others(len(by[No])-1))
	case len(by[Unsaid]) > 0:
		return g.Cannot("%s %s", by[Unsaid][0].Words, missing)
	case len(by[Yes]) > 0:
		return g.Pass("%s%s", by[Yes][0].Words, Others(len(by[Yes])-1))
	}
	return g.Cannot("%s", missing)
}

// best prefers yes, then no, and among equals the newest document: one good one
// about a subject is enough.
func best(list []Said) Said {
	return slices.MinFunc(list, func(a, b Said) int {
		return cmp.Or(cmp.Compare(b.Answer, a.Answer), byDocument(a.doc, b.doc), cmp.Compare(a.Words, b.Words))
	})
}

// first prefers the lowest rank that says anything, and within it no: two
// documents of one kind that disagree are not a yes.
func first(list []Said) Said {
	return slices.MinFunc(list, func(a, b Said) int {
		return cmp.Or(cmp.Compare(silent(a), silent(b)), cmp.Compare(a.rank, b.rank), cmp.Compare(a.Answer, b.Answer), byDocument(a.doc, b.doc), cmp.Compare(a.Words, b.Words))
	})
}

func silent(s Said) int {
	if s.Answer == Unsaid {
		return 1
	}
	return 0
}

// RepositoryName is a repository as its different documents name it: without
// scheme, user and suffix, in lower case.
func RepositoryName(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	s = strings.TrimPrefix(s, "git+")
	if _, after, ok := strings.Cut(s, "://"); ok {
		s = after
	} else if user, rest, ok := strings.Cut(s, "@"); ok && !strings.Contains(user, "/") {
		s = strings.Replace(user+"@"+rest, ":", "/", 1) // git@host:owner/name
	}
	if user, rest, ok := strings.Cut(s, "@"); ok && !strings.Contains(user, "/") {
		s = rest
	}
	if name, _, ok := strings.Cut(s, "@"); ok { // name@commit
		s = name
	}
	return strings.TrimSuffix(strings.TrimSuffix(s, "/"), ".git")
}
