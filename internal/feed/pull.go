package feed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Pulled says what came of fetching one file.
type Pulled struct {
	Path    string // where it lies
	Changed bool   // false when the server has nothing newer
	Bytes   int64  // fetched now
}

// Fetcher sends requests: the client of internal/outbound.
type Fetcher interface {
	Do(*http.Request) (*http.Response, error)
}

// Pull fetches a file of a feed into the bulk layout below dir, and leaves the one
// that is there in place when the server says that nothing changed (RFC 9110
// section 13) or when anything goes wrong. A transfer that breaks off is taken up
// where it ended the next time, if the file is still the same (section 14).
//
// client decides where may be called; most bounds the file. The file's time is what
// the server says it is, or now: it is the age of the feed.
func Pull(ctx context.Context, client Fetcher, address, dir string, most int64, now time.Time) (Pulled, error) {
	place, err := placeOf(address)
	if err != nil {
		return Pulled{}, err
	}
	p := pull{client: client, address: address, path: filepath.Join(dir, place), most: most, now: now}
	if err := os.MkdirAll(filepath.Dir(p.path), 0o700); err != nil {
		return Pulled{}, fmt.Errorf("folder of a feed: %w", err)
	}
	return p.run(ctx)
}

// placeOf is where the file of an address lies: the ecosystem's folder for an
// archive, the name by which it is found for a catalogue.
func placeOf(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return "", fault.Newf(fault.Invalid, "%s is not an address of a feed. It must begin with https:// and name a file.", address)
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	name := parts[len(parts)-1]
	lower := strings.ToLower(name)
	switch {
	case name == archiveName && len(parts) > 1 && safe(parts[len(parts)-2]):
		return filepath.Join(parts[len(parts)-2], archiveName), nil
	case strings.Contains(lower, "epss") && strings.HasSuffix(lower, ".csv.gz"):
		return "epss.csv.gz", nil
	case strings.Contains(lower, "epss") && strings.HasSuffix(lower, ".csv"):
		return "epss.csv", nil
	case (strings.Contains(lower, "known_exploited") || strings.HasPrefix(lower, "kev")) && strings.HasSuffix(lower, ".json"):
		return "kev.json", nil
	case (strings.Contains(lower, "known_exploited") || strings.HasPrefix(lower, "kev")) && strings.HasSuffix(lower, ".csv"):
		return "kev.csv", nil
	}
	return "", fault.Newf(fault.Invalid, "%s names no file of a feed. It must end with ECOSYSTEM/all.zip, or be the catalogue of known exploited vulnerabilities or of EPSS.", address)
}

// safe reports whether a part of an address may name a folder.
func safe(name string) bool {
	return name != "" && name[0] != '.' && !strings.ContainsAny(name, "/\\:\x00")
}

type pull struct {
	client  Fetcher
	address string
	path    string
	most    int64
	now     time.Time
}

func (p *pull) run(ctx context.Context) (Pulled, error) {
	out := Pulled{Path: p.path}
	have, part := p.tag(p.path), p.tag(p.path+".part")
	begun := int64(0)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.address, nil)
	if err != nil {
		return out, fmt.Errorf("fetch a feed: %w", err)
	}
	if info, err := os.Stat(p.path + ".part"); err == nil && part != "" && info.Size() < p.most {
		begun = info.Size()
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", begun))
		req.Header.Set("If-Range", part)
	} else if have != "" {
		req.Header.Set("If-None-Match", have)
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return out, p.unreachable(err)
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusNotModified:
		return out, os.Chtimes(p.path, p.now, modified(resp, p.now))
	case http.StatusOK:
		begun = 0
	case http.StatusPartialContent:
		if begun == 0 || !strings.HasPrefix(resp.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", begun)) {
			return out, errors.Join(p.forget(), fault.Newf(fault.Unavailable, "%s sent another part of the file than was asked for.", p.address))
		}
	case http.StatusRequestedRangeNotSatisfiable:
		return out, errors.Join(p.forget(), fault.Newf(fault.Unavailable, "%s could not go on with a transfer that had broken off. It begins anew the next time.", p.address))
	default:
		return out, fault.Newf(fault.Unavailable, "%s answered %s.", p.address, resp.Status)
	}
	out.Bytes, err = p.receive(resp, begun)
	if err != nil {
		return out, err
	}
	out.Changed = true
	return out, p.settle(resp)
}

// receive writes what comes behind what is there.
func (p *pull) receive(resp *http.Response, begun int64) (int64, error) {
	flags := os.O_CREATE | os.O_WRONLY | os.O_APPEND
	if begun == 0 {
		flags = os.O_CREATE | os.O_WRONLY | os.O_TRUNC
	}
	f, err := os.OpenFile(p.path+".part", flags, 0o600)
	if err != nil {
		return 0, fmt.Errorf("keep a feed: %w", err)
	}
	if err := os.WriteFile(p.path+".part.etag", []byte(strong(resp)), 0o600); err != nil {
		return 0, errors.Join(fmt.Errorf("keep a feed: %w", err), f.Close())
	}
	n, err := io.Copy(f, io.LimitReader(resp.Body, p.most-begun+1))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return n, p.unreachable(err)
	}
	if begun+n > p.most {
		return n, errors.Join(p.forget(), fault.Newf(fault.TooLarge, "%s is longer than %d MB.", p.address, p.most>>20))
	}
	return n, nil
}

// settle puts the whole file in its place.
func (p *pull) settle(resp *http.Response) error {
	at := modified(resp, p.now)
	if err := os.Chtimes(p.path+".part", p.now, at); err != nil {
		return fmt.Errorf("keep a feed: %w", err)
	}
	if err := os.Rename(p.path+".part", p.path); err != nil {
		return fmt.Errorf("keep a feed: %w", err)
	}
	os.Remove(p.path + ".part.etag") //nolint:errcheck // it goes with the part
	return os.WriteFile(p.path+".etag", []byte(resp.Header.Get("ETag")), 0o600)
}

// tag is the entity tag that a file came with.
func (p *pull) tag(path string) string {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	b, err := os.ReadFile(path + ".etag")
	if err != nil || len(b) > 1000 {
		return ""
	}
	return string(b)
}

// strong is the tag of an answer when it tells bytes apart; a weak one does not.
func strong(resp *http.Response) string {
	if tag := resp.Header.Get("ETag"); !strings.HasPrefix(tag, "W/") {
		return tag
	}
	return ""
}

// forget removes what came of a transfer that cannot go on.
func (p *pull) forget() error {
	err := os.Remove(p.path + ".part")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (p *pull) unreachable(err error) error {
	var f *fault.Error
	if errors.As(err, &f) {
		return err
	}
	if errors.Is(err, context.Canceled) {
		return err
	}
	return fault.Newf(fault.Unavailable, "%s could not be fetched.", p.address).Because(err)
}

// modified is when the server says the file changed last; never later than now.
func modified(resp *http.Response, now time.Time) time.Time {
	at, err := http.ParseTime(resp.Header.Get("Last-Modified"))
	if err != nil || at.After(now) {
		return now
	}
	return at
}
