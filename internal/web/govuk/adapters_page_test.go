package govuk

func adaptTag(o *options) Component { return o.asTag() }

func (o *options) asTag() Tag {
	return Tag{Text: o.str("text"), Markup: o.markup("html"), Classes: o.str("classes"), Attributes: o.attributes()}
}

func adaptInsetText(o *options) Component {
	return InsetText{ID: o.str("id"), Text: o.str("text"), Markup: o.markup("html"), Classes: o.str("classes"), Attributes: o.attributes()}
}

func adaptWarningText(o *options) Component {
	return WarningText{Text: o.str("text"), Markup: o.markup("html"), IconFallback: o.str("iconFallbackText"),
		Classes: o.str("classes"), Attributes: o.attributes()}
}

func adaptDetails(o *options) Component {
	return Details{ID: o.str("id"), Summary: o.str("summaryText"), SummaryMarkup: o.markup("summaryHtml"), Text: o.str("text"),
		Markup: o.markup("html"), Open: o.flag("open"), Classes: o.str("classes"), Attributes: o.attributes()}
}

func adaptNotificationBanner(o *options) Component {
	return NotificationBanner{Success: o.str("type") == "success", Title: o.str("titleText"), TitleMarkup: o.markup("titleHtml"),
		TitleID: o.str("titleId"), HeadingLevel: o.num("titleHeadingLevel"), Text: o.str("text"), Markup: o.markup("html"),
		Role: o.str("role"), DisableAutoFocus: o.toggle("disableAutoFocus"), Classes: o.str("classes"), Attributes: o.attributes()}
}

func adaptPanel(o *options) Component {
	actions := o.sub("actions")
	c := Panel{Title: o.str("titleText"), TitleMarkup: o.markup("titleHtml"), HeadingLevel: o.num("headingLevel"),
		Text: o.str("text"), Markup: o.markup("html"), Classes: o.str("classes"), Attributes: o.attributes(),
		ActionClasses: actions.str("classes"), ActionAttrs: actions.attributes()}
	for _, item := range actions.list("items") {
		c.Actions = append(c.Actions, PanelAction{Text: item.str("text"), Href: item.str("href"), Type: item.str("type"),
			Classes: item.str("classes"), Attributes: item.attributes()})
	}
	return c
}

func adaptSummaryList(o *options) Component {
	c := SummaryList{Classes: o.str("classes"), Attributes: o.attributes()}
	for _, row := range o.list("rows") {
		key, value, actions := row.sub("key"), row.sub("value"), row.sub("actions")
		c.Rows = append(c.Rows, SummaryRow{
			Key: row.content("key"), Value: row.content("value"), KeyClasses: key.str("classes"), ValueClasses: value.str("classes"),
			Actions: adaptActions(actions), ActionClasses: actions.str("classes"), RowClasses: row.str("classes"),
			NoMark: actions.has("items"),
		})
	}
	if o.has("card") {
		card := o.sub("card")
		title, actions := card.sub("title"), card.sub("actions")
		c.Card = &SummaryCard{
			Title: card.content("title"), HeadingLevel: title.num("headingLevel"), TitleClasses: title.str("classes"),
			Actions: adaptActions(actions), ActionClasses: actions.str("classes"),
			Classes: card.str("classes"), Attributes: card.attributes(),
		}
	}
	return c
}

func adaptActions(o *options) []SummaryAction {
	var all []SummaryAction
	for _, item := range o.list("items") {
		all = append(all, SummaryAction{Text: item.str("text"), Markup: item.markup("html"), Hidden: item.str("visuallyHiddenText"),
			Href: item.str("href"), Classes: item.str("classes"), Attributes: item.attributes()})
	}
	return all
}

func adaptTaskList(o *options) Component {
	c := TaskList{IDPrefix: o.str("idPrefix"), Classes: o.str("classes"), Attributes: o.attributes()}
	for _, item := range o.list("items") {
		c.Tasks = append(c.Tasks, Task{
			Title: item.content("title"), TitleClasses: item.sub("title").str("classes"), Href: item.str("href"),
			Hint: item.content("hint"), Status: item.content("status"), Tag: item.sub("status").sub("tag").asTag(),
			StatusClasses: item.sub("status").str("classes"), Classes: item.str("classes"),
		})
	}
	return c
}

