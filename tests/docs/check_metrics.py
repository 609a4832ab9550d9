# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
"""check_metrics.py SZILARD ROOT OUTPUT: every key of summary.json and every mechanism of ledger.csv has its place in docs/metrics.md, and every
key of that page is one that the program knows."""
import csv
import fnmatch
import json
import os
import re
import subprocess
import sys

szilard, root, output = sys.argv[1:]
page = open(os.path.join(root, "docs/metrics.md"), encoding="utf-8").read()
first_cells = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
names = [name for cell in first_cells for name in re.findall(r"`([^`]+)`", cell)]
mechanisms_at = page.index("### Mechanisms")
section = page[mechanisms_at:page.index("\n## ", mechanisms_at)]
mechanisms = {name for line in section.splitlines() if line.startswith("| `") for name in re.findall(r"`([^`]+)`", line.split("|")[1])}
patterns = [name for name in names if name not in mechanisms]
assert len(patterns) > 80, "the page has lost its tables"


def leaves(value, path=()):
    if isinstance(value, dict) and value:
        for key, below in value.items():
            yield from leaves(below, path + (key.replace(".", "_"),))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for below in value:
            yield from leaves(below, path)
    else:
        yield path


def fits(path, pattern):
    parts = pattern.split(".")
    return len(parts) == len(path) and all(fnmatch.fnmatchcase(name, part) for name, part in zip(path, parts))


failures = set()
seen = set()
for name, arguments in {
    "digits-mlp": [], "fallible-bits": ["--samples", "50"], "landauer-limit": ["--samples", "20"], "cooling": ["--samples", "50"],
    "digits-mlp, estimated": ["--statistical"], "papers/albireo": [], "cold-network": ["--samples", "5"], "scatterer": ["--samples", "10"], "mnist-photonic": ["--samples", "10"], "encodings": ["--samples", "5"],
}.items():
    folder = os.path.join(output, name)
    done = subprocess.run([szilard, "run", os.path.join(root, "scenarios", name.split(",")[0], "scenario.yaml"), "-o", folder, "-q"] + arguments,
                          capture_output=True, text=True)
    if done.returncode not in (0, 1):  # few samples may fail a check of what many show
        sys.exit(done.stderr)
    for path in leaves(json.load(open(os.path.join(folder, "summary.json")))):
        hits = [pattern for pattern in patterns if fits(path, pattern)]
        seen.update(hits)
        if not hits:
            failures.add("no entry for " + ".".join(path))
    if "--statistical" in arguments:
        continue  # without a ledger
    with open(os.path.join(folder, "ledger.csv")) as ledger:
        for row in csv.DictReader(ledger):
            if row["mechanism"] not in mechanisms:
                failures.add("no entry for mechanism " + row["mechanism"])

# Energy from gates needs netlists, which these runs do without: its keys as its writer spells them.
writer = re.search(r"^Json gate_level_json\(.*?^}", open(os.path.join(root, "sim/report/summary.cpp"), encoding="utf-8").read(), re.S | re.M).group(0)
gate_keys = re.findall(r'\{"(\w+)",', writer)
assert len(gate_keys) > 10, gate_keys
for key in gate_keys:
    if not any(pattern.startswith("platforms.gate_level.") and key in pattern.split(".") for pattern in patterns):
        failures.add(f"no entry for platforms.gate_level.{key}")

# What these runs do not show, the sources must at least write.
sources = ""
for folder, _, files in os.walk(root):
    if "/build" not in folder and any(part in folder + "/" for part in ("/models/", "/rtl/", "/sim/")):
        sources += "".join(open(os.path.join(folder, f), encoding="utf-8").read() for f in files if f.endswith((".cpp", ".hpp")))
for pattern in set(patterns) - seen:
    key = [part for part in pattern.split(".") if part != "*"][-1]
    if f'"{key}"' not in sources:
        failures.add(f"nothing writes {pattern}")
for mechanism in mechanisms:
    stem = mechanism[:-len("_static")] if mechanism.endswith("_static") else mechanism
    if f'"{stem}"' not in sources:
        failures.add(f"nothing books mechanism {mechanism}")
if failures:
    sys.exit("docs/metrics.md:\n" + "\n".join(sorted(failures)))
print(f"{len(patterns)} keys and {len(mechanisms)} mechanisms, all of them real")
