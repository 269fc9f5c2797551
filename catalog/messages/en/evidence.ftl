# Evidence
next-log-unsigned = The log is signed once an hour; come back later.
error-log-size = Give two sizes of the log: from at least 1, and to not smaller and not beyond what it has.
