-- Who may do what, where: divisions, organisations, accounts, grants, sessions.
-- None of these tables belongs to a matter: they are reference tables or tables of their own family,
-- joined to matters by id without a foreign key (docs/data-model.md).

-- An administrative division as it stood from `valid_from` until the day before `valid_to`.
-- `code` is the 12-digit statistical code, so a subtree is one range.
CREATE TABLE area (
    code BIGINT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    name TEXT NOT NULL,
    level BIGINT NOT NULL CHECK (level BETWEEN 1 AND 5),
    parent BIGINT,
    origin TEXT NOT NULL,
    PRIMARY KEY (code, valid_from)
);
CREATE INDEX area_children ON area (parent, code);

-- What became of a division: `successor` took it over on `changed_on`.
CREATE TABLE area_link (
    code BIGINT NOT NULL,
    successor BIGINT NOT NULL,
    changed_on TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('official', 'name', 'recode', 'manual')),
    PRIMARY KEY (code, successor)
);
CREATE INDEX area_link_successor ON area_link (successor);

-- Counts changes of a reference family, so that nodes know when what they remember is stale.
CREATE TABLE reference_version (
    family TEXT PRIMARY KEY,
    version BIGINT NOT NULL
);
INSERT INTO reference_version (family, version) VALUES ('area', 1), ('organisation', 1);

-- A body that serves: centre, legal aid centre, justice office, station, law firm, legal service office.
CREATE TABLE organisation (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    area BIGINT NOT NULL,
    uscc TEXT,
    phone TEXT,
    address TEXT,
    hours TEXT,
    closed_on TEXT,
    origin TEXT NOT NULL
);
CREATE INDEX organisation_area ON organisation (area);

-- What a body is there for, in its area and everything below it.
CREATE TABLE organisation_duty (
    organisation TEXT NOT NULL REFERENCES organisation (id),
    duty TEXT NOT NULL,
    PRIMARY KEY (organisation, duty)
);
CREATE INDEX organisation_duty_by_duty ON organisation_duty (duty, organisation);

-- A person who signs in. Staff have a login and a display name that colleagues see; what is known of a
-- citizen (name, phone) is sealed under the account's own data key and found by keyed hash of the phone.
CREATE TABLE account (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('staff', 'citizen')),
    login TEXT,
    name TEXT,
    organisation TEXT,
    password TEXT,
    wrapped_key BYTEA,
    sealed BYTEA,
    phone_mac BYTEA,
    phone_key BIGINT,
    disabled_at TIMESTAMPTZ,
    origin TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX account_login ON account (login);
CREATE UNIQUE INDEX account_phone ON account (phone_mac);
CREATE INDEX account_organisation ON account (organisation);

-- A role held in an area, sometimes for one organisation only ('' = none).
CREATE TABLE account_grant (
    account TEXT NOT NULL REFERENCES account (id),
    role TEXT NOT NULL,
    area BIGINT NOT NULL,
    organisation TEXT NOT NULL,
    granted_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account, role, area, organisation)
);
CREATE INDEX account_grant_by_organisation ON account_grant (organisation, role);

-- One signed-in device. The token itself is never stored; `principal` is the signed-in person with all
-- grants, sealed, so that one SELECT authenticates a request.
CREATE TABLE session (
    token_hash BYTEA PRIMARY KEY,
    id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('staff', 'citizen', 'guest')),
    account TEXT,
    number BIGINT,
    principal BYTEA NOT NULL,
    agent TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX session_account ON session (account);
CREATE INDEX session_number ON session (number);
CREATE INDEX session_expiry ON session (expires_at);

-- The one code outstanding for a phone.
CREATE TABLE phone_code (
    phone_mac BYTEA PRIMARY KEY,
    code_mac BYTEA NOT NULL,
    tries BIGINT NOT NULL,
    sent_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);

-- Hits in a window, for limits that must hold over all nodes (`subject` is a keyed hash).
CREATE TABLE throttle (
    bucket TEXT NOT NULL,
    subject BYTEA NOT NULL,
    window_start TIMESTAMPTZ NOT NULL,
    hits BIGINT NOT NULL,
    PRIMARY KEY (bucket, subject)
);
CREATE INDEX throttle_age ON throttle (window_start);

-- Messages for a sender that has no outside yet (the demo shows them on a page). Sealed.
CREATE TABLE outbox_message (
    id TEXT PRIMARY KEY,
    channel TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX outbox_message_age ON outbox_message (created_at);

-- Data keys of this room that do not hang on a person (sessions, outbox), wrapped by the master key.
CREATE TABLE room_key (
    room TEXT PRIMARY KEY,
    wrapped BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
