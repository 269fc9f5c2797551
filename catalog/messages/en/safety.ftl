# Safety: requests that are too large, too slow or not private; checks of files; the trace id of a fault.

problem-too-slow = Too slow
problem-url-too-long = The address is too long
problem-headers-too-large = The header fields are too large

next-too-slow = Try again over a better line.
next-url-too-long = Shorten the address and try again.
next-headers-too-large = Send fewer header fields, or clear the cookies of this site, and try again.

next-better-line = Use a better line, or make the file smaller, and try again.
next-use-https = Use the address that begins with https://.

refused-too-slow = The content came too slowly: after { $seconds } seconds it had not reached the least speed, and we stopped receiving.
refused-url-long = The address is longer than { $bytes } bytes.
refused-headers-large = The header fields together are larger than { $bytes } bytes.
refused-plain-http = This connection is not encrypted. To protect what is yours, nothing is offered here.

ui-trace = Trace number: { $trace }. Quote it when you contact us and we can find this request.

# Checks of uploads.
files-bomb = This file would unpack to an absurd size. It was not taken.
files-nested = This file has archives within archives. It was not taken.
files-program = There is a program in this file. It was not taken.
files-two-kinds = This file is two formats at once. It was not taken.
files-locked = This file is locked with a password and cannot be opened here. It was not taken.
files-damaged = This file is damaged. It was not taken.
files-dimensions = This picture has absurd dimensions. It was not taken.
files-next-plain = Save a plain copy, or print it and take a photograph.
files-infected = A virus was found in this file ({ $finding }). It was not taken.
files-infected-since = A virus was found in this file; its content has been deleted.
files-in-quarantine = This file still waits for the virus check and can be opened after it.
files-next-later = Open it again in a few minutes.
files-next-anew = Upload a clean copy from a safe computer or phone, or bring the original to the window.

ui-flag-title = Before you open it
ui-flag-text = “{ $name }” can be downloaded, but it holds what is listed here. Open it in a safe place and do not let it run programs or use the network.
ui-flag-open = I understand, download the file
files-flag-pdf-script = This PDF has scripts.
files-flag-pdf-launch = This PDF may start a program or visit an address when it is opened.
files-flag-pdf-attachment = This PDF carries other files.
files-flag-office-external = This document loads something from elsewhere when it is opened.

refused-too-many-files = At most { $most } files an hour can be uploaded from one network address, and that many have come.
next-fewer-files = Upload the rest later, or bring the papers to the window.
