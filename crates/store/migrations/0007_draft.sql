-- Applications not yet sent. A family of its own: a draft is no matter and no person.
-- The cookie holds the token; only its hash is here. Answers are sealed under a key of the draft's own,
-- destroyed when it is sent or runs out.
CREATE TABLE draft (
    id           BYTEA  NOT NULL PRIMARY KEY,    -- SHA-256 of the token
    key          TEXT   NOT NULL,                -- idempotency key of the submit; stays when the token changes
    item         TEXT   NOT NULL,
    item_version BIGINT NOT NULL,
    revision     BIGINT NOT NULL,                -- +1 a page; an old page cannot overwrite a newer one
    data_key     BYTEA,                          -- wrapped; NULL once destroyed
    answers      BYTEA,                          -- sealed
    phone        BYTEA,                          -- keyed hash of the phone it was saved for
    resume       BYTEA,                          -- keyed hash of the resume code
    number       BIGINT,                         -- the matter it became
    expires_on   TEXT   NOT NULL                 -- YYYY-MM-DD, shown to the person; the last day it is kept
);
CREATE INDEX draft_resume ON draft (resume) WHERE resume IS NOT NULL;
CREATE INDEX draft_expires ON draft (expires_on);
