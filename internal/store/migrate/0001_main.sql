-- The main job: organisations, people, systems, frameworks in use, assessments,
-- evidence, and the log that every change stands in. Types are macros so that
-- one file serves SQLite (STRICT) and PostgreSQL. Times are microseconds since
-- 1970 in UTC; 0 means none. Tables of an organisation start their key with it.

CREATE TABLE instance (
	id         {{text}} NOT NULL PRIMARY KEY,
	demo       {{bool}} NOT NULL,
	created_at {{int}}  NOT NULL,
	epoch      {{int}}  NOT NULL,
	shift      {{int}}  NOT NULL
) {{strict}};

CREATE TABLE log_head (
	single   {{int}}  NOT NULL PRIMARY KEY CHECK (single = 1),
	log_id   {{text}} NOT NULL,
	n        {{int}}  NOT NULL,
	frontier {{blob}} NOT NULL
) {{strict}};

CREATE TABLE audit_entry (
	idx             {{int}}  NOT NULL PRIMARY KEY,
	log_id          {{text}} NOT NULL,
	at              {{int}}  NOT NULL,
	action          {{text}} NOT NULL,
	actor           {{text}} NOT NULL,
	actor_kind      {{text}} NOT NULL,
	strength        {{text}} NOT NULL,
	on_behalf_of    {{text}} NOT NULL,
	organisation_id {{text}} NOT NULL,
	target_type     {{text}} NOT NULL,
	target_id       {{text}} NOT NULL,
	outcome         {{text}} NOT NULL,
	request_id      {{text}} NOT NULL,
	commitments     {{text}} NOT NULL,
	openings        {{text}} NOT NULL,
	leaf_hash       {{blob}} NOT NULL
) {{strict}};
CREATE INDEX audit_entry_organisation ON audit_entry (organisation_id, idx);
CREATE INDEX audit_entry_target ON audit_entry (target_id, idx);

CREATE TABLE log_hash (
	i {{int}}  NOT NULL PRIMARY KEY,
	h {{blob}} NOT NULL
) {{strict}};

CREATE TABLE log_checkpoint (
	size {{int}}  NOT NULL PRIMARY KEY,
	at   {{int}}  NOT NULL,
	note {{blob}} NOT NULL
) {{strict}};

CREATE TABLE person (
	id             {{text}} NOT NULL PRIMARY KEY,
	name           {{text}} NOT NULL,
	email          {{text}} NOT NULL,
	email_folded   {{text}} NOT NULL UNIQUE,
	status         {{text}} NOT NULL,
	instance_admin {{bool}} NOT NULL,
	created_at     {{int}}  NOT NULL,
	version        {{int}}  NOT NULL
) {{strict}};
CREATE INDEX person_name ON person (name, id);

CREATE TABLE credential (
	id         {{text}} NOT NULL PRIMARY KEY,
	person_id  {{text}} NOT NULL REFERENCES person (id),
	kind       {{text}} NOT NULL,
	label      {{text}} NOT NULL,
	handle     {{text}} NOT NULL,
	secret     {{blob}} NOT NULL,
	created_at {{int}}  NOT NULL,
	removed_at {{int}}  NOT NULL,
	state      {{blob}} NOT NULL,
	used_at    {{int}}  NOT NULL
) {{strict}};
CREATE INDEX credential_person ON credential (person_id);
CREATE INDEX credential_handle ON credential (handle);

CREATE TABLE session (
	id              {{text}} NOT NULL PRIMARY KEY,
	token_hash      {{text}} NOT NULL UNIQUE,
	person_id       {{text}} NOT NULL REFERENCES person (id),
	strength        {{text}} NOT NULL,
	enrol_only      {{bool}} NOT NULL,
	address         {{text}} NOT NULL,
	agent           {{text}} NOT NULL,
	created_at      {{int}}  NOT NULL,
	expires_at      {{int}}  NOT NULL,
	stepped_up_at   {{int}}  NOT NULL,
	stepped_up_by   {{text}} NOT NULL,
	ended_at        {{int}}  NOT NULL,
	organisation_id {{text}} NOT NULL,
	seen_at         {{int}}  NOT NULL
) {{strict}};
CREATE INDEX session_person ON session (person_id);

