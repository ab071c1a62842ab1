#!/bin/sh
# SPDX-License-Identifier: MIT
# entrypoint - a file is what the registry serves by; all else its command.
set -e

case $1 in
*.yml | *.yaml) set -- serve "$@" ;;
esac
exec registry "$@"
