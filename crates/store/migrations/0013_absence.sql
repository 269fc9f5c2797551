-- Absences (请假) and who stands in (AB 角). Days are Beijing days, both ends included.
CREATE TABLE absence (
    id         TEXT        NOT NULL PRIMARY KEY,
    account    TEXT        NOT NULL,
    first_day  TEXT        NOT NULL,             -- YYYY-MM-DD
    last_day   TEXT        NOT NULL,
    kind       TEXT        NOT NULL,             -- leave | sick | travel | training | other
    substitute TEXT,                             -- account; NULL: work goes back to its pool
    entered_by TEXT        NOT NULL,
    entered_at TIMESTAMPTZ NOT NULL,
    ended_at   TIMESTAMPTZ                       -- back early, or called off before it began
);
CREATE INDEX absence_account ON absence (account, last_day);
CREATE INDEX absence_substitute ON absence (substitute, last_day) WHERE substitute IS NOT NULL;
CREATE INDEX absence_running ON absence (last_day, first_day) WHERE ended_at IS NULL;

-- Work that went from one person to another without their doing: by an absence, or by an order of the head.
CREATE TABLE handed_on (
    number   BIGINT      NOT NULL REFERENCES matter (number),
    seq      BIGINT      NOT NULL,               -- the event that did it
    account  TEXT        NOT NULL,               -- who had it
    cause    TEXT        NOT NULL,               -- absence:ID or order:ID
    receiver TEXT,                               -- account; NULL: the pool
    was      JSONB       NOT NULL,               -- {tasks: [id], owner: …}: what undoing puts back
    at       TIMESTAMPTZ NOT NULL,
    undone   BOOLEAN     NOT NULL DEFAULT FALSE,
    PRIMARY KEY (number, seq, account)
);
CREATE INDEX handed_on_account ON handed_on (account, at);
CREATE INDEX handed_on_cause ON handed_on (cause, number);

-- Orders to give much work of one person to another. What moved is in handed_on, why is in the events.
CREATE TABLE reassignment (
    id         TEXT        NOT NULL PRIMARY KEY, -- made of the caller and the idempotency key
    by_account TEXT        NOT NULL,
    digest     BYTEA       NOT NULL,             -- SHA-256 of the canonical body
    at         TIMESTAMPTZ NOT NULL
);
