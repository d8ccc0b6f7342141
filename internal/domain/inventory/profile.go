package inventory

// Measure is something that can be measured of a bill of materials. Those of
// components are counted for each of them, those of the document once.
type Measure string

// The measures.
const (
	// Of each component.
	MeasureSupplier   Measure = "supplier"
	MeasureName       Measure = "name"
	MeasureVersion    Measure = "version"
	MeasureIdentifier Measure = "identifier" // package URL, CPE, SWHID, OmniBOR or SWID
	MeasureGraph      Measure = "graph"      // it is an end of a dependency
	MeasureHash       Measure = "hash"
	MeasureLicence    Measure = "licence"
	// Of the document.
	MeasureDependencies Measure = "dependencies" // any at all, where there is more than one component
	MeasureAuthor       Measure = "author"       // a person or an organisation
	MeasureMaker        Measure = "maker"        // an author, or at least a tool
	MeasureTimestamp    Measure = "timestamp"
	MeasureTool         Measure = "tool"
	MeasureContext      Measure = "context" // when in the life of the product the data was gathered
	MeasureFormat       Measure = "format"  // a format that machines read
)

// Element is something that a profile asks for.
type Element struct {
	Name    string
	Measure Measure
}

// Profile is a published list of what a bill of materials should hold. What it asks
// for beyond the elements cannot be seen in a document and is left to people.
type Profile struct {
	ID        string
	Name      string
	Publisher string
	Date      string // of publication
	Draft     bool
	Elements  []Element
	// NotMeasured are things that the profile asks for and that a document does not
	// show.
	NotMeasured []string
}

// Profiles lists the profiles, the older first.
func Profiles() []Profile {
	return []Profile{
		{
			ID: "ntia-2021", Name: "Minimum elements for an SBOM", Publisher: "NTIA", Date: "2021-07-12",
			Elements: []Element{
				{"Supplier name", MeasureSupplier},
				{"Component name", MeasureName},
				{"Version of the component", MeasureVersion},
				{"Other unique identifiers", MeasureIdentifier},
				{"Dependency relationship", MeasureDependencies},
				{"Author of SBOM data", MeasureMaker},
				{"Timestamp", MeasureTimestamp},
				{"Automation support", MeasureFormat},
			},
			NotMeasured: []string{"frequency", "depth", "known unknowns", "distribution and delivery", "access control", "accommodation of mistakes"},
		},
		{
			ID: "cisa-2025-draft", Name: "Minimum elements for an SBOM, draft of August 2025", Publisher: "CISA", Date: "2025-08-22", Draft: true,
			Elements: []Element{
				{"Software producer", MeasureSupplier},
				{"Component name", MeasureName},
				{"Component version", MeasureVersion},
				{"Software identifiers", MeasureIdentifier},
				{"Dependency relationship", MeasureGraph},
				{"SBOM author", MeasureAuthor},
				{"Timestamp", MeasureTimestamp},
				{"Component hash", MeasureHash},
				{"Licence", MeasureLicence},
				{"Tool name", MeasureTool},
				{"Generation context", MeasureContext},
				{"Automation support", MeasureFormat},
			},
			NotMeasured: []string{"frequency", "coverage", "known unknowns", "distribution and delivery", "accommodation of updates"},
		},
	}
}
