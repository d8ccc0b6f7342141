package boot

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
)

// A large document of a stranger is read in a process of its own: this program
// again, with nothing of the environment, no open file but its pipes, and a limit
// on its memory. Whatever it makes the reader do, the server goes on.

// parseCommand is the hidden command with which the program calls itself.
const parseCommand = "parse-document"

// Limits of the process. The runtime keeps below the first by collecting garbage;
// the second ends it.
const (
	parseMemory = 768 << 20
	parseData   = 1536 << 20
)

// parseRequest is the first line of what the process reads; the document follows.
type parseRequest struct {
	Name   string        `json:"name"`
	Limits budget.Limits `json:"limits"`
	Trust  trusted       `json:"trust"`
	Now    int64         `json:"now"`
}

// errParser is said when the process ended without an answer: the document needed
// more than it may.
var errParser = fault.New(fault.TooLarge, "The document needs more memory or time to read than one document may. Split it, or ask the operator.")

// understand reads documents in processes of their own, which trust the same.
func (p *program) understand(t trusted) func(context.Context, string, io.Reader, format.Options) (*app.Understood, error) {
	return func(ctx context.Context, name string, r io.Reader, o format.Options) (*app.Understood, error) {
		return p.understandIn(ctx, parseRequest{name, o.Limits, t, o.Now}, r)
	}
}

func (p *program) understandIn(ctx context.Context, req parseRequest, r io.Reader) (*app.Understood, error) {
	self := p.self
	if self == "" {
		var err error
		if self, err = os.Executable(); err != nil {
			return nil, fmt.Errorf("the program does not find itself: %w", err)
		}
	}
	head, err := json.Marshal(req)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self, parseCommand)
	cmd.Args[0] = "touchstone" // whatever the file is called
	cmd.Env = []string{}
	cmd.Dir = os.TempDir()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Stdin = io.MultiReader(bytes.NewReader(append(head, '\n')), r)
	var said bytes.Buffer
	cmd.Stderr = &limited{to: &said, left: 4 << 10}
	answer, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the reader of documents: %w", err)
	}
	u, readErr := app.ReadUnderstood(answer)
	if readErr != nil {
		cmd.Process.Kill() //nolint:errcheck // it may have ended
	}
	waitErr := cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case fault.KindOf(readErr) != fault.Internal && readErr != nil:
		return nil, readErr
	case readErr != nil:
		return nil, errParser.Because(errors.Join(readErr, waitErr, errors.New(said.String())))
	}
	return u, nil
}

// limited keeps the beginning of what is written.
type limited struct {
	to   io.Writer
	left int
}

func (l *limited) Write(b []byte) (int, error) {
	n := min(len(b), l.left)
	l.left -= n
	if _, err := l.to.Write(b[:n]); err != nil {
		return 0, err
	}
	return len(b), nil
}

// parseDocument is the process: it takes memory away from itself before it looks
// at the document.
func (p *program) parseDocument(ctx context.Context, in io.Reader, out io.Writer) error {
	debug.SetMemoryLimit(parseMemory)
	if err := unix.Setrlimit(unix.RLIMIT_DATA, &unix.Rlimit{Cur: parseData, Max: parseData}); err != nil {
		return fmt.Errorf("limit the memory: %w", err)
	}
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return fmt.Errorf("limit the memory: %w", err)
	}
	from := bufio.NewReaderSize(in, 64<<10)
	line, err := from.ReadBytes('\n')
	if err != nil {
		return fault.New(fault.Invalid, "This command is for the server itself.")
	}
	var req parseRequest
	if err := json.Unmarshal(line, &req); err != nil {
		return fault.New(fault.Invalid, "This command is for the server itself.")
	}
	trust, err := req.Trust.trust()
	if err != nil {
		return err
	}
	u, err := app.Understand(ctx, req.Name, from, format.Options{Limits: req.Limits, Trust: trust, Now: req.Now})
	return app.WriteUnderstood(out, u, err)
}
