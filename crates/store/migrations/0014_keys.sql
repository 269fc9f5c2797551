-- Keys that change while everything runs, people found again through keyed hashes, and who looked at whom.

-- From when a key is used for new values, so that every node knows it before the first value needs it
-- (NULL = from the beginning), and when it went (its wrapped form is then empty).
ALTER TABLE class_key ADD COLUMN used_from TIMESTAMPTZ;
ALTER TABLE class_key ADD COLUMN retired_at TIMESTAMPTZ;

-- How far a change of keys has come: one row a key and place, resumed by whoever holds the lease.
CREATE TABLE key_work (
    class    TEXT    NOT NULL,                        -- data | index
    key_id   BIGINT  NOT NULL,                        -- the key that takes over
    place    TEXT    NOT NULL,                        -- what is gone through
    after    TEXT    NOT NULL,                        -- last row seen, as text; '' = none yet
    moved    BIGINT  NOT NULL,                        -- rows made anew
    finished BOOLEAN NOT NULL,
    PRIMARY KEY (class, key_id, place)
);

-- Hashes made before there were more kinds are made anew by the same work that follows a new key.
UPDATE blind SET key_id = 0;
CREATE INDEX blind_number_key ON blind (number, key_id);

-- As what and for which office somebody looked: accounts move, the look stays what it was.
ALTER TABLE access_log ADD COLUMN role TEXT NOT NULL DEFAULT '';
ALTER TABLE access_log ADD COLUMN office TEXT NOT NULL DEFAULT '';
-- reveal | file | document
ALTER TABLE access_log ADD COLUMN kind TEXT NOT NULL DEFAULT 'reveal';
CREATE INDEX access_log_at ON access_log (at);

-- Searches for people: who searched by which kind of mark. The value itself is nowhere, only a keyed hash of it.
CREATE TABLE person_search (
    id      TEXT        NOT NULL PRIMARY KEY,         -- uuid v7
    at      TIMESTAMPTZ NOT NULL,
    account TEXT        NOT NULL,
    kind    TEXT        NOT NULL,                     -- name | paper | phone | tail
    mac     BYTEA       NOT NULL,
    found   BIGINT      NOT NULL
);
CREATE INDEX person_search_account ON person_search (account, at);
CREATE INDEX person_search_at ON person_search (at);
