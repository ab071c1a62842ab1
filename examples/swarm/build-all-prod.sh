#!/bin/sh
# SPDX-License-Identifier: MIT
# build-all-prod - build, tag and push the images of the production stacks.
# usage: build-all-prod.sh VERSION
set -eu

images='caddy caddy_monitoring grafana blackbox-exporter prometheus
docker-exporter wordpress mariadb adminer'

# shellcheck disable=SC2086 # names
exec "$(dirname "$0")/build-images.sh" \
    "${1:?usage: build-all-prod.sh VERSION}" $images
