-- Links that the other matter does not know yet: one command writes one matter, so the answer link is a command
-- of its own, done soon after.
CREATE TABLE link_due (
    number BIGINT NOT NULL REFERENCES matter (number),
    kind   TEXT   NOT NULL,
    other  BIGINT NOT NULL,
    PRIMARY KEY (number, kind, other)
);

-- Blind index of people (equality search over sealed values): keyed hashes only. For duplicate warnings.
CREATE TABLE blind (
    number BIGINT NOT NULL REFERENCES matter (number),
    kind   TEXT   NOT NULL,                           -- paper | phone | name
    side   TEXT   NOT NULL,                           -- own: the applicant; other: every other party
    mac    BYTEA  NOT NULL,
    key_id BIGINT NOT NULL,
    PRIMARY KEY (number, kind, side, mac)
);
CREATE INDEX blind_mac ON blind (mac, kind);
