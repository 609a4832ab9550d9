# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
"""What the points of study.py say: one page of conclusions and two pictures, every figure from the results."""
import collections

import student
import pictures

ALLOWED_LOSS = 0.01   # of accuracy, against the reference: what "equal" means
LEVEL = 0.05          # of significance
PLATFORMS = {"ideal": "resets at Landauer's limit, lossless medium", "latch": "crossbars, analog from layer to layer, CMOS latches",
             "adc": "crossbars with ADCs, ReLU in RTL", "mesh": "interferometer mesh, receivers, CMOS latches",
             "systolic": "int8 systolic array, 45 nm coefficients", "zero_skip": "int8 multipliers that skip zeros, 45 nm coefficients",
             "gates": "bit-serial multipliers, every gate of 180 nm cells"}
BOUND = "ideal"       # no design: beside the others, never among them


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
        if one.platform != BOUND and one.holds(target):
            if one.platform not in best or student.mean(one.energy) < student.mean(best[one.platform].energy):
                best[one.platform] = one
    return best


def verdict(a, b, figure="energy"):
    """A sentence on the difference of two designs against their spread."""
    p = student.difference_p(getattr(a, figure), getattr(b, figure))
    if p is None:
        return "neither varies with the seed"
    return f"significant against the seed spread, p = {p:.1g}" if p < LEVEL else f"not significant, p = {p:.2g}"


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
        elif name in best:
            c = best[name]
            spread = student.half_width(c.energy)
            rows.append([name, c.setting or "-", quantity(student.mean(c.energy), "J") + (f" ± {quantity(spread, 'J')}" if spread else ""),
                         f"{100 * student.mean(c.accuracy):.1f} % ± {100 * student.half_width(c.accuracy):.1f}",
                         quantity(student.mean(c.latency), "s")])
        elif any(c.platform == name for c in some):
            rows.append([name, "none holds it", "-", f"{100 * max(student.mean(c.accuracy) for c in some if c.platform == name):.1f} % at most", "-"])
    return best, f"At least {100 * (reference - ALLOWED_LOSS):.1f} % (reference {100 * reference:.1f} %), {network} network: " + winners(best) + ".\n\n" + table(
        ["platform", "cheapest design that holds it", "energy an inference", "accuracy", "latency"], rows)


def by_targets(base, network):
    """Where the winner changes as more accuracy is asked for."""
    some = [c for c in base if c.network == network]
    rows, last = [], None
    for step in range(0, 41):
        target = 0.80 + 0.005 * step
        best = cheapest(some, target)
        now = min(best.values(), key=lambda c: student.mean(c.energy)) if best else None
        name = (now.platform, now.setting) if now else None
        if name != last:
            rows.append([f"{100 * target:.1f} %", now.platform if now else "none", now.describe() if now else "-"])
            last = name
        if now is None:
            break
    changes = [(a[1], b[1], b[0]) for a, b in zip(rows, rows[1:]) if a[1] != b[1] and b[1] != "none"]
    text = "; ".join(f"from {a} to {b} at {at}" for a, b, at in changes)
    head = f"{network} network: the winner changes {text}." if changes else f"{network} network: the same platform wins at every accuracy that any reaches."
    return head + "\n\n" + table(["accuracy asked for, from", "winner", "its cheapest design"], rows)


def along(everything, base, axis):
    """Each value of an axis against the base, platform by platform, at equal accuracy."""
    rows = []
    values = list(dict.fromkeys((c.axis, c.value) for c in everything if c.axis == axis))
    for network in ("dense", "sparse"):
        reference = next(c.reference for c in base if c.network == network)
        target = reference - ALLOWED_LOSS
        at_base = cheapest([c for c in base if c.network == network], target)
        for _, value in values:
            here = [c for c in everything if c.axis == axis and c.value == value and c.network == network]
            best = cheapest(here, target)
            for platform in dict.fromkeys(c.platform for c in here if c.platform != BOUND):
                if platform not in best:
                    most = max(student.mean(c.accuracy) for c in here if c.platform == platform)
                    rows.append([network, value, platform, "accuracy not held", f"{100 * most:.1f} % at most", "-"])
                elif platform not in at_base:
                    rows.append([network, value, platform, quantity(student.mean(best[platform].energy), "J"), "-", "-"])
                else:
                    one, other = best[platform], at_base[platform]
                    change = 100 * (student.mean(one.energy) / student.mean(other.energy) - 1)
                    rows.append([network, value, platform, quantity(student.mean(one.energy), "J"), f"{change:+.1f} %", verdict(one, other)])
            field = dict(at_base)
            field.update(best)
            for platform in {c.platform for c in here} - set(best):
                field.pop(platform, None)
            order = sorted(field.values(), key=lambda c: student.mean(c.energy))
            if order:
                rows.append([network, value, "**winner: " + order[0].platform + "**", quantity(student.mean(order[0].energy), "J"), "", ""])
    return table(["network", "value", "platform", "energy an inference", "against the base", "significance"], rows)


