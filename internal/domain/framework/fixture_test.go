package framework

// sound returns a small framework without problems, for tests to break.
func sound() *Framework {
	return &Framework{
		ID: "example", Version: "1", Title: "Example", Short: "Example", Publisher: "Publisher",
		Status: Current, Alignment: Own, Source: Source{"Policy", "https://policy.example.org", "2026", "2026-11-22"},
		Licence: "Internal", Attribution: "Ours", Note: "For tests.", Lang: "en-GB", Leaf: Leaf{"question", "questions"},
		Subjects: []string{"system"}, Cadence: Cadence{Months: 3, Basis: "Policy"},
		Scales: []Scale{{ID: "answer", Title: "Answer", Levels: []Level{
			{"not_met", "Not met", "None of it"}, {"partly_met", "Partly met", "Some of it"}, {"met", "Met", "All of it"}}}},
		RollUp:   RollUp{Function: RollUpDistribution, Note: "Counts"},
		Sets:     []Set{{ID: "early", Title: "Early set", Summary: "Early", AppliesStages: []string{"concept"}}},
		Roles:    []Role{{"lead", "Lead", "Leads"}},
		Triggers: []Trigger{{"change", "Change", "Something changed"}},
		Groups: []Group{
			{ID: "A", Title: "First", Groups: []Group{{ID: "A1", Title: "Inner", Requirements: []Requirement{req("A1.a", "cat"), req("A1.b", "dog")}}}},
			{ID: "B", Title: "Second", Requirements: []Requirement{req("B.1", "fish")}},
		},
	}
}

func req(id, subject string) Requirement {
	return Requirement{ID: id, Title: "About the " + subject, Question: "Do you know the " + subject + "?",
		Guidance: "Look at the " + subject + ".", Good: "You know the " + subject + ".", Evidence: []string{"A picture"},
		Clause: "Chapter 1", Provenance: "P"}
}

// caf returns a framework with the CAF rule: A1.a has three levels, A1.b two.
func caf() *Framework {
	f := sound()
	f.ID, f.RollUp.Function = "caf", RollUpCAFOutcomes
	f.Scales[0].Levels = []Level{{"not_achieved", "Not achieved", "N"}, {"partially_achieved", "Partially achieved", "P"}, {"achieved", "Achieved", "A"}}
	f.Groups = f.Groups[:1]
	rs := f.Groups[0].Groups[0].Requirements
	rs[0].Indicators = []Indicator{{"not_achieved", "n1"}, {"not_achieved", "n2"}, {"partially_achieved", "p1"}, {"partially_achieved", "p2"}, {"achieved", "a1"}, {"achieved", "a2"}}
	rs[1].Levels = []string{"not_achieved", "achieved"}
	rs[1].Indicators = []Indicator{{"not_achieved", "n1"}, {"achieved", "a1"}, {"achieved", "a2"}}
	return f
}