func adaptTable(o *options) Component {
	c := Table{Caption: o.str("caption"), CaptionClasses: o.str("captionClasses"), FirstCellIsHeader: o.flag("firstCellIsHeader"),
		Classes: o.str("classes"), Attributes: o.attributes()}
	for _, cell := range o.list("head") {
		c.Head = append(c.Head, adaptCell(cell))
	}
	rows, _ := o.any("rows").([]any)
	for _, row := range rows {
		cells, ok := row.([]any)
		if !ok {
			continue
		}
		var line []Cell
		for _, cell := range cells {
			line = append(line, adaptCell(newOptions(cell.(map[string]any), "rows[][].", o.nested)))
		}
		c.Rows = append(c.Rows, line)
	}
	return c
}

func adaptCell(o *options) Cell {
	return Cell{Text: o.str("text"), Markup: o.markup("html"), Format: o.str("format"), Colspan: o.num("colspan"),
		Rowspan: o.num("rowspan"), Classes: o.str("classes"), Attributes: o.attributes()}
}

func adaptSkipLink(o *options) Component {
	return SkipLink{Text: o.str("text"), Markup: o.markup("html"), Href: o.str("href"), Classes: o.str("classes"), Attributes: o.attributes()}
}

func adaptBackLink(o *options) Component {
	return BackLink{Text: o.str("text"), Markup: o.markup("html"), Href: o.str("href"), Classes: o.str("classes"), Attributes: o.attributes()}
}

func adaptBreadcrumbs(o *options) Component {
	c := Breadcrumbs{Label: o.str("labelText"), CollapseOnMobile: o.flag("collapseOnMobile"), Classes: o.str("classes"), Attributes: o.attributes()}
	for _, item := range o.list("items") {
		c.Items = append(c.Items, Breadcrumb{Text: item.str("text"), Markup: item.markup("html"), Href: item.str("href"), Attributes: item.attributes()})
	}
	return c
}

func adaptLanguageNavigation(o *options) Component {
	c := LanguageNavigation{Label: o.str("ariaLabel"), Classes: o.str("classes"), Attributes: o.attributes()}
	for _, item := range o.list("items") {
		c.Items = append(c.Items, Language{Text: item.str("text"), Markup: item.markup("html"), Href: item.str("href"),
			Current: item.flag("current"), Lang: item.str("lang"), HrefLang: item.str("hrefLang"), Dir: item.str("dir"),
			Description: item.str("languageDescriptionText"), Classes: item.str("classes"), Attributes: item.attributes()})
	}
	return c
}

func adaptPagination(o *options) Component {
	c := Pagination{Previous: adaptPageLink(o.sub("previous")), Next: adaptPageLink(o.sub("next")), Label: o.str("landmarkLabel"),
		Classes: o.str("classes"), Attributes: o.attributes()}
	for _, item := range o.list("items") {
		c.Pages = append(c.Pages, Page{Number: item.str("number"), Href: item.str("href"), Hidden: item.str("visuallyHiddenText"),
			Current: item.flag("current"), Ellipsis: item.flag("ellipsis"), Attributes: item.attributes()})
	}
	return c
}

func adaptPageLink(o *options) PageLink {
	return PageLink{Href: o.str("href"), Text: o.str("text"), Markup: o.markup("html"), Label: o.str("labelText"), Attributes: o.attributes()}
}

func adaptHeader(o *options) Component {
	return Header{Name: o.str("logoText"), Logo: o.markup("logoHtml"), Href: o.str("url"), ContainerClasses: o.str("containerClasses"),
		Classes: o.str("classes"), Attributes: o.attributes()}
}

func adaptPhaseBanner(o *options) Component {
	return PhaseBanner{Tag: o.sub("tag").asTag(), Text: o.str("text"), Markup: o.markup("html"), Classes: o.str("classes"), Attributes: o.attributes()}
}

