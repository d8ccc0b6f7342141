package govuk

import (
	"html/template"
	"strconv"
)

// TaskList shows what there is to do and how far each task is.
type TaskList struct {
	IDPrefix   string // "task-list" when empty; must differ between lists of a page
	Tasks      []Task
	Classes    string
	Attributes Attributes
}

// Task is one row. Without Href it cannot be started, and its status says so.
type Task struct {
	Title         Content
	TitleClasses  string
	Href          string
	Hint          Content
	Status        Content
	Tag           Tag // instead of Status
	StatusClasses string
	Classes       string
}

type taskRow struct {
	Task
	HintID, StatusID string
}

var taskListTemplate = compile("task-list", `<ul class="govuk-task-list{{cls .C.Classes}}"{{attrs .C.Attributes}}>
{{- range .Rows}}
<li class="govuk-task-list__item{{if .Href}} govuk-task-list__item--with-link{{end}}{{cls .Classes}}">
<div class="govuk-task-list__name-and-hint">
{{- if .Href}}<a class="govuk-link govuk-task-list__link{{cls .TitleClasses}}" href="{{.Href}}" aria-describedby="{{with .HintID}}{{.}} {{end}}{{.StatusID}}">{{.Title.HTML}}</a>
{{- else}}<div{{with .TitleClasses}} class="{{.}}"{{end}}>{{.Title.HTML}}</div>{{end}}
{{- if .HintID}}<div id="{{.HintID}}" class="govuk-task-list__hint">{{.Hint.HTML}}</div>{{end}}
</div>
<div class="govuk-task-list__status{{cls .StatusClasses}}" id="{{.StatusID}}">{{if not .Tag.Content.IsZero}}{{.Tag.HTML}}{{else}}{{.Status.HTML}}{{end}}</div>
</li>
{{- end}}
</ul>`)

// HTML renders the list.
func (c TaskList) HTML() template.HTML {
	rows := make([]taskRow, len(c.Tasks))
	for i, task := range c.Tasks {
		prefix := orDefault(c.IDPrefix, "task-list") + "-" + strconv.Itoa(i+1)
		rows[i] = taskRow{Task: task, StatusID: prefix + "-status"}
		if !task.Hint.IsZero() {
			rows[i].HintID = prefix + "-hint"
		}
	}
	return render(taskListTemplate, struct {
		C    TaskList
		Rows []taskRow
	}{c, rows})
}
