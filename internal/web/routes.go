package web

import (
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

// public marks a route that needs nobody to be signed in. It is no operation of
// the permission table.
const public access.Operation = "public"

// route is one address of the site.
type route struct {
	pattern   string           // method and path, as http.ServeMux reads it
	operation access.Operation // needed to reach the handler; public for none
	page      string           // template that it may answer with; "" for none
	handle    func(*Site, *request) (reply, error)
}

// routes is the table of every page. Those of people, sign-in and the
// organisation stand in account_routes.go.
func routes() []route {
	return slices.Concat(workRoutes(), systemRoutes(), assessmentRoutes(), evidenceRoutes(), machineRoutes(), releaseRoutes(), knowledgeRoutes(), purgeRoutes(), accountRoutes())
}

func workRoutes() []route {
	return []route{
		{"GET /{$}", access.SelfRead, "work_list", (*Site).workList},
		{"GET /choose-organisation", access.SelfRead, "choose_organisation", (*Site).chooseOrganisation},
		{"POST /choose-organisation", access.SelfWrite, "choose_organisation", (*Site).chosenOrganisation},

		{"POST /step-up/options", access.SelfWrite, "", (*Site).stepUpOptions},
		{"POST /step-up/finish", access.SelfWrite, "", (*Site).stepUpFinish},
		{"POST /step-up/code", access.SelfWrite, "step_up", (*Site).stepUpCode},
		{"POST /step-up/demo", access.SelfWrite, "step_up", (*Site).stepUpDemo},
	}
}

func systemRoutes() []route {
	return []route{
		{"GET /systems", access.SystemRead, "systems_list", (*Site).systemsList},
		{"GET /systems/export", access.SystemRead, "", (*Site).systemsExport},
		{"GET /systems/new", access.SystemCreate, "ask", (*Site).systemNew},
		{"POST /systems/new", access.SystemCreate, "ask", (*Site).systemCreate},
		{"GET /systems/{id}", access.SystemRead, "system_show", (*Site).systemShow},
		{"GET /systems/{id}/edit", access.SystemWrite, "ask", (*Site).systemEdit},
		{"POST /systems/{id}/edit", access.SystemWrite, "ask", (*Site).systemChange},
		{"GET /systems/{id}/move/{action}", access.SystemWrite, "ask", (*Site).systemMove},
		{"POST /systems/{id}/move/{action}", access.SystemWrite, "ask", (*Site).systemMoved},
		{"GET /systems/{id}/history", access.SystemRead, "system_history", (*Site).systemHistory},
		{"GET /systems/{id}/as-at", access.SystemRead, "system_as_at", (*Site).systemAsAt},
		{"GET /systems/{id}/standings", access.AssessmentRead, "system_standings", (*Site).systemStandings},
		{"GET /systems/{id}/roles/new", access.SystemWrite, "ask", around(rolePart, systemPart.read)},
		{"POST /systems/{id}/roles/new", access.SystemWrite, "ask", around(rolePart, systemPart.write)},
		{"GET /systems/{id}/roles/{role}/end", access.SystemWrite, "ask", around(roleEndPart, systemPart.read)},
		{"POST /systems/{id}/roles/{role}/end", access.SystemWrite, "ask", around(roleEndPart, systemPart.write)},
		{"GET /systems/{id}/connections/new", access.SystemWrite, "ask", around(connectionPart, systemPart.read)},
		{"POST /systems/{id}/connections/new", access.SystemWrite, "ask", around(connectionPart, systemPart.write)},
		{"GET /systems/{id}/connections/{connection}", access.SystemWrite, "ask", around(connectionEditPart, systemPart.read)},
		{"POST /systems/{id}/connections/{connection}", access.SystemWrite, "ask", around(connectionEditPart, systemPart.write)},
		{"GET /systems/{id}/obligations/new", access.SystemWrite, "ask", around(obligationPart, systemPart.read)},
		{"POST /systems/{id}/obligations/new", access.SystemWrite, "ask", around(obligationPart, systemPart.write)},
		{"GET /systems/{id}/accreditations/new", access.SystemWrite, "ask", around(accreditationPart, systemPart.read)},
		{"POST /systems/{id}/accreditations/new", access.SystemWrite, "ask", around(accreditationPart, systemPart.write)},
	}
}

// around makes a handler of a form around a system.
func around(form func() systemPart, answer func(systemPart, *Site, *request) (reply, error)) func(*Site, *request) (reply, error) {
	return func(s *Site, rq *request) (reply, error) { return answer(form(), s, rq) }
}

func assessmentRoutes() []route {
	return []route{
		{"GET /systems/{id}/assessments/new", access.AssessmentStart, "assessment_start", (*Site).assessmentStart},
		{"POST /systems/{id}/assessments/new", access.AssessmentStart, "assessment_start", (*Site).assessmentStarted},
		{"GET /systems/{id}/trigger", access.AssessmentTrigger, "ask", (*Site).assessmentTrigger},
		{"POST /systems/{id}/trigger", access.AssessmentTrigger, "ask", (*Site).assessmentTriggered},
		{"GET /assessments/{id}", access.AssessmentRead, "assessment_show", (*Site).assessmentShow},
		{"GET /assessments/{id}/questions/{requirement}", access.AssessmentRead, "question_show", (*Site).questionShow},
		{"POST /assessments/{id}/questions/{requirement}", access.ResponseWrite, "question_show", (*Site).questionSave},
		{"POST /assessments/{id}/questions/{requirement}/draft", access.ResponseWrite, "", (*Site).questionDraft},
		{"POST /assessments/{id}/questions/{requirement}/link", access.EvidenceWrite, "question_show", (*Site).questionLink},
		{"POST /assessments/{id}/questions/{requirement}/unlink", access.EvidenceWrite, "", (*Site).questionUnlink},
		{"GET /assessments/{id}/confirm/{group}", access.ResponseWrite, "assessment_confirm", (*Site).assessmentConfirm},
		{"POST /assessments/{id}/confirm/{group}", access.ResponseWrite, "assessment_confirm", (*Site).assessmentConfirmed},
		{"GET /assessments/{id}/check", access.AssessmentRead, "assessment_check", (*Site).assessmentCheck},
		{"POST /assessments/{id}/check", access.AssessmentSubmit, "assessment_check", (*Site).assessmentSubmit},
		{"GET /assessments/{id}/sent", access.AssessmentRead, "assessment_sent", (*Site).assessmentSent},
		{"GET /assessments/{id}/sign-off", access.AssessmentRead, "assessment_signoff", (*Site).signOff},
		{"POST /assessments/{id}/approve", access.AssessmentApprove, "assessment_signoff", (*Site).assessmentApprove},
		{"POST /assessments/{id}/return", access.AssessmentReturn, "assessment_signoff", (*Site).assessmentReturn},
		{"GET /assessments/{id}/receipt", access.ReportRead, "assessment_receipt", (*Site).receipt},
		{"GET /assessments/{id}/report", access.ReportRead, "assessment_report", (*Site).reportShow},
		{"GET /assessments/{id}/share", access.AssessmentShare, "ask", (*Site).shareForm},
		{"POST /assessments/{id}/share", access.AssessmentShare, "ask", (*Site).reportShared},
	}
}

func evidenceRoutes() []route {
	return []route{
		{"GET /evidence", access.EvidenceRead, "evidence_list", (*Site).evidenceList},
		{"GET /evidence/export", access.EvidenceRead, "", (*Site).evidenceExport},
		{"GET /evidence/new", access.EvidenceWrite, "ask", (*Site).evidenceNew},
		{"POST /evidence/new", access.EvidenceWrite, "ask", (*Site).evidenceCreate},
		{"GET /evidence/{id}", access.EvidenceRead, "evidence_show", (*Site).evidenceShow},
		{"GET /evidence/{id}/edit", access.EvidenceWrite, "ask", (*Site).evidenceEdit},
		{"POST /evidence/{id}/edit", access.EvidenceWrite, "ask", (*Site).evidenceChange},
		{"GET /evidence/{id}/withdraw", access.EvidenceWrite, "ask", (*Site).evidenceWithdraw},
		{"POST /evidence/{id}/withdraw", access.EvidenceWrite, "ask", (*Site).evidenceWithdrawn},
		{"GET /evidence/{id}/file", access.EvidenceRead, "", (*Site).evidenceDownload},
	}
}

// knowledgeRoutes are frameworks, assurance, the log and the pages about the
// service itself.
func knowledgeRoutes() []route {
	return []route{
		{"GET /frameworks", access.FrameworkRead, "framework_list", (*Site).frameworkList},
		{"GET /frameworks/{id}/{version}", access.FrameworkRead, "framework_show", (*Site).frameworkShow},
		{"GET /frameworks/{id}/{version}/guidance", access.FrameworkRead, "framework_guidance", (*Site).frameworkGuidance},
		{"GET /frameworks/{id}/{version}/feedback", access.FeedbackSend, "ask", (*Site).feedbackForm},
		{"POST /frameworks/{id}/{version}/feedback", access.FeedbackSend, "ask", (*Site).feedbackSent},
		{"GET /frameworks/{id}/{version}/bands", access.OrganisationWrite, "ask", (*Site).bandsSet},
		{"POST /frameworks/{id}/{version}/bands", access.OrganisationWrite, "ask", (*Site).bandsSaved},
		{"GET /feedback", access.FeedbackHandle, "feedback_list", (*Site).feedbackList},
		{"POST /feedback/{id}", access.FeedbackHandle, "feedback_list", (*Site).feedbackHandled},
		{"GET /assurance", access.AssessmentRead, "assurance_list", (*Site).assuranceList},
		{"GET /audit", access.AuditRead, "audit_list", (*Site).auditList},
		{"GET /audit/export", access.AuditRead, "", (*Site).auditExport},
		{"GET /log", access.CheckpointRead, "log_show", (*Site).logShow},
		{"GET /log/checkpoint.txt", access.CheckpointRead, "", (*Site).logCheckpoint},
		{"GET /help", public, "about_help", (*Site).aboutHelp},
		{"GET /accessibility", public, "about_accessibility", (*Site).aboutAccessibility},
		{"GET /cookies", public, "about_cookies", (*Site).aboutCookies},
	}
}

// purgeRoutes remove what must not be here. Nothing of it is an everyday task.
func purgeRoutes() []route {
	return []route{
		{"GET /evidence/{id}/remove", access.PurgeRequest, "ask", (*Site).evidenceRemove},
		{"POST /evidence/{id}/remove", access.PurgeRequest, "ask", (*Site).evidenceRemoveAsked},
		{"GET /assessments/{id}/questions/{requirement}/remove", access.PurgeRequest, "ask", (*Site).answerRemove},
		{"POST /assessments/{id}/questions/{requirement}/remove", access.PurgeRequest, "ask", (*Site).answerRemoveAsked},
		{"GET /purges", access.PurgeRequest, "purge_list", (*Site).purgeList},
		{"GET /purges/{id}/approve", access.PurgeApprove, "ask", (*Site).purgeApprove},
		{"POST /purges/{id}/approve", access.PurgeApprove, "account_shown", (*Site).purgeApproved},
		{"GET /purges/{id}/reject", access.PurgeApprove, "ask", (*Site).purgeReject},
		{"POST /purges/{id}/reject", access.PurgeApprove, "ask", (*Site).purgeRejected},
	}
}

// Routes lists the pattern and operation of every page, "" for public ones, for
// the tests of permissions.
func Routes() map[string]access.Operation {
	out := map[string]access.Operation{}
	for _, rt := range routes() {
		out[rt.pattern] = rt.operation
		if rt.operation == public {
			out[rt.pattern] = ""
		}
	}
	return out
}

// shared are the templates that no route names: any page may end in them.
func shared() []string { return []string{"problem", "signed_out", "step_up", "conflict", "index_wait"} }

func pagesOf(table []route) []string {
	names := shared()
	for _, rt := range table {
		if rt.page != "" {
			names = append(names, rt.page)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
