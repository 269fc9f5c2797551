-- The Merkle log over all events, in feed order (RFC 6962). It follows the feed, so commands never wait for it.
-- Leaf hashes are the event hashes: those begin with 0x00 and are leaf hashes by construction.

CREATE TABLE log_leaf (
    pos    BIGINT NOT NULL PRIMARY KEY,               -- position in the feed, from 1; leaf index + 1
    number BIGINT NOT NULL,
    seq    BIGINT NOT NULL,
    hash   BYTEA  NOT NULL
);
CREATE UNIQUE INDEX log_leaf_event ON log_leaf (number, seq);

-- Hashes of whole subtrees above the leaves; a proof reads at most two for each level.
CREATE TABLE log_node (
    level BIGINT NOT NULL,                            -- 1 covers two leaves, 2 four, …
    place BIGINT NOT NULL,                            -- from 0, left to right within the level
    hash  BYTEA  NOT NULL,
    PRIMARY KEY (level, place)
);

-- One row: how large the tree is, its root, and the whole subtrees at its right edge, largest first.
CREATE TABLE log_head (
    id    BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    size  BIGINT NOT NULL,
    root  BYTEA  NOT NULL,
    peaks BYTEA  NOT NULL
);
