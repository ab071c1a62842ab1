#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# docker-entrypoint - put WordPress where Apache serves it, then start Apache.
set -e

# What is there already, such as a volume for wp-content, stays.
if [ ! -e index.php ]; then
	cp -R --preserve=mode,ownership --no-clobber /usr/src/wordpress/. .
	chown www-data: .
fi
[ -e wp-config.php ] || cp -p wp-config-docker.php wp-config.php
exec "$@"
