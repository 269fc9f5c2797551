-- Retention, legal hold and deletion (归档保存期、依法留存、删除).

-- Until when a matter must not be erased although its time is up (YYYY-MM-DD, that day included); the event
-- `hold` says who decided, its sealed part why.
ALTER TABLE matter ADD COLUMN held_until TEXT;

-- Ended matters whose content is still there: what a retention run looks at. Erased ones leave the index, so
-- that its cost does not grow with history.
CREATE INDEX matter_retained ON matter (item, closed_at, number) WHERE closed_at IS NOT NULL AND data_key IS NOT NULL;

-- Matters whose content was deleted: one row each, for the list of certificates. The event (number, seq) is the
-- proof.
CREATE TABLE erasure (
    number     BIGINT      NOT NULL PRIMARY KEY REFERENCES matter (number),
    seq        BIGINT      NOT NULL,                  -- the event `erased`
    at         TIMESTAMPTZ NOT NULL,
    class      TEXT        NOT NULL,                  -- class of retention, as in the parameters
    basis      TEXT        NOT NULL,                  -- retention | request
    rule       TEXT        NOT NULL,                  -- parameter that said how long
    kept_until TEXT        NOT NULL                   -- YYYY-MM-DD, the last day it had to be kept
);
CREATE INDEX erasure_at ON erasure (at, number);

-- What goes when a matter is erased is found by its number, or by the mark that its key is gone.
CREATE INDEX intake_key_number ON intake_key (number);
CREATE INDEX file_erased ON file (id) WHERE data_key IS NULL;
CREATE INDEX draft_phone ON draft (phone) WHERE phone IS NOT NULL;
-- Lines of the access log that are older than they must be kept.
CREATE INDEX access_log_age ON access_log (at);
