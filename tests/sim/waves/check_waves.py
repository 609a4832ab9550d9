# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
"""Reads waves.vcd with a reader of its own and holds it against the run's ledger, outputs and summary.

usage: check_waves.py SZILARD SOURCE_DIR FOLDER
waves.fst is read back by GTKWave's fst2vcd where it is installed.
"""
import csv
import json
import pathlib
import shutil
import struct
import subprocess
import sys

SCENARIO = """szilard: 1
name: waves
temperature: 300 K
network: {data}/digits_mlp_64_32_10.onnx
dataset: {{inputs: {data}/digits_test_images.npy, labels: {data}/digits_test_labels.npy, scale: 0.0625, samples: 30}}
waves: {{format: {format}, first_sample: {first}, samples: {samples}, signals: {signals}}}
platforms:
  - {{name: rram, linear: {{model: electronic_crossbar, preset: rram_wan2022, rows: 64, columns: 64}}, input: {{model: dac, preset: dac_40nm_vlsi2018, bits: 8}},
     neuron: {{model: relu_bit, preset: sense_amplifier_28nm, reset: cmos_latch}}}}
  - {{name: lazy, linear: {{model: ideal}}, neuron: {{model: relu_bit, policy: on_change, decision_time: 1 ns}}}}
  - {{name: failing, linear: {{model: ideal}}, neuron: {{model: relu_bit, reset: two_level, {reset}}}}}
  - {{name: hybrid, linear: {{model: electronic_crossbar, preset: rram_wan2022, rows: 64, columns: 64}}, input: {{model: dac, preset: dac_40nm_vlsi2018, bits: 8}},
     output: {{model: adc, preset: adc_aimc28, bits: 8}}, neuron: {{model: relu_rtl, lanes: 16, clock: 1 GHz, energy: cmos45_horowitz2014}}}}
  - {{name: systolic, digital: {{rtl: systolic_int8, rows: 8, columns: 8, batch: 4, clock: 1 GHz, energy: cmos45_horowitz2014}}}}
  - {{name: skipping, digital: {{rtl: zero_skip_int8, rows: 8, columns: 8, batch: 4, clock: 500 MHz, energy: cmos45_horowitz2014}}}}
  - {{name: bfloat, digital: {{rtl: mac_bf16, rows: 8, columns: 8, batch: 4, clock: 1 GHz, energy: cmos45_horowitz2014}}}}
  - {{name: mesh, linear: {{model: mzi_mesh, preset: mzi_harris2014, modes: 64}}, neuron: {{model: relu_bit, preset: sense_amplifier_28nm, reset: cmos_latch}}}}
  - {{name: rings, linear: {{model: ring_bank, preset: ring_bank_silicon, modes: 64}}, neuron: {{model: relu_bit, preset: sense_amplifier_28nm, reset: cmos_latch}}}}
  - {{name: springs, quasistatic: {{stiffness: 1e4 kT, relaxation_time: 1 ns, ramp: 20 tau}}}}
"""
RESET = "relaxation_time: 1 ns, reset_time: 3 ns, tilt: 4 kT, decision_time: 1 ns"


def read_vcd(text):
    """{path: (type, width, [(time_s, value)])}, by the grammar of IEEE 1364-2005, 18.2."""
    words = iter(text.split())
    scope, signals, by_code, unit, now = [], {}, {}, None, None
    units = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9, "ps": 1e-12, "fs": 1e-15}

    def until_end():
        found = []
        for word in words:
            if word == "$end":
                return found
            found.append(word)
        raise ValueError("no $end")

    for word in words:
        if word == "$enddefinitions":
            until_end()
            break
        content = until_end()
        if word == "$timescale":
            scale = "".join(content)
            digits = scale.rstrip("abcdefghijklmnopqrstuvwxyz")
            unit = int(digits) * units[scale[len(digits):]]
        elif word == "$scope":
            scope.append(content[1])
        elif word == "$upscope":
            scope.pop()
        elif word == "$var":
            kind, width, code, name = content[0], int(content[1]), content[2], content[3]
            path = ".".join(scope + [name])
            assert path not in signals, f"{path} stands twice"
            signals[path] = (kind, width, [])
            by_code.setdefault(code, []).append(signals[path])
        elif word not in ("$version", "$date", "$comment", "$attrbegin"):
            raise ValueError(word)
    assert not scope and unit
    for word in words:
        if word.startswith("#"):
            assert now is None or int(word[1:]) > now, "time goes back"
            now = int(word[1:])
        elif word[0] in "$":
            continue
        else:
            if word[0] in "rR":
                value, code = float(word[1:]), next(words)
            elif word[0] in "bB":
                value, code = int(word[1:].replace("x", "0"), 2), next(words)
            else:
                value, code = (None if word[0] in "xz" else int(word[0])), word[1:]
            for signal in by_code[code]:
                signal[2].append((now, value))
    return unit, signals


