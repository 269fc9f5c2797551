-- What nodes share besides matters: order of events, leases, numbers, wrapped keys.

-- A command leaves a row here in its own transaction; the sequencer moves it into the feed.
CREATE TABLE outbox (
    number BIGINT NOT NULL,
    seq    BIGINT NOT NULL,
    PRIMARY KEY (number, seq)
);

-- All events in one order. Positions are given to committed events only: no holes, no surprises behind
-- a reader's back. Not by the database's own counters, which commit out of order.
CREATE TABLE feed (
    pos    BIGINT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    seq    BIGINT NOT NULL
);
CREATE UNIQUE INDEX feed_event ON feed (number, seq);

-- One row. `epoch` fences off a sequencer that has lost its lease.
CREATE TABLE feed_head (
    id    BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    pos   BIGINT NOT NULL,
    epoch BIGINT NOT NULL
);
INSERT INTO feed_head (id, pos, epoch) VALUES (1, 0, 0);

-- How far each follower has come; moved in the transaction of its effect.
CREATE TABLE feed_cursor (
    follower TEXT   NOT NULL PRIMARY KEY,
    pos      BIGINT NOT NULL
);

-- Named leases. `epoch` grows with every change of hands.
CREATE TABLE lease (
    name   TEXT        NOT NULL PRIMARY KEY,
    holder TEXT        NOT NULL,
    epoch  BIGINT      NOT NULL,
    until  TIMESTAMPTZ NOT NULL
);

-- Blocks of matter numbers handed to nodes; `next` is the first sequence not yet handed out.
CREATE TABLE number_block (
    county BIGINT NOT NULL,
    year   BIGINT NOT NULL,
    next   BIGINT NOT NULL,
    PRIMARY KEY (county, year)
);

-- Keys that wrap data keys and make look-up hashes, themselves wrapped by the master key.
CREATE TABLE class_key (
    class   TEXT   NOT NULL,                          -- data | index
    id      BIGINT NOT NULL,                          -- the highest is used for new values
    wrapped BYTEA  NOT NULL,
    PRIMARY KEY (class, id)
);
