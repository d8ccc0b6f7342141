-- Machine evidence: releases of systems and the documents delivered for them, the
-- dictionary of packages with the occurrences of each document, advisories with
-- every revision that was held, and what people decided about them. Findings are
-- never rows: they are computed (docs/adr/0008-findings-are-computed.md).

-- The name of a counter is its own; n is the last number given out.
CREATE TABLE counter (
	name {{text}} NOT NULL PRIMARY KEY,
	n    {{int}}  NOT NULL
) {{strict}};
INSERT INTO counter (name, n) VALUES ('package', 0);
INSERT INTO counter (name, n) VALUES ('package_version', 0);
INSERT INTO counter (name, n) VALUES ('occurrence', 0);
INSERT INTO counter (name, n) VALUES ('advisory', 0);

CREATE TABLE release (
	organisation_id {{text}} NOT NULL,
	id              {{text}} NOT NULL,
	system_id       {{text}} NOT NULL,
	name            {{text}} NOT NULL,
	created_at      {{int}}  NOT NULL,
	created_by      {{text}} NOT NULL,
	retired_at      {{int}}  NOT NULL,
	version         {{int}}  NOT NULL,
	PRIMARY KEY (organisation_id, id),
	UNIQUE (organisation_id, system_id, name)
) {{strict}};
CREATE INDEX release_newest ON release (organisation_id, system_id, created_at, id);

CREATE TABLE document (
	organisation_id {{text}} NOT NULL,
	id              {{text}} NOT NULL,
	system_id       {{text}} NOT NULL,
	release_id      {{text}} NOT NULL,
	evidence_id     {{text}} NOT NULL,
	digest          {{text}} NOT NULL,
	format          {{text}} NOT NULL,
	kind            {{text}} NOT NULL,
	status          {{text}} NOT NULL,
	tool            {{text}} NOT NULL,
	subject         {{text}} NOT NULL,
	items           {{int}}  NOT NULL,
	produced_at     {{int}}  NOT NULL,
	received_at     {{int}}  NOT NULL,
	delivered_by    {{text}} NOT NULL,
	faults          {{text}} NOT NULL,
	facts           {{text}} NOT NULL,
	judged_at       {{int}}  NOT NULL,
	PRIMARY KEY (organisation_id, id),
	UNIQUE (organisation_id, release_id, digest)
) {{strict}};
CREATE INDEX document_release ON document (organisation_id, release_id, received_at, id);
CREATE INDEX document_evidence ON document (organisation_id, evidence_id);

CREATE TABLE package (
	id        {{int}}  NOT NULL PRIMARY KEY,
	ecosystem {{text}} NOT NULL,
	match_key {{text}} NOT NULL,
	name      {{text}} NOT NULL,
	UNIQUE (ecosystem, match_key)
) {{strict}};

CREATE TABLE package_version (
	id         {{int}}  NOT NULL PRIMARY KEY,
	package_id {{int}}  NOT NULL,
	version    {{text}} NOT NULL,
	purl       {{text}} NOT NULL,
	problem    {{text}} NOT NULL,
	UNIQUE (package_id, version, purl, problem)
) {{strict}};

-- The occurrences of one document: ids of package versions, ascending, as the
-- differences between neighbours in unsigned varints. seq orders documents; of
-- one release and lane only the newest counts.
CREATE TABLE occurrence (
	seq             {{int}}  NOT NULL PRIMARY KEY,
	organisation_id {{text}} NOT NULL,
	document_id     {{text}} NOT NULL,
	system_id       {{text}} NOT NULL,
	release_id      {{text}} NOT NULL,
	lane            {{text}} NOT NULL,
	n               {{int}}  NOT NULL,
	postings        {{blob}} NOT NULL,
	UNIQUE (organisation_id, document_id)
) {{strict}};

CREATE TABLE advisory (
	seq           {{int}}  NOT NULL PRIMARY KEY,
	id            {{text}} NOT NULL,
	source        {{text}} NOT NULL,
	digest        {{text}} NOT NULL,
	received_at   {{int}}  NOT NULL,
	superseded_at {{int}}  NOT NULL,
	body          {{blob}} NOT NULL
) {{strict}};
CREATE INDEX advisory_id ON advisory (id, superseded_at);
CREATE INDEX advisory_source ON advisory (source, superseded_at);

CREATE TABLE feed (
	name        {{text}} NOT NULL PRIMARY KEY,
	origin      {{text}} NOT NULL,
	as_of       {{int}}  NOT NULL,
	digest      {{text}} NOT NULL,
	records     {{int}}  NOT NULL,
	quarantined {{text}} NOT NULL,
	loaded_at   {{int}}  NOT NULL,
	checked_at  {{int}}  NOT NULL,
	problem     {{text}} NOT NULL
) {{strict}};

-- Whole catalogues that rank vulnerabilities: KEV and EPSS.
CREATE TABLE catalogue (
	kind      {{text}} NOT NULL PRIMARY KEY,
	as_of     {{int}}  NOT NULL,
	digest    {{text}} NOT NULL,
	loaded_at {{int}}  NOT NULL,
	body      {{blob}} NOT NULL
) {{strict}};

CREATE TABLE decision (
	organisation_id {{text}} NOT NULL,
	id              {{text}} NOT NULL,
	vulnerability   {{text}} NOT NULL,
	ecosystem       {{text}} NOT NULL,
	match_key       {{text}} NOT NULL,
	component       {{text}} NOT NULL,
	versions        {{text}} NOT NULL,
	system_id       {{text}} NOT NULL,
	release_id      {{text}} NOT NULL,
	status          {{text}} NOT NULL,
	justification   {{text}} NOT NULL,
	statement       {{text}} NOT NULL,
	action          {{text}} NOT NULL,
	condition       {{text}} NOT NULL,
	source          {{text}} NOT NULL,
	document_id     {{text}} NOT NULL,
	author          {{text}} NOT NULL,
	made_at         {{int}}  NOT NULL,
	recorded_at     {{int}}  NOT NULL,
	expires_at      {{int}}  NOT NULL,
	withdrawn_at    {{int}}  NOT NULL,
	withdrawn_by    {{text}} NOT NULL,
	withdrawn_why   {{text}} NOT NULL,
	version         {{int}}  NOT NULL,
	PRIMARY KEY (organisation_id, id)
) {{strict}};
CREATE INDEX decision_vulnerability ON decision (organisation_id, vulnerability, id);
CREATE INDEX decision_system ON decision (organisation_id, system_id, id);

-- What each check found when it last looked at a system. Derived: it can be
-- computed again from documents, advisories and decisions.
CREATE TABLE verdict (
	organisation_id {{text}} NOT NULL,
	system_id       {{text}} NOT NULL,
	check_id        {{text}} NOT NULL,
	release_id      {{text}} NOT NULL,
	outcome         {{text}} NOT NULL,
	reason          {{text}} NOT NULL,
	facts           {{text}} NOT NULL,
	at              {{int}}  NOT NULL,
	fresh_until     {{int}}  NOT NULL,
	PRIMARY KEY (organisation_id, system_id, check_id)
) {{strict}};
