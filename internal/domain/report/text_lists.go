package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

func (a Assessment) gaps() []Block { return a.gapBlocks(a.Gaps) }

func (a Assessment) gapBlocks(gaps []Gap) []Block {
	if len(gaps) == 0 {
		return []Block{text("No gap is on record: every question is answered above the lowest level, and every such claim is carried by its support.")}
	}
	counts := map[string]int{}
	for _, g := range gaps {
		counts[g.Kind]++
	}
	var lines []string
	for _, k := range gapKinds() {
		if counts[k] > 0 {
			lines = append(lines, gapWords(k)+": "+strconv.Itoa(counts[k])+".")
		}
	}
	var rows [][]string
	for _, g := range gaps {
		due := dayOr(g.Due, "No date set")
		if g.Overdue {
			due += " (passed)"
		}
		since := ""
		if !g.Since.IsZero() {
			since = a.day(g.Since)
		}
		rows = append(rows, []string{g.Requirement + " " + g.Title, gapWords(g.Kind), g.Claim, sentences(g.Why, g.Remedy), cmp.Or(g.Owner, "Nobody is named"), since, due})
	}
	return []Block{{List: lines}, text("The owner is whoever was asked to find out, otherwise whoever gave the answer."),
		table("Gaps, most pressing first", columns("Question", "Gap", "Answer", "Why, and what would close it", "Owner", "Since", "Find out by"), rows)}
}

func sentences(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ")
}

func (a Assessment) unknowns() []Block {
	if len(a.Unknowns) == 0 {
		return []Block{text("No question was answered “I don’t know”.")}
	}
	var rows [][]string
	for _, u := range a.Unknowns {
		by := dayOr(u.FindOutBy, "No date set")
		if u.Overdue {
			by += " (passed)"
		}
		rows = append(rows, []string{u.Requirement + " " + u.Title, by, cmp.Or(u.Delegate, "Nobody is named"), u.Rationale})
	}
	return []Block{text("Saying so is as good as any other answer: it shows where to look next."),
		table("Questions answered “I don’t know”", columns("Question", "Find out by", "Who finds out", "What was said"), rows)}
}

func (a Assessment) evidence() []Block {
	if len(a.Evidence) == 0 {
		return []Block{text("No evidence was linked.")}
	}
	states := freshnessWords()
	p := Plot{ID: "freshness", Kind: PlotFreshness, Title: "Evidence by kind and freshness", Desc: "One bar for each kind of evidence, divided by freshness on " + a.day(a.AsOf) + ". The table after it has the same numbers."}
	for _, s := range states {
		p.Series = append(p.Series, s.Label)
	}
	var rows [][]string
	for _, e := range a.Evidence {
		i := slices.IndexFunc(p.Rows, func(r PlotRow) bool { return r.Label == e.Kind })
		if i < 0 {
			i, p.Rows = len(p.Rows), append(p.Rows, PlotRow{Label: e.Kind, Counts: make([]int, len(states))})
		}
		for j, s := range states {
			if s.State == e.Freshness {
				p.Rows[i].Counts[j]++
			}
		}
		where := sentences(e.Where, e.Place)
		if e.SHA256 != "" {
			where += "\nSHA-256 " + e.SHA256
		}
		rows = append(rows, []string{e.Title, cmp.Or(e.Version, "Not recorded"), dayOr(e.ProducedOn, "Not recorded"), dayOr(e.ValidUntil, "No end date"),
			freshnessLabel(e.Freshness), Mark(e.Marking), where, strings.Join(e.UsedFor, ", ")})
	}
	slices.SortStableFunc(p.Rows, func(x, y PlotRow) int { return cmp.Compare(x.Label, y.Label) })
	counts := table("Evidence by kind and freshness", numbers(columns(append([]string{"Kind"}, p.Series...)...), 1), nil)
	for _, r := range p.Rows {
		row := []string{r.Label}
		for _, n := range r.Counts {
			row = append(row, strconv.Itoa(n))
		}
		counts.Table.Rows = append(counts.Table.Rows, row)
	}
	return []Block{text("Freshness is as at " + a.day(a.AsOf) + ". Dates are those of the documents, not of their upload."), plot(p), counts,
		table("Evidence records", columns("Title", "Version", "Produced", "Valid until", "Freshness", "Marking", "Where", "Used for"), rows)}
}

func (a Assessment) history() []Block {
	if len(a.History) == 0 {
		return []Block{text("No standing has moved.")}
	}
	var rows [][]string
	for _, h := range a.History {
		when := a.moment(h.At)
		if h.AfterSigning {
			when += " (after signing)"
		}
		rows = append(rows, []string{when, sentences(h.Requirement, h.Title), h.Before, h.After, h.Why})
	}
	return []Block{table("What moved, and why, newest first", columns("When", "Question", "Before", "After", "Why"), rows)}
}

