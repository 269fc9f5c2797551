# Statutes: find, read, compare.

laws-title = Laws
laws-find = Find laws and articles
laws-lead = Write in your own words what happened, or the title of a law. The texts here are for reference; if in doubt call { $tel }.
laws-search-label = What happened, or which law are you looking for
laws-search-example = For example: 公司辞退我没有给补偿
laws-articles = Articles that may matter
laws-not-learned = For now only the words of the articles decide; the order may not be right.
laws-count = Laws whose title matches: { $n } versions
laws-more = See what follows
laws-empty = No laws have been taken in yet.
laws-nothing = Nothing was found. Please try other words.
laws-version-of = Version of { $day }
laws-status = Standing
laws-status-in-force = In force
laws-status-repealed = Repealed
laws-status-amended = Amended since
laws-status-historic = Earlier version
laws-status-unknown = Standing to be checked
laws-status-source = Who says so
laws-version = This version was made on
laws-from = In force from
laws-to = In force until
laws-source = Source of the text
laws-not-told = The source does not say
laws-not-in-force = This version is not the text in force; do not rest on it today.
laws-versions = All versions
laws-compare = Compare with this version
laws-compare-lead = Only articles that differ are listed.
laws-article = Article
laws-absent = There is no such article
laws-contents = Contents
laws-unknown = This law, or this version of it, is not kept here.
laws-next-list = Look for its title in the list of laws.
laws-error-long = That is too long; please write less.

danger-title = If somebody is in danger, call at once
