#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""raw - start a program as no shell does.

usage: raw.py noargs PROGRAM            an argument vector of length 0
       raw.py env PROGRAM ARG... ENV ENTRY...   an environment of any entries
       raw.py nobody PROGRAM ARG...     standard error that nobody reads
"""
import ctypes
import os
import sys


def vector(texts):
    """A NULL-terminated char *[] of bytes."""
    return (ctypes.c_char_p * (len(texts) + 1))(*texts, None)


def execve(program, argv, envp):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.execve(program, vector(argv), vector(envp))
    sys.exit(os.strerror(ctypes.get_errno()))


def main():
    how, program = sys.argv[1], os.fsencode(sys.argv[2])
    words = [os.fsencode(word) for word in sys.argv[3:]]
    if how == "noargs":
        execve(program, [], [b"PATH=/bin"])
    elif how == "env":
        end = words.index(b"ENV")
        execve(program, [program, *words[:end]], words[end + 1:])
    elif how == "nobody":
        reader, writer = os.pipe()
        os.close(reader)
        os.dup2(writer, 2)
        os.execv(program, [program, *words])
    else:
        sys.exit(__doc__)


main()
