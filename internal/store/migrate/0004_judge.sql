-- What judging delivered documents needs: where each stands among the others of
-- its system, which products a system is made of, by when findings are to be
-- remedied, and when a system has to be looked at again.

-- When an id was first held, in any revision: a correction does not make a finding
-- younger.
ALTER TABLE advisory ADD COLUMN first_at {{int}} NOT NULL DEFAULT 0;
UPDATE advisory SET first_at = received_at;
CREATE INDEX advisory_superseded ON advisory (superseded_at);

-- What is not as it should be with a feed, in words, one a line.
ALTER TABLE feed ADD COLUMN alerts {{text}} NOT NULL DEFAULT '';

-- Of one lane the newest document counts. A document with a doubt replaces
-- nothing. Derived from the documents of the system when one is delivered.
CREATE TABLE lane (
	organisation_id {{text}} NOT NULL,
	document_id     {{text}} NOT NULL,
	system_id       {{text}} NOT NULL,
	release_id      {{text}} NOT NULL,
	kind            {{text}} NOT NULL,
	lane            {{text}} NOT NULL,
	product         {{text}} NOT NULL,
	digest          {{text}} NOT NULL,
	doubt           {{text}} NOT NULL,
	moment          {{int}}  NOT NULL,
	received_at     {{int}}  NOT NULL,
	PRIMARY KEY (organisation_id, document_id)
) {{strict}};
CREATE INDEX lane_system ON lane (organisation_id, system_id, received_at);
CREATE INDEX occurrence_system ON occurrence (organisation_id, system_id, seq);

-- A product that a system is made of, by the name that bills of materials use. The
-- first release says which they are; later a person does.
CREATE TABLE product (
	organisation_id {{text}} NOT NULL,
	system_id       {{text}} NOT NULL,
	name            {{text}} NOT NULL,
	title           {{text}} NOT NULL,
	added_at        {{int}}  NOT NULL,
	added_by        {{text}} NOT NULL,
	PRIMARY KEY (organisation_id, system_id, name)
) {{strict}};

-- The policy of an organisation about when findings are to be remedied; body is
-- empty for one that ships.
CREATE TABLE remedy_policy (
	organisation_id {{text}} NOT NULL,
	policy          {{text}} NOT NULL,
	body            {{text}} NOT NULL,
	set_at          {{int}}  NOT NULL,
	set_by          {{text}} NOT NULL,
	version         {{int}}  NOT NULL,
	PRIMARY KEY (organisation_id)
) {{strict}};

-- What the last look at a system came to, and when the next is due though nothing
-- arrives. Derived.
CREATE TABLE judgement (
	organisation_id {{text}} NOT NULL,
	system_id       {{text}} NOT NULL,
	release_id      {{text}} NOT NULL,
	at              {{int}}  NOT NULL,
	next_at         {{int}}  NOT NULL,
	body            {{text}} NOT NULL,
	PRIMARY KEY (organisation_id, system_id)
) {{strict}};
CREATE INDEX judgement_next ON judgement (next_at);
