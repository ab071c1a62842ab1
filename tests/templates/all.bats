#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# all - what every folder of templates/ has.

bats_require_minimum_version 1.5.0
load templates.sh

# The words of a rule file's heading behind Secrets: or Variables:, and of the
# comment lines that continue it.
heading() {
	sed -n "/^# $2: /,/^#\( [A-Z]\|\$\)/{
		/^# $2: /s/^# $2: *//p
		/^#    /s/^# *//p
	}" "$1"
}

# What is named there, in the letters of $3.
named() {
	heading "$1" "$2" | grep -oE "\b$3\b" | sort -u
}

# The names that go to the service's environment.
exported() {
	sed -n '/^\[export /,/^\[file /s/^value *= ${\(secret:\)\?\(\w*\).*/\2/p' \
	    "$1"
}

SECRET_NAME='[a-z]+(_[a-z]+)+'
VARIABLE_NAME='[A-Z]+(_[A-Z]+)*'

@test "every Dockerfile has five lines, and copies every file" {
	for folder in "$TEMPLATES"/*/; do
		echo "$folder"
		is lines "$(wc -l <"$folder/Dockerfile")" 5
		grep -q '^FROM [a-z/-]*:v\?[0-9.]*\(-[a-z]*\)\?$' "$folder/Dockerfile"
		grep -q '^COPY --from=keyplate /keyplate /' "$folder/Dockerfile"
		for file in "$folder"/*; do
			[ "${file##*/}" = Dockerfile ] ||
			    grep -q "^COPY .*\b${file##*/} .*/" \
			        "$folder/Dockerfile"
		done
	done
}

@test "what a rule file says it needs is what it needs" {
	for folder in "$TEMPLATES"/*/; do
		rm -rf image
		setup_image "$(basename "$folder")"
		{
			"$KEYPLATE" explain --names --root "$IMAGE" -c "$RULES"
			exported "$RULES"
		} | sort -u >wanted
		{
			named "$RULES" Secrets "$SECRET_NAME"
			named "$RULES" Variables "$VARIABLE_NAME"
		} | sort -u >said
		echo "$folder"
		diff said wanted
	done
}

@test "a rule file says where the Dockerfile puts it" {
	for folder in "$TEMPLATES"/*/; do
		rm -rf image
		setup_image "$(basename "$folder")"
		echo "$folder"
		is place "$(sed -nE \
		    's/^# .*Put it into the image as ([a-z/]*\.conf).*/\1/p' \
		    "$RULES")" "${RULES#image}"
	done
}

@test "each of them is whole: check has nothing to say" {
	for folder in "$TEMPLATES"/*/; do
		rm -rf image secrets
		mkdir secrets
		setup_image "$(basename "$folder")"
		for name in $(named "$RULES" Secrets "$SECRET_NAME"); do
			secret "$name" secret
		done
		export DOMAIN=example.org TLS=internal INSECURE_SKIP_VERIFY=no
		export SMTP_HOST=mail SMTP_FROM=a@example.org SMTP_USER=a
		keyplate check --root "$IMAGE" -c "$RULES" -s secrets
		is "$folder" "$status$output$stderr" 0
	done
}

@test "while an image is built, with no secrets, check finds what is wrong" {
	unset DOMAIN
	for folder in "$TEMPLATES"/*/; do
		rm -rf image
		setup_image "$(basename "$folder")"
		keyplate check -q --allow-missing --root "$IMAGE" -c "$RULES"
		is "$folder" "$status$output$stderr" 0
		sed -i 's/^path /paht /' "$RULES"
		keyplate check -q --allow-missing --root "$IMAGE" -c "$RULES"
		ended 1
		complains 'did you mean "path"?'
	done
}
