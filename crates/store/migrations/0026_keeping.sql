-- What was done to keep the data: backups made, where the master key's copy was recorded, restores.
CREATE TABLE keeping (
    id     TEXT        NOT NULL PRIMARY KEY,          -- uuid v7
    act    TEXT        NOT NULL CHECK (act IN ('backup', 'key-saved', 'restore')),
    at     TIMESTAMPTZ NOT NULL,
    mark   TEXT        NOT NULL,                      -- SHA-256 of the backup file; fingerprint of the master key
    detail JSONB       NOT NULL                       -- where, how large; never a key
);
CREATE INDEX keeping_act ON keeping (act, at);
