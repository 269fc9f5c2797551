### What people read when signing in, with accounts, and when uploading

access-wrong-password = Wrong login or password.
access-next-password = Check both and try again; if you have forgotten the password, ask your administrator to reset it.
access-wrong-code = The code is wrong, has been used, or has expired.
access-next-code = Check the six digits in the message, or ask for a new code.
access-too-many = Too many tries. Try again in { $seconds } seconds.
access-next-wait = Wait { $seconds } seconds and try again; if it is urgent, call 12348.
access-code-message = Your code is { $code }. It holds for { $minutes } minutes. Nobody on our staff will ask you for it.
access-phone-form = Give a mobile number (11 digits) or a landline with its area prefix.
access-sign-in-shape = Sign in one way only: login and password, phone and code, or matter number and query code.
access-next-sign-in = Sign in first; without an account you can follow a matter with its number and query code.
access-session-ended = Your session has ended. Sign in again.
access-account-refused = Something is wrong with the account; nothing was saved.
access-login-form = A login has 2 to 64 lower-case letters, digits, dots or dashes and begins with a letter or digit.
access-login-taken = This login is taken.
access-login-unknown = There is no staff account with this login.
access-name-form = Give a name of at most 80 characters.
access-password-form = A password has 8 to 128 characters.
access-organisation-unknown = There is no such organisation.
access-role-implied = This role comes from a matter and cannot be granted.
access-role-separate = System, security and audit administrators are separate people and hold no other role.
access-area-unknown = There is no such division.
access-next-area = Look it up in the list of divisions.

files-too-large = The file is too large. One file may have { $megabytes } MB.
files-next-smaller = Make the picture smaller or split it into several files; you can also bring the original to a window.
files-type-unknown = We cannot take this kind of file, or it is damaged.
files-next-type = You can upload: { $taken }.
files-missing = No file came with the request. Send one in the field "file".
files-unknown = There is no such file, or it has expired, or another matter has it.
files-next-again = Upload it again.
files-busy = Too many files are arriving. Try again in a moment.
files-key-mismatch = This idempotency key was used with another file.
files-next-key = Use a new idempotency key.