CREATE TABLE link (
	id              {{text}} NOT NULL PRIMARY KEY,
	kind            {{text}} NOT NULL,
	token_hash      {{text}} NOT NULL UNIQUE,
	person_id       {{text}} NOT NULL,
	name            {{text}} NOT NULL,
	email           {{text}} NOT NULL,
	organisation_id {{text}} NOT NULL,
	role            {{text}} NOT NULL,
	system_id       {{text}} NOT NULL,
	unit_id         {{text}} NOT NULL,
	created_by      {{text}} NOT NULL,
	created_at      {{int}}  NOT NULL,
	expires_at      {{int}}  NOT NULL,
	used_at         {{int}}  NOT NULL,
	revoked_at      {{int}}  NOT NULL
) {{strict}};
CREATE INDEX link_organisation ON link (organisation_id);

CREATE TABLE ceremony (
	id         {{text}} NOT NULL PRIMARY KEY,
	body       {{blob}} NOT NULL,
	expires_at {{int}}  NOT NULL
) {{strict}};

CREATE TABLE organisation (
	id          {{text}} NOT NULL PRIMARY KEY,
	name        {{text}} NOT NULL,
	name_folded {{text}} NOT NULL UNIQUE,
	zone        {{text}} NOT NULL,
	ceiling     {{text}} NOT NULL,
	system_word {{text}} NOT NULL,
	sro_word    {{text}} NOT NULL,
	key         {{blob}} NOT NULL,
	created_at  {{int}}  NOT NULL,
	version     {{int}}  NOT NULL
) {{strict}};

CREATE TABLE unit (
	organisation_id {{text}} NOT NULL REFERENCES organisation (id),
	id              {{text}} NOT NULL,
	parent_id       {{text}} NOT NULL,
	name            {{text}} NOT NULL,
	kind            {{text}} NOT NULL,
	version         {{int}}  NOT NULL,
	PRIMARY KEY (organisation_id, id)
) {{strict}};

CREATE TABLE role_grant (
	organisation_id {{text}} NOT NULL REFERENCES organisation (id),
	id              {{text}} NOT NULL,
	person_id       {{text}} NOT NULL REFERENCES person (id),
	role            {{text}} NOT NULL,
	system_id       {{text}} NOT NULL,
	unit_id         {{text}} NOT NULL,
	starts_at       {{int}}  NOT NULL,
	ends_at         {{int}}  NOT NULL,
	PRIMARY KEY (organisation_id, id)
) {{strict}};
CREATE INDEX role_grant_person ON role_grant (person_id, organisation_id);
CREATE INDEX role_grant_system ON role_grant (organisation_id, system_id);

CREATE TABLE api_token (
	organisation_id {{text}} NOT NULL REFERENCES organisation (id),
	id              {{text}} NOT NULL,
	name            {{text}} NOT NULL,
	token_hash      {{text}} NOT NULL UNIQUE,
	role            {{text}} NOT NULL,
	system_id       {{text}} NOT NULL,
	scopes          {{text}} NOT NULL,
	person_id       {{text}} NOT NULL,
	created_by      {{text}} NOT NULL,
	created_at      {{int}}  NOT NULL,
	expires_at      {{int}}  NOT NULL,
	revoked_at      {{int}}  NOT NULL,
	used_at         {{int}}  NOT NULL,
	PRIMARY KEY (organisation_id, id)
) {{strict}};

CREATE TABLE system (
	organisation_id  {{text}} NOT NULL REFERENCES organisation (id),
	id               {{text}} NOT NULL,
	name             {{text}} NOT NULL,
	name_folded      {{text}} NOT NULL,
	kind             {{text}} NOT NULL,
	scope            {{text}} NOT NULL,
	sponsor          {{text}} NOT NULL,
	unit_id          {{text}} NOT NULL,
	stage            {{text}} NOT NULL,
	phase            {{text}} NOT NULL,
	gate             {{text}} NOT NULL,
	size             {{text}} NOT NULL,
	marking          {{text}} NOT NULL,
	marking_rank     {{int}}  NOT NULL,
	exposure         {{text}} NOT NULL,
	personal         {{bool}} NOT NULL,
	special          {{bool}} NOT NULL,
	state            {{text}} NOT NULL,
	created_by       {{text}} NOT NULL,
	created_at       {{int}}  NOT NULL,
	version          {{int}}  NOT NULL,
	PRIMARY KEY (organisation_id, id)
) {{strict}};
-- Holds all that a list can be narrowed by, so that rows that do not match are
-- passed over without being read.
CREATE INDEX system_name ON system (organisation_id, name_folded, id, marking_rank, stage, state, marking, exposure, unit_id);
CREATE INDEX system_unit ON system (organisation_id, unit_id, name_folded, id);

