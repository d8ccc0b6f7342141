-- Failures in a row at the doors that take something a person types, so that they
-- outlive a restart and count for all servers of one database together. The key is
-- a digest of what was typed: there is a row for names that nobody has, too.
CREATE TABLE guess (
	key      {{text}} NOT NULL PRIMARY KEY,
	failures {{int}}  NOT NULL,
	last_at  {{int}}  NOT NULL
) {{strict}};
CREATE INDEX guess_last ON guess (last_at);
