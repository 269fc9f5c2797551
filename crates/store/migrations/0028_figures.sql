-- Yearly figures of places, entered by whoever runs the platform: what the calculators take where nothing is given.
CREATE TABLE figure (
    id       TEXT        NOT NULL,                    -- figure.avg-monthly-wage, …
    area     TEXT        NOT NULL,                    -- twelve digits; 'all' for the whole country
    year     BIGINT      NOT NULL,                    -- the statistical year
    body     TEXT        NOT NULL,                    -- the row as catalog::parameters::Parameter, JSON
    taken_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (id, area, year)
);