CREATE TABLE appointment (
	organisation_id {{text}} NOT NULL,
	id              {{text}} NOT NULL,
	system_id       {{text}} NOT NULL,
	role            {{text}} NOT NULL,
	person_id       {{text}} NOT NULL,
	name            {{text}} NOT NULL,
	stand_in        {{bool}} NOT NULL,
	basis           {{text}} NOT NULL,
	on_behalf_of    {{text}} NOT NULL,
	skills          {{text}} NOT NULL,
	starts_on       {{text}} NOT NULL,
	ends_on         {{text}} NOT NULL,
	version         {{int}}  NOT NULL,
	PRIMARY KEY (organisation_id, id)
) {{strict}};
CREATE INDEX appointment_system ON appointment (organisation_id, system_id);

CREATE TABLE training (
	organisation_id {{text}} NOT NULL,
	id              {{text}} NOT NULL,
	person_id       {{text}} NOT NULL,
	name            {{text}} NOT NULL,
	skill           {{text}} NOT NULL,
	basis           {{text}} NOT NULL,
	title           {{text}} NOT NULL,
	reference       {{text}} NOT NULL,
	assessed_by     {{text}} NOT NULL,
	achieved_on     {{text}} NOT NULL,
	expires_on      {{text}} NOT NULL,
	PRIMARY KEY (organisation_id, id)
) {{strict}};
CREATE INDEX training_person ON training (organisation_id, person_id);

CREATE TABLE connection (
	organisation_id {{text}} NOT NULL,
	id              {{text}} NOT NULL,
	system_id       {{text}} NOT NULL,
	other_system_id {{text}} NOT NULL,
	other_name      {{text}} NOT NULL,
	description     {{text}} NOT NULL,
	our_owner       {{text}} NOT NULL,
	their_owner     {{text}} NOT NULL,
	checked_on      {{text}} NOT NULL,
	version         {{int}}  NOT NULL,
	PRIMARY KEY (organisation_id, id)
) {{strict}};
CREATE INDEX connection_system ON connection (organisation_id, system_id);

CREATE TABLE obligation (
	organisation_id {{text}} NOT NULL,
	id              {{text}} NOT NULL,
	system_id       {{text}} NOT NULL,
	title           {{text}} NOT NULL,
	overview        {{text}} NOT NULL,
	applies         {{text}} NOT NULL,
	justification   {{text}} NOT NULL,
	specialist      {{text}} NOT NULL,
	version         {{int}}  NOT NULL,
	PRIMARY KEY (organisation_id, id)
) {{strict}};
CREATE INDEX obligation_system ON obligation (organisation_id, system_id);

CREATE TABLE accreditation (
	organisation_id {{text}} NOT NULL,
	id              {{text}} NOT NULL,
	system_id       {{text}} NOT NULL,
	reference       {{text}} NOT NULL,
	authority       {{text}} NOT NULL,
	scope           {{text}} NOT NULL,
	conditions      {{text}} NOT NULL,
	residual_risks  {{text}} NOT NULL,
	issued_on       {{text}} NOT NULL,
	expires_on      {{text}} NOT NULL,
	version         {{int}}  NOT NULL,
	PRIMARY KEY (organisation_id, id)
) {{strict}};
CREATE INDEX accreditation_system ON accreditation (organisation_id, system_id);

