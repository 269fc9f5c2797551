-- Documents of matters (文书). Their words are rendered from the event that made them; here lie their numbers.
CREATE TABLE document (
    number  BIGINT      NOT NULL REFERENCES matter (number),
    doc     TEXT        NOT NULL,                     -- d1, d2 … within the matter
    kind    TEXT        NOT NULL,                     -- id in the item
    seq     BIGINT      NOT NULL,                     -- the event that made it
    office  TEXT        NOT NULL,                     -- organisation that issued it
    series  TEXT,                                     -- word of its number; NULL: it bears none
    year    BIGINT      NOT NULL,
    n       BIGINT,                                   -- no gaps in an office, word and year
    made_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (number, doc)
);

-- The last number given out. Drawn in the transaction that makes the document, so that a command that fails
-- leaves no gap. A family of its own: its key is not a matter's.
CREATE TABLE document_series (
    office TEXT   NOT NULL,
    series TEXT   NOT NULL,
    year   BIGINT NOT NULL,
    n      BIGINT NOT NULL,
    PRIMARY KEY (office, series, year)
);
