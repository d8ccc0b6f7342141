package boot

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/feed"
	"github.com/touchstone-assurance/touchstone/internal/outbound"
)

// setFeeds reads the places of advisories. A folder becomes a full path, so that it
// is the same from wherever the server is started again.
func setFeeds(c *Config, v string) error {
	c.Feeds = nil
	for word := range strings.SplitSeq(v, ",") {
		word = strings.TrimSpace(word)
		switch {
		case word == "":
			continue
		case strings.Contains(word, "://"):
			u, err := url.Parse(word)
			if err != nil || u.Scheme != "https" || u.Host == "" {
				return fmt.Errorf("must hold folders and https addresses; %q is neither", word)
			}
		default:
			at, err := filepath.Abs(word)
			if err != nil {
				return fmt.Errorf("must hold folders and https addresses; %q is neither", word)
			}
			word = at
		}
		c.Feeds = append(c.Feeds, word)
	}
	return nil
}

// Limits of fetching one file of a feed.
const (
	feedTimeout = 30 * time.Minute
	feedBytes   = 4 << 30
)

// fetcher is the client that fetches feeds.
func (c *Config) fetcher() feed.Fetcher {
	return outbound.Client(outbound.Policy{Networks: c.Networks, Timeout: feedTimeout, MaxBody: feedBytes})
}
