package web

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/report"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// receiptView proves what was approved, by whom and when.
type receiptView struct {
	Panel  govuk.Panel
	Facts  govuk.SummaryList
	Files  []govuk.Link
	Read   string
	Share  string
	Shares govuk.Table
	Proof  string
}

func (s *Site) receipt(rq *request) (reply, error) {
	r, err := s.App.Report(rq.Context(), rq.who, rq.id("id"))
	if err != nil {
		return reply{}, err
	}
	path := "/assessments/" + r.ID
	v := receiptView{Panel: govuk.Panel{Title: "Approved", HeadingLevel: 2, Text: "by " + r.SignOff.By + " on " + day(r.SignOff.At.UnixMicro())}, Facts: receiptFacts(r), Read: path + "/report", Proof: r.Proof.Checkpoint}
	for _, format := range app.ReportFormats() {
		v.Files = append(v.Files, govuk.Link{Text: "Report as " + strings.ToUpper(format), Href: path + "/report?format=" + format})
	}
	if rq.may(access.AssessmentShare) {
		v.Share = path + "/share"
	}
	v.Shares = govuk.Table{Caption: "Who has been given the report", Scroll: true, FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "Recipient"}, {Text: "Marking"}, {Text: "When"}, {Text: "By"}}}
	for _, sh := range r.Shares {
		v.Shares.Rows = append(v.Shares.Rows, []govuk.Cell{{Text: sh.Recipient}, {Text: or(sh.Marking, "Unmarked")}, {Text: moment(sh.At.UnixMicro())}, {Text: sh.By}})
	}
	return show(&page{title: "Receipt", caption: r.System.Name, section: "/assurance", markings: []string{r.Marking}, crumbs: reportCrumbs(r), view: v}), nil
}

func reportCrumbs(r report.Assessment) []crumb {
	return []crumb{listOfSystems, {r.System.Name, "/systems/" + r.System.ID}, {r.Framework.Title, "/assessments/" + r.ID}}
}

func receiptFacts(r report.Assessment) govuk.SummaryList {
	var list govuk.SummaryList
	add := func(key, value string) {
		if value != "" {
			list.Rows = append(list.Rows, govuk.SummaryRow{Key: govuk.Text(key), Value: govuk.Text(value)})
		}
	}
	add("Reference", r.ID)
	add("System", r.System.Name)
	add("Framework", r.Framework.Key+", published by "+r.Framework.Publisher)
	add("Version of the assessment", strconv.FormatInt(r.Version, 10))
	add("Approved by", r.SignOff.By)
	add("On behalf of", r.SignOff.OnBehalfOf)
	add("When", moment(r.SignOff.At.UnixMicro()))
	add("In their words", r.SignOff.Declaration)
	add("Marking", r.Marking)
	add("Digest ("+r.SignOff.Algorithm+")", r.SignOff.Digest)
	if r.Proof.AuditIndex >= 0 {
		add("Entry in the log", strconv.FormatInt(r.Proof.AuditIndex, 10))
	}
	return list
}

// reportShow shows the report in the page, or gives it as a file.
func (s *Site) reportShow(rq *request) (reply, error) {
	if format := rq.query("format"); format != "" {
		return s.reportFile(rq, format)
	}
	r, err := s.App.Report(rq.Context(), rq.who, rq.id("id"))
	if err != nil {
		return reply{}, err
	}
	d := r.Document()
	return show(&page{title: d.Title, caption: d.Subtitle, section: "/assurance", markings: []string{r.Marking}, wide: true,
		crumbs: append(reportCrumbs(r), crumb{"Receipt", "/assessments/" + r.ID + "/receipt"}), view: documentOf(d)}), nil
}

// reportFile is held back until it is whole: a file that breaks off could be
// taken for the report.
func (s *Site) reportFile(rq *request, format string) (reply, error) {
	var b bytes.Buffer
	name, mediaType, _, err := s.App.ProduceReport(rq.Context(), rq.who, rq.id("id"), format, &b)
	if err != nil {
		return reply{}, err
	}
	return reply{write: func(w http.ResponseWriter) error {
		attachment(w.Header(), name, mediaType)
		w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
		_, err := b.WriteTo(w)
		return err
	}}, nil
}

func (s *Site) shareForm(rq *request) (reply, error) { return s.sharePage(rq, filled()) }

func (s *Site) sharePage(rq *request, f *form) (reply, error) {
	r, err := s.App.Report(rq.Context(), rq.who, rq.id("id"))
	if err != nil {
		return reply{}, err
	}
	path := "/assessments/" + r.ID
	return show(&page{title: "Record that the report was given to somebody", caption: r.System.Name, section: "/assurance", markings: []string{r.Marking}, form: f,
		crumbs: append(reportCrumbs(r), crumb{"Receipt", path + "/receipt"}),
		view: askView{Action: path + "/share", Submit: "Record", Cancel: path + "/receipt", Intro: "Nothing is sent from here. It is recorded who was given the report, and with which marking.",
			Fields: []govuk.Component{f.line("recipient", "Who receives it", "A person or an organisation."),
				f.pick("marking", "Marking it is shared with", "Not below that of the report.", "As the report", markings())}}}), nil
}

func (s *Site) reportShared(rq *request) (reply, error) {
	id := rq.id("id")
	_, _, err := s.App.ShareReport(rq.Context(), rq.who, id, rq.form.text("recipient"), rq.form.text("marking"))
	if err == nil {
		return goTo("/assessments/"+id+"/receipt", "report_shared"), nil
	}
	if rq.form.take(err) {
		return s.sharePage(rq, rq.form)
	}
	return reply{}, err
}