func adaptFeedback(o *options) Component {
	return Feedback{Title: o.str("titleText"), TitleMarkup: o.markup("titleHtml"), HeadingLevel: o.num("headingLevel"),
		Text: o.str("text"), Markup: o.markup("html"), Classes: o.str("classes"), Attributes: o.attributes()}
}

func adaptServiceNavigation(o *options) Component {
	slots := o.sub("slots")
	end := slots.markup("end")
	var inline bool
	if _, detailed := slots.any("end").(map[string]any); detailed {
		object := slots.sub("end")
		end, inline = object.markup("html"), object.str("align") == "inline"
	}
	c := ServiceNavigation{
		Name: o.str("serviceName"), Href: o.str("serviceUrl"), Label: o.str("ariaLabel"), NavigationLabel: o.str("navigationLabel"),
		NavigationID: o.str("navigationId"), NavigationClasses: o.str("navigationClasses"), MenuText: o.str("menuButtonText"),
		MenuLabel: o.str("menuButtonLabel"), Collapse: o.toggle("collapseNavigationOnMobile"), Classes: o.str("classes"), Attributes: o.attributes(),
		Slots: NavigationSlots{Start: slots.markup("start"), End: end, EndInline: inline,
			NavigationStart: slots.markup("navigationStart"), NavigationEnd: slots.markup("navigationEnd")},
	}
	for _, item := range o.list("navigation") {
		c.Items = append(c.Items, NavigationItem{Text: item.str("text"), Markup: item.markup("html"), Href: item.str("href"),
			Current: item.flag("current"), Active: item.flag("active"), Attributes: item.attributes()})
	}
	return c
}

func adaptFooter(o *options) Component {
	meta := o.sub("meta")
	c := Footer{
		MetaTitle: meta.str("visuallyHiddenTitle"), Links: adaptFooterLinks(meta),
		Meta:    Content{Text: meta.str("text"), Markup: meta.markup("html")},
		Licence: o.content("contentLicence"), Copyright: o.content("copyright"),
		ContainerClasses: o.str("containerClasses"), Classes: o.str("classes"), Attributes: o.attributes(),
	}
	for _, column := range o.list("navigation") {
		c.Columns = append(c.Columns, FooterColumn{Title: column.str("title"), Width: column.str("width"), Lists: column.num("columns"),
			Links: adaptFooterLinks(column)})
	}
	return c
}

func adaptFooterLinks(o *options) []FooterLink {
	var all []FooterLink
	for _, item := range o.list("items") {
		all = append(all, FooterLink{Text: item.str("text"), Href: item.str("href"), Attributes: item.attributes()})
	}
	return all
}

func adaptAccordion(o *options) Component {
	c := Accordion{ID: o.str("id"), HeadingLevel: o.num("headingLevel"), RememberExpanded: o.toggle("rememberExpanded"),
		Classes: o.str("classes"), Attributes: o.attributes(),
		Texts: AccordionTexts{HideAll: o.str("hideAllSectionsText"), Hide: o.str("hideSectionText"), HideAriaLabel: o.str("hideSectionAriaLabelText"),
			ShowAll: o.str("showAllSectionsText"), Show: o.str("showSectionText"), ShowAriaLabel: o.str("showSectionAriaLabelText")}}
	for _, item := range o.list("items") {
		c.Sections = append(c.Sections, AccordionSection{Heading: item.content("heading"), Summary: item.content("summary"),
			Content: item.content("content"), Expanded: item.flag("expanded")})
	}
	return c
}

func adaptTabs(o *options) Component {
	c := Tabs{ID: o.str("id"), IDPrefix: o.str("idPrefix"), Title: o.str("title"), Classes: o.str("classes"), Attributes: o.attributes()}
	for _, item := range o.list("items") {
		c.Tabs = append(c.Tabs, Tab{ID: item.str("id"), Label: item.str("label"), Panel: item.content("panel"),
			Attributes: item.attributes(), PanelAttributes: item.sub("panel").attributes()})
	}
	return c
}
