package govuk

import (
	"slices"
	"strings"
	"testing"
)

func TestPatternsOfOurOwn(t *testing.T) {
	for _, c := range []struct {
		does      string
		component Component
		contains  []string
		lacks     []string
	}{
		{
			"a sorted heading says its order and what pressing it does",
			Table{Caption: "Systems", Head: []Cell{{Text: "Name", Sort: &Sort{Href: "?sort=-name", Order: Ascending}}, {Text: "Due", Sort: &Sort{Href: "?sort=due"}}}},
			[]string{`aria-sort="ascending"`, `href="?sort=-name"`, "sort descending", "sort ascending"}, []string{`aria-sort=""`, "tabindex"},
		},
		{
			"a wide table scrolls in a named region that takes the focus",
			Table{Caption: "Systems", Scroll: true},
			[]string{`<div class="app-scroll" tabindex="0" role="region" aria-label="Systems">`}, nil,
		},
		{
			"a region without a name is no landmark",
			ScrollRegion{Body: Text("x").HTML()}, []string{`tabindex="0"`}, []string{"role", "aria-label"},
		},
		{
			"a filter shows what is selected and how to take it away",
			Filter{Action: "/systems", ClearHref: "/systems", Keep: []KeptValue{{"sort", "name"}},
				Selected: []FilterGroup{{"Stage", []FilterItem{{"Concept", "/systems?sort=name"}}}},
				Fields:   []Component{Input{Name: "q"}}},
			[]string{`method="get"`, `Remove this filter: </span>Concept`, `href="/systems?sort=name"`, `type="hidden" name="sort" value="name"`, `name="q"`}, nil,
		},
		{
			"a filter without a selection does not speak of one",
			Filter{}, []string{"Apply filters"}, []string{"Selected filters", "action="},
		},
		{
			"an event has its time for machines and for people",
			Timeline{HeadingLevel: 3, Events: []Event{{Title: "Approved", By: "the SRO", Time: "2026-01-02T03:04:05Z", When: "2 January 2026", Detail: Text("Gaps accepted")}}},
			[]string{`<h3 class="app-timeline__title">Approved</h3>`, `datetime="2026-01-02T03:04:05Z"`, "2 January 2026</time> by the SRO", `<p class="govuk-body">Gaps accepted</p>`}, nil,
		},
		{
			"an identity bar is named by its title",
			IdentityBar{Title: "Radar", Reference: "SYS-1", Facts: []Fact{{"Phase", Of(Tag{Text: "Concept"})}}, Actions: []Component{Link{Text: "Report", Href: "/r"}}},
			[]string{`aria-label="Radar"`, "SYS-1", "<dt>Phase</dt>", "govuk-tag", `href="/r"`}, nil,
		},
		{
			"a link says to whom it cannot be seen what it belongs to",
			Link{Text: "Change", Hidden: "name", Href: "/x"}, []string{`Change<span class="govuk-visually-hidden"> name</span>`}, nil,
		},
		{
			"a footer shows the words it is given and no link to Crown copyright",
			Footer{Copyright: Text("Ours")}, []string{`<div class="govuk-footer__meta-item">Ours</div>`}, []string{"nationalarchives", "svg", "Open Government"},
		},
		{
			"a description made of no component is empty",
			Prose{Text: "\n \n"}, []string{`<div class="app-prose"></div>`}, nil,
		},
	} {
		t.Run(c.does, func(t *testing.T) {
			got := string(c.component.HTML())
			for _, want := range c.contains {
				if !strings.Contains(got, want) {
					t.Errorf("lacks %s:\n%s", want, got)
				}
			}
			for _, unwanted := range c.lacks {
				if strings.Contains(got, unwanted) {
					t.Errorf("has %s:\n%s", unwanted, got)
				}
			}
		})
	}
}

func TestProseKeepsParagraphsAndLines(t *testing.T) {
	got := Prose{Text: "one\r\ntwo\n\n\nthree <b>"}.Paragraphs()
	want := [][]string{{"one", "two"}, {"three <b>"}}
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("paragraphs are %q, not %q", got, want)
	}
}

func TestATextAreaKeepsAnEmptyFirstLine(t *testing.T) {
	got := normalise(t, string(Textarea{Name: "x", Value: "\nsecond"}.HTML()), nil)
	if !strings.Contains(got, `"\nsecond"`) {
		t.Errorf("the first line is lost: %s", got)
	}
}

func TestNormaliseTellsApartWhatDiffersAndNothingElse(t *testing.T) {
	for _, c := range []struct {
		does, a, b string
		equal      bool
	}{
		{"the order of attributes and classes does not count", `<p id="a" class="x y">`, `<p class="y  x" id="a">`, true},
		{"indentation does not count", "<p>\n  text\n</p>", "<p>text</p>", true},
		{"another attribute counts", `<p id="a">`, `<p id="b">`, false},
		{"another element counts", `<p>x</p>`, `<div>x</div>`, false},
		{"another text counts", `<p>x</p>`, `<p>y</p>`, false},
		{"a space between words of two elements counts", `<b>a</b> <b>c</b>`, `<b>a</b><b>c</b>`, false},
		{"a space that begins a hidden text counts", `<a>a<span> c</span></a>`, `<a>a<span>c</span></a>`, false},
		{"lines of a text area count", "<textarea>a\nb</textarea>", "<textarea>a b</textarea>", false},
	} {
		if (normalise(t, c.a, nil) == normalise(t, c.b, nil)) != c.equal {
			t.Errorf("%s: %s and %s", c.does, c.a, c.b)
		}
	}
}

func BenchmarkTableOf100RowsAnd8Columns(b *testing.B) {
	row := slices.Repeat([]Cell{{Text: "some <text> in a cell"}}, 8)
	table := Table{Caption: "Systems", Rows: slices.Repeat([][]Cell{row}, 100)}
	for b.Loop() {
		table.HTML()
	}
}

func BenchmarkInput(b *testing.B) {
	input := Input{Name: "name", Label: Label{Text: "Name"}, Hint: Hint{Text: "Hint"}, Error: ErrorMessage{Text: "Error"}}
	for b.Loop() {
		input.HTML()
	}
}
