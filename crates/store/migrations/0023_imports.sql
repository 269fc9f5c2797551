-- What was taken over from elsewhere, for ever: importing again changes nothing. `source` and `body` are keyed
-- hashes of the number the matter had there and of all that stood in its row.
CREATE TABLE imported (
    source BYTEA       NOT NULL PRIMARY KEY,
    body   BYTEA       NOT NULL,
    number BIGINT      NOT NULL,
    at     TIMESTAMPTZ NOT NULL
);

-- Those who practise law, notarise, appraise or mediate, as registered; whether they also have an account is
-- another matter.
CREATE TABLE practitioner (
    id           TEXT NOT NULL PRIMARY KEY,
    name         TEXT NOT NULL,
    kind         TEXT NOT NULL,                        -- lawyer | legal_worker | notary | appraiser | mediator | adviser
    licence_no   TEXT,
    organisation TEXT NOT NULL REFERENCES organisation (id),
    phone        TEXT,
    origin       TEXT NOT NULL                         -- import | demo
);
CREATE INDEX practitioner_organisation ON practitioner (organisation, id);

-- What they are good at, and in which languages.
CREATE TABLE practitioner_word (
    practitioner TEXT NOT NULL REFERENCES practitioner (id),
    kind         TEXT NOT NULL,                        -- skill | language
    word         TEXT NOT NULL,
    PRIMARY KEY (practitioner, kind, word)
);
CREATE INDEX practitioner_word_word ON practitioner_word (kind, word, practitioner);

INSERT INTO reference_version (family, version) VALUES ('practitioner', 0);
