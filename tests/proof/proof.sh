#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# proof - build the readers that have to be built, then run a Python program.
# usage: proof.sh long.py|table.py [FORMAT...]
set -eu

BATS_TEST_DIRNAME=$(realpath "$(dirname "$0")/../readers")
# shellcheck source=tests/readers/readers.sh
. "$BATS_TEST_DIRNAME/readers.sh"

BUILT=$(mktemp -d)
trap 'rm -rf "$BUILT"' EXIT
trap 'exit 1' HUP INT TERM

export PYTHONDONTWRITEBYTECODE=1
# Without its packages a reader is left out; the report tells.
build_reader grafana "$BUILT" && export GRAFANA_READER=$BUILT/grafana
build_reader goyaml "$BUILT" && export YAML_READER=$BUILT/goyaml
build_reader gotoml "$BUILT" && export TOML_READER=$BUILT/gotoml
build_reader goxml "$BUILT" && export XML_READER=$BUILT/goxml
build_systemd "$BUILT" && export SYSTEMD_READER=$BUILT/systemd

program=$1
shift
python3 "$(dirname "$0")/$program" "$@"
