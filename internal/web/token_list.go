package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// tokensView lists the API tokens of the organisation. Their secrets stand
// nowhere.
type tokensView struct {
	None bool
	List govuk.Table
}

func (s *Site) tokens(rq *request) (reply, error) {
	list, err := s.App.Tokens(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	v := tokensView{None: len(list) == 0, List: govuk.Table{Caption: "API tokens", CaptionClasses: "govuk-visually-hidden", Scroll: true, FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "Name"}, {Text: "Role"}, {Text: "Limited to"}, {Text: "Last used"}, {Text: "Works until"}, {Text: "State"}, {Text: "Action"}}}}
	now := s.Now()
	for _, t := range list {
		action := govuk.Cell{}
		state := govuk.Tag{Text: "Works", Colour: "green"}
		switch {
		case !t.RevokedAt.IsZero():
			state = govuk.Tag{Text: "Revoked", Colour: "grey"}
		case !now.Before(t.ExpiresAt):
			state = govuk.Tag{Text: "Expired", Colour: "grey"}
		default:
			action.Markup = govuk.Link{Text: "Revoke", Hidden: "the token " + t.Name, Href: "/tokens/" + t.ID + "/revoke"}.HTML()
		}
		v.List.Rows = append(v.List.Rows, []govuk.Cell{{Text: t.Name}, {Text: t.Role.Title()}, {Text: limitOf(t)}, {Text: or(at(t.UsedAt), "Never")},
			{Text: at(t.ExpiresAt)}, {Markup: state.HTML()}, action})
	}
	return show(&page{title: "API tokens", section: "/organisation", crumbs: []crumb{{"Organisation", "/organisation"}}, wide: true, view: v}), nil
}

func limitOf(t app.TokenView) string {
	var out []string
	if t.System != "" {
		out = append(out, "one system")
	}
	if len(t.Scopes) > 0 {
		out = append(out, many(int64(len(t.Scopes)), "operation", "operations"))
	}
	if t.Person != "" {
		out = append(out, "acts as a sample person")
	}
	return or(strings.Join(out, ", "), "All that its role may do")
}

// lives are the days that a token can be made for.
func lives() []int { return []int{7, 30, 90, 180, 365} }

func (s *Site) tokenNew(rq *request) (reply, error) { return s.tokenForm(rq, filled("ttl", "90")) }

func (s *Site) tokenForm(rq *request, f *form) (reply, error) {
	fields, err := s.roleFields(rq, f, false)
	if err != nil {
		return reply{}, err
	}
	ttl := govuk.Select{Name: "ttl", Label: govuk.Label{Text: "How long it works"}}
	for _, d := range lives() {
		ttl.Options = append(ttl.Options, govuk.Option{Text: strconv.Itoa(d) + " days", Value: strconv.Itoa(d)})
	}
	scopes := govuk.Checkboxes{Name: "scopes", Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "Limit it to some operations (optional)", Classes: "govuk-fieldset__legend--s"}},
		Hint: govuk.Hint{Text: "Choose none for all that its role may do."}, Classes: "govuk-checkboxes--small"}
	for _, op := range tokenOperations() {
		scopes.Items = append(scopes.Items, govuk.CheckboxItem{Value: string(op), Text: string(op)})
	}
	name := f.input(govuk.Input{Name: "name", Label: govuk.Label{Text: "Name"}, Hint: govuk.Hint{Text: "What it is for. For example, build pipeline of the payments service."}, Autocomplete: "off"})
	p := formPage(rq, "Make an API token", "/tokens", f, formView{
		Intro:  []string{"A token lets a program work with the API. Give it the least that it needs. It can never approve anything."},
		Fields: append(append([]govuk.Component{name}, fields...), f.choose(ttl), f.checkboxes(scopes)), Submit: "Make the token"})
	p.section = "/organisation"
	return show(p), nil
}

// tokenOperations are those that a token can perform: none that needs a fresh
// confirmation, and none about the installation.
func tokenOperations() []access.Operation {
	return slices.DeleteFunc(access.Operations(), func(op access.Operation) bool {
		r, _ := access.RuleOf(op)
		return r.StepUp() || r.Instance() || strings.HasPrefix(string(op), "self.")
	})
}

func (s *Site) tokenMade(rq *request) (reply, error) {
	f := rq.form
	in := app.TokenInput{Name: f.text("name"), Role: access.Role(f.id("role")), System: systemOf(f), Life: time.Duration(f.number("ttl")) * 24 * time.Hour}
	if !slices.Contains(lives(), int(f.number("ttl"))) {
		in.Life = -1 // refused with the sentence for a wrong time
	}
	for _, op := range f.values["scopes"] {
		in.Scopes = append(in.Scopes, access.Operation(op))
	}
	t, _, err := s.App.CreateToken(rq.Context(), rq.who, in)
	if err != nil {
		if f.take(err) {
			return s.tokenForm(rq, f)
		}
		return reply{}, err
	}
	return show(&page{title: "Token made", section: "/organisation", template: "account_shown", view: shownView{
		Words: []string{"Copy the token now and put it where the program reads it, not into source code. It is shown this once."},
		Label: "Token", Secret: t.Secret, Facts: govuk.SummaryList{Rows: []govuk.SummaryRow{
			{Key: govuk.Text("Name"), Value: govuk.Text(in.Name), NoMark: true}, {Key: govuk.Text("Role"), Value: govuk.Text(t.Role.Title()), NoMark: true},
			{Key: govuk.Text("Works until"), Value: govuk.Text(at(t.ExpiresAt)), NoMark: true}}},
		Next: govuk.Link{Text: "Back to API tokens", Href: "/tokens"}}}), nil
}

func (s *Site) tokenRevoke(rq *request) (reply, error) { return s.revokeForm(rq, newForm(nil)) }

func (s *Site) revokeForm(rq *request, f *form) (reply, error) {
	list, err := s.App.Tokens(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	i := slices.IndexFunc(list, func(t app.TokenView) bool { return t.ID == rq.id("id") })
	if i < 0 {
		return s.nothingHere(rq)
	}
	p := formPage(rq, "Revoke the token "+list[i].Name, "/tokens", f, formView{
		Intro: []string{"It stops working at once and cannot be brought back."}, Submit: "Revoke the token", Danger: true})
	p.section = "/organisation"
	return show(p), nil
}

func (s *Site) tokenRevoked(rq *request) (reply, error) {
	if _, err := s.App.RevokeToken(rq.Context(), rq.who, rq.id("id")); err != nil {
		if rq.form.take(err) {
			return s.revokeForm(rq, rq.form)
		}
		return reply{}, err
	}
	return goTo("/tokens", "token_revoked"), nil
}
