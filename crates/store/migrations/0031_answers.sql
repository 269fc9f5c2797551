-- Answers that may be used again (答复库): a question in general words and an answer in somebody's own, each from a
-- closed matter, published by another person than who wrote it. A version is a row; of an answer one at most is
-- published. What is not published may still name people: it lies sealed under the key of the matter it comes from and goes with it.
CREATE TABLE answer (
    id           TEXT        NOT NULL,
    version      BIGINT      NOT NULL,
    state        TEXT        NOT NULL CHECK (state IN ('draft', 'proposed', 'published', 'withdrawn', 'replaced')),
    kind         TEXT        NOT NULL,              -- label of a kind of problem
    question     TEXT        NOT NULL,              -- '' until it is published
    answer       TEXT        NOT NULL,              -- '' until it is published
    cites        JSONB       NOT NULL,              -- [{law, article}]
    sealed       BYTEA,                             -- question, answer, what was confirmed and said; until published
    owner        TEXT        NOT NULL,              -- account
    office       TEXT        NOT NULL,
    area         BIGINT      NOT NULL,
    source       BIGINT      NOT NULL,              -- the matter it comes from; never told outside
    changed_at   TIMESTAMPTZ NOT NULL,
    published_by TEXT,
    published_at TIMESTAMPTZ,
    reviewed_on  TEXT,                              -- YYYY-MM-DD
    due_on       TEXT,
    revision     BIGINT      NOT NULL,              -- counts changes of this row
    PRIMARY KEY (id, version)
);
CREATE INDEX answer_state ON answer (state, changed_at);
CREATE INDEX answer_owner ON answer (owner, changed_at);

-- What was done with an answer, by whom. Rows are added and never changed.
CREATE TABLE answer_act (
    id      TEXT        NOT NULL PRIMARY KEY,
    answer  TEXT        NOT NULL,
    version BIGINT      NOT NULL,
    at      TIMESTAMPTZ NOT NULL,
    actor   TEXT        NOT NULL,
    act     TEXT        NOT NULL,
    sealed  BYTEA                                   -- the reason, where one was given
);
CREATE INDEX answer_act_answer ON answer_act (answer, at);

-- Drafts that were made for whoever answers a matter: of a text only its digest, so that one by a language model is
-- known again when it is handed in unread.
CREATE TABLE answer_draft (
    number BIGINT      NOT NULL REFERENCES matter (number),
    digest BYTEA       NOT NULL,
    basis  TEXT        NOT NULL CHECK (basis IN ('model', 'extract')),
    model  TEXT,
    why    TEXT,                                    -- why it is not the model's: a word
    made_by TEXT       NOT NULL,
    at     TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (number, digest)
);

INSERT INTO reference_version (family, version) VALUES ('answer', 0);
