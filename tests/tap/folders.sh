# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# folders - what tests whose cases are folders share; sourced, never run.
#
# run_case, which the test has, looks at the copy of one case that it stands in,
# and calls fault for what does not hold.

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fault() {
	faults+=("$1")
}

# No value of six bytes or more is in what was printed.
check_canary() {
	local secret line
	for secret in secrets/*; do
		[ -f "$secret" ] || continue
		while IFS= read -r line || [ -n "$line" ]; do
			[ "${#line}" -ge 6 ] || continue
			grep -qF -- "$line" stdout stderr &&
			    fault "a message holds the secret ${secret#*/}"
		done < <(tr -d '\0' <"$secret")
	done
}

# each_folder ROOT FOLDER...: a test point for each, named as it is below ROOT.
each_folder() {
	local root=$1 folder name number=0 failed=0
	shift
	echo "1..$#"
	for folder; do
		number=$((number + 1))
		name=${folder#"$root"/}
		faults=()
		cp -r "$folder" "$work/case"
		chmod -R u+w "$work/case"
		cd "$work/case" || exit 1
		run_case
		cd / && rm -rf "$work/case"
		if [ "${#faults[@]}" -eq 0 ]; then
			echo "ok $number - ${name%/}"
		else
			failed=$((failed + 1))
			echo "not ok $number - ${name%/}"
			printf '%s\n' "${faults[@]}" | sed 's/^/# /'
		fi
	done
	[ "$failed" -eq 0 ]
}
