# SPDX-License-Identifier: MIT
"""growth - what eight times as much takes is about eight times as long.

usage: growth.py [SERIES...]; all of them without

Each series is a job of n parts.  What one part takes is subtracted; n is what
takes 20 ms, and the same is then measured of 2n, 4n and 8n.  The time is the
processor's, and the least of three: neither depends on what else the machine
does.  A series that takes more than twice eight times as long for 8n is an
error: one that is quadratic takes sixty-four times.
"""
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile

KEYPLATE = os.path.realpath(os.environ.get("KEYPLATE", "./keyplate"))
START = 200
LEAST_S = 0.02
MOST_PARTS = 200000
FACTORS = (1, 2, 4, 8)
MOST = 16


def lines(text, n):
    return "".join(text.replace("@", str(i)) for i in range(n))


# A document of n parts for each format: what is before them, each of them,
# what is behind.  "%" is where a value may be.
DOCUMENTS = {
    "text": ("", "line @ = %\n", ""),
    "yaml": ("", "k@: %\n", ""),
    "json": ("{", '"k@": "%",\n', '"end": 0}'),
    "toml": ("", 'k@ = "%"\n', ""),
    "xml": ("<a>", "<b c='@'>%</b>\n", "</a>"),
    "php": ("<?php\nreturn [\n", "'k@' => '%',\n", "];\n"),
    "properties": ("", "k@ = %\n", ""),
    "nginx": ("", "set $k@ %;\n", ""),
    "redis": ("", "rename-command K@ %\n", ""),
    "caddyfile": ("", "host@ {\n\troot %\n}\n", ""),
    "env": ("", "K@=%\n", ""),
    "env/compose": ("", "K@=%\n", ""),
    "env/sh": ("", "K@=%\n", ""),
    "env/systemd": ("", "K@=%\n", ""),
    "ini": ("[s]\n", "k@ = %\n", ""),
    "ini/grafana": ("[s]\n", "k@ = %\n", ""),
    "ini/mysql": ("[s]\n", "k@ = %\n", ""),
    "ini/php": ("[s]\n", 'k@ = "%"\n', ""),
    "ini/python": ("[s]\n", "k@ = %\n", ""),
    "ini/systemd": ("[s]\n", "k@ = %\n", ""),
}


def document(form, n, value):
    head, part, tail = DOCUMENTS[form]
    return head + lines(part.replace("%", value), n) + tail


def of_format(form, value):
    """A file of so many parts, with a value in each, or with none."""
    def job(n):
        pathlib.Path("in").write_text(document(form, n, value))
        return ["render", "-f", form, "in:out"]
    return job


def set_in(form, key):
    """The last key of a file is set by a rule."""
    def job(n):
        pathlib.Path("in").write_text(document(form, n, "old"))
        pathlib.Path("rules").write_text(
            f"[file a]\nsource = in\npath = out\nformat = {form}\n"
            f"[set s]\nfile = a\nkey = {key}{n - 1}\n"
            "value = ${secret:word}\n")
        return ["render", "-c", "rules"]
    return job


def one_line(n):
    pathlib.Path("in").write_text("${secret:word} é " * n)
    return ["render", "-f", "text", "in:out"]


def secrets(n):
    for i in range(n):
        pathlib.Path(f"secrets/s{i}").write_text(f"value {i}\n")
    pathlib.Path("in").write_text(lines("${secret:s@}\n", n))
    return ["render", "-f", "text", "in:out"]


def missing(n):
    pathlib.Path("in").write_text(lines("${secret:none@}\n", n))
    return ["check", "-f", "text", "in"]


def defaults(n):
    pathlib.Path("in").write_text("${A:-" * 8 + "x" + "}" * 8 + "\n" +
                                  lines("${A@:-${B@:-c}}\n", n))
    return ["render", "-f", "text", "in:out"]


def value(form):
    """A long value."""
    plain = form in ("env", "ini/systemd")

    def job(n):
        pathlib.Path("secrets/long").write_text(
            ("ab.cd" if plain else "a\"'\\$ <&é") * n)
        pathlib.Path("in").write_text(document(form, 1, "${secret:long}"))
        return ["render", "-f", form, "in:out"]
    # Eight times as many are not more than a value may have.
    job.most = 11000
    return job


