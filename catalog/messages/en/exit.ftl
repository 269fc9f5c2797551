# Quick exit
exit-button = Exit this page
exit-title = Public services
exit-timed-out = Still on this page.
exit-two-more = Press Shift two more times to leave.
exit-one-more = Press Shift once more to leave.