func (a Assessment) accepted() []Block {
	blocks := []Block{text(a.sroWord + ": " + cmp.Or(a.SignOff.By, "not recorded"))}
	if a.SignOff.OnBehalfOf != "" {
		blocks = append(blocks, text("Signed on behalf of "+a.SignOff.OnBehalfOf+", who stays accountable."))
	}
	if a.SignOff.Declaration == "" {
		return append(blocks, text("The approval holds no words beyond the standard statement: the content above was accepted as it stands, with its gaps."))
	}
	return append(blocks, text("In their words:"), text(a.SignOff.Declaration))
}

func (a Assessment) signOff() []Block {
	s := a.SignOff
	ts := []Term{{"Signed by", s.By}, {"Role", s.Role}}
	if s.OnBehalfOf != "" {
		ts = append(ts, Term{"On behalf of", s.OnBehalfOf})
	}
	ts = append(ts, Term{"Signed at", a.moment(s.At)}, Term{"Assessment", a.ID}, Term{"Version signed", strconv.FormatInt(a.Version, 10)}, Term{"State now", a.State})
	return []Block{terms(ts...), text("Content digest that was signed (" + s.Algorithm + "):"), {Code: s.Digest}, text(s.Signed)}
}

func (a Assessment) verify() []Block {
	blocks := []Block{text("The approval is an entry in the tamper-evident log of this installation. Nobody needs to take our word for it:")}
	steps := []string{
		"Keep the checkpoint below outside this installation, in a file. It binds the log as it stood when it was signed.",
		"Run “touchstone verify --data DIR --checkpoint FILE” against the installation or a copy of its data. It checks the log, every audited row and every attachment, and finds a log that was cut short or rewritten after the checkpoint.",
		"Take the JSON form of this report. The SHA-256 of the text in its member sign_off.signed_content, in UTF-8, must be the digest above, and the digest must be the one in the log entry of the approval. docs/log.md describes the log, so that a verifier can be written without ours.",
	}
	blocks = append(blocks, Block{List: steps})
	if a.Proof.AuditIndex >= 0 {
		blocks = append(blocks, terms(Term{"Log entry of the approval", strconv.FormatInt(a.Proof.AuditIndex, 10)}))
	} else {
		blocks = append(blocks, text("The log entry of the approval was not found. Run touchstone verify to see why."))
	}
	if a.Proof.Checkpoint != "" {
		blocks = append(blocks, text("Checkpoint:"), Block{Code: a.Proof.Checkpoint})
	} else {
		blocks = append(blocks, text("No checkpoint has been signed yet."))
	}
	if len(a.Proof.VerifierKeys) > 0 {
		blocks = append(blocks, text("Verifier keys. Compare them with keys that you had from elsewhere:"), Block{Code: strings.Join(a.Proof.VerifierKeys, "\n")})
	}
	return blocks
}

func (a Assessment) sharing() []Block {
	if len(a.Shares) == 0 {
		return []Block{text("The report has not been shared.")}
	}
	var rows [][]string
	for _, s := range a.Shares {
		rows = append(rows, []string{s.Recipient, Mark(s.Marking), a.moment(s.At), s.By})
	}
	return []Block{table("Who was given this report", columns("Recipient", "Marking", "When", "By"), rows)}
}

func (a Assessment) answers() []Block {
	if len(a.Answers) == 0 {
		return []Block{text("No question is in scope.")}
	}
	titles := map[string]string{}
	for _, e := range a.Evidence {
		titles[e.ID] = e.Title
		if e.Version != "" {
			titles[e.ID] += ", version " + e.Version
		}
	}
	var blocks []Block
	last := ""
	for _, x := range a.Answers {
		if x.Group != last {
			last = x.Group
			blocks = append(blocks, heading(x.Group), table(x.Group+": answers as signed", columns("Question", "Answer", "Support", "Reasons given", "Evidence"), nil))
		}
		t := blocks[len(blocks)-1].Table
		t.Rows = append(t.Rows, a.answerRow(x, titles))
	}
	return blocks
}

func (a Assessment) answerRow(x Answer, titles map[string]string) []string {
	support := x.Support.Label()
	if x.Kind == "dont_know" || x.Kind == "unanswered" {
		support = "No claim"
	}
	if x.Partly {
		support += ", checked in part"
	}
	if len(x.Because) > 0 {
		support += ". " + x.Because[0]
	}
	var reasons, evidence []string
	for _, s := range []string{x.Rationale, x.Reason} {
		if s != "" {
			reasons = append(reasons, s)
		}
	}
	if x.Author != "" {
		reasons = append(reasons, "Answered by "+x.Author+", "+a.day(x.AnsweredAt)+".")
	}
	for _, id := range x.Evidence {
		evidence = append(evidence, cmp.Or(titles[id], id))
	}
	return []string{x.Requirement + " " + x.Title, x.Claim, support, strings.Join(reasons, "\n"), cmp.Or(strings.Join(evidence, "\n"), "None")}
}
