#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""terminal - run the session of a file, and draw what a terminal shows.

usage: terminal.py SESSION PROGRAM >picture.svg

SESSION has a command a line; one that begins with "@" is run and not shown.
PROGRAM is the keyplate that they call.  They run in an empty directory, with
no environment but a PATH: the same session and program draw the same bytes.
"""
import html
import os
import re
import subprocess
import sys
import tempfile

CHARACTER, LINE, MARGIN, TITLE = 8.43, 20, 16, 32
COLOURS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "34": "#79c0ff",
           "35": "#d2a8ff", "36": "#76e3ea"}
PROMPT = "\x1b[32m$\x1b[m "


def run(session, program):
    """The lines of the screen, with their escape sequences."""
    screen = []
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(f"{folder}/bin")
        os.mkdir(f"{folder}/work")
        os.symlink(os.path.realpath(program), f"{folder}/bin/keyplate")
        environment = {"PATH": f"{folder}/bin:/usr/bin:/bin",
                       "LC_ALL": "C.UTF-8", "KEYPLATE_COLOR": "always"}
        for line in session:
            shown = not line.startswith("@")
            ran = subprocess.run(["sh", "-c", line.lstrip("@")],
                                 cwd=f"{folder}/work", env=environment,
                                 stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, text=True)
            if shown:
                screen += [PROMPT + line, *ran.stdout.splitlines()]
    return screen


def spans(line):
    """The text of a line as tspans, by its colours."""
    drawn, style = "", ""
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        if not part.startswith("\x1b"):
            text = html.escape(part, quote=False)
            drawn += f"<tspan{style}>{text}</tspan>" if style else text
            continue
        style = ""
        for code in part[2:-1].split(";"):
            if code == "1":
                style += ' font-weight="bold"'
            elif code == "2":
                style += ' opacity="0.7"'
            elif code in COLOURS:
                style += f' fill="{COLOURS[code]}"'
    return drawn


def draw(screen):
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in screen]
    width = round(max(map(len, plain)) * CHARACTER + 2 * MARGIN)
    height = len(screen) * LINE + TITLE + MARGIN
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
          f'height="{height}" viewBox="0 0 {width} {height}" role="img" '
          f'aria-label="A terminal session with keyplate">')
    print(f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>')
    for number, colour in enumerate(("#ff5f57", "#febc2e", "#28c840")):
        print(f'<circle cx="{20 + 20 * number}" cy="18" r="6" '
              f'fill="{colour}"/>')
    print('<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, '
          '\'DejaVu Sans Mono\', monospace" font-size="14" fill="#e6edf3" '
          'xml:space="preserve">')
    for number, line in enumerate(screen):
        y = TITLE + (number + 1) * LINE
        length = round(len(plain[number]) * CHARACTER)
        if plain[number]:
            print(f'<text x="{MARGIN}" y="{y}" textLength="{length}" '
                  f'lengthAdjust="spacingAndGlyphs">{spans(line)}</text>')
    print("</g>\n</svg>")


with open(sys.argv[1], encoding="utf-8") as lines:
    draw(run(lines.read().splitlines(), sys.argv[2]))
