# SPDX-License-Identifier: MIT
"""race - several ways to do one thing, in turns, as whole processes.

The machine may be busy: what counts is the ratio of two ways within one
round, and of all rounds the median.
"""
import os
import shutil
import statistics
import subprocess
import time


class Way:
    """One program with its arguments; setup is called before each start."""

    def __init__(self, name, argv, env=None, setup=None, version=''):
        self.name = name
        self.argv = [str(word) for word in argv]
        self.env = {**os.environ, **(env or {})}
        self.setup = setup
        self.version = version
        self.seconds = []
        self.faults = 0

    def run(self):
        """Start it and wait; its output goes to /dev/null."""
        if self.setup:
            self.setup()
        program = shutil.which(self.argv[0])
        null = [(os.POSIX_SPAWN_OPEN, fd, '/dev/null', os.O_RDWR, 0)
                for fd in (0, 1)]
        start = time.perf_counter()
        pid = os.posix_spawn(program, self.argv, self.env, file_actions=null)
        _, status, usage = os.wait4(pid, 0)
        self.seconds.append(time.perf_counter() - start)
        self.faults = usage.ru_minflt + usage.ru_majflt
        if status != 0:
            raise RuntimeError(f'{self.name}: {self.argv} ended with {status}')

    def median(self):
        return statistics.median(self.seconds)

    def over(self, base):
        """How many times as long as base it takes."""
        return statistics.median(a / b for a, b in
                                 zip(self.seconds, base.seconds))


def race(ways, rounds):
    """Run all ways in turns; the first round warms up and is forgotten.

    Each round begins with another one: what runs behind a long one may find
    its memory given back to the host of a virtual machine.
    """
    for number in range(rounds + 1):
        for i in range(len(ways)):
            ways[(number + i) % len(ways)].run()
        if number == 0:
            for way in ways:
                way.seconds.clear()
    return ways


def version_of(program):
    """The Debian package that has the program, and its version."""
    path = shutil.which(program)
    if path is None:
        return ''
    for name in (path, os.path.realpath(path), path.removeprefix('/usr')):
        found = subprocess.run(['dpkg-query', '-S', name], check=False,
                               capture_output=True, text=True)
        if found.returncode == 0:
            package = found.stdout.split(':')[0]
            return subprocess.run(
                ['dpkg-query', '-W', '-f', '${Package} ${Version}', package],
                check=True, capture_output=True, text=True).stdout
    return path
