-- Service items as they were published. A reference table: matters name (item, item_version) without a
-- foreign key. Rows are never changed or deleted, so that a matter finishes under the version it began with.
CREATE TABLE item_version (
    id           TEXT        NOT NULL,                -- service item id
    version      BIGINT      NOT NULL CHECK (version >= 1),
    sha256       BYTEA       NOT NULL,                -- content hash, see catalog::versions
    body         TEXT        NOT NULL,                -- the resolved item in canonical JSON (RFC 8785)
    published_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (id, version)
);
