#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""plot - draw what bench.py measured: bars of the job, a curve of each growth.

usage: plot.py BENCH.JSON FOLDER

The axes are logarithmic, so what is linear rises with one slope; the dashed
line is that slope through the last point.
"""
import html
import json
import math
import pathlib
import re
import sys

WIDTH, HEIGHT, EDGE = 480, 300, 50
WIDE = 720  # with names at the left


def scale(values, low, high):
    """A function from a value to its place between low and high."""
    least, most = math.log10(min(values)), math.log10(max(values))
    span = most - least or 1
    return lambda value: low + (math.log10(value) - least) / span * (
        high - low)


def canvas(width, height, title):
    title = html.escape(title)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
            f'height="{height}" role="img" aria-label="{title}" '
            'font-family="sans-serif" font-size="11">',
            f'<rect width="{width}" height="{height}" fill="white"/>',
            f'<text x="10" y="20" font-size="14">{title}</text>')


def draw(title, points, machine):
    ms = [(x, seconds * 1e3) for x, seconds in points]
    linear = [(x, ms[-1][1] * x / ms[-1][0]) for x, _ in ms]
    floor = min(y for _, y in ms) / 2
    linear = [(x, y) for x, y in linear if y >= floor]
    across = scale([x for x, _ in ms], EDGE, WIDTH - 20)
    up = scale([y for _, y in ms + linear], HEIGHT - EDGE, 40)

    def path(line):
        return ' '.join(f'{across(x):.1f},{up(y):.1f}' for x, y in line)

    parts = [
        *canvas(WIDTH, HEIGHT, title),
        f'<polyline points="{path(linear)}" fill="none" stroke="gray" '
        'stroke-dasharray="4"/>',
        f'<polyline points="{path(ms)}" fill="none" stroke="black"/>']
    for x, y in ms:
        parts += [
            f'<circle cx="{across(x):.1f}" cy="{up(y):.1f}" r="3"/>',
            f'<text x="{across(x):.1f}" y="{up(y) - 8:.1f}" '
            f'text-anchor="middle">{y:.3g} ms</text>',
            f'<text x="{across(x):.1f}" y="{HEIGHT - EDGE + 20}" '
            f'text-anchor="middle">{x:,}</text>']
    parts.append(f'<text x="{EDGE}" y="{HEIGHT - 10}" fill="gray">'
                 f'{html.escape(machine)}</text></svg>')
    return '\n'.join(parts) + '\n'


def draw_bars(title, bars, machine):
    """Bars from the left, the fastest first."""
    bars = sorted(((seconds * 1e3, name) for name, seconds in bars))
    text, bottom = 250, 40 + 22 * len(bars)
    along = scale([bars[0][0] / 2, bars[-1][0]], text, WIDE - 70)
    parts = [*canvas(WIDE, bottom + 30, title)]
    for place, (ms, name) in enumerate(bars):
        y = 36 + 22 * place
        own = name.startswith('keyplate')
        parts += [
            f'<text x="{text - 8}" y="{y + 12}" text-anchor="end"'
            f' font-weight="{"bold" if own else "normal"}">'
            f'{html.escape(name)}</text>',
            f'<rect x="{text}" y="{y}" width="{along(ms) - text:.1f}" '
            f'height="16" fill="{"black" if own else "silver"}"/>',
            f'<text x="{along(ms) + 6:.1f}" y="{y + 12}">{ms:.3g} ms</text>']
    parts.append(f'<text x="10" y="{bottom + 18}" fill="gray">'
                 f'{html.escape(machine)}</text></svg>')
    return '\n'.join(parts) + '\n'


def main():
    figures = json.loads(pathlib.Path(sys.argv[1]).read_text())
    folder = pathlib.Path(sys.argv[2])
    folder.mkdir(exist_ok=True)
    if figures['job']:
        (folder / 'job.svg').write_text(draw_bars(
            'A grafana.ini with 30 secrets, then exec, on a logarithmic axis',
            figures['job'], figures['machine']))
        print(folder / 'job.svg')
    for title, points in figures['growth'].items():
        name = re.sub('[^a-z0-9]+', '-', title.lower()).strip('-')
        (folder / f'{name}.svg').write_text(
            draw(title, points, figures['machine']))
        print(folder / f'{name}.svg')


main()