CREATE TABLE assessment (
	organisation_id   {{text}} NOT NULL,
	id                {{text}} NOT NULL,
	system_id         {{text}} NOT NULL,
	framework_id      {{text}} NOT NULL,
	framework_version {{text}} NOT NULL,
	set_id            {{text}} NOT NULL,
	set_reason        {{text}} NOT NULL,
	stage             {{text}} NOT NULL,
	size              {{text}} NOT NULL,
	state             {{text}} NOT NULL,
	reason            {{text}} NOT NULL,
	previous_id       {{text}} NOT NULL,
	marking           {{text}} NOT NULL,
	due_on            {{text}} NOT NULL,
	created_at        {{int}}  NOT NULL,
	submitted_at      {{int}}  NOT NULL,
	submitted_by      {{text}} NOT NULL,
	return_reason     {{text}} NOT NULL,
	approved_at       {{int}}  NOT NULL,
	approved_by       {{text}} NOT NULL,
	on_behalf_of      {{text}} NOT NULL,
	declaration       {{text}} NOT NULL,
	content_digest    {{text}} NOT NULL,
	next_due_on       {{text}} NOT NULL,
	superseded_at     {{int}}  NOT NULL,
	version           {{int}}  NOT NULL,
	PRIMARY KEY (organisation_id, id)
) {{strict}};
CREATE INDEX assessment_system ON assessment (organisation_id, system_id, created_at, id);
CREATE INDEX assessment_due ON assessment (state, due_on);
CREATE INDEX assessment_made ON assessment (organisation_id, created_at, id);
CREATE INDEX assessment_state ON assessment (organisation_id, state, created_at, id);
CREATE INDEX assessment_open ON assessment (organisation_id, state, due_on, id);

CREATE TABLE frozen (
	organisation_id {{text}} NOT NULL,
	assessment_id   {{text}} NOT NULL,
	digest          {{text}} NOT NULL,
	body            {{blob}} NOT NULL,
	purged_at       {{int}}  NOT NULL,
	checkpoint      {{blob}} NOT NULL,
	PRIMARY KEY (organisation_id, assessment_id)
) {{strict}};

CREATE TABLE response (
	organisation_id {{text}} NOT NULL,
	assessment_id   {{text}} NOT NULL,
	requirement_id  {{text}} NOT NULL,
	claim_kind      {{text}} NOT NULL,
	level           {{text}} NOT NULL,
	rationale       {{text}} NOT NULL,
	reason          {{text}} NOT NULL,
	find_out_by     {{text}} NOT NULL,
	delegate_id     {{text}} NOT NULL,
	prior           {{bool}} NOT NULL,
	confirmed       {{bool}} NOT NULL,
	attention       {{text}} NOT NULL,
	author_id       {{text}} NOT NULL,
	at              {{int}}  NOT NULL,
	version         {{int}}  NOT NULL,
	PRIMARY KEY (organisation_id, assessment_id, requirement_id)
) {{strict}};
CREATE INDEX response_delegate ON response (organisation_id, delegate_id);

CREATE TABLE response_revision (
	organisation_id {{text}} NOT NULL,
	assessment_id   {{text}} NOT NULL,
	requirement_id  {{text}} NOT NULL,
	version         {{int}}  NOT NULL,
	claim_kind      {{text}} NOT NULL,
	level           {{text}} NOT NULL,
	rationale       {{text}} NOT NULL,
	reason          {{text}} NOT NULL,
	find_out_by     {{text}} NOT NULL,
	delegate_id     {{text}} NOT NULL,
	prior           {{bool}} NOT NULL,
	confirmed       {{bool}} NOT NULL,
	attention       {{text}} NOT NULL,
	author_id       {{text}} NOT NULL,
	at              {{int}}  NOT NULL,
	replaced_at     {{int}}  NOT NULL,
	PRIMARY KEY (organisation_id, assessment_id, requirement_id, version)
) {{strict}};

CREATE TABLE draft (
	organisation_id {{text}} NOT NULL,
	assessment_id   {{text}} NOT NULL,
	requirement_id  {{text}} NOT NULL,
	person_id       {{text}} NOT NULL,
	body            {{text}} NOT NULL,
	base_version    {{int}}  NOT NULL,
	at              {{int}}  NOT NULL,
	PRIMARY KEY (organisation_id, assessment_id, requirement_id, person_id)
) {{strict}};

