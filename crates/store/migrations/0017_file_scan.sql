-- What a look into a file found. Nobody reads a file that waits for the scanner.
ALTER TABLE file ADD COLUMN scan TEXT NOT NULL DEFAULT 'off';   -- off, waiting, clean, infected
ALTER TABLE file ADD COLUMN finding TEXT;                       -- name of what the scanner found
ALTER TABLE file ADD COLUMN flags TEXT NOT NULL DEFAULT '';     -- words with blanks between: what to warn of
CREATE INDEX file_waiting ON file (created_at, id) WHERE scan = 'waiting';
