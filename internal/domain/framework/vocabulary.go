package framework

// The closed lists of words that a framework file may use. A word outside its
// list is a lint error, so that the rest of the product can switch on them.

// Statuses a framework version may have.
const (
	Draft     = "draft"
	Current   = "current"
	Withdrawn = "withdrawn"
)

// Alignments say whose words a framework holds.
const (
	Official    = "official"     // the publisher's own list of requirements, summarised by us
	AlignedWith = "aligned-with" // our requirements, following somebody's structure
	Own         = "own"          // ours, or the organisation's that wrote the file
)

// Roll-up functions. There is no averaging function, and there will be none.
const (
	RollUpDistribution      = "distribution"
	RollUpCAFOutcomes       = "caf-outcomes"
	RollUpConfidenceProfile = "confidence-profile"
)

// Relations of a link, read from From to To.
const (
	Equal    = "equal"
	Subset   = "subset"   // From is part of To
	Superset = "superset" // To is part of From
	Related  = "related"
)

// Sizes of a system. A requirement for larger ones is left out for the rest.
const (
	SizeAll    = "all"
	SizeLarger = "larger"
)

// Answers that the product has for every requirement. They are never levels of
// a scale: neither counts as met, and neither has a place in an order.
const (
	NotApplicable = "not_applicable"
	DontKnow      = "dont_know"
)

// Stages are the MOD acquisition stages (CADMID/T), in order.
func Stages() []string {
	return []string{"concept", "assessment", "demonstration", "manufacture", "in_service", "disposal"}
}

// Subjects are the kinds of thing that a framework may be answered for.
func Subjects() []string {
	return []string{"organisation", "unit", "system", "product", "release"}
}

// Provenances are the marks that say how firm a piece of content is. Their
// meaning is given in frameworks/README.md.
func Provenances() []string { return []string{"V", "D", "S", "M", "P"} }

func statuses() []string   { return []string{Draft, Current, Withdrawn} }
func alignments() []string { return []string{Official, AlignedWith, Own} }
func relations() []string  { return []string{Equal, Subset, Superset, Related} }
func sizes() []string      { return []string{SizeAll, SizeLarger} }
func rollUps() []string {
	return []string{RollUpDistribution, RollUpCAFOutcomes, RollUpConfidenceProfile}
}
