#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""watch - look at a directory until it is told to stop, and complain.

usage: watch.py DIR MODE GOOD...

Of every file in DIR: whether it has at some moment more permissions than
MODE, and whether what has the name "out" is ever other than one of the files
GOOD.  Ends when DIR is gone.
"""
import os
import sys


def look(folder, allowed, good, said):
    for name in os.listdir(folder):
        path = f"{folder}/{name}"
        try:
            with open(path, "rb") as file:
                mode = os.fstat(file.fileno()).st_mode & 0o7777
                if mode & ~allowed:
                    said.add(f"{name[:9]} had the mode {mode:o}")
                if name == "out" and file.read() not in good:
                    said.add("out was a part of a file")
        except FileNotFoundError:
            pass


def main():
    folder, allowed = sys.argv[1], int(sys.argv[2], 8)
    good, said = [], set()
    for path in sys.argv[3:]:
        with open(path, "rb") as file:
            good.append(file.read())
    print("watching", file=sys.stderr, flush=True)
    try:
        while True:
            look(folder, allowed, good, said)
    except FileNotFoundError:
        print(*sorted(said), sep="\n")


main()
