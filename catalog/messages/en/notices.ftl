# Notices: short messages, mail, inbox. What leaves the house names no item, no person and no content.

notice-sms-received = We have your request { $number }. Follow it with your query code. Questions: 12348.
notice-sms-missing = Your request { $number } needs more papers; sign in for the list. Questions: 12348.
notice-sms-missing-by = Your request { $number } needs more papers by { $due }; sign in for the list. Questions: 12348.
notice-sms-decided = There is a new decision or document in your request { $number }; please sign in. Questions: 12348.
notice-sms-assigned = Somebody was named for your request { $number }; please sign in. Questions: 12348.
notice-sms-waiting = Your request { $number } needs something from you; please sign in. Questions: 12348.
notice-sms-waiting-by = Your request { $number } needs something from you by { $due }; please sign in. Questions: 12348.
notice-sms-due-soon = Something in your request { $number } is due soon; please sign in. Questions: 12348.
notice-sms-due-soon-by = Something in your request { $number } is due on { $due }; please sign in. Questions: 12348.
notice-sms-answered = There is a reply to your request { $number }; please sign in. Questions: 12348.
notice-sms-closed = Your request { $number } is done; please sign in. Questions: 12348.
notice-sms-rate = Your request { $number } is done; please sign in. You may rate it. Questions: 12348.
notice-sms-link = See: { $link }
notice-sms-neutral = You have a new reminder. Please look when it suits you.

notice-mail-subject = News of your request
notice-mail-subject-neutral = You have a new reminder
notice-mail-foot = This mail was sent by a system; please do not reply. Nobody here will ever ask for your query code or sign-in code.
notice-mail-proof-subject = Please confirm your address
notice-mail-proof =
    Somebody gave this address on the public legal services platform to be told here of their requests.

    If it was you, open this address within a day and press "Confirm" on the page:
    { $link }

    If it was not you, do nothing: we will not write to this address again.
notice-mail-wrong = This is not a mail address, such as name@example.cn.
notice-mail-refused = This address takes no mail. Please check it.
notice-mail-later = Mail cannot be sent just now; please try again later. Your address was noted.
notice-mail-too-many = Too many confirmation mails. Please try again in an hour.
notice-mail-not-here = Mail reminders are not available here yet.
next-wait-an-hour = Try again in an hour, or call 12348.

notice-inbox-received = We have your request
notice-inbox-missing = More papers are needed from you
notice-inbox-missing-by = More papers are needed from you by { $due }
notice-inbox-decided = There is a new decision or document
notice-inbox-assigned = Somebody was named to handle it
notice-inbox-waiting = Something is needed from you
notice-inbox-waiting-by = Something is needed from you by { $due }
notice-inbox-due-soon = Something is due soon
notice-inbox-due-soon-by = Something is due on { $due }
notice-inbox-answered = The office replied to you
notice-inbox-closed = Your request is done
notice-inbox-rate = Your request is done; you may rate it
notice-inbox-moved = Your request has moved on

notice-staff-assigned = A matter was given to you
notice-staff-due-soon = Something of yours is due soon
notice-staff-due-soon-by = Something of yours is due on { $due }
notice-staff-call = A message did not reach the person; please call

notice-receipt-unsigned = The receipt carries no valid signature, or was signed too long ago.
notice-receipt-unreadable = The receipt cannot be read: it has `id` and `status` (delivered or failed).
notice-receipt-unknown = There is no such message.
next-check-receipt = Check the key, the time and the form of the receipt.
notice-call-not-open = Somebody has called already, or no call is needed.

messages-title = My messages
messages-count = My messages ({ $count } unread)
messages-none = No messages yet.
messages-read = Mark all as read
messages-unread = Unread
messages-also-mail = Also by mail
messages-mail = Mail address
messages-mail-hint = We first send a mail to confirm; reminders come only after you have pressed "Confirm". Mails never say what your request is about.
messages-mail-save = Save and send the confirmation
messages-mail-waits = A confirmation was sent to { $mail }. Open it and press "Confirm".
messages-mail-holds = Reminders also go to { $mail }.
messages-mail-forget = Stop sending there

link-title = See the reminder
link-tap-lead = Press the button to go on. Nothing is opened or confirmed unless you do.
link-go = Continue
link-gone = This link no longer works
link-gone-text = It may have expired or been used. You can still follow your request with its number and query code, or call { $tel }.
link-proved = Address confirmed
link-proved-text = Reminders will also go to this address. You can stop that at any time under "My messages".

desk-messages = Messages
desk-messages-count = Messages ({ $count })
trail-title = Notices
trail-none = No notice has left the house yet.
trail-call = Not reached: please call
trail-call-none = Asked for no messages: please call at the agreed time
trail-called = I have called
trail-call-done = Somebody called
trail-what = About
trail-way = Way
trail-state = State
trail-tries = tried { $tries } times
channel-inbox = Inbox
channel-sms = Short message
channel-mail = Mail
state-queued = Waiting
state-sending = Being sent
state-sent = Sent
state-delivered = Delivered
state-failed = Not delivered
state-suppressed = Not sent
