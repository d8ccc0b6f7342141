package app

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
)

// An advisory is kept in two parts, each compressed: what matching needs, and the
// long texts, which only its page reads. The index of the whole instance is made
// from the first parts alone.

var errAdvisoryBody = errors.New("the kept form of an advisory is damaged")

// largestAdvisory bounds what a kept record unpacks to.
const largestAdvisory = 64 << 20

type advisoryTexts struct {
	Details    string   `json:"details,omitempty"`
	References []string `json:"references,omitempty"`
}

// packer packs many advisories with one set of buffers.
type packer struct {
	deflate *flate.Writer
	out     bytes.Buffer
}

// pack returns the kept form of an advisory and the digest of what it says.
func (p *packer) pack(a advisory.Advisory) (body []byte, digest string, err error) {
	texts := advisoryTexts{a.Details, a.References}
	a.Details, a.References = "", nil
	brief, err := json.Marshal(a)
	if err != nil {
		return nil, "", fmt.Errorf("encode advisory %s: %w", a.ID, err)
	}
	long, err := json.Marshal(texts)
	if err != nil {
		return nil, "", fmt.Errorf("encode advisory %s: %w", a.ID, err)
	}
	sum := sha256.New()
	sum.Write(brief)
	sum.Write(long)
	p.out.Reset()
	if err := p.compress(brief); err != nil {
		return nil, "", err
	}
	body = binary.AppendUvarint(nil, uint64(p.out.Len()))
	body = append(body, p.out.Bytes()...)
	p.out.Reset()
	if err := p.compress(long); err != nil {
		return nil, "", err
	}
	return append(body, p.out.Bytes()...), hex.EncodeToString(sum.Sum(nil)), nil
}

func (p *packer) compress(b []byte) error {
	if p.deflate == nil {
		w, err := flate.NewWriter(&p.out, flate.DefaultCompression)
		if err != nil {
			return err
		}
		p.deflate = w
	} else {
		p.deflate.Reset(&p.out)
	}
	if _, err := p.deflate.Write(b); err != nil {
		return err
	}
	return p.deflate.Close()
}

// unpacker reads many kept advisories with one set of buffers.
type unpacker struct {
	inflate io.ReadCloser
	buf     bytes.Buffer
}

// brief reads what matching needs.
func (u *unpacker) brief(body []byte) (advisory.Advisory, error) {
	var a advisory.Advisory
	n, size := binary.Uvarint(body)
	if size <= 0 || n > uint64(len(body)-size) {
		return a, errAdvisoryBody
	}
	return a, u.read(body[size:size+int(n)], &a)
}

// whole reads everything.
func (u *unpacker) whole(body []byte) (advisory.Advisory, error) {
	a, err := u.brief(body)
	if err != nil {
		return a, err
	}
	n, size := binary.Uvarint(body)
	var texts advisoryTexts
	if err := u.read(body[size+int(n):], &texts); err != nil {
		return a, err
	}
	a.Details, a.References = texts.Details, texts.References
	return a, nil
}

func (u *unpacker) read(b []byte, v any) error {
	in := bytes.NewReader(b)
	if u.inflate == nil {
		u.inflate = flate.NewReader(in)
	} else if err := u.inflate.(flate.Resetter).Reset(in, nil); err != nil {
		return err
	}
	u.buf.Reset()
	n, err := u.buf.ReadFrom(io.LimitReader(u.inflate, largestAdvisory+1))
	if err != nil || n > largestAdvisory {
		return errors.Join(errAdvisoryBody, err)
	}
	if err := json.Unmarshal(u.buf.Bytes(), v); err != nil {
		return errors.Join(errAdvisoryBody, err)
	}
	return nil
}
