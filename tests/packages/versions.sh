#!/bin/sh
# SPDX-License-Identifier: MIT
# versions - everything that names the version of keyplate names the same one.
set -eu
cd "${TOP_SRCDIR:-.}"
. tests/tap/tap.sh

version=$(sed -n 's/^AC_INIT(\[keyplate\], \[\(.*\)\])$/\1/p' configure.ac)

names()
{
	found=$(sed -n "$2" "$1" | head -n 1)
	echo "configure.ac has $version, $1 $found"
	[ -n "$found" ] && [ "$found" = "$version" ]
}

check 'the Debian package' names debian/changelog 's/^keyplate (\(.*\)) .*/\1/p'
check 'the Alpine package' names packaging/alpine/APKBUILD 's/^pkgver=//p'
check 'the list of changes' names CHANGELOG.md 's/^## \([0-9.]*\).*/\1/p'
finish
