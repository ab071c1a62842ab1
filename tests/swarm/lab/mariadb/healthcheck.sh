#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# healthcheck - whether the server answers, and its tables are there.
# usage: healthcheck.sh --connect [--innodb_initialized]
set -e

exec mariadb --defaults-extra-file=/var/lib/mysql/.my-healthcheck.cnf \
    --execute 'SELECT 1' >/dev/null
