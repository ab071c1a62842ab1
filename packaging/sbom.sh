#!/bin/sh
# SPDX-License-Identifier: MIT
# sbom - list what is linked into keyplate, as CycloneDX 1.5 in JSON.
# usage: sbom.sh VERSION PROGRAM CC LIB...   (-lNAME, and what else is linked)
#
# Each archive that the compiler finds is a component: the Debian package that
# it comes from, with its version.  The C library and that of the compiler are
# in every program.  The same program and packages give the same bytes.
set -eu

version=$1
program=$2
cc=$3
shift 3

epoch=${SOURCE_DATE_EPOCH:-$(stat -c %Y "$program")}
hash=$(sha256sum "$program" | cut -d ' ' -f 1)
. /etc/os-release

# The archive that -lNAME stands for, with no link on the way.
archive()
{
	path=$($cc -print-file-name="lib${1#-l}.a")
	case $path in
	/*) realpath "$path" ;;
	*)
		echo "sbom: there is no archive for $1" >&2
		exit 1
		;;
	esac
}

# The package that a file comes from; before usr was merged it was elsewhere.
owner()
{
	dpkg-query -S "$1" 2>/dev/null || dpkg-query -S "${1#/usr}"
}

packages()
{
	for word in "$@" -lc -lgcc; do
		case $word in
		-l*)
			path=$(archive "$word")
			package=$(owner "$path")
			echo "${package%%:*}"
			;;
		esac
	done
}

# One component; dpkg's fields hold nothing that JSON would need an escape for.
component()
{
	dpkg-query -W -f '    {
      "type": "library",
      "name": "${source:Package}",
      "version": "${source:Version}",
      "purl": "pkg:deb/'"$ID"'/${binary:Package}@${Version}?arch=${Architecture}&distro='"$ID-$VERSION_ID"'"
    }' "$1" | sed '/purl/s/:\(amd64\|arm64\)@/@/; /purl/s/\([0-9]\)+/\1%2B/g'
}

found=$(packages "$@")
cat <<END
{
  "bomFormat": "CycloneDX",
  "specVersion": "1.5",
  "version": 1,
  "metadata": {
    "timestamp": "$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ)",
    "component": {
      "type": "application",
      "name": "keyplate",
      "version": "$version",
      "licenses": [{ "license": { "id": "MIT" } }],
      "hashes": [{ "alg": "SHA-256", "content": "$hash" }]
    }
  },
  "components": [
END
separator=
for package in $(printf '%s\n' "$found" | sort -u); do
	printf '%s' "$separator"
	component "$package"
	separator=',
'
done
printf '\n  ]\n}\n'
