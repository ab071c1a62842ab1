#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check - instructions of three fixed jobs, compared with the list.

usage: check.py [--update]

Valgrind counts them, so they do not depend on the machine's speed or load.
KEYPLATE is the program, LIBC the C library it has.  instructions.txt has a
line "LIBC JOB COUNT" for each; a rise of more than 5 % is an error.
--update writes what was counted.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

LIST = pathlib.Path(__file__).resolve().parent / 'instructions.txt'
MOST = 1.05
KEYPLATE = os.environ['KEYPLATE']
LIBC = os.environ['LIBC']


def jobs(work):
    """What is counted: name, arguments."""
    secrets = work / 'secrets'
    secrets.mkdir()
    for i in range(30):
        (secrets / f'S{i}').write_text(f's3cret-value-number-{i}\n')
    render = ['render', '-s', secrets]
    ini = ''.join(f'[section_{i}]\n# what it is about\n;old = value\n'
                  f'name = stays\npassword = ${{S{i}}}\n' for i in range(30))
    (work / 'grafana.ini.tmpl').write_text(ini)
    yield 'ini', [*render, '-f', 'ini/grafana', '-t',
                  f'{work}/grafana.ini.tmpl:{work}/grafana.ini']
    yaml = ''.join(f'key{i}:\n  name: stays\n  password: ${{S{i % 30}}}\n'
                   for i in range(2000))
    (work / 'app.yaml.tmpl').write_text(yaml)
    yield 'yaml', [*render, '-t', f'{work}/app.yaml.tmpl:{work}/app.yaml']
    rules = f'[file it]\nsource = {work}/ruled\npath = {work}/ruled.out\n'
    rules += 'format = text\n' + ''.join(
        f'[match r{i}]\nfile = it\npattern = ^name{i} = (?<value>.*)$\n'
        f'value = ${{S{i % 30}}}\n' for i in range(100))
    (work / 'rules.conf').write_text(rules)
    (work / 'ruled').write_text(''.join(
        f'name{i} = a value that stays\n' for i in range(2000)))
    yield 'rules', [*render, '-c', work / 'rules.conf']


def count(arguments, work):
    """Valgrind's count, the lowest of three: sentinels are random."""
    def once():
        run = subprocess.run(
            ['valgrind', '--tool=callgrind',
             f'--callgrind-out-file={work}/callgrind', KEYPLATE,
             *arguments], check=True, capture_output=True, text=True,
            env={'PATH': os.environ['PATH'], 'LC_ALL': 'C'})
        return int(re.search(r'Collected : (\d+)', run.stderr).group(1))
    return min(once() for _ in range(3))


def main():
    known = dict(line.rsplit(' ', 1) for line in
                 LIST.read_text().splitlines())
    failed = False
    with tempfile.TemporaryDirectory() as work:
        for job, arguments in jobs(pathlib.Path(work)):
            name = f'{LIBC} {job}'
            counted = count(arguments, work)
            before = int(known.get(name, 0))
            known[name] = counted
            if '--update' in sys.argv:
                print(f'{name}: {counted:,} instructions')
                continue
            if before == 0:
                print(f'{name}: {counted:,} instructions, none to compare')
                continue
            worse = counted > before * MOST
            failed = failed or worse
            print(f'{name}: {counted:,} instructions, {counted / before:.3f} '
                  f'of what they were{": more than 5 % up" if worse else ""}')
    if '--update' in sys.argv:
        LIST.write_text(''.join(f'{name} {number}\n' for name, number in
                                sorted(known.items())))
    sys.exit(failed)


main()
