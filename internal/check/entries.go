package check

import (
	"github.com/touchstone-assurance/touchstone/internal/check/builderknown"
	"github.com/touchstone-assurance/touchstone/internal/check/buildinputs"
	"github.com/touchstone-assurance/touchstone/internal/check/buildpinned"
	"github.com/touchstone-assurance/touchstone/internal/check/changelog"
	"github.com/touchstone-assurance/touchstone/internal/check/checksrequired"
	"github.com/touchstone-assurance/touchstone/internal/check/classreturns"
	"github.com/touchstone-assurance/touchstone/internal/check/codeowners"
	"github.com/touchstone-assurance/touchstone/internal/check/codereviewed"
	"github.com/touchstone-assurance/touchstone/internal/check/commandinjection"
	"github.com/touchstone-assurance/touchstone/internal/check/configtemplate"
	"github.com/touchstone-assurance/touchstone/internal/check/contributing"
	"github.com/touchstone-assurance/touchstone/internal/check/coveragecomplete"
	"github.com/touchstone-assurance/touchstone/internal/check/criticalfix"
	"github.com/touchstone-assurance/touchstone/internal/check/crosssitescripting"
	"github.com/touchstone-assurance/touchstone/internal/check/csafdiscoverable"
	"github.com/touchstone-assurance/touchstone/internal/check/csaffinal"
	"github.com/touchstone-assurance/touchstone/internal/check/csafvalid"
	"github.com/touchstone-assurance/touchstone/internal/check/cvecomplete"
	"github.com/touchstone-assurance/touchstone/internal/check/cveproducts"
	"github.com/touchstone-assurance/touchstone/internal/check/cveweakness"
	"github.com/touchstone-assurance/touchstone/internal/check/dangerousworkflow"
	"github.com/touchstone-assurance/touchstone/internal/check/deletionblocked"
	"github.com/touchstone-assurance/touchstone/internal/check/dependencieslisted"
	"github.com/touchstone-assurance/touchstone/internal/check/dependencyupdates"
	"github.com/touchstone-assurance/touchstone/internal/check/deserialisation"
	"github.com/touchstone-assurance/touchstone/internal/check/directpush"
	"github.com/touchstone-assurance/touchstone/internal/check/disclosurepolicy"
	"github.com/touchstone-assurance/touchstone/internal/check/dynamicscan"
	"github.com/touchstone-assurance/touchstone/internal/check/exposedlikely"
	"github.com/touchstone-assurance/touchstone/internal/check/exposurerecorded"
	"github.com/touchstone-assurance/touchstone/internal/check/feedsfresh"
	"github.com/touchstone-assurance/touchstone/internal/check/filescovered"
	"github.com/touchstone-assurance/touchstone/internal/check/fileslisted"
	"github.com/touchstone-assurance/touchstone/internal/check/findingsdecided"
	"github.com/touchstone-assurance/touchstone/internal/check/findingsrated"
	"github.com/touchstone-assurance/touchstone/internal/check/fixnottaken"
	"github.com/touchstone-assurance/touchstone/internal/check/flawspublished"
	"github.com/touchstone-assurance/touchstone/internal/check/forcepushblocked"
	"github.com/touchstone-assurance/touchstone/internal/check/fuzzed"
	"github.com/touchstone-assurance/touchstone/internal/check/governance"
	"github.com/touchstone-assurance/touchstone/internal/check/hardcodedcredentials"
	"github.com/touchstone-assurance/touchstone/internal/check/infrastructurescan"
	"github.com/touchstone-assurance/touchstone/internal/check/investigationsend"
	"github.com/touchstone-assurance/touchstone/internal/check/knownexploited"
	"github.com/touchstone-assurance/touchstone/internal/check/licencefile"
	"github.com/touchstone-assurance/touchstone/internal/check/lockfiles"
	"github.com/touchstone-assurance/touchstone/internal/check/looseningguide"
	"github.com/touchstone-assurance/touchstone/internal/check/maintained"
	"github.com/touchstone-assurance/touchstone/internal/check/memoryroadmap"
	"github.com/touchstone-assurance/touchstone/internal/check/memorysafeshare"
	"github.com/touchstone-assurance/touchstone/internal/check/memoryweakness"
	"github.com/touchstone-assurance/touchstone/internal/check/mfarequired"
	"github.com/touchstone-assurance/touchstone/internal/check/nobinaries"
	"github.com/touchstone-assurance/touchstone/internal/check/overduefindings"
	"github.com/touchstone-assurance/touchstone/internal/check/pathtraversal"
	"github.com/touchstone-assurance/touchstone/internal/check/privatereporting"
	"github.com/touchstone-assurance/touchstone/internal/check/provenancecounts"
	"github.com/touchstone-assurance/touchstone/internal/check/reviewrequired"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomattested"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomcisa"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomgraph"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomhashes"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomidentified"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomlicences"
	"github.com/touchstone-assurance/touchstone/internal/check/sbommaker"
	"github.com/touchstone-assurance/touchstone/internal/check/sbommodels"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomntia"
	"github.com/touchstone-assurance/touchstone/internal/check/sbompresent"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomrelease"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomsupplier"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomvalid"
	"github.com/touchstone-assurance/touchstone/internal/check/scanscope"
	"github.com/touchstone-assurance/touchstone/internal/check/secretscanning"
	"github.com/touchstone-assurance/touchstone/internal/check/secretsscan"
	"github.com/touchstone-assurance/touchstone/internal/check/securitypolicy"
	"github.com/touchstone-assurance/touchstone/internal/check/securitytests"
	"github.com/touchstone-assurance/touchstone/internal/check/securitytxt"
	"github.com/touchstone-assurance/touchstone/internal/check/securitytxtsigned"
	"github.com/touchstone-assurance/touchstone/internal/check/severetriaged"
	"github.com/touchstone-assurance/touchstone/internal/check/signedcommits"
	"github.com/touchstone-assurance/touchstone/internal/check/signedreleases"
	"github.com/touchstone-assurance/touchstone/internal/check/sourcerecorded"
	"github.com/touchstone-assurance/touchstone/internal/check/sqlinjection"
	"github.com/touchstone-assurance/touchstone/internal/check/staticscan"
	"github.com/touchstone-assurance/touchstone/internal/check/supportstatement"
	"github.com/touchstone-assurance/touchstone/internal/check/testspass"
	"github.com/touchstone-assurance/touchstone/internal/check/testsskipped"
	"github.com/touchstone-assurance/touchstone/internal/check/threatmodel"
	"github.com/touchstone-assurance/touchstone/internal/check/tokenpermissions"
	"github.com/touchstone-assurance/touchstone/internal/check/vexcovers"
	"github.com/touchstone-assurance/touchstone/internal/check/vexjustified"
	"github.com/touchstone-assurance/touchstone/internal/check/weakcryptography"
	"github.com/touchstone-assurance/touchstone/internal/check/workflowtoken"
)

