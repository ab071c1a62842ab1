#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""rules - COUNT rule files of any bytes, into the directory DIR."""
import os
import random
import sys

GOOD = b"""[keyplate]
allow-missing = yes
[file a]
path = a
format = text
[set s]
file = a
key = x.y
value = ${secret:user}
[match m]
file = a
pattern = ^\\s*(?<value>x+)$
value = ${secret:password|base64}
count = any
[export e]
name = E
value = ${secret:words:-x}
"""

PIECES = [b"[", b"]", b"=", b"\n", b"\r\n", b"\\", b"\0", b'"', b";", b"#",
          b"${", b"}", b"(?<value>", b"(", b"(?R)", b"[[:", b"{1000}",
          b"[file a]", b"\xff\xfe", b"\x1b[2J", b" " * 1030, b"\n ",
          b"pattern = ((((", b"count = 99999999999999999999", b"|", b"\\Q"]


def mutate(text, rnd):
    for _ in range(rnd.randrange(1, 6)):
        at = rnd.randrange(len(text) + 1)
        what = rnd.randrange(4)
        if what == 0:
            text = text[:at] + rnd.choice(PIECES) + text[at:]
        elif what == 1:
            text = text[:at] + text[at + rnd.randrange(20):]
        elif what == 2:
            text = text[:at] + bytes([rnd.randrange(256)]) + text[at + 1:]
        else:
            text = text[:at] + text[rnd.randrange(len(text) + 1):]
    return text


def main():
    count, folder = int(sys.argv[1]), sys.argv[2]
    rnd = random.Random(1)
    os.mkdir(folder)
    for i in range(count):
        text = mutate(GOOD, rnd) if i % 5 else rnd.randbytes(2000)
        with open(f"{folder}/{i}", "wb") as out:
            out.write(text)


main()
