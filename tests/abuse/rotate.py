#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""rotate - a volume of secrets as the kubelet keeps it.

usage: rotate.py DIR GENERATION   make the next one, remove the one before
       rotate.py DIR forever      one after the other, until it is killed

Each generation has the secrets a, b and c, all of the same text.
"""
import os
import shutil
import sys

NAMES = "abc"


def rotate(folder, generation):
    before = os.readlink(f"{folder}/..data") if os.path.lexists(
        f"{folder}/..data") else None
    name = f"..2026_{generation}"
    os.makedirs(f"{folder}/{name}")
    for secret in NAMES:
        with open(f"{folder}/{name}/{secret}", "w") as out:
            out.write(f"{generation}-" + "x" * 5000)
        if not os.path.lexists(f"{folder}/{secret}"):
            os.symlink(f"..data/{secret}", f"{folder}/{secret}")
    os.symlink(name, f"{folder}/..data_tmp")
    os.rename(f"{folder}/..data_tmp", f"{folder}/..data")
    if before:
        shutil.rmtree(f"{folder}/{before}")


def main():
    folder, generation = sys.argv[1:]
    if generation != "forever":
        rotate(folder, generation)
        return
    count = 0
    while True:
        rotate(folder, f"n{count}")
        count += 1


main()
