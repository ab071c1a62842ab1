#!/bin/sh
# SPDX-License-Identifier: MIT
# build-all-dev - build, tag and push the images of the development stack.
# usage: build-all-dev.sh [VERSION]     (dev)
set -eu
exec "$(dirname "$0")/build-images.sh" "${1:-dev}" caddy
