package inventory

import "iter"

// SubjectIndex is where the subject stands among Components, or -1. CycloneDX
// keeps its subject apart (metadata.component); in SPDX the described package is
// one of the packages.
func (d *Document) SubjectIndex() int32 {
	if d.Subject.Ref == "" || (d.Format != SPDXJSON && d.Format != SPDXTagValue && d.Format != SPDX3JSON) {
		return -1
	}
	for i := range d.Components {
		if d.Components[i].Ref == d.Subject.Ref {
			return int32(i)
		}
	}
	return -1
}

// Parts gives the components without the subject, with their indexes. It is the
// same for one inventory in every format.
func (d *Document) Parts() iter.Seq2[int32, *Component] {
	return func(yield func(int32, *Component) bool) {
		subject := d.SubjectIndex()
		for i := range d.Components {
			if int32(i) != subject && !yield(int32(i), &d.Components[i]) {
				return
			}
		}
	}
}