def integral(changes, unit):
    return sum(value * (after - time) * unit for (time, value), (after, _) in zip(changes, changes[1:])) if changes else 0.0


def identifier(name):
    return "".join(c if c.isascii() and (c.isalnum() or c == "_") else "_" for c in name)


def read_npy(path):
    data = pathlib.Path(path).read_bytes()
    size = struct.unpack("<H", data[8:10])[0]
    header = eval(data[10:10 + size], {}, {})  # a dict of literals
    count = 1
    for extent in header["shape"]:
        count *= extent
    return header["shape"], struct.unpack(f"<{count}d", data[10 + size:10 + size + 8 * count])


def run(program, source, folder, name, *arguments, code=0, **keys):
    values = dict(data=pathlib.Path(source, "scenarios/data").resolve(), format="both", first=5, samples=10, signals="all", reset=RESET)
    values.update(keys)
    scenario = folder / f"{name}.yaml"
    scenario.write_text(SCENARIO.format(**values))
    done = subprocess.run([program, "run", scenario, "-q", "-o", folder / name, *arguments], capture_output=True, text=True)
    assert done.returncode == code, f"exit {done.returncode}: {done.stderr}"
    return folder / name, done.stderr


def dissipated(folder, first, last):
    """{component: joules} in samples [first, last)."""
    sums = {}
    with open(folder / "ledger.csv") as file:
        for row in csv.DictReader(file):
            if row["fate"] == "dissipated" and first <= int(row["sample"]) < last:
                sums[row["component"]] = sums.get(row["component"], 0.0) + float(row["joules"])
    return sums


def check_energy(folder, first, last):
    unit, signals = read_vcd((folder / "waves.vcd").read_text())
    sums = dissipated(folder, first, last)
    worst, platforms = 0.0, {}
    for component, joules in sums.items():
        steps = component.split("/")
        platforms[steps[0]] = platforms.get(steps[0], 0.0) + joules
        path = ".".join(identifier(step) for step in steps) + ".power_W"
        kind, _, changes = signals[path]
        assert kind == "real" and changes[0][0] == 0 and changes[-1][1] == 0, (path, changes[:3], changes[-1])
        error = abs(integral(changes, unit) - joules) / abs(joules)
        worst = max(worst, error)
        assert error < 1e-9, (path, integral(changes, unit), joules)
    for platform, joules in platforms.items():
        found = integral(signals[platform + ".power_W"][2], unit)
        assert abs(found - joules) < 1e-9 * abs(joules), (platform, found, joules)
    return signals, len(sums), worst


