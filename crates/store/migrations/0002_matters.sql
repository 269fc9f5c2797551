-- The register of matters (统一办件库).
-- Every primary key, unique index and foreign key of a matter table starts with `number`,
-- so that one matter and all that belongs to it can lie on one shard. One command writes one matter.

CREATE TABLE matter (
    number        BIGINT      NOT NULL PRIMARY KEY,   -- 16 digits, see kernel::number
    item          TEXT        NOT NULL,               -- service item id
    item_version  BIGINT      NOT NULL,               -- the version it began with and finishes under
    duty          TEXT        NOT NULL,               -- duty of the item, for policy
    area          BIGINT      NOT NULL,               -- where the matter belongs, 12 digits, as of its day
    office        TEXT        NOT NULL,               -- organisation that answers for it
    door          TEXT        NOT NULL,
    step          TEXT        NOT NULL,
    final         BOOLEAN     NOT NULL,
    outcome       TEXT,
    version       BIGINT      NOT NULL,               -- +1 a command; equals the seq of its last event
    head          BYTEA       NOT NULL,               -- hash of its last event
    opened_at     TIMESTAMPTZ NOT NULL,
    received_on   TEXT        NOT NULL,               -- YYYY-MM-DD, the day periods run from
    closed_at     TIMESTAMPTZ,
    owner_account TEXT,                               -- a person, or …
    owner_office  TEXT,                               -- … an office; both NULL only when final
    issue         BIGINT      NOT NULL,               -- issue of the query code
    next_timer    TIMESTAMPTZ,                        -- earliest expiry `tick` must act on
    state         JSONB       NOT NULL,               -- tasks, clock logs, materials, ratings; no personal data
    data_key      BYTEA,                              -- wrapped key of this matter; NULL once destroyed
    facts         BYTEA                               -- sealed: form, eligibility check
);
CREATE INDEX matter_timer ON matter (next_timer) WHERE next_timer IS NOT NULL;
CREATE INDEX matter_office ON matter (office, opened_at);
CREATE INDEX matter_area ON matter (area, opened_at);

-- Parties, not one applicant. pos 0 is the applicant.
CREATE TABLE party (
    number  BIGINT NOT NULL REFERENCES matter (number),
    pos     BIGINT NOT NULL,
    role    TEXT   NOT NULL,
    side    TEXT,
    kind    TEXT   NOT NULL,                          -- person | company | organ
    account TEXT,                                     -- signed-in citizen, when known
    sealed  BYTEA  NOT NULL,                          -- name, papers, phone, address, guardian, helper
    PRIMARY KEY (number, pos)
);

-- The chain. Never updated, never deleted. Free text lies in the sealed part only.
CREATE TABLE event (
    number    BIGINT      NOT NULL REFERENCES matter (number),
    seq       BIGINT      NOT NULL,
    at        TIMESTAMPTZ NOT NULL,
    actor     TEXT        NOT NULL,                   -- opaque id
    action    TEXT        NOT NULL,
    alg       TEXT        NOT NULL,                   -- kernel::chain algorithm id
    public    JSONB       NOT NULL,                   -- role, door, from, to, …: all of it under the hash
    sealed    BYTEA,                                  -- salt and sealed part under the matter's key
    commitment BYTEA      NOT NULL,                   -- H(salt || JCS(sealed plaintext))
    prev      BYTEA       NOT NULL,
    hash      BYTEA       NOT NULL,
    PRIMARY KEY (number, seq)
);

