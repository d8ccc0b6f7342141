package boot

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

var update = flag.Bool("update", false, "write the generated pages")

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "touchstone.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFlagsWinOverEnvironmentOverFileOverDefault(t *testing.T) {
	file := write(t, "listen: 127.0.0.1:1\nlog_level: warn\nceiling: OFFICIAL\n")
	environ := []string{"TOUCHSTONE_LISTEN=127.0.0.1:2", "TOUCHSTONE_LOG_LEVEL=error"}
	c, origins, err := Load(map[string]string{"listen": "127.0.0.1:3"}, environ, file)
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:3" || c.LogLevel != "error" || c.Ceiling != "OFFICIAL" || c.MaxUploadMB != 50 {
		t.Fatalf("got %+v", c)
	}
	want := map[string]string{"listen": "--listen", "log_level": "TOUCHSTONE_LOG_LEVEL", "ceiling": file, "max_upload_mb": "default"}
	for _, o := range origins {
		if from, ok := want[o.Key]; ok && o.From != from {
			t.Errorf("%s comes from %s, want %s", o.Key, o.From, from)
		}
	}
}

func TestASecretComesFromAFileAndIsNeverShown(t *testing.T) {
	secret := write(t, "postgres://user:hunter2@localhost/db\n")
	c, origins, err := Load(nil, []string{"TOUCHSTONE_DATABASE_FILE=" + secret}, "")
	if err != nil {
		t.Fatal(err)
	}
	if c.Database != "postgres://user:hunter2@localhost/db" {
		t.Errorf("database is %q", c.Database)
	}
	for _, o := range origins {
		if strings.Contains(o.Value, "hunter2") {
			t.Errorf("%s shows the secret", o.Key)
		}
	}
}

func TestEveryBadSettingIsNamedAtOnce(t *testing.T) {
	file := write(t, "lisen: x\nlog_level: loud\nmax_upload_mb: \"0\"\n")
	_, _, err := Load(map[string]string{"listen": "0.0.0.0:80", "ceiling": "COSMIC"}, nil, file)
	_, problems := fault.Public(err)
	got := map[string]bool{}
	for _, p := range problems {
		got[p.Pointer] = true
	}
	for _, want := range []string{"/lisen", "/log_level", "/max_upload_mb", "/listen", "/ceiling"} {
		if !got[want] {
			t.Errorf("%s is not named in %v", want, problems)
		}
	}
}

func TestOnlyLoopbackNeedsNoCertificate(t *testing.T) {
	for listen, allowed := range map[string]bool{"127.0.0.1:1": true, "[::1]:1": true, "localhost:1": true, "0.0.0.0:1": false, ":1": false, "192.168.1.1:1": false} {
		_, _, err := Load(map[string]string{"listen": listen}, nil, "")
		if (err == nil) != allowed {
			t.Errorf("listen %s: %v", listen, err)
		}
	}
}

func TestAFileThatIsNoListOfKeysIsRefused(t *testing.T) {
	for _, text := range []string{"- a\n- b\n", "listen: [1]\n", "{", "listen: a\nlisten: b\n"} {
		if _, _, err := Load(nil, nil, write(t, text)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v, want an invalid fault", text, err)
		}
	}
}

func TestTheGeneratedPagesAreCommitted(t *testing.T) {
	for name, text := range map[string]string{"configuration.md": ConfigurationPage(), "loosening.md": LooseningPage()} {
		path := filepath.Join("..", "..", "docs", name)
		if *update {
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		have, err := os.ReadFile(path)
		if err != nil || string(have) != text {
			t.Errorf("docs/%s is not what the program generates. Run: make golden", name)
		}
	}
}

func FuzzReadFile(f *testing.F) {
	f.Add("listen: 127.0.0.1:1\n")
	f.Add("a: &x [*x]\n")
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "c.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, _ = Load(nil, nil, path)
	})
}
