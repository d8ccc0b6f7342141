package format

import (
	"bufio"
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/artifacts"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/csaf"
	"github.com/touchstone-assurance/touchstone/internal/format/cve"
	"github.com/touchstone-assurance/touchstone/internal/format/cyclonedx"
	"github.com/touchstone-assurance/touchstone/internal/format/intoto"
	"github.com/touchstone-assurance/touchstone/internal/format/junit"
	"github.com/touchstone-assurance/touchstone/internal/format/openvex"
	"github.com/touchstone-assurance/touchstone/internal/format/osv"
	"github.com/touchstone-assurance/touchstone/internal/format/repository"
	"github.com/touchstone-assurance/touchstone/internal/format/sarif"
	"github.com/touchstone-assurance/touchstone/internal/format/scorecard"
	"github.com/touchstone-assurance/touchstone/internal/format/securitytxt"
	"github.com/touchstone-assurance/touchstone/internal/format/spdx"
)

// Options say how a document is read.
type Options struct {
	Limits budget.Limits
	Trust  intoto.Trust // whose attestations count; the zero value trusts nobody
	Now    int64        // microseconds since 1970 UTC
}

// headLen is how much of a document is looked at to tell its format.
const headLen = 64 << 10

// known is one format: its folder below this package, how it is told, and how it
// is read.
type known struct {
	folder string
	detect func(head []byte) bool
	parse  func(r io.Reader, o Options) (*Parsed, error)
}

// formats is the explicit list, in the order in which they are tried: those that
// name themselves first, those that are told by their members last.
func formats() []known {
	return []known{
		{"openvex", openvex.Detect, parseOpenVEX},
		{"cyclonedx", cyclonedx.Detect, parseCycloneDX},
		{"spdx", spdx.Detect, parseSPDX},
		{"junit", junit.Detect, parseJUnit},
		{"csaf", csaf.Detect, parseCSAF},
		{"sarif", sarif.Detect, parseSARIF},
		{"scorecard", scorecard.Detect, parseScorecard},
		{"intoto", intoto.Detect, parseAttestation},
		{"repository", repository.Detect, parseRepository},
		{"artifacts", artifacts.Detect, parseArtifacts},
		{"securitytxt", securitytxt.Detect, parseSecurityTxt},
		{"cve", cve.Detect, parseCVE},
		{"osv", osv.Detect, parseOSV},
	}
}

// Names are the formats as people know them, for messages.
func Names() []string {
	return []string{"CycloneDX 1.2 to 1.7", "SPDX 2.2, 2.3 and 3.0.1", "OpenVEX 0.2.0", "CSAF 2.0 and 2.1", "SARIF 2.1.0", "JUnit XML", "OpenSSF Scorecard 4 and 5", "in-toto attestations, DSSE envelopes and Sigstore bundles", "security.txt", "touchstone.repository/v1", "touchstone.artifacts/v1", "CVE JSON 5", "OSV 1.7"}
}

// Detect tells the format of a document from its beginning: the name of the
// format's folder, and false when it is none that is known.
func Detect(head []byte) (string, bool) {
	list := formats()
	at := slices.IndexFunc(list, func(k known) bool { return k.detect(head) })
	if at < 0 {
		return "", false
	}
	return list[at].folder, true
}

// Parse tells the format of a document by its content, never by its name, and
// reads it. name is for messages. The error is a fault: Unsupported when the
// format is not known, Invalid with the place of each mistake, TooLarge beyond a
// limit; or what ended the context.
func Parse(ctx context.Context, name string, r io.Reader, o Options) (*Parsed, error) {
	in := bufio.NewReaderSize(&cancelled{ctx, o.Limits.Reader(r)}, headLen)
	head, err := in.Peek(headLen)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(head) == 0 {
		return nil, fault.Newf(fault.Invalid, "%s is empty.", name)
	}
	for _, k := range formats() {
		if k.detect(head) {
			p, err := k.parse(in, o)
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			return p, err
		}
	}
	return nil, fault.Newf(fault.Unsupported, "%s is in no format that is understood. These are: %s.", name, strings.Join(Names(), ", "))
}

// cancelled stops reading when the context ends.
type cancelled struct {
	ctx  context.Context
	from io.Reader
}

func (c *cancelled) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.from.Read(p)
}
