# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
"""Accuracy against noise level from a run's summary: a CSV table and a figure.

usage: plot.py RUN_DIRECTORY OUTPUT_DIRECTORY
"""
import json
import math
import pathlib
import sys

LAWS = {
    "programming": ("programming error / largest conductance", "#0072b2"),
    "independent": ("read noise / largest conductance", "#d55e00"),
    "proportional": ("read noise / cell's conductance", "#009e73"),
    "stuck": ("share of stuck cells", "#cc79a7"),
}
LEFT, TOP, WIDTH, HEIGHT = 70, 20, 520, 320


def main(run, output):
    summary = json.loads((pathlib.Path(run) / "summary.json").read_text())
    accuracy = {p["name"]: 100 * p["accuracy"] for p in summary["platforms"]}
    samples = summary["dataset"]["samples"]
    curves = {law: [(int(name.rsplit("_", 1)[1]), accuracy[name]) for name in accuracy if name.startswith(law + "_")] for law in LAWS}
    output = pathlib.Path(output)
    levels = sorted({level for curve in curves.values() for level, _ in curve})
    rows = [["level_percent"] + list(LAWS)]
    rows.append(["0"] + [f"{accuracy['none']:.1f}"] * len(LAWS))
    for level in levels:
        rows.append([str(level)] + [f"{dict(curve)[level]:.1f}" if level in dict(curve) else "" for curve in curves.values()])
    (output / "accuracy.csv").write_text("\n".join(",".join(row) for row in rows) + "\n")

    def x(level):
        return LEFT + WIDTH * math.log10(level) / math.log10(60)

    def y(percent):
        return TOP + HEIGHT * (1 - percent / 100)

    svg = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 20}" height="{TOP + HEIGHT + 60}" '
           'font-family="sans-serif" font-size="12">', '<rect width="100%" height="100%" fill="white"/>']
    for percent in range(0, 101, 20):
        svg.append(f'<path d="M{LEFT} {y(percent):.1f}h{WIDTH}" stroke="#dddddd"/>'
                   f'<text x="{LEFT - 8}" y="{y(percent) + 4:.1f}" text-anchor="end">{percent}</text>')
    for level in levels:
        svg.append(f'<path d="M{x(level):.1f} {TOP}v{HEIGHT}" stroke="#dddddd"/>'
                   f'<text x="{x(level):.1f}" y="{TOP + HEIGHT + 18}" text-anchor="middle">{level}</text>')
    svg.append(f'<path d="M{LEFT} {y(accuracy["none"]):.1f}h{WIDTH}" stroke="black" stroke-dasharray="5 4"/>')
    for place, (law, (label, colour)) in enumerate(LAWS.items()):
        points = [(x(level), y(percent)) for level, percent in curves[law]]
        svg.append('<polyline fill="none" stroke-width="2" stroke="%s" points="%s"/>' % (colour, " ".join(f"{a:.1f},{b:.1f}" for a, b in points)))
        for (a, b), (_, percent) in zip(points, curves[law]):
            error = HEIGHT * math.sqrt(percent / 100 * (1 - percent / 100) / samples)
            svg.append(f'<circle cx="{a:.1f}" cy="{b:.1f}" r="4" fill="{colour}"/>'
                       f'<path d="M{a:.1f} {b - error:.1f}V{b + error:.1f}" stroke="{colour}"/>')
        svg.append(f'<text x="{LEFT + 12}" y="{TOP + HEIGHT - 70 + 18 * place}" fill="{colour}">{label}</text>')
    svg.append(f'<text x="{LEFT + WIDTH / 2}" y="{TOP + HEIGHT + 42}" text-anchor="middle">level (%)</text>'
               f'<text transform="translate(18 {TOP + HEIGHT / 2}) rotate(-90)" text-anchor="middle">accuracy (%)</text>')
    svg.append(f'<rect x="{LEFT}" y="{TOP}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="black"/></svg>')
    (output / "accuracy.svg").write_text("\n".join(svg) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
