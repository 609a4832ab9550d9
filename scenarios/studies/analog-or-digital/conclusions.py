# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
"""What the points of study.py say: one page of conclusions and two pictures, every figure from the results."""
import collections
import math

import student
import pictures

ALLOWED_LOSS = 0.01   # of accuracy, against the reference: what "equal" means
LEVEL = 0.05          # of significance
PLATFORMS = {"ideal": "resets at Landauer's limit, lossless medium", "latch": "crossbars, analog from layer to layer, CMOS latches",
             "adc": "crossbars with ADCs, ReLU in RTL", "mesh": "interferometer mesh, receivers, CMOS latches",
             "systolic": "int8 systolic array, 45 nm coefficients", "zero_skip": "int8 multipliers that skip zeros, 45 nm coefficients",
             "gates": "bit-serial multipliers, every gate of 180 nm cells"}
IMAGES = {"whole": 200, "reduced": 100}
USUAL_CELLS = ("rram_wan2022", "-")
BOUND = "ideal"       # no design: beside the others, never among them
FEWER_IMAGES = "gates"  # simulated on too few for its accuracy to be held against the others'


def quantity(value, unit):
    for factor, prefix in ((1, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"), (1e-12, "p"), (1e-15, "f"), (1e-18, "a"), (1e-21, "z")):
        if abs(value) >= factor:
            return f"{value / factor:.3g} {prefix}{unit}"
    return f"{value:.3g} {unit}"


class Candidate:
    """One design on one network: its figures over the seeds."""

    def __init__(self, rows):
        by_seed = {row["seed"]: row for row in rows}
        first = rows[0]
        self.platform, self.network, self.setting = first["platform"], first["network"], first["setting"]
        self.axis, self.value = first["axis"], first["value"]
        self.energy = [float(row["energy_J"]) for row in by_seed.values()]
        self.accuracy = [float(row["accuracy"]) for row in by_seed.values()]
        self.latency = [float(row["latency_s"]) for row in by_seed.values()]
        self.reference = float(first["reference"])

    def cells(self):
        """The crossbars' cells; of other platforms, nothing."""
        return "-" if self.platform not in ("latch", "adc") else self.value if self.axis == "technology" else "rram_wan2022"

    def holds(self, target):
        """Whether the accuracy is at least the target, with 95 % confidence over the seeds."""
        n = len(self.accuracy)
        margin = student.half_width(self.accuracy, 0.9) if n > 1 else 0  # one-sided 95 %
        return student.mean(self.accuracy) - margin >= target - 1e-12

    def describe(self):
        spread = student.half_width(self.energy)
        around = f" ± {100 * spread / student.mean(self.energy):.1g} %" if spread > 0 else ""
        return f"{quantity(student.mean(self.energy), 'J')}{around} at {100 * student.mean(self.accuracy):.1f} %" + (
            f" ({self.setting})" if self.setting else "")


def candidates(points):
    groups = collections.defaultdict(list)
    for row in points:
        groups[row["scenario"], row["platform"], row["axis"], row["value"], row["network"], row["setting"]].append(row)
    return [Candidate(rows) for rows in groups.values()]


def cheapest(some, target):
    """By platform: the design of least energy that holds the accuracy."""
    best = {}
    for one in some:
        if one.platform not in (BOUND, FEWER_IMAGES) and one.holds(target):
            if one.platform not in best or student.mean(one.energy) < student.mean(best[one.platform].energy):
                best[one.platform] = one
    return best


def verdict(a, b, figure="energy"):
    """A sentence on the difference of two designs against their spread."""
    p = student.difference_p(getattr(a, figure), getattr(b, figure))
    if p is None:
        return "neither varies with the seed"
    if p >= LEVEL:
        return f"not significant, p = {p:.2g}"
    return f"significant against the seed spread, p = {p:.1g}" if p > 1e-6 else "significant against the seed spread, p < 1e-6"


def winners(best):
    order = sorted(best.values(), key=lambda one: student.mean(one.energy))
    if not order:
        return "no design holds the accuracy"
    text = f"**{order[0].platform}**, {order[0].describe()}"
    if len(order) > 1:
        ratio = student.mean(order[1].energy) / student.mean(order[0].energy)
        text += f"; next {order[1].platform}, {ratio:.3g} times as much ({verdict(*order[:2])})"
    return text


def front(some):
    """Designs that none beats in energy and accuracy, by their means."""
    kept = []
    for one in sorted(some, key=lambda c: (student.mean(c.energy), -student.mean(c.accuracy))):
        if not kept or student.mean(one.accuracy) > student.mean(kept[-1].accuracy):
            kept.append(one)
    return kept


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def at_equal_accuracy(base, network):
    some = [c for c in base if c.network == network]
    reference = some[0].reference
    best = cheapest(some, reference - ALLOWED_LOSS)
    rows = []
    for name in PLATFORMS:
        if name == BOUND:
            bound = [c for c in some if c.platform == BOUND]
            rows += [[name + " (bound)", "-", quantity(student.mean(c.energy), "J"), f"{100 * student.mean(c.accuracy):.1f} %", "-"] for c in bound]
        elif name == FEWER_IMAGES:
            rows += [[name + " (fewer images)", "-", quantity(student.mean(c.energy), "J"), "-", quantity(student.mean(c.latency), "s")]
                     for c in some if c.platform == name]
        elif name in best:
            c = best[name]
            spread = student.half_width(c.energy)
            rows.append([name, c.setting or "-", quantity(student.mean(c.energy), "J") + (f" ± {quantity(spread, 'J')}" if spread else ""),
                         f"{100 * student.mean(c.accuracy):.1f} % ± {100 * student.half_width(c.accuracy):.1f}",
                         quantity(student.mean(c.latency), "s")])
        elif any(c.platform == name for c in some):
            rows.append([name, "none holds it", "-", f"{100 * max(student.mean(c.accuracy) for c in some if c.platform == name):.1f} % at most", "-"])
    head = f"{network} network, at least {100 * (reference - ALLOWED_LOSS):.1f} % (reference {100 * reference:.1f} %):\n\n"
    return best, winners(best), head + table(["platform", "cheapest design that holds it", "energy an inference", "accuracy", "latency"], rows)


def by_targets(everything, network):
    """Where the winner changes as more accuracy is asked for, among all designs at the base's temperature without wires."""
    some = [c for c in everything if c.network == network and c.axis in ("base", "size", "technology")]
    rows, last = [], None
    for step in range(0, 41):
        target = 0.80 + 0.005 * step
        best = cheapest(some, target)
        now = min(best.values(), key=lambda c: student.mean(c.energy)) if best else None
        name = (now.platform, now.setting, now.cells()) if now else None
        if name != last:
            rows.append([network, f"{100 * target:.1f} %", now.platform if now else "none", now.cells() if now else "-", now.describe() if now else "-"])
            last = name
        if now is None:
            break
    changes = [(a[2:4], b[2:4], b[1]) for a, b in zip(rows, rows[1:]) if a[2:4] != b[2:4] and b[2] != "none"]

    def named(winner, other):
        return winner[0] + (f" with {winner[1]}" if winner[0] == other[0] or winner[1] not in USUAL_CELLS else "")

    short = "; ".join(f"from {named(a, b)} to {named(b, a)} at {at}" for a, b, at in changes)
    end = f"; none holds {rows[-1][1]}" if rows[-1][2] == "none" else ""
    return f"{network} network: " + (short or f"none, {rows[0][2]} wins at every accuracy that any holds") + end, rows


def percent(share):
    return "less than 0.1 %" if 0 < abs(share) < 0.001 else f"{100 * share:+.1f} %"


def change(one, other, figure="energy"):
    """"+12 %", and whether the seeds tell it from nothing."""
    before, after = student.mean(getattr(other, figure)), student.mean(getattr(one, figure))
    p = student.difference_p(getattr(one, figure), getattr(other, figure))
    if before == after and p is None:
        return "no change"
    return percent(after / before - 1) + ("" if p is None else " (significant)" if p < LEVEL else f" (not significant, p = {p:.2g})")


def along(everything, base, axis):
    """Each value of an axis against the base, platform by platform, at equal accuracy; and what stands out."""
    rows, notes, largest = [], [], None
    values = list(dict.fromkeys(c.value for c in everything if c.axis == axis))
    for value in values:
        cells, winner = collections.defaultdict(dict), {}
        for network in ("dense", "sparse"):
            target = next(c.reference for c in base if c.network == network) - ALLOWED_LOSS
            at_base = cheapest([c for c in base if c.network == network], target)
            here = [c for c in everything if c.axis == axis and c.value == value and c.network == network]
            best = cheapest(here, target)
            for platform in dict.fromkeys(c.platform for c in here):
                if platform == BOUND:
                    one = next(c for c in here if c.platform == BOUND)
                    cells[platform][network] = change(one, next(c for c in base if c.platform == BOUND and c.network == network))
                elif platform not in best:
                    most = max(student.mean(c.accuracy) for c in here if c.platform == platform)
                    cells[platform][network] = f"accuracy not held: {100 * most:.1f} % at most"
                elif platform not in at_base:
                    cells[platform][network] = quantity(student.mean(best[platform].energy), "J") + ", where the base does not hold it"
                else:
                    cells[platform][network] = change(best[platform], at_base[platform])
                    share = student.mean(best[platform].energy) / student.mean(at_base[platform].energy) - 1
                    if largest is None or abs(share) > abs(largest[0]):
                        largest = share, f"{platform}, {network} network, {cells[platform][network]} at {value}"
            field = {name: c for name, c in at_base.items() if name not in cells or name in best}
            field.update(best)
            order = sorted(field, key=lambda name: student.mean(field[name].energy))
            winner[network] = order[0] if order else "none"
            usual = min(at_base, key=lambda name: student.mean(at_base[name].energy)) if at_base else "none"
            if winner[network] != usual:
                notes.append(f"{value}: {winner[network]} wins on the {network} network instead of {usual}")
        rows += [[value, platform, found.get("dense", "-"), found.get("sparse", "-")] for platform, found in cells.items()]
        rows.append([value, "**winner**", f"**{winner['dense']}**", f"**{winner['sparse']}**"])
    short = "; ".join(notes) if notes else "no value of it changes the winner"
    if largest:
        short += f"; largest change of an energy: {largest[1]}"
    return short, table(["value", "platform", "energy at equal accuracy against the base, dense", "sparse"], rows)


def wired(everything):
    rows, notes = [], []
    some = [c for c in everything if c.axis == "wired size"]
    for platform in ("latch", "adc"):
        first = {}
        for value in dict.fromkeys(c.value for c in some):
            cells = []
            for network in ("dense", "sparse"):
                c = next((c for c in some if c.network == network and c.platform == platform and c.value == value), None)
                if c is None:
                    cells.append("-")
                    continue
                beside = "" if network not in first else ", " + verdict(c, first[network], "accuracy")
                first.setdefault(network, c)
                cells.append(f"{quantity(student.mean(c.energy), 'J')} at {100 * student.mean(c.accuracy):.1f} % ± {100 * student.half_width(c.accuracy):.1f}{beside}")
            rows.append([platform, value, *cells])
        of = [c for c in some if c.network == "dense" and c.platform == platform]
        if len(of) > 1:
            notes.append(f"{platform} {change(of[-1], of[0])} of energy from {of[0].value} to {of[-1].value}, its difference in accuracy {verdict(of[-1], of[0], 'accuracy')}")
    return "with wires, dense network: " + "; ".join(notes), table(["platform", "array, with wires", "dense; accuracy against the first", "sparse"], rows)


def activity(base):
    """Sparse against dense: each network's cheapest design, and the dense network's design left as it is."""
    rows, gains = [], []
    for platform in PLATFORMS:
        best = {}
        for network in ("dense", "sparse"):
            some = [c for c in base if c.network == network and c.platform == platform]
            if platform in (BOUND, FEWER_IMAGES):
                best[network] = some[0] if some else None
            elif some:
                best[network] = cheapest(some, some[0].reference - ALLOWED_LOSS).get(platform)
        if best.get("dense") and best.get("sparse"):
            same = next((c for c in base if c.network == "sparse" and c.platform == platform and c.setting == best["dense"].setting), best["sparse"])
            text, alone = change(best["sparse"], best["dense"]), change(same, best["dense"])
            rows.append([platform, quantity(student.mean(best["dense"].energy), "J"), quantity(student.mean(best["sparse"].energy), "J"), text, alone])
            share = student.mean(best["sparse"].energy) / student.mean(best["dense"].energy) - 1
            if "not significant" not in text and abs(share) >= 0.001:
                gains.append(f"{platform} {percent(share)}" + (f" ({alone.split(' (')[0]} with the dense network's design)" if same is not best["sparse"] else ""))
    short = "; ".join(gains) if gains else "no platform's energy differs significantly by 0.1 % or more"
    return short, table(["platform", "dense", "sparse", "change at equal accuracy", "change of the dense network's design"], rows)


def precision(base):
    """Every setting of every platform, and which hold the accuracy."""
    rows, least = [], []
    for network in ("dense", "sparse"):
        target = next(c.reference for c in base if c.network == network) - ALLOWED_LOSS
        for platform in PLATFORMS:
            some = [c for c in base if c.network == network and c.platform == platform and c.setting]
            for c in some:
                rows.append([network, platform, c.setting, quantity(student.mean(c.energy), "J"),
                             f"{100 * student.mean(c.accuracy):.1f} % ± {100 * student.half_width(c.accuracy):.1f}", "yes" if c.holds(target) else "no"])
            bits = [c for c in some if ".bits " in c.setting]
            if not bits:
                continue
            kept = [c for c in bits if c.holds(target)]
            most, few = max(bits, key=number_of), min(kept or bits, key=number_of)
            kind = "DAC" if few.setting.startswith("input") else "ADC"
            span = f"{min(map(number_of, bits))} to {number_of(most)} bits of its {kind}"
            more = [c for c in bits if number_of(c) > number_of(few)]
            if not kept:
                least.append(f"{network}: {platform} with none of {span}")
            elif all(c in kept for c in more):
                growth = percent(student.mean(most.energy) / student.mean(few.energy) - 1)
                least.append(f"{network}: {platform} from {number_of(few)} of {span} on, {growth} of energy at {number_of(most)}")
            else:
                worse = any((student.difference_p(few.accuracy, c.accuracy) or 1) < LEVEL for c in more if c not in kept)
                least.append(f"{network}: {platform} with {' or '.join(str(number_of(c)) for c in sorted(kept, key=number_of))} of {span}; with more its accuracy is "
                             + ("significantly less" if worse else "not significantly less, but not held with confidence either"))
    text = table(["network", "platform", "setting", "energy", "accuracy", "held with 95 % confidence"], rows)
    return "; ".join(least) + "; the digital arrays multiply in 8 bits throughout", text


def number_of(candidate):
    return int(candidate.setting.rsplit(" ", 1)[1])


def certainty(best, sensitivity, images):
    """What the comparison can and cannot tell, in figures."""
    order = sorted(best.values(), key=lambda c: student.mean(c.energy))
    lines = []
    if len(order) > 1:
        first, second = order[:2]
        ratio = student.mean(second.energy) / student.mean(first.energy)
        largest = max((e for e in sensitivity.get(f"{first.platform}.energy", []) if e["span"]), key=lambda e: e["span"], default=None)
        text = f"on the dense network {first.platform} leads {second.platform} by {ratio:.3g}"
        if largest:
            most = max(abs(float(largest["low"])), abs(float(largest["high"])))
            text += (f"; of its numbers changed one at a time by 10 %, `{largest['key']}` moves its energy most, by {100 * most:.1f} %" +
                     (", which does not turn the order" if 1 + most < ratio else ", which may turn the order"))
        lines.append(text)
        accuracy = student.mean(first.accuracy)
        error = math.sqrt(accuracy * (1 - accuracy) / images)
        lines.append(f"an accuracy of {100 * accuracy:.1f} % over {images} images has a standard error of {100 * error:.1f} points for images in general, and one image is "
                     f"{100 / images:.1f} points: crossovers between {100 - 200 / images:.1f} % and 100 %, and differences between networks, are those of these images")
    return "; ".join(lines)


def technology_of_digital(best, scaled, logic):
    """The gates simulated, and what the literature makes of them in other technologies, beside the cheapest analog design."""
    rows = [["logic of the simulated gates, 180 nm, no memories", quantity(logic, "J"), "simulated"]]
    rows += [[figure["name"], quantity(figure["energy_J"], "J"), figure["origin"]] for figure in scaled]
    text = table(["the dense network an inference", "energy", "origin"], rows)
    analog = min((c for name, c in best.items() if name in ("latch", "adc", "mesh")), key=lambda c: student.mean(c.energy), default=None)
    if analog is None:
        return "no analog design holds the accuracy.", text
    energy = student.mean(analog.energy)
    below = [figure["name"] for figure in scaled if figure["energy_J"] < energy]
    lowest = min(scaled, key=lambda figure: figure["energy_J"])
    short = (f"below the cheapest analog design ({analog.platform}, {quantity(energy, 'J')}) lie {', '.join(below)}" if below else
             f"none of the cited figures lies below the cheapest analog design ({analog.platform}, {quantity(energy, 'J')})")
    return short + f"; the lowest, {lowest['name']}, is {lowest['energy_J'] / energy:.3g} times as much.", text


def sensitivities(sensitivity):
    rows = []
    for metric, entries in sensitivity.items():
        largest = sorted((e for e in entries if e["span"]), key=lambda e: -e["span"])
        for e in largest[:5]:
            rows.append([metric, f"`{e['key']}`", *(percent(float(e[end])) for end in ("low", "high")), f"{100 * float(e['span']):.1f} %"])
    return table(["metric", "number", "lowered by 10 %", "raised by 10 %", "span"], rows) + (
        "\nIntegers go down and up by 1 at least: a bit is a bit. Coefficients of the digital energies (`energy: cmos45_horowitz2014`) are a table, no numbers of the "
        "scenario, and are not among these; every energy of systolic and zero_skip is a sum of counts times such coefficients.\n")


def designs(everything):
    """What can stand on the front, dense network; designs of the base once."""
    return [c for c in everything if c.network == "dense" and c.platform not in (BOUND, FEWER_IMAGES)]


def fronts(everything):
    rows, before = [], None
    for c in front(designs(everything)):
        rows.append([c.platform, f"{c.axis}: {c.value}", c.describe(), "-" if before is None else verdict(c, before, "accuracy")])
        before = c
    return table(["platform", "design", "energy and accuracy", "more accurate than the line above"], rows)


def write(folder, points, sensitivity, scaled, logic, reduced):
    everything = candidates(points)
    base = [c for c in everything if c.axis == "base"]
    best, equal, winner = {}, {}, {}
    for network in ("dense", "sparse"):
        best[network], winner[network], equal[network] = at_equal_accuracy(base, network)
    crossovers = {network: by_targets(everything, network) for network in ("dense", "sparse")}
    sparsity, activity_table = activity(base)
    axes = {axis: along(everything, base, axis) for axis in ("size", "technology", "temperature")}
    wired_short, wired_table = wired(everything)
    precise_short, precise_table = precision(base)
    scaled_short, scaled_table = technology_of_digital(best["dense"], scaled, logic)
    seeds = max(len(c.energy) for c in everything)
    page = ["# Analog or digital: conclusions\n",
            "Written by study.py from points.csv" + (" of a **reduced** run: a check that it runs, not a result. " if reduced else ". ") +
            f"MNIST, 784-128-64-10, the same {len(everything)} designs whenever it is run. \"Equal accuracy\": at most {100 * ALLOWED_LOSS:.0f} point below the reference, "
            f"held with 95 % confidence over up to {seeds} seeds of devices and noise; ± is the 95 % interval of the mean over seeds; significant: Welch's t at "
            f"{100 * LEVEL:.0f} %. All runs see the same images, so intervals do not hold what other images would change. Energies of converters, latches, "
            "operations and memories are coefficients of different technologies, cited or, as the clock of the digital arrays, chosen (`szilard explain` tells which): "
            "ratios are of these designs, not of what is possible.\n",
            "## In short\n",
            "\n".join([f"- **Equal accuracy, {network} network**: {winner[network]}." for network in ("dense", "sparse")] +
                      [f"- **Crossovers with the accuracy asked for**, {crossovers[network][0]}." for network in ("dense", "sparse")] +
                      [f"- **Precision that holds it**, {precise_short}."] +
                      [f"- **Activity**, sparse against dense: {sparsity}.", f"- **Array size**: {axes['size'][0]}; {wired_short}.",
                       f"- **Technology of the cells**: {axes['technology'][0]}.", f"- **Technology of the digital logic**: {scaled_short}",
                       f"- **Temperature**: {axes['temperature'][0]}; the bound goes with it; cited coefficients of converters, latches and digital logic know none.",
                       f"- **How sure**: {certainty(best['dense'], sensitivity, IMAGES['reduced' if reduced else 'whole'])}.",
                       f"- **Not in any energy**: programming the weights, leakage (but of the gates), control and decoders, memory off the chip, cooling; the crossbars' tiles hold all weights at once, "
                       "the digital arrays load them from their memories. Only the wired runs have resistance in their lines."]) + "\n",
            "## Equal accuracy\n", equal["dense"], equal["sparse"],
            "## Energy and accuracy of all designs\n", "![Energy and accuracy](pareto.svg)\n",
            "## What the energies hang on\n", "![Sensitivity](sensitivity.svg)\n",
            "Every comparison behind these lines, value by value, with its significance: [tables.md](tables.md).\n"]
    tables = ["# Analog or digital: tables\n", "What [conclusions.md](conclusions.md) rests on, written with it from points.csv.\n",
              "## Precision\n", precise_table,
              "## Crossovers: the cheapest design for the accuracy asked for, with any size and any cells\n",
              table(["network", "accuracy asked for, from", "winner", "cells", "its cheapest design"], crossovers["dense"][1] + crossovers["sparse"][1]),
              "## Activity\n", activity_table, "## Array size\n", axes["size"][1], wired_table,
              "## Technology of the cells\n", axes["technology"][1], "## Technology of the digital logic\n", scaled_table,
              "## Temperature\n", axes["temperature"][1], "## Pareto front, dense network\n", fronts(everything),
              "## Sensitivity\n", sensitivities(sensitivity)]
    for name, parts in (("conclusions", page), ("tables", tables)):
        (folder / f"{name}.md").write_text("\n".join(parts), encoding="utf-8")
    pictures.pareto(folder / "pareto.svg", designs(everything), front(designs(everything)))
    pictures.tornado(folder / "sensitivity.svg", sensitivity)
