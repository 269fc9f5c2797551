-- Notices: who was told what of a matter, through which channel, and what became of it.
-- Written by a follower of the feed in the transaction that moves its cursor, sent by a leased worker.
CREATE TABLE notice (
    number      BIGINT      NOT NULL REFERENCES matter (number),
    id          TEXT        NOT NULL,               -- delivery id: the gateway's idempotency key, the same in every try
    once        TEXT        NOT NULL,               -- why there is one: event, person and channel, or task and due day
    kind        TEXT        NOT NULL,
    channel     TEXT        NOT NULL CHECK (channel IN ('inbox', 'sms', 'mail')),
    audience    TEXT,                               -- whose inbox: an account, a pool or an organisation
    due         TEXT,                               -- the day the notice speaks of
    sealed      BYTEA,                              -- under the matter's key: address, language, wording, link
    state       TEXT        NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'delivered', 'failed', 'suppressed')),
    reason      TEXT,                               -- why it was suppressed or failed: a word, never an answer's text
    tries       BIGINT      NOT NULL,
    next_try_at TIMESTAMPTZ,                        -- when to send; while sending, when the claim ends; NULL once ended
    claim       TEXT,                               -- who is sending it
    provider_id TEXT,                               -- what the gateway calls it
    call        TEXT        CHECK (call IN ('open', 'done')), -- whether the office must call instead
    called_by   TEXT,
    created_at  TIMESTAMPTZ NOT NULL,
    changed_at  TIMESTAMPTZ NOT NULL,
    read_at     TIMESTAMPTZ,                        -- in the inbox: when it was read
    PRIMARY KEY (number, id)
);
CREATE UNIQUE INDEX notice_once ON notice (number, once);
CREATE INDEX notice_waiting ON notice (next_try_at) WHERE next_try_at IS NOT NULL;
CREATE INDEX notice_inbox ON notice (audience, created_at) WHERE audience IS NOT NULL;
CREATE INDEX notice_id ON notice (id);

-- A link in a message: only the hash of its token. It leads to one matter, or proves one mail address.
CREATE TABLE notice_link (
    hash       BYTEA       NOT NULL PRIMARY KEY,
    number     BIGINT,
    account    TEXT,
    made_at    TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX notice_link_expiry ON notice_link (expires_at);

-- Where else a person wants to be told, and in which language. Sealed under a key of its own row.
CREATE TABLE notice_contact (
    account      TEXT        NOT NULL PRIMARY KEY,
    data_key     BYTEA       NOT NULL,
    sealed       BYTEA       NOT NULL,              -- mail address
    lang         TEXT        NOT NULL,
    confirmed_at TIMESTAMPTZ,                       -- nothing is sent before the address was proved
    changed_at   TIMESTAMPTZ NOT NULL
);

-- How far reminders of due days have looked.
CREATE TABLE notice_mark (
    id   BIGINT      NOT NULL PRIMARY KEY,
    upto TIMESTAMPTZ NOT NULL
);
