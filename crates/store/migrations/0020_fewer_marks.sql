-- Keys are changed matter by matter in the order of the primary key: an index of its own by key cost every new
-- matter as many insertions as it has marks, and saved one pass over the table a year.
DROP INDEX blind_number_key;
