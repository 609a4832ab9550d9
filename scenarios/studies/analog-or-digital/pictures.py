# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
"""The study's two pictures, as SVG."""
import html
import math

import student

COLOURS = {"latch": "#0072b2", "adc": "#d55e00", "mesh": "#009e73", "systolic": "#cc79a7", "zero_skip": "#e69f00", "gates": "#56b4e9",
           "ideal": "#000000"}


def svg(width, height, parts):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
            f'font-family="sans-serif" font-size="12"><rect width="{width}" height="{height}" fill="white"/>' + "".join(parts) + "</svg>\n")


def text(x, y, words, anchor="start", extra=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {extra}>{html.escape(words)}</text>'


LEAST_ERROR = 1e-3  # what lies below is drawn there


def pareto(path, designs, front):
    energies = [student.mean(c.energy) for c in designs]
    low, high = math.floor(math.log10(min(energies))), math.ceil(math.log10(max(energies)))
    left, top, width, height = 80, 20, 520, 320

    def height_of(error):
        return top + height * -math.log10(min(1.0, max(LEAST_ERROR, error))) / -math.log10(LEAST_ERROR)

    def place(candidate):
        return left + width * (math.log10(student.mean(candidate.energy)) - low) / (high - low), height_of(1 - student.mean(candidate.accuracy))

    parts = []
    for decade in range(low, high + 1):
        x = left + width * (decade - low) / (high - low)
        parts.append(f'<line x1="{x:.1f}" y1="{top}" x2="{x:.1f}" y2="{top + height}" stroke="#ddd"/>')
        parts.append(text(x, top + height + 18, f"1e{decade}", "middle"))
    for percent in (100, 30, 10, 3, 1, 0.3, 0.1):
        y = height_of(percent / 100)
        parts.append(f'<line x1="{left}" y1="{y:.1f}" x2="{left + width}" y2="{y:.1f}" stroke="#ddd"/>' + text(left - 6, y + 4, f"{percent:g}", "end"))
    points = " ".join("{:.1f},{:.1f}".format(*place(c)) for c in front)
    parts.append(f'<polyline points="{points}" fill="none" stroke="black" stroke-dasharray="5 3"/>')
    for c in designs:
        x, y = place(c)
        error, half = 1 - student.mean(c.accuracy), student.half_width(c.accuracy)
        colour = COLOURS.get(c.platform, "#666")
        parts.append(f'<line x1="{x:.1f}" y1="{height_of(error + half):.1f}" x2="{x:.1f}" y2="{height_of(error - half):.1f}" stroke="{colour}" stroke-opacity="0.5"/>')
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}" fill-opacity="0.8"/>')
    names = list(dict.fromkeys(c.platform for c in designs))
    for k, name in enumerate(names):
        y = top + 14 + 18 * k
        parts.append(f'<circle cx="{left + width + 20}" cy="{y - 4}" r="4" fill="{COLOURS.get(name, "#666")}"/>' + text(left + width + 30, y, name))
    y = top + 14 + 18 * len(names)
    parts.append(f'<line x1="{left + width + 12}" y1="{y - 4}" x2="{left + width + 28}" y2="{y - 4}" stroke="black" stroke-dasharray="5 3"/>'
                 + text(left + width + 32, y, "front"))
    parts.append(text(left + width / 2, top + height + 40, "energy an inference (J), dense network, all designs", "middle"))
    parts.append(text(18, top + height / 2, "wrong (%), bars: 95 % over seeds", "middle", f'transform="rotate(-90 18 {top + height / 2})"'))
    path.write_text(svg(left + width + 120, top + height + 55, parts), encoding="utf-8")


def tornado(path, sensitivity, most=5):
    rows = []
    for metric, entries in sensitivity.items():
        entries = sorted((e for e in entries if e["span"]), key=lambda e: -e["span"])[:most]
        rows.append((metric, None))
        rows += [(e["key"], e) for e in entries]
    largest = max((float(e["span"]) for _, e in rows if e), default=1) or 1
    left, line, width = 330, 22, 330
    parts, y = [], 24
    for name, entry in rows:
        if entry is None:
            y += 8
            parts.append(text(10, y, f"{name}: change of one number by ± 10 %, integers by 1 at least", "start", 'font-weight="bold"'))
        else:
            ends = sorted((float(entry["low"]), float(entry["high"])))
            scale = width / 2 / largest
            start, end = left + width / 2 + scale * ends[0], left + width / 2 + scale * ends[1]
            parts.append(text(left - 8, y, name, "end"))
            parts.append(f'<rect x="{min(start, end):.1f}" y="{y - 11}" width="{max(1.0, end - start):.1f}" height="14" fill="#0072b2"/>')
            parts.append(text(left + width + 10, y, f"{100 * float(entry['span']):.1f} %"))
        y += line
    middle = left + width / 2
    parts.append(f'<line x1="{middle}" y1="12" x2="{middle}" y2="{y - 14}" stroke="black"/>')
    path.write_text(svg(left + width + 80, y + 4, parts), encoding="utf-8")
