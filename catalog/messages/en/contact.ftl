# Safe contact
error-hours = Give two times of day, for example 09:00 and 17:30.
error-contact-message = Choose: no messages, neutral words only, or as usual.
