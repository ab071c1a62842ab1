#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""table - each hostile value in each position of each format, as a table.

    table.py [FORMAT...]

The values, the positions and the readers are those of roundtrip.  Status 0:
nothing was read as another value ("wrong"), nothing was refused that the
format can carry ("lost"), and each format had its reader.
"""
import collections
import concurrent.futures
import contextlib
import io
import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "readers"))
import roundtrip  # noqa: E402

READ_BY = {
    "ini": "all of go-ini, my_print_defaults, php, configparser",
    "ini/grafana": "go-ini 1, with Grafana's merge and expansion",
    "ini/mysql": "my_print_defaults of MariaDB",
    "ini/php": "php, parse_ini_file()",
    "ini/python": "Python, configparser",
    "ini/systemd": "systemd 252, its private library",
    "yaml": "PyYAML, go-yaml 2 and 3, prometheus-blackbox-exporter",
    "json": "Python, jq, Node",
    "toml": "Python, BurntSushi, pelletier 1 and 2",
    "caddyfile": "caddy adapt",
    "caddyfile/v1": "a model of Caddy 1's lexer: there is no package",
    "env": "all of systemd, python-dotenv, dash, bash, zsh, node, ruby, php",
    "env/compose": "python-dotenv as of Compose 1, with what Compose 2 "
                   "changed: there is no package of compose-go",
    "env/sh": "dash",
    "env/systemd": "systemd 252, load_env_file()",
    "properties": "Java, java.util.Properties",
    "nginx": "nginx, its answers",
    "php": "php",
    "redis": "redis-server, CONFIG GET and ACL GETUSER",
    "xml": "Python, xmllint, Java, Go",
    "text": "bytes as they are",
}
KINDS = ("carried", "refused", "wrong", "lost")
LINE = "{:14} {:28} {:>8} {:>8} {:>6} {:>6}  {}"


def positions(fmt):
    together = type(fmt).together is not roundtrip.Format.together
    return list(fmt.templates) + (["all at once"] if together else [])


def count(name, position):
    """The counts of one position, and what was said of them."""
    fmt = roundtrip.FORMATS[name]
    said = io.StringIO()
    counter = roundtrip.count_together if position == "all at once" \
        else roundtrip.count
    try:
        with contextlib.redirect_stdout(said):
            counts = counter(fmt, position)
    except (FileNotFoundError, KeyError) as missing:
        return dict.fromkeys(KINDS, 0), f"no reader: {missing}\n"
    return counts, said.getvalue()


def main():
    start = time.monotonic()
    names = sys.argv[1:] or sorted(READ_BY)
    print(LINE.format("format", "position", *KINDS, "read by"), flush=True)
    sums, faults = collections.defaultdict(collections.Counter), []
    with concurrent.futures.ProcessPoolExecutor(
            int(os.environ.get("JOBS", os.cpu_count()))) as pool:
        jobs = [(name, position, pool.submit(count, name, position))
                for name in names if name in roundtrip.FORMATS
                for position in positions(roundtrip.FORMATS[name])]
        for name, position, job in jobs:
            counts, said = job.result()
            print(LINE.format(name, position, *map(counts.get, KINDS), ""),
                  flush=True)
            sums[name].update(counts)
            if counts["wrong"] or counts["lost"]:
                faults.append(f"{name}, {position}:\n{said}")
            if not counts["carried"]:
                faults.append(f"{name}, {position}: nothing was carried\n"
                              f"{said}")
    print()
    for name in names:
        print(LINE.format(name, "all positions",
                          *(sums[name][kind] for kind in KINDS),
                          READ_BY.get(name, "")))
        if name not in sums:
            faults.append(f"{name}: nothing reads it back")
    total = sum(sums.values(), collections.Counter())
    print(LINE.format("all", "", *(total[kind] for kind in KINDS),
                      f"{time.monotonic() - start:.0f} s"))
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
