#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# peers - what README.md says of other tools, of those that are here.
# shellcheck disable=SC2016,SC2034,SC2154

bats_require_minimum_version 1.5.0
load ../pid1/pid1.sh

VALUE='a"b#c&d: e'

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir secrets
	printf '%s' "$VALUE" >secrets/PASSWORD
	printf 'password: "${PASSWORD}" # of the database\n' >app.tmpl
	KP='' NS=''
}

# The value in app.yml as a parser reads it.
parsed() {
	python3 -c 'import yaml; print(yaml.safe_load(open("app.yml"))["password"])' \
	    2>/dev/null || echo unreadable
}

need_yaml() {
	need python3
	python3 -c 'import yaml' 2>/dev/null || skip 'needs python3-yaml'
}

@test "the service reads every byte: keyplate yes, envsubst and sed no" {
	need_yaml
	need envsubst
	"$KEYPLATE" render -s secrets -o app.yml app.tmpl
	is keyplate "$(parsed)" "$VALUE"
	PASSWORD=$VALUE envsubst <app.tmpl >app.yml
	is envsubst "$(parsed)" unreadable
	sed "s/\${PASSWORD}/$VALUE/" app.tmpl >app.yml
	not is sed "$(parsed)" "$VALUE"
}

@test "a missing value stops the start: keyplate yes, envsubst and sed no" {
	need envsubst
	rm secrets/PASSWORD
	echo before >app.yml
	keyplate -s secrets -t app.tmpl:app.yml -- touch started
	ended 125
	is file "$(cat app.yml)" before
	[ ! -e started ]
	env -u PASSWORD envsubst <app.tmpl >app.yml
	is envsubst "$(cat app.yml)" 'password: "" # of the database'
	sed "s/\${PASSWORD}/$(cat secrets/PASSWORD 2>/dev/null)/" \
	    app.tmpl >app.yml
	is sed "$(cat app.yml)" 'password: "" # of the database'
}

@test "a full disk leaves the old file: keyplate and sed -i yes, envsubst no" {
	need envsubst
	need_root
	mkdir small
	mount -t tmpfs -o size=64k tmpfs small || skip 'needs mounts'
	cp app.tmpl small/app.yml
	dd if=/dev/zero of=small/ballast bs=1k count=60 2>/dev/null || :
	head -c 30000 /dev/zero | tr '\0' a >secrets/PASSWORD
	before=$(sha256sum small/app.yml)
	keyplate -s secrets -t small/app.yml -- true
	[ "$status" -eq 125 ] || fail='keyplate'
	[ "$(sha256sum small/app.yml)" = "$before" ] || fail='keyplate'
	! sed -i "s/\${PASSWORD}/$(cat secrets/PASSWORD)/" small/app.yml || fail='sed'
	[ "$(sha256sum small/app.yml)" = "$before" ] || fail='sed'
	PASSWORD=$(cat secrets/PASSWORD) envsubst <app.tmpl >small/app.yml || :
	[ "$(sha256sum small/app.yml)" != "$before" ] || fail='envsubst'
	umount small
	is 'not as said' "${fail-}" ''
}

# As process 1, before a program that is left an orphan and does not reap it.
reaps() {
	unshare --pid --fork --mount-proc --kill-child -- "$@" python3 -c '
import os, sys, time

def state(pid):
    try:
        return open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[0]
    except OSError:
        return "gone"

reading, writing = os.pipe()
child = os.fork()
if child == 0:
    orphan = os.fork()
    if orphan != 0:
        os.write(writing, str(orphan).encode())
    os._exit(0)
os.waitpid(child, 0)
orphan = os.read(reading, 20).decode()
end = None
while (now := state(orphan)) != "gone":
    if now == "Z":
        end = end or time.monotonic() + 1
        if time.monotonic() > end:
            sys.exit(1)
    time.sleep(0.01)' 3>&-
}

@test "orphans are reaped: keyplate, tini and dumb-init yes, gosu no" {
	need python3
	need tini
	need dumb-init
	need gosu
	need_root
	need_namespaces
	reaps "$KEYPLATE" run --
	reaps tini --
	reaps dumb-init --
	not reaps gosu root
}

@test "the user changes: keyplate and gosu yes" {
	need_root
	need gosu
	is keyplate "$("$KEYPLATE" run -u nobody -- id -un)" nobody
	is gosu "$(gosu nobody id -un)" nobody
}