def check_clocks(folder, signals, trace, period_ps):
    """Clock by clock, the power of digital platforms is what --clock-trace says, and sums to the ledger."""
    sums = {}
    for component, joules in dissipated(folder, 0, 1 << 40).items():
        platform = component.split("/")[0]
        sums[platform] = sums.get(platform, 0.0) + joules
    (count,), clocks = read_npy(trace)
    cycles = {platform["name"]: platform["cycles"] for platform in json.loads((folder / "summary.json").read_text())["platforms"]}
    at = 0
    for platform, period in period_ps.items():  # the trace has one platform behind the other
        kind, _, changes = signals[platform + ".clock_power_W"]
        assert kind == "real" and changes[-1][1] == 0, (platform, changes[-1])
        found = integral(changes, 1e-12)
        assert abs(found - sums[platform]) < 1e-9 * sums[platform], (platform, found, sums[platform])
        assert {(time - changes[1][0]) % period for time, _ in changes[1:]} == {0}, platform
        # Values that repeat are written once: spread out again, one a clock; between batches nothing runs.
        spread = [value for (time, value), (after, _) in zip(changes[1:], changes[2:]) for _ in range((after - time) // period) if value != 0]
        own = [joules for joules in clocks[at:at + cycles[platform]] if joules != 0]
        at += cycles[platform]
        assert len(spread) == len(own) > 30, (platform, len(own), len(spread))
        assert all(abs(value * period * 1e-12 - joules) <= 1e-12 * joules for value, joules in zip(spread, own)), platform
        assert len(set(spread)) > 10, (platform, "all clocks alike")
        check_parts_of_clocks(folder, signals, platform)
    assert at == count, (at, count)


def check_parts_of_clocks(folder, signals, platform):
    """Each part's power clock by clock sums to its ledger rows, and that of all parts to the platform's in every clock."""
    parts = {component: joules for component, joules in dissipated(folder, 0, 1 << 40).items() if component.startswith(platform + "/")}
    assert len(parts) >= 8, parts
    steps = {}
    for component, joules in parts.items():
        changes = signals[".".join(identifier(step) for step in component.split("/")) + ".clock_power_W"][2]
        found = integral(changes, 1e-12)
        assert abs(found - joules) < 1e-9 * joules, (component, found, joules)
        assert len({value for _, value in changes}) > 2 or component.endswith("_sram"), (component, "a mean")
        before = 0.0
        for time, value in changes:
            steps[time] = steps.get(time, 0.0) + value - before
            before = value
    whole = dict(signals[platform + ".clock_power_W"][2])
    largest, power, of_platform = max(whole.values()), 0.0, 0.0
    for time in sorted(steps.keys() | whole.keys()):
        power += steps.get(time, 0.0)
        of_platform = whole.get(time, of_platform)
        assert abs(power - of_platform) < 1e-9 * largest, (platform, time, power, of_platform)


def check_events(folder, signals):
    """All samples, all signals: events are those that the summary counts; bits stand as the neurons' outputs say."""
    summary = json.loads((folder / "summary.json").read_text())
    for platform in summary["platforms"]:
        name = platform["name"]
        if platform["kind"] != "dynamic-analog":
            continue
        for event in ("set", "reset"):
            found = sum(len(changes) for path, (kind, _, changes) in signals.items() if kind == "event" and path.startswith(name + ".") and path.split(".")[-1].startswith(event + "_"))
            assert found == platform["neurons"][event + "s"], (name, event, found, platform["neurons"])
        for path, (kind, width, changes) in signals.items():
            if not path.startswith(name + ".") or not path.split(".")[-1].startswith("s_"):
                continue
            assert kind == "wire" and width == 1 and {value for _, value in changes} <= {0, 1}
            scope, number = path.rsplit(".s_", 1)
            sets = [t for t, _ in signals[f"{scope}.set_{number}"][2]]
            rises = [t for (t, value), (_, before) in zip(changes[1:], changes) if value > before]
            assert set(sets) <= set(rises), (path, sets, rises)
            assert name == "failing" or len(sets) == len(rises), (path, sets, rises)  # resets that fail leave bits at 1
            layer = scope.rsplit(".", 1)[0]
            x, y = (dict(signals[f"{layer}.{letter}_{number}"][2]) for letter in "xy")
            for time in sets:  # what is set passes its input on from that time: x = s y, where the next input may stand already
                inputs = [y[t] for t in sorted(t for t in y if t <= time)[-2:]]
                assert x[max(t for t in x if t <= time)] in inputs, (path, time)


def check_relu_words(signals, samples):
    """Words of the ReLU units of all layers, one clock (1 ns) a word."""
    units = sorted({path.rsplit(".", 1)[0] for path in signals if path.startswith("hybrid.") and path.endswith(".rtl.valid_q")})
    assert units, "no words of ReLU units"
    for unit in units:
        def at(name, time):
            """What stood at a time; the waves have changes only."""
            found = [value for t, value in signals[f"{unit}.{name}"][2] if t <= time]
            return found[-1] if found else None
        kinds = [signals[f"{unit}.{name}"][:2] for name in ("valid", "valid_q", "codes_0", "codes_q_0")]
        assert kinds == [("wire", 1), ("wire", 1), ("wire", 16), ("wire", 16)], kinds
        words = 0
        for time in sorted({t for name in ("valid", "codes_0") for t, _ in signals[f"{unit}.{name}"][2]}):
            if at("valid", time) != 1:
                continue
            entered = at("codes_0", time)
            assert at("codes_q_0", time + 1000) == (0 if entered >> 15 else entered), (unit, time)
            assert at("valid_q", time + 1000) == 1, (unit, time)
            words += 1
        assert words >= min(samples, 3), (unit, words)


def check_outputs(folder, signals):
    """The last value of the last layer's outputs is that of outputs.npy; words of both files are of one grammar."""
    (platforms, samples, size), outputs = read_npy(folder / "outputs.npy")
    names = [p["name"] for p in json.loads((folder / "summary.json").read_text())["platforms"]]
    layer = identifier(json.loads((folder / "summary.json").read_text())["network"]["layers"][-1]["name"])
    for p, name in enumerate(names):
        if name in ("rram", "hybrid"):
            for i in range(size):
                assert signals[f"{name}.{layer}.x_{i}"][2][-1][1] == outputs[(p * samples + samples - 1) * size + i], (name, i)
        if name == "hybrid":  # what leaves a lane of the ReLU unit is what entered it one clock before, or 0
            check_relu_words(signals, samples)
        if name == "systolic":  # words that RTL delivered, times one scale, are the outputs
            scales = []
            for i in range(size):
                kind, width, changes = signals[f"{name}.{layer}.code_{i}"]
                assert (kind, width) == ("wire", 32)
                code = changes[-1][1] - (1 << 32 if changes[-1][1] >> 31 else 0)
                output = outputs[(p * samples + samples - 1) * size + i]
                assert signals[f"{name}.out_{i}"][2][-1][1] == output
                scales += [output / code] if code else []
            registers = {path: changes for path, (kind, _, changes) in signals.items() if path.startswith("systolic.rtl.") and kind == "wire"}
            busy = [path for path, changes in registers.items() if len(changes) > samples]
            assert len(registers) >= 20 and len(busy) >= 5, (len(registers), busy)
            # Batches begin whole clocks after one another here, so all edges are.
            assert len({time % 1000 for changes in registers.values() for time, _ in changes}) == 1, "off the clock's edges"
            assert len(scales) > size // 2 and max(scales) - min(scales) < 1e-12 * max(scales), scales


def check_fst(folder, signals):
    program = shutil.which("fst2vcd")
    if program is None:
        print("waves.fst not read back: no fst2vcd; apt-get install gtkwave")
        return
    text = subprocess.run([program, folder / "waves.fst"], check=True, capture_output=True, text=True).stdout
    _, others = read_vcd(text)
    assert others.keys() == signals.keys()
    for path, (kind, width, changes) in signals.items():
        assert others[path][:2] == (kind, width), (path, others[path][:2], kind, width)
        # GTKWave's library writes what stands at the first time even where nothing was written.
        known = set(changes)
        found = [change for change in others[path][2] if change[1] is not None and change in known or change[0] > 0]
        if kind == "real":
            assert [t for t, _ in found] == [t for t, _ in changes], path
            assert all(abs(a - b) <= 1e-12 * abs(b) for (_, a), (_, b) in zip(found, changes)), path
        else:
            assert found == changes, (path, found[:4], changes[:4])


def traces_of(save):
    return [line.split("} ")[-1].split("[")[0] for line in pathlib.Path(save).read_text().splitlines() if not line.startswith(("[", "@", "-", "*"))]


def check_gtkwave(folder, save):
    """GTKWave itself takes the save file: every trace in it is on display."""
    if not shutil.which("gtkwave") or not shutil.which("xvfb-run"):
        print("waves.gtkw not opened: no gtkwave or no xvfb-run; apt-get install gtkwave xvfb")
        return
    script = folder / "count.tcl"
    script.write_text('puts "traces [gtkwave::getTotalNumTraces] facilities [gtkwave::getNumFacs]"\ngtkwave::/File/Quit\n')
    done = subprocess.run(["xvfb-run", "-a", "gtkwave", "--nomenus", "-S", script, "waves.fst", save], cwd=folder, capture_output=True, text=True, timeout=120)
    found = [line.split() for line in done.stdout.splitlines() if line.startswith("traces ")]
    assert found, done.stdout + done.stderr
    wanted = sum(not line.startswith(("[", "@", "*")) for line in (folder / save).read_text().splitlines())
    assert int(found[0][1]) == wanted, (found, wanted)


def check_gtkw(folder, signals):
    lines = (folder / "waves.gtkw").read_text().splitlines()
    assert lines[1] == '[dumpfile] "waves.fst"'
    names = traces_of(folder / "waves.gtkw")
    assert len(names) > 20 and all(name in signals for name in names), [n for n in names if n not in signals][:3]
    # The recording fills the window: GTKWave shows 2^-zoom units of time, here ps, in 200 pixels.
    zoom = float(next(line for line in lines if line.startswith("*"))[1:].split()[0])
    end = max(time for _, _, changes in signals.values() for time, _ in changes)
    assert abs(2 ** -zoom * 3.7 / end - 1) < 1e-3, (zoom, end)
    assert sum(name.endswith("power_W") for name in names) == sum(path.endswith("power_W") for path in signals)


def check_shipped(program, source, folder):
    """The shipped scenario and its save file: names that it wants are there, and GTKWave shows them."""
    scenario = pathlib.Path(source, "scenarios/digits-waves").resolve()
    subprocess.run([program, "run", scenario / "scenario.yaml", "-q", "-o", folder / "shipped"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    signals, _, _ = check_energy(folder / "shipped", 0, 10)
    saves = list(scenario.glob("*.gtkw"))
    assert saves
    for save in saves:
        names = traces_of(save)
        assert len(names) > 10 and all(name in signals for name in names), [name for name in names if name not in signals]
        check_gtkwave(folder / "shipped", save)
    check_gtkw(folder / "shipped", signals)


def main(program, source, folder):
    folder = pathlib.Path(folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    some, _ = run(program, source, folder, "some")
    signals, components, worst = check_energy(some, 5, 15)
    assert sum(path.count(".") == 1 and path.endswith(".clock_power_W") for path in signals) == 3
    check_fst(some, signals)
    check_gtkw(some, signals)
    check_gtkwave(some, "waves.gtkw")
    check_shipped(program, source, folder)
    every, _ = run(program, source, folder, "every", "--clock-trace", str(folder / "clocks.npy"), first=0, samples="all")
    signals, _, _ = check_energy(every, 0, 30)
    check_clocks(every, signals, folder / "clocks.npy", {"systolic": 1000, "skipping": 2000, "bfloat": 1000})
    check_events(every, signals)
    check_outputs(every, signals)
    blocks, _ = run(program, source, folder, "blocks", "--quantum", "1")
    for name in ("waves.vcd", "waves.fst", "waves.gtkw", "outputs.npy"):
        assert (blocks / name).read_bytes() == (some / name).read_bytes(), f"{name} depends on the quantum"
    few, _ = run(program, source, folder, "few", format="vcd", samples=1, signals=3)
    assert not (few / "waves.fst").exists()
    _, signals = read_vcd((few / "waves.vcd").read_text())
    assert "rram.in_2" in signals and "rram.in_3" not in signals
    plain = folder / "plain.yaml"
    plain.write_text("\n".join(line for line in (folder / "some.yaml").read_text().splitlines() if not line.startswith("waves:")))
    subprocess.run([program, "run", plain, "-q", "-o", folder / "plain"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert not (folder / "plain/waves.vcd").exists()
    for name in ("ledger.csv", "outputs.npy", "coefficients.json"):
        assert (folder / "plain" / name).read_bytes() == (some / name).read_bytes(), f"recording waves changes {name}"
    _, message = run(program, source, folder, "beyond", first=30, code=2)
    assert "waves begin at sample 30, the run has 30 samples" in message and message.count("error:") == 1, message
    blocked = folder / "blocked"
    (blocked / "waves.vcd").mkdir(parents=True)
    _, message = run(program, source, folder, "blocked", code=4)
    assert "waves.vcd" in message, message
    print(f"{components} components, worst difference between wave and ledger {worst:.1e}")
    return 0


sys.exit(main(*sys.argv[1:]))
