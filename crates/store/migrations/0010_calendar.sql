-- The calendar the open clocks were last counted with: when a holiday notice is loaded they are counted anew.
INSERT INTO reference_version (family, version) VALUES ('calendar', 0);
