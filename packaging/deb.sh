#!/bin/sh
# SPDX-License-Identifier: MIT
# deb - build the Debian package in DIR, a copy of the tree, and have lintian
# look at it; the packages are beside DIR.
# usage: deb.sh DIR
set -eu
cd "$1"

dpkg-buildpackage --build=binary --no-sign
lintian --fail-on error,warning,info --info --no-tag-display-limit \
    "../keyplate_$(dpkg-parsechangelog -S Version)_$(dpkg --print-architecture).changes"
