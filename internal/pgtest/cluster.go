package pgtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// Cluster is a running throw-away server.
type Cluster struct {
	URL string // for Variable

	dir    string
	server *exec.Cmd
	done   chan error
	log    *bytes.Buffer
}

// ErrMissing says that the server's programs are not installed.
var ErrMissing = errors.New("PostgreSQL's server is not installed (initdb and postgres were not found). On Debian or Ubuntu: apt-get install postgresql")

// binaries finds the folder with initdb and postgres: on the path, else the newest
// version where distributions put it.
func binaries() (string, error) {
	if p, err := exec.LookPath("initdb"); err == nil {
		if p, err = filepath.EvalSymlinks(p); err == nil {
			return filepath.Dir(p), nil
		}
	}
	var found []string
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin/initdb", "/usr/pgsql-*/bin/initdb", "/opt/homebrew/opt/postgresql*/bin/initdb", "/usr/local/pgsql/bin/initdb"} {
		matches, _ := filepath.Glob(pattern) // the patterns are constants and well formed
		found = append(found, matches...)
	}
	if len(found) == 0 {
		return "", ErrMissing
	}
	slices.Sort(found)
	return filepath.Dir(found[len(found)-1]), nil
}

// identity is whom the server runs as: it refuses to run as root, so then the
// user that its package made is taken.
func identity() (*syscall.Credential, int, int, error) {
	if os.Geteuid() != 0 {
		return nil, os.Geteuid(), os.Getegid(), nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err := errors.Join(err1, err2); err != nil {
			return nil, 0, 0, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, uid, gid, nil
	}
	return nil, 0, 0, errors.New("PostgreSQL does not run as root and there is no user postgres or nobody")
}

// Start makes a cluster in a temporary folder and waits until it answers. It
// listens on a socket in that folder and on no network address.
func Start(ctx context.Context) (*Cluster, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	credential, uid, gid, err := identity()
	if err != nil {
		return nil, err
	}
	// Short, because the path of a socket may have no more than 107 bytes.
	dir, err := os.MkdirTemp("/tmp", "pg")
	if err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir, done: make(chan error, 1), log: new(bytes.Buffer)}
	if err := os.Chown(dir, uid, gid); err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	data := filepath.Join(dir, "data")
	initdb := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	initdb.Dir = dir
	initdb.SysProcAttr = &syscall.SysProcAttr{Credential: credential}
	if out, err := initdb.CombinedOutput(); err != nil {
		os.RemoveAll(dir)
		return nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	c.server = exec.Command(filepath.Join(bin, "postgres"), "-D", data, "-k", dir, "-h", "",
		"-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
		"-c", "max_connections=400", "-c", "shared_buffers=64MB", "-c", "log_min_messages=fatal")
	c.server.Dir = dir
	c.server.Stdout, c.server.Stderr = c.log, c.log
	// A group of its own: an interrupt at the terminal reaches the tests first, and
	// the server is stopped after them.
	c.server.SysProcAttr = &syscall.SysProcAttr{Credential: credential, Setpgid: true, Pdeathsig: syscall.SIGQUIT}
	if err := c.server.Start(); err != nil {
		os.RemoveAll(dir)
		return nil, fmt.Errorf("start postgres: %w", err)
	}
	go func() { c.done <- c.server.Wait() }()
	u := url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/postgres", RawQuery: url.Values{"host": {dir}}.Encode()}
	c.URL = u.String()
	if err := c.wait(ctx); err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	return c, nil
}

func (c *Cluster) wait(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		if execute(c.URL, "SELECT 1") == nil {
			return nil
		}
		select {
		case err := <-c.done:
			c.done <- err
			return fmt.Errorf("postgres ended: %w\n%s", err, c.log)
		case <-ctx.Done():
			return fmt.Errorf("postgres does not answer: %w", ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Stop ends the server at once and removes its folder.
func (c *Cluster) Stop() error {
	_ = c.server.Process.Signal(syscall.SIGQUIT) // it may have ended by itself
	select {
	case <-c.done:
	case <-time.After(10 * time.Second):
		_ = c.server.Process.Kill()
		<-c.done
	}
	return os.RemoveAll(c.dir)
}
