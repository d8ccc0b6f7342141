package securitytxt

import "strings"

// The lines that frame a cleartext signature (RFC 9580, section 7).
const (
	beginMessage   = "-----BEGIN PGP SIGNED MESSAGE-----"
	beginSignature = "-----BEGIN PGP SIGNATURE-----"
	endSignature   = "-----END PGP SIGNATURE-----"
)

// unwrap gives the lines that say something. Of a signed file these are the ones
// that the signature covers; whatever stands around it could come from anybody.
func (p *parser) unwrap(texts []string) []line {
	var lines []line
	for i, t := range texts {
		lines = append(lines, line{i + 1, t})
	}
	begin := find(lines, 0, beginMessage)
	if begin < 0 {
		return lines
	}
	p.outside(lines[:begin])
	body := begin + 1
	for body < len(lines) && strings.TrimSpace(lines[body].text) != "" { // headers such as Hash
		body++
	}
	signature := find(lines, body, beginSignature)
	end := find(lines, max(signature, body), endSignature)
	if signature < 0 || end < 0 {
		p.fault(lines[begin], "signature", "The file begins a signed message and has no whole signature behind it.")
		if signature < 0 {
			signature = len(lines)
		}
		return undash(lines[min(body, signature):signature])
	}
	p.outside(lines[end+1:])
	p.out.Signed = true
	return undash(lines[body:signature])
}

func find(lines []line, from int, text string) int {
	for i := from; i < len(lines); i++ {
		if strings.TrimRight(lines[i].text, " \t") == text {
			return i
		}
	}
	return -1
}

// outside says that lines beside the signed message do not count.
func (p *parser) outside(lines []line) {
	for _, l := range lines {
		if strings.TrimSpace(l.text) != "" {
			p.fault(l, "signature", "The line is outside the signed message and does not count.")
			return
		}
	}
}

// undash takes away the "- " that stands before lines beginning with a dash.
func undash(lines []line) []line {
	out := make([]line, len(lines))
	for i, l := range lines {
		out[i] = line{l.number, strings.TrimPrefix(l.text, "- ")}
	}
	return out
}
