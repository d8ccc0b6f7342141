//go:build unix

package pdf

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

const nobody = 65534

func asRoot() bool { return os.Geteuid() == 0 }

// isolate puts the process into a group of its own, so that the time limit ends
// its children too, and takes root away from it.
func isolate(cmd *exec.Cmd, dir string, files ...string) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	if !asRoot() {
		return nil
	}
	for _, path := range append([]string{dir}, files...) {
		if err := os.Chown(path, nobody, nobody); err != nil {
			return fmt.Errorf("give %s to nobody: %w", path, err)
		}
	}
	cmd.SysProcAttr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	return nil
}
