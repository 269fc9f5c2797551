-- Signed heads of the log: what the log promised, when, and by which keys.

-- Keys that sign heads. The public half stays published for ever; the secret half is sealed under a data key of
-- its own and goes with the first head its successor signs.
CREATE TABLE log_key (
    id         BIGINT      NOT NULL PRIMARY KEY,      -- from 1
    suite      TEXT        NOT NULL,                  -- ed25519 | sm2-sm3
    origin     TEXT        NOT NULL,                  -- name of the log, and of the key
    public     BYTEA       NOT NULL,
    data_key   BYTEA,                                 -- wrapped; NULL once the secret was destroyed
    sealed     BYTEA,                                 -- the secret under it
    made_at    TIMESTAMPTZ NOT NULL,
    retired_at TIMESTAMPTZ                            -- when a new key took over
);

-- One row a head signed, never changed. `seq` without holes: of two nodes only one writes the next.
CREATE TABLE log_checkpoint (
    seq    BIGINT      NOT NULL PRIMARY KEY,          -- from 1
    at     TIMESTAMPTZ NOT NULL,
    size   BIGINT      NOT NULL,
    root   BYTEA       NOT NULL,
    note   TEXT        NOT NULL                       -- as published (C2SP tlog-checkpoint)
);
CREATE INDEX log_checkpoint_size ON log_checkpoint (size);
