package authn

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/nbutton23/zxcvbn-go/data"
)

// isCommon reports whether any of the candidates is on the lists of common
// passwords, English words and names that come with zxcvbn. Only its data is
// used: the package itself reads every list at start. Choosing a passphrase is
// rare, so the lists are read each time (some 10 ms) and not kept.
func isCommon(candidates ...string) (bool, error) {
	for _, name := range []string{"Passwords", "English", "MaleNames", "FemaleNames", "Surnames"} {
		raw, err := data.Asset("data/" + name + ".json")
		if err != nil {
			return false, fmt.Errorf("open %s: %w", name, err)
		}
		found, err := listed(raw, candidates)
		if err != nil || found {
			return found, err
		}
	}
	return false, nil
}

// listed looks the candidates up in {"List": ["…"]}. The entries are plain
// lower-case words, so an entry stands in the file exactly as its JSON string.
func listed(raw []byte, candidates []string) (bool, error) {
	var quoted [][]byte
	for _, c := range candidates {
		q, err := json.Marshal(c)
		if err != nil {
			return false, fmt.Errorf("quote a candidate: %w", err)
		}
		quoted = append(quoted, q)
	}
	return slices.ContainsFunc(quoted, func(q []byte) bool { return len(q) > 2 && bytes.Contains(raw, q) }), nil
}
