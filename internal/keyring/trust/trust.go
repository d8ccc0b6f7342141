// Package trust makes the browsers of one person, and on request the whole
// machine, trust the local certificate authority, and undoes it.
//
// It changes nothing without the caller's word that the person agreed, says of
// every place what was done, and where it could not act says what to do by
// hand. Firefox, Chromium and their kin keep trust in NSS databases, which
// certutil changes; Debian and its kin keep the machine's in
// /usr/local/share/ca-certificates.
//
// It is the one place below package boot that runs other programs: certutil
// and update-ca-certificates, with fixed arguments and no shell. It knows
// nothing of keys.
package trust

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Request says what to do.
type Request struct {
	CAFile  string // the authority's certificate in PEM; its path is shown in instructions
	Home    string // home folder of the person
	Consent bool   // the person said yes to exactly this
	System  bool   // the machine's list too; needs root

	SystemDir string   // for tests; empty for /usr/local/share/ca-certificates
	Update    []string // for tests; empty for update-ca-certificates
}

// Step is what happened in one place.
type Step struct {
	Place string `json:"place"`
	Done  bool   `json:"done"`
	Text  string `json:"text"` // what was done, or what to do by hand
}

const (
	timeout   = 30 * time.Second
	systemDir = "/usr/local/share/ca-certificates"
)

// Install adds the authority in every place it can. It returns what it did in
// each; only a request that is wrong in itself fails: fault.Forbidden without
// consent, fault.Invalid for a file that is not an authority's certificate.
func Install(ctx context.Context, r Request) ([]Step, error) { return run(ctx, r, true) }

// Remove takes the authority out again wherever Install puts it. A place where
// it is not is done.
func Remove(ctx context.Context, r Request) ([]Step, error) { return run(ctx, r, false) }

func run(ctx context.Context, r Request, install bool) ([]Step, error) {
	if !r.Consent {
		return nil, fault.New(fault.Forbidden, "Nothing was changed. Say yes first to trusting this certificate authority.")
	}
	name, err := nickname(r.CAFile)
	if err != nil {
		return nil, err
	}
	steps := r.browsers(ctx, name, install)
	if r.System {
		steps = append(steps, r.system(ctx, name, install))
	}
	return steps, nil
}

