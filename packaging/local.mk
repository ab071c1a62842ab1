# SPDX-License-Identifier: MIT
EXTRA_DIST += \
	.dockerignore \
	Dockerfile \
	debian/changelog \
	debian/control \
	debian/copyright \
	debian/keyplate.docs \
	debian/keyplate.examples \
	debian/keyplate.lintian-overrides \
	debian/rules \
	debian/source/format \
	%D%/alpine/APKBUILD \
	%D%/arm64.sh \
	%D%/deb.sh \
	%D%/sbom.sh

CLEANFILES = keyplate.cdx.json

# A Debian package that lintian has nothing to say against, in deb/.
deb:
	rm -rf deb && mkdir deb
	$(MAKE) $(AM_MAKEFLAGS) distdir distdir=deb/keyplate-$(VERSION)
	$(srcdir)/%D%/deb.sh deb/keyplate-$(VERSION)

# An image of the program alone.
image: keyplate$(EXEEXT)
	docker build --tag keyplate --file $(srcdir)/Dockerfile .

# What is linked into the program.
sbom: keyplate.cdx.json

keyplate.cdx.json: keyplate$(EXEEXT)
	$(srcdir)/%D%/sbom.sh '$(VERSION)' keyplate$(EXEEXT) '$(CC)' \
	    $(PROGRAM_LIBS) >$@.new
	mv $@.new $@

# The program for arm64, and what QEMU makes of it.
check-arm64:
	mkdir -p arm64 && rm -rf arm64/tree
	$(MAKE) $(AM_MAKEFLAGS) distdir distdir=arm64/tree
	$(srcdir)/%D%/arm64.sh arm64

# Two builds in two places are the same bytes.
check-repro:
	rm -rf repro && mkdir repro repro/b
	$(MAKE) $(AM_MAKEFLAGS) distdir distdir=repro/a
	$(MAKE) $(AM_MAKEFLAGS) distdir distdir=repro/b/another-name
	cd repro/a && umask 022 && LC_ALL=C TZ=UTC ./configure CC='$(CC)'
	cd repro/b/another-name && umask 077 && \
	    LC_ALL=C.UTF-8 TZ=Asia/Tokyo ./configure CC='$(CC)'
	cd repro/a && $(MAKE) $(AM_MAKEFLAGS)
	cd repro/b/another-name && $(MAKE) $(AM_MAKEFLAGS)
	cmp repro/a/keyplate repro/b/another-name/keyplate
	@echo 'check-repro: both programs are the same bytes'

# Draw the session of the README again.
pictures: keyplate$(EXEEXT)
	$(srcdir)/docs/pictures/terminal.py \
	    $(srcdir)/docs/pictures/terminal.session keyplate$(EXEEXT) \
	    >$(srcdir)/docs/pictures/terminal.svg

.PHONY: check-arm64 check-repro deb image pictures sbom
