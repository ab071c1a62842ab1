#!/bin/sh
# SPDX-License-Identifier: MIT
# memcheck - keyplate under valgrind: the shared one, in which valgrind sees
# each allocation.  The status is 99 where it finds something, and what it
# found is in the directory $MEMCHECK_LOGS.
exec valgrind --quiet --error-exitcode=99 --leak-check=full \
    --log-file="$MEMCHECK_LOGS/%p" \
    "${TOP_BUILDDIR:-.}/tests/abuse/shared" "$@"
