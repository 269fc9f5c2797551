# Rights of the person: retention, legal hold, deletion, correction, export
refused-erased = The content of this matter was deleted on { $date } under the law; nothing more can be done on it. Number, dates and outcome remain.
refused-no-hold = There is no legal hold on this matter.
error-hold-past = The day must not lie before today.
next-deletion-certificate = See the certificate of deletion
action-hold = Legal hold
action-release-hold = End the legal hold
told-erased = The content of this matter was deleted under the law; number, item, dates and outcome remain
rights-document-erased = The words of this document were deleted on { $date } under the law; its name, number and date remain.
rights-basis-retention = the time it had to be kept is up
rights-basis-request = the applicant asked for deletion; the time it had to be kept is up, nothing is open, no legal hold stands
rights-certificate =
    Certificate of deletion of personal data

    Matter: { $number }
    Item: { $item }
    Office: { $office }
    Ended on: { $closed }
    Deleted on: { $date }
    Ground: Personal Information Protection Law, article 47; { $ground }
    Kept until: { $until } (rule { $rule })

    From that day on the key of what was personal in this matter (application and papers, who the parties are and how they are reached, what was written in the course of it, uploaded files) is destroyed: nobody can read it any more. What is sealed in backups goes with the backups.
    What remains: number, item, dates, outcome and hashes; nothing personal.

    Event: { $seq }
    Hash (SHA-256): { $hash }
rights-erased-title = Content deleted
rights-erased-said = The content of this matter was deleted on { $date }: { $ground }. Number, item, dates and outcome remain.
rights-certificate-title = Certificate of deletion
rights-certificate-open = See the certificate of deletion
refused-not-your-own = Here everybody deals with their own data only. A staff account neither sees nor exports that of others.
next-own-account = Sign in with your own phone, or with number and query code.
refused-copies = You have taken { $most } copies today; please try again tomorrow.
next-copy-tomorrow = You may take another tomorrow; if it is urgent, ask at the window.
rights-copy-reason = 本人查阅、复制
error-deletion-ground = Choose why you ask
error-deletion-text = At most 1000 characters
told-ask-deletion = You asked for deletion; it has to be kept for now and is deleted when that ends
rights-deleted = The content was deleted and its key destroyed: nobody can read it any more. Open the matter to see the certificate.
rights-already = The content was deleted before; you may see the certificate.
rights-waits-open = This matter is still being dealt with, so it cannot be deleted yet. You may withdraw it; after its end the time of keeping runs.
rights-waits-work = This matter has ended, but an answer or a document is still on its way. It can be deleted after that.
rights-waits-hold = It must be kept until { $until } under a legal hold, and is used for nothing but storing and protecting it; from { $from } it can be deleted.
rights-waits-kept = It has to be kept until { $until }, and is used for nothing but storing and protecting it; from { $from } it can be deleted, without asking again.
rights-waits-no-rule = No rule says yet how long matters of this kind are kept, so it cannot be deleted now. Please call the hotline; the office answers.
my-data-title = My personal data
my-data-lead = What we keep about you and until when. You may take a copy along, or ask for deletion.
my-data-account = Account
my-data-name = Name
my-data-phone = Phone
my-data-matters = Matters
my-data-kept = Content kept until { $date }
my-data-open = Being dealt with; the time of keeping begins with its end
my-data-copy = Take a copy
my-data-copy-text = What you wrote and handed in is copied in full; what is known of others stays partly hidden. The copy is put in the access log.
my-data-copy-page = Copy (a page to read and print)
my-data-copy-json = Copy (JSON)
my-data-delete = Ask for deletion
my-data-delete-text = Drafts, and an account without matters, are deleted at once. Ended matters are deleted at once when their time is up and no legal hold stands; else you are told why, and from which day. What is deleted cannot be brought back.
my-data-ground = Why do you ask
my-data-ground-purpose = It is done and no longer needed
my-data-ground-consent = I do not agree to its being kept
my-data-ground-unlawful = I think it was collected or used against the law or what was agreed
my-data-ground-other = Another reason
my-data-more = Anything to add
my-data-sure-title = Please confirm
my-data-sure = I know that it cannot be brought back
my-data-sure-missing = Please confirm that you know it cannot be brought back
my-data-delete-button = Ask for deletion
my-data-backups = What is sealed in backups disappears with the backups, by default after 90 days at the latest. Once the key is destroyed it could be read only by restoring an old backup, and is then deleted again.
my-data-decided = What was decided on your request
my-data-account-deleted = Drafts and account are deleted; you are signed out.
my-data-account-kept = Drafts are deleted. The account is needed by matters that must be kept; it can be deleted after the last of them.
my-data-account-none = You signed in with number and code; there is no account to delete.
my-data-remedy = If you do not agree, you may complain to the hotline or the cyberspace administration, or go to court (Personal Information Protection Law, articles 50 and 65).
copy-taken = Taken on { $date }
copy-masked = What is known of others is partly hidden.
copy-number = Number
copy-item = Item id
copy-item-name = Item
copy-my-role = My part
copy-door = Door
copy-office = Office
copy-opened-at = Opened
copy-closed-at = Ended
copy-step-name = Step
copy-outcome = Outcome
copy-kept = Time of keeping
copy-class = Class
copy-rule = Rule
copy-until = Kept until
copy-me = Me
copy-others = Others (partly hidden)
copy-form = What I answered
copy-check = Check at the opening
copy-materials = Papers
copy-files = Files
copy-events = What happened
copy-documents = Documents
copy-text = Text
copy-name = Name
copy-phone = Phone
copy-devices = Devices that signed in
copy-agent = Browser
copy-since = Signed in
copy-seen = Last used
copy-id-no = Number of the paper
copy-id-type = Kind of paper
copy-at = When
copy-action = Act
copy-facts = Values
copy-reason = Reason
copy-proof = Proof (salt and text)
copy-hash = Hash
action-ask-correction = Correct personal data
action-accept-correction = Correct it
action-refuse-correction = Leave it as it is
told-ask-correction = You asked for a correction; the office answers within its promised time
told-accept-correction = What you asked for was corrected
told-refuse-correction = The office did not agree to the correction; its reason follows. You may complain to the hotline or the cyberspace administration, or go to court (Personal Information Protection Law, articles 50 and 65)
told-correction-late = The request for correction was not answered in time; the head of the office was told
correct-name = Name
correct-id-no = Number of the paper
correct-uscc = Unified social credit code
correct-phone = Phone
correct-asked = Asks for "{ $value }" to be corrected to: { $to } { $reason }
correct-to-be = What is asked for instead
refused-corrections-wait = { $most } corrections wait for an answer already; please ask again after that.
next-wait-for-correction = Wait for the office's answer, then ask again.
desk-task-correct = Answer a request for correction
act-lead-ask-correction = Choose the value and write what it should be. The office corrects it after a look, or tells you why not.
