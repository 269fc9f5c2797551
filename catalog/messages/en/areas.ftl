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

area-link-from = This division still stands, or what took it over is already known.
area-link-to = Choose a division that stands today.
area-link-level = What took a division over cannot be of a lower level.
area-link-reason = Write the reason (500 characters at most).
area-link-not-yours = Only a head or a supervisor of the division may say what took it over.

service-area-id = An id has small letters, digits, dots and hyphens only (64 at most).
service-area-members = Name one division at least, and none twice.
service-area-office = There is no such body.

place-hint = Type a name, its pinyin (dongchangfu, dcf) or its code
place-found = { $n } found, choose with the arrow keys
place-none = Nothing found, try another spelling
place-list = Places to choose from
place-unknown = No such place was found. Try another spelling, or the name of the county alone.
place-several = { $n } places bear this name. Choose one below, or write more of it.
place-which = Which of these is “{ $text }”?
place-more = { $n } more are not listed: write more of the name.
area-by-name = Or write the name of the town, street, village or community

areas-title = Former divisions
areas-lead = When villages merge or change their names, their codes end. Changes of names and of whole codes are recognised; what is not is told with its town. Below are divisions on whose former code a body or a person still hangs: say what took them over.
areas-standing = Divisions that stand
areas-linked = Former ones with a known successor
areas-unknown = Former ones without, told with their town
areas-waiting = Waiting for a successor ({ $n })
areas-none = Nothing waits.
areas-told-with = Ended on { $date }; for now it is told with { $town }.
areas-office = Body: { $name }
areas-person = Person: { $name } ({ $login })
areas-link = Say what took it over
areas-link-title = What took over { $name }
areas-to = The village, community or town that carries it on
areas-reason = Grounds
areas-reason-hint = For example the number of the approval. It goes into the record.
