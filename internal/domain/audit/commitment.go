package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"
)

// Commitment binds an entry to a value that stands elsewhere. Without the salt
// nobody can guess the value from it.
type Commitment struct {
	Name string // "field:<name>" or "row:<table>/<key>"
	Sum  [32]byte
}

// Opening is what is kept beside an entry to open one commitment, and what may
// be erased. Of a row only the salt is kept: the row itself stands in its table.
type Opening struct {
	Name  string
	Salt  []byte // SaltSize random bytes; none when erased
	Value string // "" for a row, and when erased
}

// Erased reports whether salt and value are gone for good.
func (o Opening) Erased() bool { return len(o.Salt) == 0 }

// SaltSize is the number of random bytes behind each commitment.
const SaltSize = 16

const (
	fieldPrefix = "field:"
	rowPrefix   = "row:"
)

// First bytes of everything that is hashed, so that no hash of one kind can
// pass for a hash of another (RFC 6962 section 2.1 has the first two).
const (
	leafDomain   = 0x00
	nodeDomain   = 0x01
	commitDomain = 0x02
	saltDomain   = 0x03
)

// saltCheck is how many bytes of a row's commitment check the salt alone. The
// row of an older entry has changed since, so without them a flipped salt of an
// older entry would go unseen. 28 bytes are left to bind the row.
const saltCheck = 4

// FieldName is the name of a commitment to text.
func FieldName(field string) string { return fieldPrefix + field }

// RowName is the name of a commitment to a row.
func RowName(table, key string) string { return rowPrefix + table + "/" + key }

// IsRow reports whether the name is one of a commitment to a row.
func IsRow(name string) bool { return strings.HasPrefix(name, rowPrefix) }

// Commit computes the sum of a commitment:
//
//	SHA-256(0x02 || len(salt) || salt || len(name) || name || len(value) || value)
//
// with lengths as 4 bytes, most significant first. For a row the last 4 bytes
// are replaced by the first 4 of SHA-256(0x03 || len(salt) || salt || len(name)
// || name); see CheckSalt. A row that was deleted has the empty value.
func Commit(name string, salt, value []byte) [32]byte {
	var room [512]byte
	b := saltPart(room[:0], commitDomain, name, salt)
	b = binary.BigEndian.AppendUint32(b, uint32(len(value)))
	b = append(b, value...)
	sum := sha256.Sum256(b)
	if IsRow(name) {
		check := saltSum(name, salt)
		copy(sum[len(sum)-saltCheck:], check[:])
	}
	return sum
}

// CheckSalt reports whether the salt belongs to the commitment to a row, which
// can be told without the row.
func CheckSalt(c Commitment, salt []byte) bool {
	check := saltSum(c.Name, salt)
	return string(c.Sum[len(c.Sum)-saltCheck:]) == string(check[:])
}

func saltSum(name string, salt []byte) [saltCheck]byte {
	var room [256]byte
	sum := sha256.Sum256(saltPart(room[:0], saltDomain, name, salt))
	return [saltCheck]byte(sum[:saltCheck])
}

func saltPart(b []byte, domain byte, name string, salt []byte) []byte {
	b = append(b, domain)
	b = binary.BigEndian.AppendUint32(b, uint32(len(salt)))
	b = append(b, salt...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(name)))
	return append(b, name...)
}

// Opens reports whether an opening with salt and value fits the commitment.
func (o Opening) Opens(c Commitment) bool {
	return o.Name == c.Name && Commit(o.Name, o.Salt, []byte(o.Value)) == c.Sum
}
