package govuk

import "html/template"

// FileUpload asks for a file. DropZone makes it a larger area on which files
// can be dropped; the ordinary button stays, as dragging must never be needed. The name that the
// script of 6.6.0 gives its button does not hold all the words shown (axe rule
// label-content-name-mismatch), so our pages leave DropZone out.
type FileUpload struct {
	ID, Name       string
	Label          Label
	Hint           Hint
	Error          ErrorMessage
	Disabled       bool
	Multiple       bool
	DropZone       bool
	DescribedBy    string
	Classes        string
	WrapperClasses string
	WrapperAttrs   Attributes
	Texts          UploadTexts
	FormGroup      FormGroup
	Attributes     Attributes
}

// UploadTexts replaces the English texts of the drop zone.
type UploadTexts struct {
	ChooseFiles, NoFile, Drop, Entered, Left string
	Chosen                                   Plural
}

var fileUploadTemplate = compile("file-upload", `
{{- if .C.DropZone}}<div class="govuk-file-upload-wrapper{{cls .C.WrapperClasses}}" data-module="govuk-file-upload"{{attrs .Wrapper}}>{{end}}
<input class="govuk-file-upload{{cls .C.Classes}}{{if .G.Invalid}} govuk-file-upload--error{{end}}" id="{{.G.ID}}" name="{{.C.Name}}" type="file"
{{- if .C.Disabled}} disabled{{end}}
{{- if .C.Multiple}} multiple{{end}}
{{- with .G.DescribedBy}} aria-describedby="{{.}}"{{end}}
{{- attrs .C.Attributes}}>
{{- if .C.DropZone}}</div>{{end}}`)

// HTML renders the file field with its label, hint and error.
func (c FileUpload) HTML() template.HTML {
	t := c.Texts
	texts := i18n{}.text("choose-files-button", t.ChooseFiles).text("no-file-chosen", t.NoFile).
		plural("multiple-files-chosen", t.Chosen).text("drop-instruction", t.Drop).
		text("entered-drop-zone", t.Entered).text("left-drop-zone", t.Left)
	g := newGroup(orDefault(c.ID, c.Name), c.DescribedBy, c.Label, c.Hint, c.Error, c.FormGroup)
	return g.around(render(fileUploadTemplate, struct {
		C       FileUpload
		G       group
		Wrapper Attributes
	}{c, g, c.WrapperAttrs.with(Attributes(texts))}))
}