// entries is the explicit list of checks, in the order in which pages show them.
func entries() []entry {
	return []entry{
		// What is in the product.
		{sbompresent.Definition, sbompresent.Evaluate},
		{sbomrelease.Definition, sbomrelease.Evaluate},
		{sbomidentified.Definition, sbomidentified.Evaluate},
		{sbomntia.Definition, sbomntia.Evaluate},
		{sbomcisa.Definition, sbomcisa.Evaluate},
		{sbomsupplier.Definition, sbomsupplier.Evaluate},
		{sbomhashes.Definition, sbomhashes.Evaluate},
		{sbomlicences.Definition, sbomlicences.Evaluate},
		{sbomgraph.Definition, sbomgraph.Evaluate},
		{sbommaker.Definition, sbommaker.Evaluate},
		{sbomvalid.Definition, sbomvalid.Evaluate},
		{sbommodels.Definition, sbommodels.Evaluate},
		// What is known against it, and what was decided.
		{knownexploited.Definition, knownexploited.Evaluate},
		{overduefindings.Definition, overduefindings.Evaluate},
		{criticalfix.Definition, criticalfix.Evaluate},
		{exposedlikely.Definition, exposedlikely.Evaluate},
		{fixnottaken.Definition, fixnottaken.Evaluate},
		{findingsdecided.Definition, findingsdecided.Evaluate},
		{findingsrated.Definition, findingsrated.Evaluate},
		{investigationsend.Definition, investigationsend.Evaluate},
		{coveragecomplete.Definition, coveragecomplete.Evaluate},
		{feedsfresh.Definition, feedsfresh.Evaluate},
		{vexjustified.Definition, vexjustified.Evaluate},
		{vexcovers.Definition, vexcovers.Evaluate},
		{exposurerecorded.Definition, exposurerecorded.Evaluate},
		// What scans of the code show.
		{staticscan.Definition, staticscan.Evaluate},
		{dynamicscan.Definition, dynamicscan.Evaluate},
		{severetriaged.Definition, severetriaged.Evaluate},
		{scanscope.Definition, scanscope.Evaluate},
		{sqlinjection.Definition, sqlinjection.Evaluate},
		{commandinjection.Definition, commandinjection.Evaluate},
		{crosssitescripting.Definition, crosssitescripting.Evaluate},
		{pathtraversal.Definition, pathtraversal.Evaluate},
		{deserialisation.Definition, deserialisation.Evaluate},
		{memoryweakness.Definition, memoryweakness.Evaluate},
		{weakcryptography.Definition, weakcryptography.Evaluate},
		{hardcodedcredentials.Definition, hardcodedcredentials.Evaluate},
		{secretsscan.Definition, secretsscan.Evaluate},
		{infrastructurescan.Definition, infrastructurescan.Evaluate},
		{classreturns.Definition, classreturns.Evaluate},
		// What tests show.
		{testspass.Definition, testspass.Evaluate},
		{testsskipped.Definition, testsskipped.Evaluate},
		{securitytests.Definition, securitytests.Evaluate},
		// What the repository says of itself, or Scorecard of it.
		{deletionblocked.Definition, deletionblocked.Evaluate},
		{forcepushblocked.Definition, forcepushblocked.Evaluate},
		{directpush.Definition, directpush.Evaluate},
		{reviewrequired.Definition, reviewrequired.Evaluate},
		{codereviewed.Definition, codereviewed.Evaluate},
		{codeowners.Definition, codeowners.Evaluate},
		{checksrequired.Definition, checksrequired.Evaluate},
		{signedcommits.Definition, signedcommits.Evaluate},
		{mfarequired.Definition, mfarequired.Evaluate},
		{secretscanning.Definition, secretscanning.Evaluate},
		{privatereporting.Definition, privatereporting.Evaluate},
		{dependencyupdates.Definition, dependencyupdates.Evaluate},
		{dependencieslisted.Definition, dependencieslisted.Evaluate},
		{lockfiles.Definition, lockfiles.Evaluate},
		{nobinaries.Definition, nobinaries.Evaluate},
		{workflowtoken.Definition, workflowtoken.Evaluate},
		{tokenpermissions.Definition, tokenpermissions.Evaluate},
		{buildpinned.Definition, buildpinned.Evaluate},
		{dangerousworkflow.Definition, dangerousworkflow.Evaluate},
		{maintained.Definition, maintained.Evaluate},
		{fuzzed.Definition, fuzzed.Evaluate},
		{memorysafeshare.Definition, memorysafeshare.Evaluate},
		{memoryroadmap.Definition, memoryroadmap.Evaluate},
		{securitypolicy.Definition, securitypolicy.Evaluate},
		{threatmodel.Definition, threatmodel.Evaluate},
		{licencefile.Definition, licencefile.Evaluate},
		{contributing.Definition, contributing.Evaluate},
		{changelog.Definition, changelog.Evaluate},
		{supportstatement.Definition, supportstatement.Evaluate},
		{governance.Definition, governance.Evaluate},
		{looseningguide.Definition, looseningguide.Evaluate},
		{configtemplate.Definition, configtemplate.Evaluate},
		// What proves where a release comes from.
		{provenancecounts.Definition, provenancecounts.Evaluate},
		{filescovered.Definition, filescovered.Evaluate},
		{fileslisted.Definition, fileslisted.Evaluate},
		{signedreleases.Definition, signedreleases.Evaluate},
		{builderknown.Definition, builderknown.Evaluate},
		{sourcerecorded.Definition, sourcerecorded.Evaluate},
		{buildinputs.Definition, buildinputs.Evaluate},
		{sbomattested.Definition, sbomattested.Evaluate},
		// What the maker tells others.
		{securitytxt.Definition, securitytxt.Evaluate},
		{disclosurepolicy.Definition, disclosurepolicy.Evaluate},
		{securitytxtsigned.Definition, securitytxtsigned.Evaluate},
		{csafdiscoverable.Definition, csafdiscoverable.Evaluate},
		{cveweakness.Definition, cveweakness.Evaluate},
		{cveproducts.Definition, cveproducts.Evaluate},
		{cvecomplete.Definition, cvecomplete.Evaluate},
		{csafvalid.Definition, csafvalid.Evaluate},
		{csaffinal.Definition, csaffinal.Evaluate},
		{flawspublished.Definition, flawspublished.Evaluate},
	}
}
