# SPDX-License-Identifier: MIT
"""landlock - run a command that a module of the kernel holds to some paths.

usage: landlock.py RIGHTS PATH... -- COMMAND ARGUMENT...

RIGHTS: letters of what is forbidden, but below each PATH: r to read files,
w to write, make, remove and rename them, x to execute.  Modes and owners have
no say, as with AppArmor and SELinux.  Status 77: this kernel has none.
"""
import ctypes
import os
import struct
import sys

CREATE, ADD, RESTRICT = 444, 445, 446
NO_NEW_PRIVS = 38
RIGHTS = {"x": 1 << 0, "r": 1 << 2,
          "w": 1 << 1 | 1 << 5 | 1 << 8 | 1 << 9 | 1 << 10}
FOR_FILES = 1 << 0 | 1 << 1 | 1 << 2


def main():
    letters, *rest = sys.argv[1:]
    split = rest.index("--")
    paths, command = rest[:split], rest[split + 1:]
    libc = ctypes.CDLL(None, use_errno=True)
    rights = sum(RIGHTS[letter] for letter in letters)
    handled = struct.pack("<Q", rights)
    rules = libc.syscall(CREATE, handled, len(handled), 0)
    if rules < 0:
        sys.exit(77)
    for path in paths:
        fd = os.open(path, os.O_PATH)
        below = rights if os.path.isdir(path) else rights & FOR_FILES
        if libc.syscall(ADD, rules, 1, struct.pack("<Qi", below, fd), 0):
            sys.exit(f"{path}: {os.strerror(ctypes.get_errno())}")
        os.close(fd)
    libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.syscall(RESTRICT, rules, 0):
        sys.exit(os.strerror(ctypes.get_errno()))
    os.execv(command[0], command)


main()
