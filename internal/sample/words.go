package sample

import (
	"math/rand/v2"
	"strings"
)

// names fills the gaps in a sentence.
type names struct {
	system   string
	topic    string   // title of the requirement
	expected []string // evidence that the framework expects
}

// pick chooses an opening and, where there are more sentences, adds one: so few
// words give many answers. {system}, {topic} and {record} are filled in.
func pick(c *rand.Rand, from [][]string, n names) string {
	var parts []string
	for _, choices := range from {
		parts = append(parts, choices[c.IntN(len(choices))])
	}
	record := "the record beside this answer"
	if len(n.expected) > 0 {
		record = "“" + n.expected[c.IntN(len(n.expected))] + "”"
	}
	return strings.NewReplacer("{system}", n.system, "{topic}", "“"+n.topic+"”", "{record}", record).Replace(strings.Join(parts, " "))
}

// rationales are the words behind a level, by its place among the levels.
func rationales(at, levels int) [][]string {
	switch {
	case at == 0:
		return nothingYet()
	case at == levels-1:
		return inPlace()
	}
	return halfWay()
}

func nothingYet() [][]string {
	return [][]string{{
		"For {system} little of this is done.",
		"We have not begun with {topic}.",
		"This was planned for last year and was put back when two people left.",
		"What there is comes from the system before this one and no longer fits.",
		"People do some of this by habit, but nothing is written down.",
		"The supplier says that it is done. We have seen nothing that shows it.",
	}, {
		"It is in the plan for the next quarter, and the board has been told.",
		"There is no money for it yet. The sponsor has the request.",
		"We would start with {record}, which does not exist so far.",
		"The risk is on the register, with an owner.",
		"Nobody has been named to do it, so it cannot be promised for a day.",
		"A short piece of work to size it begins next month.",
	}}
}

func halfWay() [][]string {
	return [][]string{{
		"{topic} is looked after in the main part of {system}, not yet in its test copies.",
		"We do this, but {record} is behind what we do.",
		"It is done for what we built ourselves. For the parts that we bought we rely on the supplier.",
		"The team knows what to do and did it last time. It has not been tried without the two people who know it best.",
		"Most of it is in place since the last release.",
		"It works in the week. At night and at weekends nobody would notice.",
		"The rules are agreed. Half of the people have been trained in them.",
	}, {
		"What is missing is listed in the backlog, with dates.",
		"We expect to finish before the next assessment.",
		"The rest waits for the new contract.",
		"An outside review found three gaps; one is closed.",
		"Until then somebody checks by hand each week.",
		"See {record} for how far we are.",
	}}
}

func inPlace() [][]string {
	return [][]string{{
		"{topic} is part of how {system} is run, and {record} shows it.",
		"This is done, and somebody outside the team looked at it this quarter.",
		"In place since the system went live, and used: the last time was three weeks ago.",
		"Yes. {record} is kept up to date with every release.",
		"We do this for all of {system}, suppliers included.",
		"The people named in the record know their part; we asked four of them.",
	}, {
		"It is looked at again every quarter.",
		"The last look found nothing that had to change.",
		"Two small points came out of it and were mended within a week.",
		"Results go to the working group, which keeps notes.",
		"If it stopped, we would know within a day.",
		"The check runs with each change, so it cannot be forgotten.",
	}}
}

func notKnown() [][]string {
	return [][]string{{
		"Nobody in the team knows how this stands for {system}.",
		"The person who looked after {topic} has left, and the notes do not say.",
		"The supplier has to tell us. We have asked.",
		"We found two documents that disagree.",
	}, {
		"We will ask the people who run it and write down what they say.",
		"A meeting with the supplier is arranged.",
		"Somebody will look at the machines themselves.",
	}}
}

func notApplicable() [][]string {
	return [][]string{{
		"{system} has nothing of this sort: the part that would need it is run by another body, which answers for it.",
		"There is no such thing here. It was checked when the scope was agreed.",
		"The duty behind {topic} does not reach {system}, and a specialist has confirmed that.",
	}}
}

func acceptances() [][]string {
	return [][]string{{
		"I accept the answers as a fair account of {system}.",
		"I have read what changed and I accept it.",
		"I accept this account, with the gaps as listed.",
	}, {
		"The gaps with dates stay with the team; I want to see the two oldest closed before the next one.",
		"What is not known has to be found out by the days given.",
		"I will raise the unpaid work with the sponsor.",
		"The risk of the connection without an owner is mine until one is named.",
	}}
}

func places() []string { return []string{"", "Section 3", "Pages 4 to 9", "", "Annex B", "Summary"} }

func noteLines() []string {
	return []string{"- What was looked at, and by whom.", "- What was found.", "- What is done about it, and by when."}
}

func policies() []string {
	return []string{"Security policy", "Risk appetite statement", "Incident plan", "Supplier security terms", "Rules for access", "Backup standard",
		"Change procedure", "Training plan", "Records schedule", "Patch policy", "Logging standard", "Cryptography rules", "Home working rules",
		"Removable media rules", "Continuity plan", "Data protection policy"}
}

type note struct{ framework, place, words string }

func feedback() []note {
	return []note{
		{inService, "TIS-GV.RM", "It is not clear who agrees the risk appetite when two bodies share a system. An example would help."},
		{govSbD, "principles", "The page does not say what to do when a supplier refuses to show its test results."},
		{foundation, "TSF-P01a", "We looked for a template of the role list and found none."},
	}
}
