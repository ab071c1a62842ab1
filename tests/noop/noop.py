#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""noop - real files come back as they are, but for what is set.

    noop.py FORMAT LIST    LIST: a file with the paths to look at, a line each

Of the files that are named as those of the format are, a sample is taken
(NOOP_SEED, NOOP_COUNT; NOOP_COUNT=all: all of them).  What counts:

    same          rendered without a placeholder, every byte as it was
    refused       ... though the real reader takes the file: each reason with
                  one place, "new" where it is none that the corpus lists
    set           a scalar chosen at random was set, and nothing but its bytes
                  changed, and the real reader has all else as before
    not carried   ... was refused: no spelling holds the value there
    declined      ... the real reader does not take the value in that place
    wrong         anything else

The exit status is 0 when nothing is wrong and no refusal is new, 77 when there
is no reader or no file.
KEYPLATE names the binary, SCALARS the program that lists scalars.
"""
import collections
import hashlib
import os
import random
import re
import subprocess
import sys
import tempfile

import readers

KEYPLATE = os.path.abspath(os.environ.get("KEYPLATE", "./keyplate"))
SCALARS = os.path.abspath(os.environ.get("SCALARS", "./scalars"))
SEED = os.environ.get("NOOP_SEED", "1")
COUNT = os.environ.get("NOOP_COUNT", "40")
# Marks that no file has: all of its text is text.
MARKS = ["--delimiters", "<@~<@~ ~@>~@>"]
# What a scalar is set to: nothing to quote, and all that asks for quotes.
VALUES = b"noopvalue", b" it's \"#1\"; \\ , : = {x} "
BATCH = 100
MAX_BYTES = 200000


def choose(corpus, listed):
    """The files to look at, none twice under another name."""
    seen, chosen = set(), []
    random.Random(SEED).shuffle(listed)
    for path in listed:
        if COUNT != "all" and len(chosen) >= int(COUNT):
            break
        if not corpus.names.search(path):
            continue
        try:
            with open(path, "rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError:
            continue
        digest = hashlib.sha256(data).digest()
        if digest in seen or not 0 < len(data) <= MAX_BYTES:
            continue
        seen.add(digest)
        chosen.append((path, data))
    return chosen


class File:
    """One of them, as a copy under a name that has nothing in it."""

    def __init__(self, folder, number, origin, data):
        self.origin, self.data = origin, data
        self.path = f"{folder}/{number}.in"
        self.target = f"{folder}/{number}.out"
        self.scalars = []
        self.refusal = None
        self.said = b""  # by keyplate, of the last rendering that failed
        with open(self.path, "wb") as out:
            out.write(data)

    def result(self):
        with open(self.target, "rb") as file:
            return file.read()


def list_scalars(name, files):
    """Ask for one scalar a value, at random, of each file."""
    for start in range(0, len(files), BATCH):
        batch = files[start:start + BATCH]
        listed = subprocess.run(
            [SCALARS, name, SEED, str(len(VALUES)),
             *(file.path for file in batch)],
            check=True, capture_output=True).stdout
        for line in listed.decode("utf-8", "replace").splitlines():
            word, _, rest = line.partition(" ")
            if word == "file":
                file = batch[int(rest)]
            elif word == "refused":
                file.refusal = rest.split(" ", 1)
            else:
                begin, end, path, value = (rest + " ").split(" ")[:4]
                file.scalars.append((int(begin), int(end),
                                     bytes.fromhex(path),
                                     bytes.fromhex(value)))


def render(name, files, sets=None):
    """Render all, in as few runs as go well; those that were not."""
    if not files:
        return []
    command = [KEYPLATE, "render", "-q", "-f", name, *MARKS]
    for file in files:
        if sets:
            command += [b"--set", file.path.encode() + b":" + sets[file]]
        command.append(f"{file.path}:{file.target}")
    ran = subprocess.run(command, capture_output=True)
    if ran.returncode == 0:
        return []
    if len(files) == 1:
        files[0].said = ran.stderr
        return files
    half = len(files) // 2
    return render(name, files[:half], sets) + render(name, files[half:], sets)


def in_batches(name, files, sets=None):
    failed = []
    for start in range(0, len(files), BATCH):
        failed += render(name, files[start:start + BATCH], sets)
    return failed


class Count(collections.Counter):
    def wrong(self, file, why):
        self["wrong"] += 1
        print(f"wrong: {file.origin}: {why}")


def check_same(corpus, files, accepted, count):
    """Every byte; the files that keyplate reads are returned."""
    readable = [file for file in files if file.refusal is None]
    for file in in_batches(corpus.name, readable):
        readable.remove(file)
        count.wrong(file, "scanned, but not rendered")
    for file in readable:
        if file.result() == file.data:
            count["same"] += 1
        else:
            count.wrong(file, "rendered otherwise")
    reasons = {}
    for file in files:
        if file.refusal is None:
            count["read by keyplate alone"] += file not in accepted
            continue
        if file not in accepted:
            count["refused by both"] += 1
            continue
        count["refused"] += 1
        line, text = file.refusal
        reasons.setdefault(text, []).append(f"{file.origin}:{line}")
    for text, places in sorted(reasons.items()):
        known = any(re.search(reason, text)
                    for reason in (corpus.unread, *corpus.known))
        count["new refusals"] += 0 if known else len(places)
        print(f"{'refused' if known else 'new'}: {len(places)} times {text}: "
              f"{places[0]}")
    return readable


def only_that(scalar, before, after):
    """Is all but the bytes of the scalar as it was?"""
    begin, end = scalar[:2]
    tail = len(before) - end
    return after[:begin] == before[:begin] and \
        len(after) >= begin + tail and \
        after[len(after) - tail:] == before[end:]


def fault_of(corpus, before, after, value):
    """What is wrong with what the reader has of a file, or nothing."""
    if not before:
        return ""  # it says no more than that it takes the file
    if len(before) != len(after):
        return "the reader has another number of things"
    changed = [(was, now) for was, now in zip(before, after) if was != now]
    if not corpus.retypes and any(was[0] != now[0] for was, now in changed):
        return "the reader has other names"
    others = [now[1] for _, now in changed if now[1] != value]
    if len(others) == len(changed) or (others and not corpus.expands):
        return "the reader does not have the value"
    if corpus.expands:
        return ""
    if len({was[1] for was, _ in changed}) != 1:
        return "the reader has another value changed"
    return ""


def aim(corpus, files, number):
    """For each file a scalar to set to VALUES[number], where there is one."""
    aims = {}
    for file in files:
        fit = [scalar for scalar in file.scalars[number:]
               if not re.search(b"[=\0]", scalar[2])
               and scalar[3] != VALUES[number]
               and not (corpus.ignores_empty and scalar[3] == b"")]
        if fit:
            aims[file] = fit[0]
    return aims


def check_sets(corpus, files, accepted, number, count):
    """One scalar of each file set to VALUES[number]."""
    value, aims = VALUES[number], aim(corpus, files, number)
    done = list(aims)
    for file in in_batches(corpus.name, done, {
            file: scalar[2] + b"=" + value for file, scalar in aims.items()}):
        done.remove(file)
        if b": cannot find " in file.said:
            count.wrong(file, f"{aims[file][2]} is not found")
        else:
            count["not carried"] += 1
    asked = [file for file in done if file in accepted]
    again = dict(zip(asked, corpus.read([file.target for file in asked])))
    for file in done:
        if not only_that(aims[file], file.data, file.result()):
            count.wrong(file, f"{aims[file][2]} changed more than itself")
        elif file in again and again[file] is None:
            count["declined"] += 1
            if not corpus.choosy:
                count.wrong(file, f"with {aims[file][2]} set, the reader "
                            "refuses it")
        elif file in again and (fault := fault_of(
                corpus, accepted[file], again[file], value)):
            count.wrong(file, f"{aims[file][2]}: {fault}")
        else:
            count["set"] += 1


def main():
    corpus = readers.CORPORA[sys.argv[1]]
    if not readers.is_here(corpus):
        print("its reader is not here")
        return 77
    with open(sys.argv[2], encoding="utf-8", errors="surrogateescape") as file:
        listed = sorted(file.read().split("\n"))
    count = Count()
    with tempfile.TemporaryDirectory() as folder:
        files = [File(folder, number, *each) for number, each in
                 enumerate(choose(corpus, listed))]
        list_scalars(corpus.name, files)
        read = zip(files, corpus.read([file.path for file in files]))
        accepted = {file: found for file, found in read if found is not None}
        readable = check_same(corpus, files, accepted, count)
        for number in range(len(VALUES)):
            check_sets(corpus, readable, accepted, number, count)
    print(f"seed {SEED}, {len(files)} files: " + ", ".join(
        f"{number} {kind}" for kind, number in count.items()))
    if not files:
        return 77
    return 1 if count["wrong"] or count["new refusals"] else 0


if __name__ == "__main__":
    sys.exit(main())
