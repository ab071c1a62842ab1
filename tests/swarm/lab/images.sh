#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# images - give an engine a stand-in for each public image of examples/swarm.
# usage: images.sh DIR     (where roots.sh has put what they are made from)
#
# The folder NAME beside this has the stand-in for images of that name; its tag
# is the one that is asked for, whatever the version in it.
set -eu

dir=$1
here=$(cd "$(dirname "$0")" && pwd)
swarm=$here/../../../examples/swarm

# What Dockerfiles and stacks ask for, but for what is built from them.
names() {
	{
		sed -n 's/^ARG BASE=//p' "$swarm"/*/Dockerfile
		sed -nE 's/^ *image: ([^$]+)$/\1/p' "$swarm"/*.yml \
		    "$swarm"/*/*.yml
	} | sort -u
}

# build TAG FOLDER: others than root read in there, whatever the umask here.
# BuildKit would not find the images that are here alone, and newer clients
# complain that it is not used.
build() {
	tar -C "$2" --mode=go+rX -cf - . | DOCKER_BUILDKIT=0 docker build \
	    --network none --tag "$1" - >"$dir/images.log" 2>&1 || {
		tail -n 5 "$dir/images.log" >&2
		exit 1
	}
}

path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
for root in debian programs grafana; do
	docker import --change "ENV PATH=$path" "$dir/$root.tar" "lab/$root" \
	    >/dev/null
done
build lab/base "$here/base"
for name in $(names); do
	folder=${name##*/}
	folder=$here/${folder%:*}
	[ -e "$folder/Dockerfile" ] || {
		printf 'images: no stand-in for %s\n' "$name" >&2
		exit 1
	}
	build "$name" "$folder"
done