def wired(everything):
    rows = []
    some = [c for c in everything if c.axis == "wired size"]
    for network in ("dense", "sparse"):
        for platform in ("latch", "adc"):
            own = [c for c in some if c.network == network and c.platform == platform]
            for c in own:
                rows.append([network, platform, c.value, quantity(student.mean(c.energy), "J"),
                             f"{100 * student.mean(c.accuracy):.1f} % ± {100 * student.half_width(c.accuracy):.1f}",
                             "-" if c is own[0] else verdict(c, own[0], "accuracy")])
    return table(["network", "platform", "array, with wires", "energy an inference", "accuracy", "accuracy against the first"], rows)


def activity(base):
    rows = []
    for platform in PLATFORMS:
        best = {}
        for network in ("dense", "sparse"):
            some = [c for c in base if c.network == network and c.platform == platform]
            if platform == BOUND:
                best[network] = some[0] if some else None
            elif some:
                best[network] = cheapest(some, some[0].reference - ALLOWED_LOSS).get(platform)
        if best.get("dense") and best.get("sparse"):
            change = 100 * (student.mean(best["sparse"].energy) / student.mean(best["dense"].energy) - 1)
            rows.append([platform, quantity(student.mean(best["dense"].energy), "J"), quantity(student.mean(best["sparse"].energy), "J"),
                         f"{change:+.1f} %", verdict(best["sparse"], best["dense"])])
    return table(["platform", "dense", "sparse", "change", "significance"], rows)


def technology_of_digital(best, scaled, logic):
    analog = min((c for name, c in best.items() if name in ("latch", "adc", "mesh")), key=lambda c: student.mean(c.energy), default=None)
    rows = [["gates simulated, 180 nm: logic without memories", quantity(logic, "J"), "simulated"]]
    rows += [[figure["name"], quantity(figure["energy_J"], "J"), figure["origin"]] for figure in scaled]
    text = table(["what the digital network would take, an inference", "energy", "origin"], rows)
    if analog is None:
        return text
    energy = student.mean(analog.energy)
    below = [figure for figure in scaled if figure["energy_J"] < energy]
    end = ("none of these is below it: " if not below else "below it: " + ", ".join(f["name"] for f in below) + ". ")
    closest = min(scaled, key=lambda f: f["energy_J"])
    return text + f"\nThe cheapest analog design takes {quantity(energy, 'J')} ({analog.platform}); {end}the lowest is {closest['energy_J'] / energy:.3g} times as much ({closest['name']}).\n"


def sensitivities(sensitivity):
    rows = []
    for metric, entries in sensitivity.items():
        largest = sorted((e for e in entries if e["span"]), key=lambda e: -e["span"])
        for e in largest[:3]:
            rows.append([metric, f"`{e['key']}`", f"{100 * float(e['span']):.1f} %"])
    return table(["metric", "number", "span of the metric for ± 10 %"], rows)


def write(folder, points, sensitivity, scaled, logic, reduced):
    everything = candidates(points)
    base = [c for c in everything if c.axis == "base"]
    best, equal = at_equal_accuracy(base, "dense")
    best_sparse, equal_sparse = at_equal_accuracy(base, "sparse")
    seeds = max(len(c.energy) for c in everything)
    page = ["# Analog or digital: conclusions\n",
            "Written by study.py from points.csv" + (" of a **reduced** run: a check that it runs, not a result" if reduced else "") + ". " +
            f"MNIST, 784-128-64-10; \"equal accuracy\" is at most {100 * ALLOWED_LOSS:.0f} point below the reference, held with 95 % confidence over up to {seeds} seeds "
            f"of devices and noise; ± is the 95 % interval of the mean over seeds; differences are tested by Welch's t at {100 * LEVEL:.0f} %. All runs see the same images, "
            "so that intervals do not hold what other images would change. Energies of converters, latches and memories are cited coefficients "
            "of different technologies (`szilard explain`): a ratio between platforms is one of these designs, not of what is possible.\n",
            "## Who wins at equal accuracy\n", equal, equal_sparse,
            "## Crossovers with the accuracy asked for (precision)\n", by_targets(base, "dense"), by_targets(base, "sparse"),
            "## Activity: the dense and the sparse network\n", activity(base),
            "## Array size\n", along(everything, base, "size"), wired(everything),
            "## Technology of the cells\n", along(everything, base, "technology"),
            "## Technology of the digital logic\n", technology_of_digital(best, scaled, logic),
            "## Temperature\n", along(everything, base, "temperature"),
            "## Pareto front of all designs, dense network\n",
            table(["platform", "design", "energy and accuracy"], [[c.platform, f"{c.axis}: {c.value}", c.describe()]
                  for c in front([c for c in everything if c.network == "dense" and c.platform != BOUND])]),
            "![Energy and accuracy](pareto.svg)\n",
            "## Sensitivity\n", sensitivities(sensitivity), "![Sensitivity](sensitivity.svg)\n"]
    (folder / "conclusions.md").write_text("\n".join(page), encoding="utf-8")
    pictures.pareto(folder / "pareto.svg", [c for c in everything if c.network == "dense"], front([c for c in everything if c.network == "dense" and c.platform != BOUND]))
    pictures.tornado(folder / "sensitivity.svg", sensitivity)
