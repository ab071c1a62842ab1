#!/bin/sh
# SPDX-License-Identifier: MIT
# build-images - build, tag and push some images of this folder.
# usage: build-images.sh VERSION IMAGE...
#
# Variables:
#   REGISTRY    where the images are pushed to        (localhost:5001)
#   KEYPLATE    the binary, a static one              (../../keyplate)
#   NAME_BASE   another base for the image of that name, such as CADDY_BASE or
#               BLACKBOX_EXPORTER_BASE                (see the Dockerfiles)
set -eu

[ $# -ge 2 ] || {
	echo 'usage: build-images.sh VERSION IMAGE...' >&2
	exit 2
}
version=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
registry=${REGISTRY:-localhost:5001}
keyplate=$(realpath "${KEYPLATE:-$here/../../keyplate}")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# What the Dockerfile of image $1 copies, in $work.
stage()
{
	mkdir "$work/$1"
	cp -R "$here/$1/." "$work/$1/"
	case $1 in
	keyplate)
		cp "$keyplate" "$work/$1/keyplate"
		chmod 755 "$work/$1/keyplate"
		;;
	docker-exporter) make -C "$work/$1" root >"$work/log" ;;
	esac
	# Services that are not root read them too, whatever the umask here.
	chmod -R go+rX "$work/$1"
}

base_of()
{
	variable=$(echo "$1" | tr 'a-z-' 'A-Z_')_BASE
	eval "echo \"\${$variable-}\""
}

build()
{
	tag=$registry/$1:$version
	base=$(base_of "$1")
	echo "== $tag"
	stage "$1"
	docker build --quiet --tag "$tag" \
	    --build-arg "KEYPLATE=$registry/keyplate:$version" \
	    ${base:+--build-arg "BASE=$base"} "$work/$1"
	docker push --quiet "$tag"
}

for image in keyplate "$@"; do
	build "$image"
done
