#!/bin/sh
# SPDX-License-Identifier: MIT
# no-cmocka - stands in for the unit tests where they cannot be compiled.
. "${0%/*}/tap.sh"

skip_all "cmocka is not installed: no unit test was compiled"
