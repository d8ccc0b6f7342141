package boot

import (
	"context"
	"errors"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/cli"
)

// benchSeed is the bench seed command.
func (p *program) benchSeed(ctx context.Context, t cli.Target, o cli.BenchOptions) (out cli.BenchResult, err error) {
	t.Create = true
	c, err := p.config(t)
	if err != nil {
		return out, err
	}
	in, err := open(ctx, c, opening{create: true, version: p.version, publicURL: lastURL(c)}, p.logger(c))
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	made, err := in.app.BenchSeed(ctx, app.BenchInput{Systems: o.Systems, Components: o.Components, Answers: o.Answers, Units: o.Units, Users: o.Users, Seed: o.Seed})
	return cli.BenchResult{Schema: "touchstone.bench-seed/v1", Counts: made.Counts, Token: made.Token}, err
}
