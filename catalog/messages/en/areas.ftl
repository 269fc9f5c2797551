# Divisions: taking them in, what became of them, choosing one

area-row-code = A code has 2, 4, 6, 9 or 12 digits.
area-row-name = Give a name of 60 characters at most.
area-row-level = The level does not fit the code.
area-row-parent = The division above does not fit the code.
area-row-date = Write the date like 2026-11-30.
area-row-order = The last date must be after the first.
area-row-homeless = The division above is not known: import it first.
area-row-overlap = Another row of this code stands in the same time.
area-row-twice = The code is there twice.
area-row-outside = It is not within the division chosen.
area-row-deeper = It is of a lower level than the snapshot says it shows.
area-snapshot-late = Something changed on { $date } or after it: a snapshot of that day cannot be taken any more.
