package boot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/cli"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/sample"
)

// demoSeed fixes every choice of the sample data: two demos hold the same counts.
const demoSeed = 1

// demoSpan is how far back the history of a demo begins.
const demoSpan = 366 * 24 * time.Hour

// persona is a sample person with the ways in.
type persona struct {
	Name         string `json:"name"`
	Role         string `json:"role"`
	Organisation string `json:"organisation"`
	SignInURL    string `json:"sign_in_url"`
	Token        string `json:"token"`
}

type demoStarted struct {
	Schema   string    `json:"schema"`
	URL      string    `json:"url"`
	ReadyMS  float64   `json:"ready_ms"`
	Version  string    `json:"version"`
	Personas []persona `json:"personas"`
}

// demo is the demo command: a server on a folder of sample data, which it makes
// when the folder is new.
func (p *program) demo(ctx context.Context, o cli.ServeOptions) error {
	c, _, err := Load(o.Values(), p.environ, o.Config)
	if err != nil {
		return err
	}
	if host, _, err := net.SplitHostPort(c.Listen); err != nil || !loopback(host) || c.PublicURL != "" {
		return fault.New(fault.Invalid, "A demo listens on this machine only: its sign-in links and tokens need no passkey.")
	}
	fresh := isFresh(c)
	s, err := p.listen(ctx, c, true)
	if err != nil {
		return err
	}
	people, err := p.seedDemo(ctx, s, fresh)
	if err != nil {
		return errors.Join(err, s.listener.Close(), s.close())
	}
	err = s.run(ctx, p, func() error { return p.announceDemo(ctx, s, people, o.JSON) })
	return errors.Join(err, s.close())
}

func isFresh(c Config) bool {
	_, err := os.Stat(filepath.Join(c.Data, personasFile))
	return errors.Is(err, os.ErrNotExist)
}

// personasFile lists the sample people of a finished demo. Its absence says that
// the demo was cut short while it was made.
const personasFile = "personas.json"

func (p *program) seedDemo(ctx context.Context, s *server, fresh bool) ([]sample.Persona, error) {
	path := filepath.Join(s.config.Data, personasFile)
	var people []sample.Persona
	if !fresh {
		b, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		return people, json.Unmarshal(b, &people)
	}
	used, err := s.app.LogState(ctx)
	if err != nil {
		return nil, err
	}
	if used.Size > 1 {
		return nil, fault.Newf(fault.Conflict, "The demo in %s was cut short while it was made. Remove it with touchstone demo --remove --data %s, then start again.", s.config.Data, s.config.Data)
	}
	fmt.Fprintln(p.stderr, "Making a year of sample data. This takes a moment.")
	world, err := sample.Build(ctx, s.app, s.clock.fix, time.Now(), demoSeed)
	s.clock.free()
	if err != nil {
		return nil, fmt.Errorf("make the sample data: %w", err)
	}
	b, err := json.Marshal(world.Personas)
	if err != nil {
		return nil, err
	}
	return world.Personas, os.WriteFile(path, b, 0o600)
}

func (p *program) announceDemo(ctx context.Context, s *server, people []sample.Persona, asJSON bool) error {
	out := demoStarted{Schema: "touchstone.demo/v1", URL: s.url, Version: p.version}
	for _, who := range people {
		link, _, err := s.app.NewDemoLink(ctx, who.PersonID)
		if err != nil {
			return err
		}
		token, _, err := s.app.CreateDemoToken(ctx, who.PersonID, who.OrganisationID)
		if err != nil {
			return err
		}
		out.Personas = append(out.Personas, persona{Name: who.Name, Role: string(who.Role), Organisation: who.OrganisationID, SignInURL: link.URL, Token: token.Secret})
	}
	out.ReadyMS = float64(time.Since(p.began).Microseconds()) / 1000
	if asJSON {
		return json.NewEncoder(p.stdout).Encode(out)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "The demo is ready at %s (%.1f s). Everything in it is sample data.\n\nOpen one of these links to sign in as a sample person; each works once:\n", out.URL, out.ReadyMS/1000)
	for _, who := range out.Personas {
		fmt.Fprintf(&b, "  %-34s %s\n", who.Name, who.SignInURL)
	}
	fmt.Fprintf(&b, "\nThe certificate comes from an authority of the demo's own: %s\nRemove all of it with: touchstone demo --remove --data %s\n", s.keys.CAFile(), s.config.Data)
	_, err := fmt.Fprint(p.stdout, b.String())
	return err
}
