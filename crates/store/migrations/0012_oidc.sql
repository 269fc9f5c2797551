-- Signing in through an OpenID provider: who somebody is there, sign-ins under way, what must end with them.
-- Subjects and session names of a provider are kept as keyed hashes; what has to be read again is sealed
-- under the data key of the room.

-- The account a person of a provider (issuer and subject) signs in to.
CREATE TABLE oidc_link (
    subject_mac BYTEA PRIMARY KEY,
    side TEXT NOT NULL CHECK (side IN ('staff', 'citizen')),
    issuer TEXT NOT NULL,
    account TEXT NOT NULL REFERENCES account (id),
    -- Issuer and subject in words, for whoever must tell which person of the provider it is.
    sealed BYTEA NOT NULL,
    linked_at TIMESTAMPTZ NOT NULL
);
-- One person of a provider an account: whoever is given a login or a phone later does not inherit it.
CREATE UNIQUE INDEX oidc_link_account ON oidc_link (account, issuer);

-- A sign-in or a leaving under way, found by the hash of a random name, used once.
CREATE TABLE oidc_flow (
    name_hash BYTEA PRIMARY KEY,
    side TEXT NOT NULL CHECK (side IN ('staff', 'citizen')),
    purpose TEXT NOT NULL CHECK (purpose IN ('enter', 'leave')),
    sealed BYTEA NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX oidc_flow_expiry ON oidc_flow (expires_at);

-- Which of our sessions hang on which session of the provider.
CREATE TABLE oidc_session (
    token_hash BYTEA PRIMARY KEY,
    side TEXT NOT NULL CHECK (side IN ('staff', 'citizen')),
    subject_mac BYTEA NOT NULL,
    sid_mac BYTEA,
    -- The ID token, which the provider wants to see when somebody leaves.
    sealed BYTEA NOT NULL
);
CREATE INDEX oidc_session_subject ON oidc_session (subject_mac);
CREATE INDEX oidc_session_sid ON oidc_session (sid_mac);

-- Log-out tokens already taken: each counts once.
CREATE TABLE oidc_logout (
    jti_mac BYTEA PRIMARY KEY,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX oidc_logout_expiry ON oidc_logout (expires_at);
