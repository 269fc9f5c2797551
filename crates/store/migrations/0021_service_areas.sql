-- Areas that are served together and are no division (development zones, scenic areas): they have no code of the
-- bureau and get none. An address lies in a division; the zone is the divisions it is made of.
CREATE TABLE service_area (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL
);
CREATE TABLE service_area_member (
    service_area TEXT NOT NULL REFERENCES service_area (id),
    area BIGINT NOT NULL,
    PRIMARY KEY (service_area, area)
);

-- Bodies that serve it, as if they sat in each of its divisions.
CREATE TABLE service_area_office (
    service_area TEXT NOT NULL REFERENCES service_area (id),
    organisation TEXT NOT NULL REFERENCES organisation (id),
    PRIMARY KEY (service_area, organisation)
);
