package csaf

import "strings"

// What CSAF has no place for stands in a form of our own that other readers pass
// over: the name that an author gives a product, under two namespaces of generic
// URIs; and what limits a statement, in notes whose titles name the products.
const (
	ownProduct = "urn:touchstone:product"
	ownPURL    = "urn:touchstone:purl" // one that is none by the rules of package URLs

	ownName  = "Vulnerability" // system_name of the identifier when it is no CVE, or the CVE is used before
	ownAlias = "Alias"         // system_name of another identifier

	noteCondition = "Condition"
	noteExpiry    = "Valid until"
	noteTime      = "Stated at"

	// A VEX document must say why a product is not affected and what to do about one
	// that is. Where the statement does not, the document says that.
	noReason = "The author of the statement gives no reason."
	noAction = "The author of the statement does not say what to do."
)

// ownTitle is the title of a note about products.
func ownTitle(kind string, ids []string) string { return kind + ": " + strings.Join(ids, " ") }

// ownNote takes such a title apart.
func ownNote(title string) (kind string, ids []string) {
	kind, list, ok := strings.Cut(title, ": ")
	if !ok || kind != noteCondition && kind != noteExpiry && kind != noteTime {
		return "", nil
	}
	return kind, strings.Fields(list)
}