CREATE TABLE evidence (
	organisation_id    {{text}} NOT NULL,
	id                 {{text}} NOT NULL,
	title              {{text}} NOT NULL,
	title_folded       {{text}} NOT NULL,
	edition            {{text}} NOT NULL,
	kind               {{text}} NOT NULL,
	system_id          {{text}} NOT NULL,
	location           {{text}} NOT NULL,
	place              {{text}} NOT NULL,
	owner              {{text}} NOT NULL,
	marking            {{text}} NOT NULL,
	marking_rank       {{int}}  NOT NULL,
	digest             {{text}} NOT NULL,
	file               {{text}} NOT NULL,
	file_name          {{text}} NOT NULL,
	media_type         {{text}} NOT NULL,
	file_size          {{int}}  NOT NULL,
	held_reference     {{text}} NOT NULL,
	held_marking       {{text}} NOT NULL,
	held_custodian     {{text}} NOT NULL,
	held_seen_by       {{text}} NOT NULL,
	held_seen_on       {{text}} NOT NULL,
	produced_on        {{text}} NOT NULL,
	observed_at        {{int}}  NOT NULL,
	received_at        {{int}}  NOT NULL,
	valid_until        {{text}} NOT NULL,
	withdrawn_at       {{int}}  NOT NULL,
	withdrawn_reason   {{text}} NOT NULL,
	created_by         {{text}} NOT NULL,
	version            {{int}}  NOT NULL,
	PRIMARY KEY (organisation_id, id)
) {{strict}};
CREATE INDEX evidence_title ON evidence (organisation_id, title_folded, id, marking_rank, system_id, valid_until);
CREATE INDEX evidence_system ON evidence (organisation_id, system_id, title_folded, id);

CREATE TABLE evidence_link (
	organisation_id {{text}} NOT NULL,
	system_id       {{text}} NOT NULL,
	framework_id    {{text}} NOT NULL,
	requirement_id  {{text}} NOT NULL,
	evidence_id     {{text}} NOT NULL,
	linked_by       {{text}} NOT NULL,
	linked_at       {{int}}  NOT NULL,
	PRIMARY KEY (organisation_id, system_id, framework_id, requirement_id, evidence_id)
) {{strict}};
CREATE INDEX evidence_link_evidence ON evidence_link (organisation_id, evidence_id, system_id, framework_id, requirement_id);

CREATE TABLE standing (
	organisation_id {{text}} NOT NULL,
	assessment_id   {{text}} NOT NULL,
	requirement_id  {{text}} NOT NULL,
	claim_kind      {{text}} NOT NULL,
	level           {{text}} NOT NULL,
	support         {{text}} NOT NULL,
	since           {{int}}  NOT NULL,
	next_change_at  {{int}}  NOT NULL,
	body            {{text}} NOT NULL,
	PRIMARY KEY (organisation_id, assessment_id, requirement_id)
) {{strict}};
CREATE INDEX standing_next ON standing (next_change_at);

CREATE TABLE standing_event (
	organisation_id {{text}} NOT NULL,
	system_id       {{text}} NOT NULL,
	at              {{int}}  NOT NULL,
	assessment_id   {{text}} NOT NULL,
	requirement_id  {{text}} NOT NULL,
	before_level    {{text}} NOT NULL,
	before_support  {{text}} NOT NULL,
	after_level     {{text}} NOT NULL,
	after_support   {{text}} NOT NULL,
	why             {{text}} NOT NULL,
	PRIMARY KEY (organisation_id, system_id, at, assessment_id, requirement_id)
) {{strict}};

CREATE TABLE system_summary (
	organisation_id {{text}} NOT NULL,
	system_id       {{text}} NOT NULL,
	assessment_id   {{text}} NOT NULL,
	state           {{text}} NOT NULL,
	due_on          {{text}} NOT NULL,
	approved_at     {{int}}  NOT NULL,
	in_scope        {{int}}  NOT NULL,
	answered        {{int}}  NOT NULL,
	need_you        {{int}}  NOT NULL,
	dont_know       {{int}}  NOT NULL,
	confirmed       {{int}}  NOT NULL,
	verified        {{int}}  NOT NULL,
	documented      {{int}}  NOT NULL,
	stale           {{int}}  NOT NULL,
	asserted        {{int}}  NOT NULL,
	unassessed      {{int}}  NOT NULL,
	contradicted    {{int}}  NOT NULL,
	worst           {{text}} NOT NULL,
	PRIMARY KEY (organisation_id, system_id)
) {{strict}};
CREATE INDEX system_summary_due ON system_summary (organisation_id, due_on, system_id);
CREATE INDEX system_summary_worst ON system_summary (organisation_id, worst, system_id);
CREATE INDEX system_summary_stale ON system_summary (organisation_id, stale, system_id);
CREATE INDEX system_summary_contradicted ON system_summary (organisation_id, contradicted, system_id);