-- Open work, apart from history: every worklist reads this small table only.
CREATE TABLE open_task (
    number        BIGINT      NOT NULL REFERENCES matter (number),
    task          TEXT        NOT NULL,               -- t1, t2 … within the matter
    name          TEXT        NOT NULL,               -- task id in the item
    item          TEXT        NOT NULL,
    item_version  BIGINT      NOT NULL,
    step          TEXT        NOT NULL,
    role          TEXT        NOT NULL,               -- who must act
    area          BIGINT      NOT NULL,
    office        TEXT,                               -- organisation of the pool
    pool          TEXT        NOT NULL,               -- role@office, or applicant@number
    assignee      TEXT,                               -- account; NULL while in the pool
    owner_account TEXT,
    due           TEXT        NOT NULL,               -- YYYY-MM-DD, 9999-12-31 when no limit runs
    yellow_at     TIMESTAMPTZ,
    red_at        TIMESTAMPTZ,
    paused        BOOLEAN     NOT NULL,
    since         TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (number, task)
);
CREATE INDEX open_task_assignee ON open_task (assignee, due, number) WHERE assignee IS NOT NULL;
CREATE INDEX open_task_pool ON open_task (pool, due, number) WHERE assignee IS NULL;
CREATE INDEX open_task_owner ON open_task (owner_account, due, number) WHERE owner_account IS NOT NULL;
CREATE INDEX open_task_area ON open_task (area, due, number);

-- Personal scopes: who has to do with a matter beyond office and area.
CREATE TABLE access (
    number    BIGINT NOT NULL REFERENCES matter (number),
    principal TEXT   NOT NULL,                        -- account id
    reason    TEXT   NOT NULL,                        -- applicant | party | helper | assigned | acted
    until     TIMESTAMPTZ,
    PRIMARY KEY (number, principal, reason)
);
CREATE INDEX access_principal ON access (principal, number);

-- "Done": I acted and it is final. Written once, at the closing command.
CREATE TABLE done (
    number    BIGINT NOT NULL REFERENCES matter (number),
    principal TEXT   NOT NULL,
    due       TEXT   NOT NULL,
    PRIMARY KEY (number, principal)
);
CREATE INDEX done_principal ON done (principal, due, number);

-- Counts that would grow with history, kept in 16 slots (slot = number modulo 16) to spread writers.
CREATE TABLE tally (
    scope TEXT   NOT NULL,
    view  TEXT   NOT NULL,
    slot  BIGINT NOT NULL,
    n     BIGINT NOT NULL,
    PRIMARY KEY (scope, view, slot)
);

-- Idempotency: of actions with the matter, of creation in a family of its own. Kept seven days.
CREATE TABLE action_key (
    number BIGINT      NOT NULL REFERENCES matter (number),
    key    TEXT        NOT NULL,                      -- hash of account and key
    digest BYTEA       NOT NULL,                      -- SHA-256 of action and canonical body
    body   JSONB       NOT NULL,
    at     TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (number, key)
);
CREATE INDEX action_key_at ON action_key (at);
CREATE TABLE intake_key (
    key    TEXT        NOT NULL PRIMARY KEY,
    digest BYTEA       NOT NULL,
    number BIGINT      NOT NULL,
    body   JSONB       NOT NULL,
    at     TIMESTAMPTZ NOT NULL
);
CREATE INDEX intake_key_at ON intake_key (at);

CREATE TABLE link (
    number BIGINT NOT NULL REFERENCES matter (number),
    kind   TEXT   NOT NULL,
    other  BIGINT NOT NULL,
    PRIMARY KEY (number, kind, other)
);

-- Who looked at personal values in full, and why.
CREATE TABLE access_log (
    number  BIGINT      NOT NULL REFERENCES matter (number),
    id      TEXT        NOT NULL,
    at      TIMESTAMPTZ NOT NULL,
    account TEXT        NOT NULL,
    facts   TEXT        NOT NULL,                     -- names of the values, comma separated
    reason  BYTEA       NOT NULL,                     -- sealed
    PRIMARY KEY (number, id)
);
CREATE INDEX access_log_account ON access_log (account, at);

-- Wrong query codes per number and quarter of an hour.
CREATE TABLE code_try (
    number BIGINT      NOT NULL PRIMARY KEY,
    tries  BIGINT      NOT NULL,
    since  TIMESTAMPTZ NOT NULL
);
