package web

import (
	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// systemTables are the lists of things around a system.
func systemTables(h app.SystemHome, path string, writes bool) []systemTable {
	tables := []systemTable{
		assessmentsTable(h), rolesTable(h, path, writes), connectionsTable(h, path, writes), obligationsTable(h), accreditationsTable(h),
	}
	for i, add := range []string{"", "roles", "connections", "obligations", "accreditations"} {
		if writes && add != "" {
			tables[i].Add = path + "/" + add + "/new"
		}
	}
	return tables
}

// listed is a table with its heading read out as the caption.
func listed(id, heading, none, addText string, head []string, rows [][]govuk.Cell) systemTable {
	t := systemTable{ID: id, Heading: heading, None: none, AddText: addText}
	t.Table = govuk.Table{Caption: heading, CaptionClasses: "govuk-visually-hidden", Scroll: true, FirstCellIsHeader: true, Rows: rows}
	for _, h := range head {
		t.Table.Head = append(t.Table.Head, govuk.Cell{Text: h})
	}
	if len(rows) > 0 {
		t.None = ""
	}
	return t
}

func assessmentsTable(h app.SystemHome) systemTable {
	var rows [][]govuk.Cell
	for _, as := range h.Assessments {
		when := or(as.DueOn.Words(), "No date")
		if as.ApprovedAt > 0 {
			when = "Approved on " + day(as.ApprovedAt)
		} else if !assessment.State(as.State).Frozen() {
			when = "Due by " + when
		}
		rows = append(rows, []govuk.Cell{{Markup: govuk.Link{Text: h.Frameworks[as.Framework] + " " + as.FrameworkVersion, Hidden: when, Href: "/assessments/" + as.ID}.HTML()},
			{Markup: stateTag(as.State).HTML()}, {Text: when}, {Text: or(as.Reason, "By schedule")}})
	}
	return listed("assessments", "Assessments", "No assessment yet.", "", []string{"Framework", "State", "When", "Reason"}, rows)
}

func rolesTable(h app.SystemHome, path string, writes bool) systemTable {
	today := todayIn(h.Organisation, h.Now)
	head := []string{"Role", "Person", "From", "Until", "Skills needed"}
	if writes {
		head = append(head, "Change")
	}
	var rows [][]govuk.Cell
	for _, a := range h.Appointments {
		name := a.Name
		if a.StandIn {
			name += " (stand-in)"
		}
		if a.OnBehalfOf != "" {
			name += " (acting for the accountable person)"
		}
		row := []govuk.Cell{{Text: roleTitle(h, a.Role)}, {Text: name}, {Text: a.StartsOn.Words()}, {Text: or(a.EndsOn.Words(), "Open")}, {Text: or(a.Skills, "None recorded")}}
		if writes {
			cell := govuk.Cell{Text: "Ended"}
			if a.EndsOn == "" || a.EndsOn >= today {
				cell = govuk.Cell{Markup: govuk.Link{Text: "End", Hidden: roleTitle(h, a.Role) + " " + a.Name, Href: path + "/roles/" + a.ID + "/end"}.HTML()}
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	return listed("roles", "Roles", "Nobody has a role yet.", "Name somebody in a role", head, rows)
}

// roleTitle is the role in the organisation's own words.
func roleTitle(h app.SystemHome, role string) string {
	if portfolio.Role(role) == portfolio.SRO && h.Organisation.SROWord != "" {
		return h.Organisation.SROWord
	}
	return portfolio.Role(role).Title()
}

func connectionsTable(h app.SystemHome, path string, writes bool) systemTable {
	head := []string{"Other system", "Purpose", "Risk owner here", "Risk owner there", "Owners last checked"}
	if writes {
		head = append(head, "Change")
	}
	var rows [][]govuk.Cell
	for _, c := range h.Connections {
		other := govuk.Cell{Text: c.OtherName}
		if c.OtherSystem != "" {
			other = govuk.Cell{Markup: govuk.Link{Text: c.OtherName, Href: "/systems/" + c.OtherSystem}.HTML()}
		}
		row := []govuk.Cell{other, {Text: or(c.Description, "Not entered")}, {Text: or(c.OurOwner, "Nobody named")}, {Text: or(c.TheirOwner, "Nobody named")},
			{Text: or(c.CheckedOn.Words(), "Never")}}
		if writes {
			row = append(row, govuk.Cell{Markup: govuk.Link{Text: "Change", Hidden: "connection to " + c.OtherName, Href: path + "/connections/" + c.ID}.HTML()})
		}
		rows = append(rows, row)
	}
	return listed("connections", "Connections to other systems", "No connection is recorded.", "Add a connection", head, rows)
}

func obligationsTable(h app.SystemHome) systemTable {
	var rows [][]govuk.Cell
	for _, o := range h.Obligations {
		rows = append(rows, []govuk.Cell{{Text: o.Title}, prose(o.Overview), {Text: wordOf(appliesChoices(), o.Applies)}, prose(o.Justification),
			{Text: or(wordOf(specialistChoices(), o.Specialist), "Not recorded")}})
	}
	return listed("obligations", "Obligations", "No law, policy or duty is recorded.", "Add an obligation",
		[]string{"Law, policy or duty", "What it asks", "Applies", "Why", "Specialist asked"}, rows)
}

func accreditationsTable(h app.SystemHome) systemTable {
	var rows [][]govuk.Cell
	for _, a := range h.Accreditations {
		rows = append(rows, []govuk.Cell{{Text: a.Reference}, {Text: or(a.Authority, "Not entered")}, {Text: or(a.IssuedOn.Words(), "Not entered")},
			{Text: or(a.ExpiresOn.Words(), "Not entered")}, prose(a.Conditions), prose(a.ResidualRisks)})
	}
	return listed("accreditations", "Legacy accreditation", "No legacy accreditation is recorded.", "Record a legacy accreditation",
		[]string{"Reference", "Authority", "Issued", "Expires", "Conditions", "Residual risks"}, rows)
}
