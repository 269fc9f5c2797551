-- Time stamps (RFC 3161) over signed heads: an authority's word on when a head existed.
CREATE TABLE log_stamp (
    checkpoint BIGINT      NOT NULL,                  -- log_checkpoint.seq
    authority  TEXT        NOT NULL,                  -- its address
    at         TIMESTAMPTZ NOT NULL,                  -- the time it tells
    nonce      BYTEA       NOT NULL,                  -- of the request
    token      BYTEA       NOT NULL,                  -- TimeStampToken, DER
    PRIMARY KEY (checkpoint, authority)
);
