// Package ident makes and checks the opaque identifiers of things.
//
// An identifier is a readable prefix, an underscore and a UUIDv7 (RFC 9562) in
// lower-case base32 without padding: "sys_06f1…". It carries a time only so
// that new rows land together in an index. It is never a source of authority:
// nothing about who may see a thing is derived from it.
package ident

import (
	"encoding/base32"
	"encoding/binary"
	"io"
	"strings"
	"time"
)

// Prefixes of every kind of thing that has an identifier.
const (
	Organisation  = "org"
	Unit          = "unit"
	User          = "usr"
	System        = "sys"
	Assessment    = "asm"
	Evidence      = "evd"
	Token         = "tok"
	Session       = "ses"
	Credential    = "crd"
	Invitation    = "inv"
	Request       = "req"
	Connection    = "con"
	Obligation    = "obl"
	Appointment   = "apt"
	Feedback      = "fbk"
	Job           = "job"
	Share         = "shr"
	Report        = "rpt"
	Instance      = "ins"
	Purge         = "prg"
	Training      = "trn"
	Accreditation = "acr"
	Release       = "rel"
	Document      = "doc"
	Decision      = "dec"
)

var encoding = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

const encodedLength = 26 // 16 bytes in base32

// New returns a new identifier: 48 bits of milliseconds from now, then random
// bits from random (crypto/rand outside tests).
func New(prefix string, now time.Time, random io.Reader) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(random, b[6:]); err != nil {
		return "", err
	}
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(now.UnixMilli()))
	copy(b[:6], ms[2:])
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	return prefix + "_" + encoding.EncodeToString(b[:]), nil
}

// Valid reports whether id is well formed and has the prefix.
func Valid(prefix, id string) bool {
	rest, ok := strings.CutPrefix(id, prefix+"_")
	if !ok || len(rest) != encodedLength {
		return false
	}
	b, err := encoding.DecodeString(rest)
	return err == nil && encoding.EncodeToString(b) == rest
}
