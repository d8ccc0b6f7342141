package sample

import (
	"fmt"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

// The last eight weeks of the year bring pipelines: four systems of each organisation
// deliver what their builds know, a feed brings a new advisory, and
// standings follow without anybody touching an answer.
//
//   - ticketing, by its place, takes the fix of the new advisory three days late: its
//     claim is contradicted and recovers with the next release.
//   - the one under way delivers its first bill of materials with a component that is
//     being exploited, and is put right in days.
//   - the first lets a finding pass its due date and is contradicted to this day.
//   - the returned one has a statement of not affected, and a document with a fault.

const ticketing = 1

// Requirements of the in-service set that the pipelines speak to.
const (
	platform = "TIS-PR.PS" // due dates, code analysis
	risk     = "TIS-ID.RA" // known exploitation, decisions
	assets   = "TIS-ID.AM" // bills of materials
)

// certain reports whether a team is sure of itself from the start: without a claim
// there is nothing that evidence could contradict.
func (s *system) certain(requirement string) bool {
	if s.spec.framework != inService {
		return false
	}
	switch s.place {
	case overdueUnstarted, ticketing:
		return requirement == platform || requirement == risk || requirement == assets
	case underWay:
		return requirement == risk || requirement == assets
	}
	return false
}

// product is what a system's pipeline builds.
func (s *system) product() product {
	name := strings.ReplaceAll(strings.ToLower(s.spec.name), " ", "-")
	p := product{name: name, maker: s.org.spec.name, repository: "code." + s.org.spec.domain + "/" + s.org.spec.short + "/" + name}
	switch s.place {
	case returned:
		p.ecosystem, p.parts = "pypi", pypiParts()
	case underWay:
		p.ecosystem, p.parts = "maven", mavenParts()
	default:
		p.ecosystem, p.parts = "npm", npmParts()
	}
	return p
}

var (
	oldReader, newReader = part{reader, "2.3.0", "MIT"}, part{reader, "2.3.4", "MIT"}
	oldLodash            = part{"lodash", "4.17.20", "MIT"}
	oldRequests          = part{"requests", "2.30.0", "Apache-2.0"}
	loggingOld           = part{"org.apache.logging.log4j/log4j-core", "2.14.1", "Apache-2.0"}
	loggingNew           = part{"org.apache.logging.log4j/log4j-core", "2.17.1", "Apache-2.0"}
)

// planPipelines plans what machines deliver for an organisation.
func (b *builder) planPipelines(o *organisation) {
	for _, s := range o.systems {
		first := feedStarts + 1 + o.number
		on := func(day int, what string, do func() error) {
			b.on(first+day, 11*60+s.place*10, what+" of "+s.spec.name, do)
		}
		build := func(day int, release string, p product, further ...func(product) document) {
			on(day, "release "+release, func() error {
				list := []document{p.bill(release, b.now, false), p.analysis(b.now), p.tests(b.now)}
				for _, f := range further {
					list = append(list, f(p))
				}
				return b.push(s, release, list...)
			})
		}
		scorecard := func(p product) document { return p.scorecard(b.now) }
		facts := func(p product) document { return p.facts(b.now) }
		security := func(product) document { return contact(o.spec.domain, b.now) }
		p := s.product()
		mixed := func(c ...part) product {
			q := p
			for _, one := range c {
				q.parts = with(q.parts, one)
			}
			return q
		}
		switch s.place {
		case overdueUnstarted:
			on(0, "pipeline", func() error { return b.pipeline(s) })
			build(22, "7.1", p, facts)
			build(29, "7.2", mixed(oldLodash)) // due on the 14th day after, which has passed
		case ticketing:
			on(0, "pipeline", func() error { return b.pipeline(s) })
			build(1, "4.0.0", mixed(oldReader), scorecard, facts, security)
			build(6, "4.1.0", mixed(oldReader), security)
			build(28, "4.2.0", mixed(newReader), security)
			build(36, "4.2.1", mixed(newReader), facts, security)
		case returned:
			on(0, "pipeline", func() error { return b.pipeline(s) })
			on(24, "release 2024.11", func() error {
				q := mixed(oldRequests)
				return b.push(s, "2024.11", q.bill("2024.11", b.now, true), q.tests(b.now))
			})
			on(26, "statement", func() error { return b.stateNotAffected(s, mixed(oldRequests), "2024.11") })
		case underWay:
			on(0, "pipeline", func() error { return b.pipeline(s) })
			build(10, "0.8.0", mixed(loggingOld), scorecard)
			build(13, "0.8.1", mixed(loggingNew))
			build(34, "0.9.0", mixed(loggingNew), facts)
		}
	}
}

// pipeline gives a system's pipeline a token that may deliver and read what came of
// it, and nothing else.
func (b *builder) pipeline(s *system) error {
	return b.visit(s.org.one(access.Administrator, 0), func(who access.Actor) error {
		made, _, err := b.app.CreateToken(b.ctx, who, app.TokenInput{Name: "Pipeline of " + s.spec.name, Role: access.TeamMember, System: s.id,
			Scopes: []access.Operation{access.ReleaseWrite, access.ReleaseRead}, Life: 180 * 24 * time.Hour})
		s.token = made.Secret
		return err
	})
}

// push delivers documents as a system's pipeline does.
func (b *builder) push(s *system, release string, list ...document) error {
	who, err := b.app.ActorFromToken(b.ctx, s.token, app.RequestMeta{Address: "192.0.2.40", Agent: "touchstone push"})
	if err != nil {
		return err
	}
	return b.deliver(who, s, release, list...)
}

func (b *builder) deliver(who access.Actor, s *system, release string, list ...document) error {
	for _, d := range list {
		in := app.DeliverInput{System: s.id, Release: release, Name: d.name, Content: strings.NewReader(d.text)}
		if _, _, err := b.app.Deliver(b.ctx, who, in); err != nil {
			return fmt.Errorf("deliver %s: %w", d.name, err)
		}
		b.pass()
	}
	return b.work()
}

// stateNotAffected is a lead who looked into a finding. A pipeline may not decide.
func (b *builder) stateNotAffected(s *system, p product, release string) error {
	return b.visit(s.org.one(access.DTSL, s.place/4), func(who access.Actor) error {
		return b.deliver(who, s, release, p.statement(release, "CVE-2023-32681", oldRequests, b.now))
	})
}

// work does the jobs that follow, as a server does behind its requests.
func (b *builder) work() error {
	for range 10_000 {
		if more, err := b.app.Work(b.ctx); err != nil || !more {
			return err
		}
	}
	return fmt.Errorf("the jobs do not end")
}
