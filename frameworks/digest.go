package frameworks

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Digest returns the SHA-256 of a shipped file in lower-case hex: it names the
// exact text that was answered.
func (l *Library) Digest(id, version string) (string, error) {
	for _, e := range l.entries {
		if e.head.ID != id || e.head.Version != version {
			continue
		}
		b, err := files.ReadFile(e.name)
		if err != nil {
			return "", fmt.Errorf("read framework %s: %w", e.name, err)
		}
		sum := sha256.Sum256(b)
		return hex.EncodeToString(sum[:]), nil
	}
	return "", fault.Newf(fault.NotFound, "There is no framework %s@%s.", id, version)
}
