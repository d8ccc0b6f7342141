package sample

// organisationSpec is what is invented about an organisation.
type organisationSpec struct {
	name      string
	short     string // in addresses of documents
	domain    string // RFC 2606: never a real one
	units     []unitSpec
	secondSRO int // unit, by position, that the second SRO is accountable for
	systems   []systemSpec
}

type unitSpec struct {
	name, kind string
	below      int // position of the unit above, from 1; 0 = top
}

// below returns the positions of a unit and of the units directly under it.
func (o organisationSpec) below(unit int) []int {
	out := []int{unit}
	for i, u := range o.units {
		if u.below == unit+1 {
			out = append(out, i)
		}
	}
	return out
}

// systemSpec is what is invented about a system. Its maturity decides how its
// answers begin: 0 is poor, 2 is good.
type systemSpec struct {
	name, kind, scope  string
	unit               int
	stage, phase, gate string
	larger             bool
	marking, exposure  string
	personal, special  bool
	framework          string
	maturity           int
}

const (
	inService  = "touchstone-in-service"
	foundation = "touchstone-foundation"
	govSbD     = "gov-sbd"
	caf        = "ncsc-caf"
)

const sensitive = "OFFICIAL-SENSITIVE"

// organisations lists both. The eight systems of each play the same parts: what
// becomes of the one in each place stands in story.go.
func organisations() []organisationSpec {
	return []organisationSpec{
		{name: "Northern Rail Operations (sample)", short: "rail", domain: "rail.example", secondSRO: 3,
			units: []unitSpec{{"Operations", "top_level_budget", 0}, {"Stations and passengers", "directorate", 1},
				{"Signals and track", "directorate", 1}, {"Digital services", "directorate", 0}, {"Ticketing team", "other", 4}},
			systems: []systemSpec{
				{name: "Passenger information displays", kind: "service", unit: 1, stage: "in_service", phase: "Manage your risk", marking: "OFFICIAL", exposure: "restricted", framework: inService, maturity: 1,
					scope: "Screens and announcements at stations, with the servers that feed them. The timetable itself is another system."},
				{name: "Ticket sales website", kind: "service", unit: 4, stage: "in_service", phase: "live", gate: "Gate 5", larger: true, marking: sensitive, exposure: "public", personal: true, framework: inService, maturity: 2,
					scope: "The public website and its payment pages. The payment provider's own systems are outside."},
				{name: "Track condition monitoring", kind: "operational_technology", unit: 2, stage: "manufacture", phase: "Assess your risk", gate: "Gate 4", marking: sensitive, exposure: "none", framework: inService, maturity: 1,
					scope: "Sensors along the track, their radio links and the data store. The control of trains is outside."},
				{name: "Staff rostering", kind: "application", unit: 3, stage: "in_service", phase: "public beta", gate: "Gate 5", marking: sensitive, exposure: "restricted", personal: true, special: true, framework: govSbD, maturity: 1,
					scope: "Planning of shifts for drivers, guards and station staff, with sickness absence."},
				{name: "Freight booking portal", kind: "service", unit: 3, stage: "demonstration", phase: "private beta", gate: "Gate 3", marking: "OFFICIAL", exposure: "public", framework: inService, maturity: 0,
					scope: "Booking of freight paths by operators, over the web and by a machine interface."},
				{name: "Station access control", kind: "network", unit: 1, stage: "in_service", phase: "Manage your risk", marking: sensitive, exposure: "none", personal: true, framework: inService, maturity: 0,
					scope: "Doors, badges and the server that decides who may pass. Cameras are outside."},
				{name: "Level crossing renewal", kind: "programme", unit: 2, stage: "assessment", phase: "Get the basics right", gate: "Gate 2", larger: true, marking: sensitive, exposure: "none", framework: foundation, maturity: 1,
					scope: "The replacement of control equipment at forty crossings, while the old equipment stays in use."},
				{name: "Old lost property register", kind: "application", unit: 1, stage: "disposal", phase: "retirement", marking: "OFFICIAL", exposure: "restricted", personal: true, framework: inService, maturity: 2,
					scope: "The register that is being replaced, until its records have been moved or destroyed."},
			}},
		{name: "Harbour Logistics Agency (sample)", short: "harbour", domain: "harbour.example", secondSRO: 2,
			units: []unitSpec{{"Port services", "top_level_budget", 0}, {"Berths and pilots", "directorate", 1},
				{"Cargo and customs liaison", "directorate", 0}, {"Warehouses", "other", 3}, {"Shared technology", "directorate", 0}},
			systems: []systemSpec{
				{name: "Berth allocation", kind: "application", unit: 1, stage: "in_service", phase: "live", gate: "Gate 5", marking: "OFFICIAL", exposure: "restricted", framework: inService, maturity: 1,
					scope: "Planning of which ship lies where and when. The ships' own systems are outside."},
				{name: "Cargo declaration service", kind: "service", unit: 2, stage: "in_service", phase: "live", gate: "Gate 5", larger: true, marking: sensitive, exposure: "public", personal: true, framework: inService, maturity: 2,
					scope: "Declarations by agents before arrival, by web form and by machine interface."},
				{name: "Crane telemetry", kind: "operational_technology", unit: 0, stage: "manufacture", phase: "Assess your risk", gate: "Gate 4", marking: sensitive, exposure: "none", framework: inService, maturity: 0,
					scope: "Load, wind and position readings from the cranes, and their display in the control room. The cranes' controllers are outside."},
				{name: "Warehouse inventory", kind: "application", unit: 3, stage: "in_service", phase: "public beta", gate: "Gate 5", marking: "OFFICIAL", exposure: "restricted", framework: govSbD, maturity: 1,
					scope: "Stock in the four warehouses, with hand-held scanners and the wireless network they use."},
				{name: "Pilot booking", kind: "service", unit: 1, stage: "demonstration", phase: "private beta", gate: "Gate 3", marking: sensitive, exposure: "public", personal: true, framework: inService, maturity: 1,
					scope: "Booking of pilots by ships' agents, and the pilots' duty list."},
				{name: "Office network", kind: "network", unit: 4, stage: "in_service", phase: "Manage your risk", marking: sensitive, exposure: "restricted", personal: true, framework: inService, maturity: 1,
					scope: "Wired and wireless network of the offices, with its firewalls and directory. Cloud services are outside."},
				{name: "Coastal radar replacement", kind: "programme", unit: 1, stage: "assessment", phase: "Get the basics right", gate: "Gate 2", larger: true, marking: sensitive, exposure: "none", framework: foundation, maturity: 0,
					scope: "Choice and build of the new radar chain. The present radar is looked after by its supplier."},
				{name: "Paper manifest archive", kind: "application", unit: 2, stage: "disposal", phase: "retirement", marking: sensitive, exposure: "none", personal: true, special: true, framework: inService, maturity: 2,
					scope: "Scanned manifests of past years, until those that must be kept have been handed over."},
			}},
	}
}
