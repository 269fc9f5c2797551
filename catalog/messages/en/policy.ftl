# Who may do what: the words of the policy
refused-duty = Your post does not work on this kind of matter; the post in charge of it does.

# Helpers
action-add-helper = Let somebody help me
action-end-helper = End the help
told-add-helper = The applicant agreed to let a helper see the progress
told-end-helper = The help ended; the helper sees this matter no more
told-join-as-helper = The helper came in
action-join-as-helper = A helper comes in
act-lead-add-helper = You get a helper code. Give it, with the number of the matter, to somebody you trust. Signed in with their own phone, they see this one matter until the day you name.
act-lead-end-helper = They stop seeing this matter at once; a code nobody has used dies too.
refused-helper-stands = Somebody helps already, or a helper code is still unused. End that first to ask another.
refused-no-helper = Nobody helps now.
refused-helper-citizen = A helper signs in with their own phone.
refused-helper-self = This is your own matter; the helper code is for somebody else.
next-end-helper = First choose “End the help”, then ask another.
next-sign-in-by-phone = Sign in with your phone
next-hand-on-code = Give the helper code to somebody you trust.
error-helper-until-past = Give today or a later day.
helper-title = Helper
helper-none = Nobody else sees this matter now.
helper-offered = Nobody has used the helper code yet.
helper-helping = A helper sees this matter.
helper-code = Helper code
helper-code-hand-on = Tell it only to somebody you trust. They sign in here with their own phone, choose “I help somebody” under “My matters”, and type the number and the code.
helper-may-act = They see the progress and may write and hand in for you; they cannot withdraw, rate or sign for you.
helper-may-read = They only see the progress.
helper-until = Until 00:00 of { $until }.
helping-title = I help somebody
helping-lead = Did somebody ask you to help? Type the number of the matter and the helper code they gave you. You see this one matter, until the day they named.
helping-code = Helper code
helping-code-hint = 8 letters and digits, from the applicant
helping-button = Start helping
helping-wrong = The number or the helper code is wrong, or no longer valid. Please check with the applicant.
