# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
"""Analog or digital: runs the sweeps of this folder, and writes what follows from them.

usage: study.py SZILARD OUTPUT [--jobs N] [--reduced]

OUTPUT gets one folder a sweep (interrupted runs go on where they were), and points.csv, beside.json, conclusions.md, tables.md,
pareto.svg and sensitivity.svg. --reduced takes 100 samples and two seeds: a check that everything runs, not a result.
"""
import argparse
import csv
import io
import json
import pathlib
import subprocess
import sys

import conclusions

HERE = pathlib.Path(__file__).resolve().parent

# What varies, one thing at a time about the first line: (axis, value, platform's keys).
TILE = "platforms.{0}.linear.rows={1}", "platforms.{0}.linear.columns={1}"
PRESET = ("platforms.{0}.linear.preset={1}",)
VARIATIONS = {
    "latch": [("base", "128 x 128, rram_wan2022, 300 K", ()),
              ("size", "64 x 64", TILE), ("size", "256 x 256", TILE),
              ("technology", "pcm_joshi2020", PRESET), ("technology", "rram_milo2021", PRESET),
              ("temperature", "250 K", ("temperature={1}",)), ("temperature", "400 K", ("temperature={1}",))],
    "mesh": [("base", "64 modes, mzi_mems", ())],
    "digital": [("base", "16 x 16, 45 nm", ()),
                ("size", "8 x 8", ("platforms.systolic.digital.rows={1}", "platforms.systolic.digital.columns={1}",
                                   "platforms.zero_skip.digital.rows={1}", "platforms.zero_skip.digital.columns={1}")),
                ("temperature", "400 K", ("temperature={1}",))],
    "gates": [("base", "8 bit-serial multipliers, osu018", ())],
    "ideal": [("base", "300 K", ()), ("temperature", "250 K", ("temperature={1}",)), ("temperature", "400 K", ("temperature={1}",))],
}
VARIATIONS["adc"] = VARIATIONS["latch"]
# Wires matter with size: these runs have them, and are compared among themselves.
BOTH = tuple(text.format(name, "{1}") for name in ("latch", "adc") for text in TILE)
VARIATIONS["wires"] = [("wired size", f"{n} x {n}", BOTH) for n in (64, 128, 256)]
TORNADO = {"latch": "latch.energy", "adc": "adc.energy", "digital": "systolic.energy"}


def setting(template, platform, value):
    return template.format(platform, value.split(" x ")[0] if " x " in value else value)


def run(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode not in (0, 3):  # 3: some points cannot be built, which is a result
        sys.exit(f"{' '.join(map(str, command))}\n{done.stderr}")
    return done.stdout


def sweep(arguments, name, axis, value, templates):
    folder = arguments.output / f"{name}-{axis}-{value}".replace(" ", "_").replace(",", "")
    command = [arguments.szilard, "sweep", HERE / f"{name}.yaml", "-o", folder, "--resume", "-q"]
    for template in templates:
        command += ["--set", setting(template, name, value)]
    if arguments.jobs:
        command += ["--jobs", str(arguments.jobs)]
    if arguments.reduced:
        command += ["--samples", "20" if name == "gates" else "100"]
        if name in ("latch", "adc", "mesh", "wires"):
            command += ["--set", "sweep.seeds=2"]
    print(f"{name}: {axis} {value}", flush=True)
    run(command)
    table = run([arguments.szilard, "results", folder, "--csv"])
    return list(csv.DictReader(io.StringIO(table)))


def points_of(rows, scenario, axis, value):
    """One entry a platform and row: what the conclusions are drawn from."""
    for row in rows:
        platforms = sorted({key.split(".")[0] for key in row if key.endswith(".energy.per_inference_J")})
        for platform in platforms:
            if not row[f"{platform}.energy.per_inference_J"]:
                continue  # a point that failed
            own = {key: text for key, text in row.items() if key.startswith(f"platforms.{platform}.")}
            yield {"scenario": scenario, "platform": platform, "axis": axis, "value": value,
                   "network": "sparse" if "sparse" in row["network"] else "dense",
                   "setting": ", ".join(f"{key.split('.', 2)[2]} {text}" for key, text in own.items()),
                   "seed": row["seed"], "reference": row["reference.accuracy"],
                   "accuracy": row[f"{platform}.accuracy"], "energy_J": row[f"{platform}.energy.per_inference_J"],
                   "latency_s": row[f"{platform}.latency_s"]}


def changes_of(row):
    """A row of `szilard tornado`, relative to the metric as it is; no span where a change was refused."""
    ends = {end: next((text for key, text in row.items() if key.endswith("." + end)), "") for end in ("low", "base", "high")}
    if not all(ends.values()) or float(ends["base"]) == 0:
        return {"key": row["key"], "span": None}
    low, high = (float(ends[end]) / float(ends["base"]) - 1 for end in ("low", "high"))
    return {"key": row["key"], "low": low, "high": high, "span": abs(high - low)}


def conclude(folder):
    """The page from the files, so that it can be written anew without running anything."""
    with open(folder / "points.csv", newline="", encoding="utf-8") as file:
        points = list(csv.DictReader(file))
    beside = json.loads((folder / "beside.json").read_text(encoding="utf-8"))
    conclusions.write(folder, points, beside["sensitivity"], beside["scaled"], beside["logic_J"], beside["reduced"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("szilard", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--reduced", action="store_true")
    parser.add_argument("--conclude", action="store_true", help="only writes the page anew from points.csv and beside.json of OUTPUT")
    arguments = parser.parse_args()
    if arguments.conclude:
        return conclude(arguments.output)
    arguments.output.mkdir(parents=True, exist_ok=True)
    points, sensitivity = [], {}
    for name, variations in VARIATIONS.items():
        for axis, value, templates in variations:
            points += points_of(sweep(arguments, name, axis, value, templates), name, axis, value)
    for name, metric in TORNADO.items():
        print(f"{name}: sensitivity of {metric}", flush=True)
        command = [arguments.szilard, "tornado", HERE / f"{name}.yaml", "--metric", metric, "--csv", "--samples", "50", "-q"]
        sensitivity[metric] = [changes_of(row) for row in csv.DictReader(io.StringIO(run(command)))]
    summary = json.loads((run([arguments.szilard, "run", HERE / "gates.yaml", "--json", "-q", "-o", arguments.output / "gates"])))
    scaled = summary["platforms"][0]["gate_level"]["beside_it"]
    logic = summary["platforms"][0]["gate_level"]["logic_J"]
    with open(arguments.output / "points.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, points[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(points)
    beside = {"reduced": arguments.reduced, "sensitivity": sensitivity, "logic_J": logic, "scaled": scaled}
    (arguments.output / "beside.json").write_text(json.dumps(beside, indent=1) + "\n", encoding="utf-8")
    conclude(arguments.output)
    print(f"written to {arguments.output}")


if __name__ == "__main__":
    main()
