-- Passwords with an age, a second factor, and the record of who signed in and who administered.

-- When the password was set (NULL: when the account was made), and whether somebody else chose it.
ALTER TABLE account ADD COLUMN password_at TIMESTAMPTZ;
ALTER TABLE account ADD COLUMN must_change BOOLEAN NOT NULL DEFAULT FALSE;

-- What must be done before the session may do anything else: 'password', 'totp', or NULL.
ALTER TABLE session ADD COLUMN must TEXT;

-- Hashes of earlier passwords, so that one is not taken again. Only the newest few are kept.
CREATE TABLE password_past (
    account TEXT NOT NULL REFERENCES account (id),
    set_at TIMESTAMPTZ NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (account, set_at)
);

-- The second factor (RFC 6238). `sealed` is the secret under the account's own data key; `last_step` is the
-- time step of the last code taken: none is taken twice. Without `confirmed_at` it is not asked for yet.
CREATE TABLE account_totp (
    account TEXT PRIMARY KEY REFERENCES account (id),
    sealed BYTEA NOT NULL,
    last_step BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    confirmed_at TIMESTAMPTZ
);

-- Codes for the day the device is lost, as keyed hashes; a used one is gone.
CREATE TABLE recovery_code (
    account TEXT NOT NULL REFERENCES account (id),
    code_mac BYTEA NOT NULL,
    PRIMARY KEY (account, code_mac)
);

-- Every sign-in and every act of an administrator. Rows are added and, after the time they are kept for,
-- removed; never changed. `actor` is an account, 'system' for the command line, or NULL for nobody known.
-- `origin` is coarse (a /24 or /48 network). What people wrote is sealed under the key of this room.
CREATE TABLE audit (
    id TEXT PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    actor TEXT,
    act TEXT NOT NULL,
    subject TEXT,
    result TEXT NOT NULL CHECK (result IN ('done', 'refused')),
    origin TEXT,
    sealed BYTEA
);
CREATE INDEX audit_time ON audit (at, id);
CREATE INDEX audit_subject ON audit (subject, at, id);
CREATE INDEX audit_actor ON audit (actor, at, id);
