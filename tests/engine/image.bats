#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# image - the image of the program alone, and what is built on it.
# shellcheck disable=SC2016,SC2154

bats_require_minimum_version 1.5.0
load engine.sh

TOP=$(realpath "${BATS_TEST_DIRNAME:?}/../..")

build_keyplate() {
	mkdir context
	cp "$TOP/Dockerfile" "$TOP/.dockerignore" "$KEYPLATE" context
	echo other >context/other
	docker build --quiet --tag keyplate context >/dev/null
}

# What an image holds: sizes and names of its files.
files_of() {
	docker create --name one "$1" >/dev/null
	docker export one | tar -tv | awk '$1 ~ /^-/ && $3 > 0 { print $3, $NF }'
}

@test "the image is the program, and nothing else" {
	build_keyplate
	is files "$(files_of keyplate)" "$(stat -c %s "$KEYPLATE") keyplate"
}

@test "it renders, with no shell and no library beside it" {
	build_keyplate
	printf '[s]\npassword = ${secret:password}\n' >app.ini
	container --volume "$PWD/secrets:/run/secrets:ro" \
	    --volume "$PWD/app.ini:/app.ini:ro" keyplate \
	    render -f ini/grafana /app.ini
	ended 0
	is 'what is rendered' "$output" "[s]
password = \`$CANARY\`"
}

# In place of the service's own image, which is not here: what comes from a
# registry, and from Debian, is left out.
@test "every Dockerfile of templates/ can be built on it" {
	build_keyplate
	for folder in "$TOP"/templates/*/; do
		echo "$folder"
		sed 's/^FROM .*/FROM box/; /^RUN /d' "$folder/Dockerfile" \
		    >Dockerfile
		docker build --quiet --tag template --file Dockerfile \
		    "$folder" >/dev/null
		is 'what is started' "$(docker inspect --format \
		    '{{join .Config.Entrypoint " "}}' template | cut -c 1-12)" \
		    'keyplate run'
	done
}
