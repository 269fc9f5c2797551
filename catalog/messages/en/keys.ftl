# Finding people, records of looks, keys

keys-search = Find by person
keys-search-lead = Fill in one field only. You see only matters you may read.
keys-search-name = Name (two characters of it are enough; pinyin works too)
keys-search-paper = Number of a document, or credit code
keys-search-phone = Phone
keys-search-tail = Last four digits of the phone
keys-search-logged = Every search is recorded: who, when, and by which field. What you type is not kept.
keys-search-button = Search
keys-search-more = Next page
keys-search-found = { $n } found
keys-search-none = Nothing found. Check what you typed, or try another field.
keys-search-person = Person
keys-search-place = Place
keys-search-opened = Taken in

keys-looks = Who looked at my data
keys-looks-lead = Every time somebody who works on matters saw your data in full: when, which office, what, and why.
keys-looks-none = Nobody has looked at your data in full yet.
keys-looks-names = Staff are shown by office and position. If something seems wrong, write a message to the office or call 12348.
keys-looks-when = When
keys-looks-who = Office and position
keys-looks-what = What was seen
keys-looks-why = Why
keys-looks-staff = staff
keys-looks-file = A paper handed in
keys-looks-copy = A copy of everything, taken by the person
keys-looks-export = Everything of you, in an exported list
keys-looks-own = The person
keys-looks-document = A document
keys-looks-value = What was filled in
keys-looks-other = Another party
keys-looks-work = Work on this matter

error-search-one = Fill in only one of name, document number, phone, or last four digits.
error-search-tail = Give the last four digits of the phone.
error-search-short = Give at least two characters.
error-masked = This is a value with a part hidden; it cannot be saved as a new one. Give the whole value, or leave it out.
