-- Papers people hand in. A family of its own: joined to matters by id, without a foreign key.
-- The content lies beside the database, sealed under the file's own data key.
CREATE TABLE file (
    id          TEXT        NOT NULL PRIMARY KEY,   -- uuid v7; whoever is not signed in proves the upload with it
    owner       TEXT,                               -- account that uploaded it; NULL without a session
    number      BIGINT,                             -- the matter that took it; NULL until then
    name        BYTEA       NOT NULL,               -- sealed: names of files name people
    media       TEXT        NOT NULL,               -- media type found in the content
    size        BIGINT      NOT NULL,               -- bytes of the content
    sha256      BYTEA       NOT NULL,               -- of the content
    blob        TEXT        NOT NULL,               -- SHA-256 of the sealed content, the name it lies under
    data_key    BYTEA,                              -- wrapped; NULL once destroyed
    created_at  TIMESTAMPTZ NOT NULL,
    claimed_at  TIMESTAMPTZ,
    replay      BYTEA                               -- hash of account and idempotency key
);
CREATE UNIQUE INDEX file_replay ON file (replay);
CREATE INDEX file_number ON file (number, id) WHERE number IS NOT NULL;
CREATE INDEX file_unclaimed ON file (created_at) WHERE number IS NULL;