// nickname is the name under which the authority stands in a list. It carries
// the fingerprint, so that Remove takes out this authority and no other.
func nickname(caFile string) (string, error) {
	notOne := fault.Newf(fault.Invalid, "%s is not the certificate of a certificate authority.", caFile)
	raw, err := os.ReadFile(caFile)
	if err != nil {
		return "", notOne.Because(err)
	}
	block, _ := pem.Decode(raw)
	if block == nil || block.Type != "CERTIFICATE" {
		return "", notOne
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil || !cert.IsCA {
		return "", notOne.Because(err)
	}
	return fmt.Sprintf("touchstone-local-ca-%x", sha256.Sum256(cert.Raw))[:len("touchstone-local-ca-")+16], nil
}

// browsers handles the person's NSS databases: the shared one, which Chromium
// reads and which is made if need be, and one per Firefox profile.
func (r Request) browsers(ctx context.Context, name string, install bool) []Step {
	shared := filepath.Join(r.Home, ".pki", "nssdb")
	certutil, err := exec.LookPath("certutil")
	if err != nil {
		return []Step{{Place: "browsers", Text: "The program certutil was not found. Install it (Debian: apt install libnss3-tools) and try again, " +
			"or " + byHand(r.CAFile, install)}}
	}
	var steps []Step
	for _, db := range append([]string{shared}, profiles(r.Home)...) {
		steps = append(steps, r.browser(ctx, certutil, db, name, install))
	}
	return steps
}

func (r Request) browser(ctx context.Context, certutil, db, name string, install bool) Step {
	step := Step{Place: db}
	_, missing := os.Stat(filepath.Join(db, "cert9.db"))
	err := missing
	switch {
	case errors.Is(missing, fs.ErrNotExist) && !install:
		step.Done, step.Text = true, "There was nothing to remove."
		return step
	case errors.Is(missing, fs.ErrNotExist):
		if err = os.MkdirAll(db, 0o700); err == nil {
			err = command(ctx, certutil, "-N", "-d", "sql:"+db, "--empty-password")
		}
	}
	if err == nil && install {
		// C: may vouch for servers; nothing for mail or code.
		err = command(ctx, certutil, "-A", "-d", "sql:"+db, "-n", name, "-t", "C,,", "-i", r.CAFile)
		step.Text = "The certificate authority was added. Restart the browser if it is open."
	} else if err == nil {
		if command(ctx, certutil, "-L", "-d", "sql:"+db, "-n", name) != nil {
			step.Done, step.Text = true, "There was nothing to remove."
			return step
		}
		err = command(ctx, certutil, "-D", "-d", "sql:"+db, "-n", name)
		step.Text = "The certificate authority was removed. Restart the browser if it is open."
	}
	if err != nil {
		step.Text = fmt.Sprintf("This could not be changed (%v). Instead, %s", err, byHand(r.CAFile, install))
		return step
	}
	step.Done = true
	return step
}

// profiles returns the folders of Firefox profiles, of the Debian package, the
// snap and the flatpak.
func profiles(home string) []string {
	var found []string
	for _, base := range []string{".mozilla/firefox", "snap/firefox/common/.mozilla/firefox", ".var/app/org.mozilla.firefox/.mozilla/firefox"} {
		entries, err := os.ReadDir(filepath.Join(home, base))
		if err != nil {
			continue // not there, which is usual
		}
		for _, e := range entries {
			if _, err := os.Stat(filepath.Join(home, base, e.Name(), "cert9.db")); err == nil {
				found = append(found, filepath.Join(home, base, e.Name()))
			}
		}
	}
	slices.Sort(found)
	return found
}

// system handles the list of a Debian machine.
func (r Request) system(ctx context.Context, name string, install bool) Step {
	dir, update := r.SystemDir, r.Update
	if dir == "" {
		dir = systemDir
	}
	if len(update) == 0 {
		update = []string{"update-ca-certificates"}
	}
	path := filepath.Join(dir, name+".crt")
	step := Step{Place: "this machine"}
	manual := fmt.Sprintf("Run as root: cp %s %s && update-ca-certificates", r.CAFile, path)
	if !install {
		manual = fmt.Sprintf("Run as root: rm -f %s && update-ca-certificates", path)
	}
	if _, err := os.Stat(dir); err != nil {
		step.Text = fmt.Sprintf("%s was not found, so this is not Debian or one of its kin. Add %s to the machine's trusted authorities the way its maker says.", dir, r.CAFile)
		return step
	}
	if r.SystemDir == "" && os.Geteuid() != 0 {
		step.Text = "Changing the machine's list needs root. " + manual
		return step
	}
	err := r.changeSystem(path, install)
	if err == nil {
		err = command(ctx, update[0], update[1:]...)
	}
	if err != nil {
		step.Text = fmt.Sprintf("This could not be changed (%v). %s", err, manual)
		return step
	}
	step.Done, step.Text = true, "The certificate authority was added to "+path+"."
	if !install {
		step.Text = "The certificate authority is no longer in " + path + "."
	}
	return step
}

func (r Request) changeSystem(path string, install bool) error {
	if !install {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	raw, err := os.ReadFile(r.CAFile)
	if err != nil {
		return err
	}
	return os.WriteFile(path, raw, 0o644)
}

func byHand(caFile string, install bool) string {
	if install {
		return "open the browser's settings, find its certificate authorities, and import " + caFile + " to identify websites."
	}
	return "open the browser's settings, find its certificate authorities, and delete the one named Touchstone local CA."
}

// command runs a program without a shell and without input. The first line of
// what it said becomes the error.
func command(ctx context.Context, program string, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	out, err := exec.CommandContext(ctx, program, args...).CombinedOutput()
	if err != nil {
		said, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
		return fmt.Errorf("%s: %w: %s", filepath.Base(program), err, said)
	}
	return nil
}