CREATE TABLE tally (
	organisation_id {{text}} NOT NULL,
	name            {{text}} NOT NULL,
	n               {{int}}  NOT NULL,
	PRIMARY KEY (organisation_id, name)
) {{strict}};

CREATE TABLE share (
	organisation_id {{text}} NOT NULL,
	id              {{text}} NOT NULL,
	assessment_id   {{text}} NOT NULL,
	recipient       {{text}} NOT NULL,
	marking         {{text}} NOT NULL,
	shared_at       {{int}}  NOT NULL,
	shared_by       {{text}} NOT NULL,
	PRIMARY KEY (organisation_id, id)
) {{strict}};
CREATE INDEX share_assessment ON share (organisation_id, assessment_id);

CREATE TABLE feedback (
	organisation_id {{text}} NOT NULL,
	id              {{text}} NOT NULL,
	framework_id    {{text}} NOT NULL,
	place           {{text}} NOT NULL,
	words           {{text}} NOT NULL,
	sent_by         {{text}} NOT NULL,
	sent_at         {{int}}  NOT NULL,
	state           {{text}} NOT NULL,
	outcome         {{text}} NOT NULL,
	handled_by      {{text}} NOT NULL,
	handled_at      {{int}}  NOT NULL,
	version         {{int}}  NOT NULL,
	PRIMARY KEY (organisation_id, id)
) {{strict}};

CREATE TABLE purge (
	organisation_id {{text}} NOT NULL,
	id              {{text}} NOT NULL,
	target_type     {{text}} NOT NULL,
	target_id       {{text}} NOT NULL,
	reason          {{text}} NOT NULL,
	state           {{text}} NOT NULL,
	digest          {{text}} NOT NULL,
	requested_by    {{text}} NOT NULL,
	requested_at    {{int}}  NOT NULL,
	approved_by     {{text}} NOT NULL,
	approved_at     {{int}}  NOT NULL,
	version         {{int}}  NOT NULL,
	PRIMARY KEY (organisation_id, id)
) {{strict}};

CREATE TABLE loosening (
	name            {{text}} NOT NULL PRIMARY KEY,
	risk            {{text}} NOT NULL,
	acknowledged_by {{text}} NOT NULL,
	acknowledged_at {{int}}  NOT NULL,
	expires_at      {{int}}  NOT NULL
) {{strict}};

CREATE TABLE band_threshold (
	organisation_id {{text}} NOT NULL,
	framework_id    {{text}} NOT NULL,
	band            {{text}} NOT NULL,
	at_least        {{int}}  NOT NULL,
	source          {{text}} NOT NULL,
	set_by          {{text}} NOT NULL,
	PRIMARY KEY (organisation_id, framework_id, band)
) {{strict}};

CREATE TABLE idempotency (
	actor_id   {{text}} NOT NULL,
	key        {{text}} NOT NULL,
	request    {{text}} NOT NULL,
	idx        {{int}}  NOT NULL,
	body       {{blob}} NOT NULL,
	expires_at {{int}}  NOT NULL,
	PRIMARY KEY (actor_id, key)
) {{strict}};
CREATE INDEX idempotency_expiry ON idempotency (expires_at);

CREATE TABLE job (
	id       {{text}} NOT NULL PRIMARY KEY,
	kind     {{text}} NOT NULL,
	key      {{text}} NOT NULL,
	payload  {{text}} NOT NULL,
	state    {{text}} NOT NULL,
	run_at   {{int}}  NOT NULL,
	attempts {{int}}  NOT NULL,
	problem  {{text}} NOT NULL,
	UNIQUE (kind, key)
) {{strict}};
CREATE INDEX job_ready ON job (state, run_at);
