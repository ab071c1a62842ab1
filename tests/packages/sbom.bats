#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# sbom - the list of what is linked into the program.

bats_require_minimum_version 1.5.0
load ../cli/cli.sh

SBOM=$(realpath "${BATS_TEST_DIRNAME:?}/../../packaging/sbom.sh")
CC=${CC:-cc}

need_debian() {
	command -v dpkg-query >/dev/null || skip 'not on Debian'
	command -v jq >/dev/null || skip 'needs jq'
}

@test "each library is there with the version of its package" {
	need_debian
	SOURCE_DATE_EPOCH=86400 "$SBOM" 1.2.3 "$KEYPLATE" "$CC" -lpcre2-8 \
	    -lyaml -static-pie >sbom
	is format "$(jq -r '.bomFormat, .specVersion' sbom)" 'CycloneDX
1.5'
	is program "$(jq -r '.metadata | .timestamp, .component.version,
	    .component.hashes[0].content' sbom)" "1970-01-02T00:00:00Z
1.2.3
$(sha256sum "$KEYPLATE" | cut -d ' ' -f 1)"
	for library in pcre2:libpcre2-dev libyaml:libyaml-dev glibc:libc6-dev; do
		is "version of $library" \
		    "$(jq -r --arg name "${library%:*}" \
			'.components[] | select(.name == $name) | .version' sbom)" \
		    "$(dpkg-query -W -f '${source:Version}' "${library#*:}" |
			head -n 1)"
	done
	# Four packages: gcc's own library is the last of them.
	is components "$(jq '.components | length' sbom)" 4
}

@test "every component has a package URL of its own" {
	need_debian
	"$SBOM" 1 "$KEYPLATE" "$CC" -lpcre2-8 -lyaml >sbom
	jq -e '[.components[].purl] | length == (unique | length) and
	    all(test("^pkg:deb/debian/[a-z0-9.+-]+@[^ @]+\\?arch=[a-z0-9]+&distro="))' \
	    sbom
}

@test "a library that is not there is an error" {
	need_debian
	run --separate-stderr "$SBOM" 1 "$KEYPLATE" "$CC" -lnosuchthing
	is status "$([ "$status" -ne 0 ] && echo not 0)" 'not 0'
	complains 'no archive for -lnosuchthing'
}
