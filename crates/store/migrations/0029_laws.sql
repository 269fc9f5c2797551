-- Statutes as they were taken in: each version of a law is a row of its own, with its days and with who says so.
-- What people search is derived from these rows and lies in the data folder.
CREATE TABLE law (
    id             TEXT        NOT NULL PRIMARY KEY,   -- title@version
    title          TEXT        NOT NULL,               -- without the name of the state before it
    full_title     TEXT        NOT NULL,
    category       TEXT        NOT NULL,
    version        TEXT        NOT NULL,               -- the day this text was made, '' where nobody says
    effective_from TEXT,
    effective_to   TEXT,
    status         TEXT        NOT NULL,               -- in-force | repealed | amended | historic | unknown
    status_source  TEXT        NOT NULL,
    source         TEXT        NOT NULL,
    digest         BYTEA       NOT NULL,               -- of everything that was imported of it
    articles       BIGINT      NOT NULL,
    taken_at       TIMESTAMPTZ NOT NULL
);
CREATE INDEX law_title ON law (title, version);

-- `source_id` is the row's own id where the file had one, as JSON.
CREATE TABLE law_article (
    law       TEXT   NOT NULL REFERENCES law (id),
    place     BIGINT NOT NULL,
    article   TEXT   NOT NULL,
    heading   TEXT   NOT NULL,
    text      TEXT   NOT NULL,
    source_id TEXT,
    PRIMARY KEY (law, place)
);

INSERT INTO reference_version (family, version) VALUES ('law', 0);