def matches(n):
    pathlib.Path("in").write_text(lines("key@ = old\n", n))
    pathlib.Path("rules").write_text(
        "[file a]\nsource = in\npath = out\nformat = text\n"
        "[match m]\nfile = a\ncount = any\n"
        "pattern = ^key\\d+ = (?<value>.*)$\nvalue = ${secret:word}\n")
    return ["render", "-c", "rules"]


def exports(n):
    """In many files: iniparser takes the square of what is in one."""
    os.mkdir("rules")
    for start in range(0, n, 100):
        pathlib.Path(f"rules/{start:06}.conf").write_text("".join(
            f"[export e{i}]\nname = NAME{i}\nvalue = {i}\n"
            for i in range(start, min(start + 100, n))))
    return ["check", "-c", "rules"]


def settings(n):
    pathlib.Path("settings").write_text(lines("NAME@='value @'\n", n))
    pathlib.Path("in").write_text(lines("${NAME@}\n", n))
    return ["render", "-f", "text", "-e", "settings", "in:out"]


# Eight times as many are not more than a file of settings may have.
settings.most = 4000


def templates(n):
    pathlib.Path("in").write_text("${secret:word}\n")
    pathlib.Path("outs").mkdir()
    return ["render", "-n", "-f", "text",
            *[word for i in range(n) for word in ("-t", f"in:outs/{i}")]]


def same(n):
    """A file that is right already."""
    argv = of_format("yaml", "${secret:word}")(n)
    pathlib.Path("out").write_text(document("yaml", n, "operator"))
    return ["diff", *argv[1:]]


# Their readers cut a line, so that no long value can stand there.
SHORT_LINES = ("nginx", "ini", "ini/mysql")

SERIES = {
    "one-line": one_line, "secrets": secrets, "missing": missing,
    "defaults": defaults, "matches": matches, "exports": exports,
    "settings": settings,
    "templates": templates, "same": same,
    **{"plain:" + form: of_format(form, "old") for form in DOCUMENTS},
    **{"filled:" + form: of_format(form, "${secret:word}")
       for form in DOCUMENTS},
    **{"long:" + form: value(form) for form in DOCUMENTS
       if form not in SHORT_LINES},
    **{"set:" + form: set_in(form, key) for form, key in (
        ("yaml", "k"), ("json", "k"), ("toml", "k"), ("env", "K"),
        ("ini/grafana", "s.k"), ("properties", "k"))},
}

REFUSED = (missing,)


class Unfit(Exception):
    """A job that fails says nothing about its time."""


def seconds(job, n):
    """The processor's time of a job, and whether it ended well."""
    least = None
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.mkdir("secrets")
        pathlib.Path("secrets/word").write_text("operator\n")
        argv = [KEYPLATE, *job(n)]
        for _ in range(3):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            ran = subprocess.run(
                argv, env={"KEYPLATE_SECRETS": "secrets"},
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            took = (after.ru_utime - before.ru_utime +
                    after.ru_stime - before.ru_stime)
            least = took if least is None else min(least, took)
        os.chdir("/")
    if (ran.returncode != 0) != (job in REFUSED):
        raise Unfit(f"status {ran.returncode} for {n}: "
                    f"{ran.stderr[:300].decode(errors='replace')}")
    return least


def measure(job):
    """So many parts, and the seconds for each factor."""
    most = getattr(job, "most", MOST_PARTS)
    nothing = seconds(job, 1)
    n = START
    while seconds(job, n) - nothing < LEAST_S and 2 * n <= most:
        n *= 2
    return n, [max(seconds(job, n * factor) - nothing, 0.001)
               for factor in FACTORS]


def is_linear(name):
    """Once more for one that seems not to be: something may have been in
    the way."""
    for _ in range(2):
        try:
            n, times = measure(SERIES[name])
        except Unfit as why:
            print(f"{name}: {why}")
            return False
        print(f"{name}: {n} parts and twice as many:", "".join(
            f" {took * 1000:.0f}" for took in times), "ms,",
            f"{times[-1] / times[0]:.1f} times", flush=True)
        if times[-1] / times[0] <= MOST:
            return True
    return False


def main():
    bad = [name for name in sys.argv[1:] or SERIES if not is_linear(name)]
    print(f"{len(sys.argv[1:] or SERIES)} series, not linear:",
          " ".join(bad) or "none")
    return 1 if bad else 0


sys.exit(main())
