// Command cmd runs another command beside a throw-away PostgreSQL whose address
// stands in TOUCHSTONE_TEST_POSTGRES, and stops the server whatever happens:
//
//	go run ./internal/pgtest/cmd -- go test ./internal/store/...
//
// A variable that is set already is left alone and no server is started.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"

	"github.com/touchstone-assurance/touchstone/internal/pgtest"
)

func main() {
	// The server is told to end when the thread that started it ends, so this one
	// must last as long as the program.
	runtime.LockOSThread()
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "pgtest:", err)
	}
	os.Exit(code)
}

func run(args []string) (code int, err error) {
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		return 2, errors.New("usage: go run ./internal/pgtest/cmd -- COMMAND [ARGUMENT…]")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	env := os.Environ()
	if _, given := pgtest.URL(); !given {
		cluster, err := pgtest.Start(ctx)
		if err != nil {
			return 1, err
		}
		defer func() {
			if stopErr := cluster.Stop(); stopErr != nil {
				err = errors.Join(err, stopErr)
			}
		}()
		env = append(env, pgtest.Variable+"="+cluster.URL)
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = env, os.Stdin, os.Stdout, os.Stderr
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return max(exit.ExitCode(), 1), nil
	}
	if err != nil {
		return 1, err
	}
	return 0, nil
}
