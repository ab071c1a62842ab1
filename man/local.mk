# SPDX-License-Identifier: MIT
dist_man_MANS = \
	%D%/keyplate-formats.7 \
	%D%/keyplate-migrate.7 \
	%D%/keyplate.1 \
	%D%/keyplate.conf.5

EXTRA_DIST += %D%/manual.css

# Pages for a browser, each linked to the others, in docs/.
html-local:
	$(MKDIR_P) docs
	cp $(srcdir)/%D%/manual.css docs/
	for page in $(dist_man_MANS); do \
		mandoc -T html -O style=manual.css,man=%N.%S.html \
		    "$(srcdir)/$$page" >"docs/$${page##*/}.html" || exit 1; \
	done
