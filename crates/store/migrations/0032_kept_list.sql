-- Lists somebody comes back to: what a list is asked for, as it stands in the address, under a name of their own.
CREATE TABLE kept_list (
    account TEXT        NOT NULL,   -- whose
    name    TEXT        NOT NULL,
    query   TEXT        NOT NULL,   -- view, filter, order and columns; no words of a person
    made_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account, name)
);
