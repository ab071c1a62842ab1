#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# roots - make what the bases are made from, where it is not there yet.
# usage: roots.sh DIR
#
# DIR gets debian.tar, a Debian with Apache, PHP and MariaDB; programs.tar, the
# services that are one program each, with their libraries; grafana.tar, the
# programs of the stand-in for Grafana.
set -eu

dir=$1
here=$(cd "$(dirname "$0")" && pwd)

# The release that this machine runs.
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")

# Nobody reads manuals in there.
make_debian() {
	mmdebstrap --quiet --variant=minbase \
	    --dpkgopt=force-unsafe-io \
	    --customize-hook='cd "$1/usr/share" && rm -r doc locale man' \
	    --include=adminer,apache2,curl,libapache2-mod-php \
	    --include=mariadb-client-core,mariadb-server-core,php-cli \
	    --include=php-mysql,wordpress,wordpress-theme-twentytwentythree \
	    "$suite" "$1"
}

# No more of their libraries than what they ask for, and nothing is configured.
make_programs() {
	local work package

	work=$(mktemp -d "$dir/programs.XXXXXX")
	download "$work" busybox caddy docker-registry libc6 libzstd1 \
	    prometheus prometheus-blackbox-exporter
	mkdir -m 0755 "$work/root"
	for package in "$work"/*.deb; do
		dpkg-deb --extract "$package" "$work/root"
	done
	tar -C "$work/root" -cf "$1" .
	rm -r "$work"
}

# Package lists may be absent or too old.
download() {
	(
		cd "$1"
		shift
		apt-get download "$@" ||
			{ apt-get update && apt-get download "$@"; }
	)
}

make_grafana() {
	local work

	work=$(mktemp -d "$dir/go.XXXXXX")
	go_build "$work/grafana" "$here"/grafana/*.go
	go_build "$work/grafana-ini" "$here/../../readers/grafana/main.go"
	tar -C "$work" --owner=0 --group=0 -cf "$1" grafana grafana-ini
	rm -r "$work"
}

# From Debian's packages of libraries; with none of C.
go_build() {
	GOCACHE=$dir/go GO111MODULE=off GOPATH=/usr/share/gocode CGO_ENABLED=0 \
	    go build -o "$@"
}

# provide NAME SOURCE...: it is newer than all of its sources, or made anew.
provide() {
	local name=$1 source new=

	shift
	for source; do
		[ "$dir/$name.tar" -nt "$source" ] || new=true
	done
	[ -n "$new" ] || return 0
	# In the background the first command that fails ends it, as it would
	# not before "||".
	"make_$name" "$dir/new-$name.tar" >"$dir/$name.log" 2>&1 &
	wait "$!" || {
		tail -n 5 "$dir/$name.log" >&2
		return 1
	}
	mv "$dir/new-$name.tar" "$dir/$name.tar"
}

export TMPDIR=$dir
provide debian "$0" &
debian=$!
provide programs "$0"
provide grafana "$0" "$here"/grafana/*.go \
    "$here/../../readers/grafana/main.go"
wait "$debian"
