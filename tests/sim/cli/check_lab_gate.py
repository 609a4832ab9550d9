# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
"""`szilard lab gate --vcd` by its contract (docs/gate-level.md), held against a reading of dump, netlist and library that shares nothing
with szilard: samples just before each rising edge, values by the library's functions, toggles net by net, joules from pin capacitances.

usage: check_lab_gate.py SZILARD
The block is mapped by yosys and simulated by Icarus, whose dump also has the mapped nets. Exit 77 (skipped) where these or osu018 are missing.
"""
import itertools
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import mapped_block

BLOCK = """module block (input clk, input rst, input en, input [3:0] a, input [3:0] b, output logic [7:0] acc, output [3:0] mix);
  assign mix = (a & b) ^ {4{acc[0]}};
  always_ff @(posedge clk) if (rst) acc <= 0; else if (en) acc <= acc + a * b;
endmodule
"""
# Inputs change within the cycle too, and once after the last edge: neither counts.
BENCH = """`timescale 1ns/1ps
module tb;
  reg clk = 0, rst, en; reg [3:0] a, b; wire [7:0] acc; wire [3:0] mix; integer i, seed = 7;
  block dut (.clk(clk), .rst(rst), .en(en), .a(a), .b(b), .acc(acc), .mix(mix));
  initial begin
    $dumpfile("tb.vcd"); $dumpvars(0, tb);
    #2;
    for (i = 0; i < 500; i = i + 1) begin
      if (i > 1) begin rst = i < 5; en = $random(seed); a = $random(seed); b = $random(seed); end
      #4 clk = 1; #3 if (i % 7 == 3) a = $random(seed); #2 clk = 0; #1;
    end
    #3 a = ~a; #5 $finish;
  end
endmodule
"""


def group(text, start):
    """What stands between the brace at the end of `start` and its partner."""
    depth, at = 1, start
    while depth:
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
    return text[start:at - 1]


def read_library():
    text, cells = pathlib.Path(mapped_block.LIBRARY).read_text(), {}
    for found in re.finditer(r"\bcell\s*\(\s*(\w+)\s*\)\s*\{", text):
        body, pins = group(text, found.end()), {}
        for pin in re.finditer(r"\bpin\s*\(\s*(\w+)\s*\)\s*\{", body):
            inner = group(body, pin.end())

            def value(key, otherwise=None):
                match = re.search(key + r'\s*:\s*"?([^;"]+)"?\s*;', inner)
                return match.group(1).strip() if match else otherwise
            both = value("capacitance", "0")
            pins[pin.group(1)] = {"output": value("direction") == "output", "function": value("function"),
                                  "F": [1e-12 * float(value(f"{edge}_capacitance", both)) for edge in ("rise", "fall")]}
        leakage = re.search(r"cell_leakage_power\s*:\s*([\d.eE+-]+)", body)
        cells[found.group(1)] = {"pins": pins, "register": re.search(r"\bff\s*\(", body) is not None, "leakage_W": 1e-9 * float(leakage.group(1))}
    return cells


def evaluate(function, values):
    tokens, at = re.findall(r"\w+|[!'()&*+|^]", function), 0

    def peek():
        return tokens[at] if at < len(tokens) else ")"

    def atom():
        nonlocal at
        token, at = tokens[at], at + 1
        if token == "(":
            result = either()
            at += 1
        elif token == "!":
            result = 1 - atom()
        else:
            result = values[token] if token in values else int(token)
        while peek() == "'":
            at, result = at + 1, 1 - result
        return result

    def differ():
        nonlocal at
        result = atom()
        while peek() == "^":
            at += 1
            result ^= atom()
        return result

    def both():
        nonlocal at
        result = differ()
        while peek() not in "+|)":
            at += peek() in "&*"
            result &= differ()
        return result

    def either():
        nonlocal at
        result = both()
        while peek() in "+|":
            at += 1
            result |= both()
        return result
    return either()


def of_unknown(function, values):
    """What all ways to fill in unknown values agree on."""
    unknown = [name for name, value in values.items() if value is None]
    found = {evaluate(function, {**values, **dict(zip(unknown, fill))}) for fill in itertools.product((0, 1), repeat=len(unknown))}
    return found.pop() if len(found) == 1 else None


def main(program):
    if not mapped_block.is_possible():
        print("skipped: yosys, iverilog and qflow-tech-osu018 are needed")
        return 77
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        mapped_block.map_and_simulate(folder, BLOCK, BENCH, "LATCH TBUFX1 TBUFX2 DFFSR")
        told = json.loads(mapped_block.run(folder, program, "lab", "gate", "--netlist", "block.json", "--library", mapped_block.LIBRARY, "--vcd", "tb.vcd", "--json", "--saif", "tb.saif"))
        refused = subprocess.run([program, "lab", "gate", "--netlist", "block.json", "--library", mapped_block.LIBRARY, "--json"], cwd=folder, capture_output=True)
        assert refused.returncode == 2, refused.returncode
        module = json.loads((folder / "block.json").read_text())["modules"]["block"]
        dumped = mapped_block.dumped((folder / "tb.vcd").read_text())
        saif = (folder / "tb.saif").read_text()

    def bit(sample, name, index):
        digit = dumped[name][sample][-1 - index]
        return int(digit) if digit in "01" else None
    samples = range(len(dumped["clk"]))
    library, instances = read_library(), module["cells"]
    names = {}
    for hidden in (0, 1):  # public names first
        for net, entry in module["netnames"].items():
            if entry.get("hide_name", 0) == hidden:
                for index, number in enumerate(entry["bits"]):
                    names.setdefault(number, net if len(entry["bits"]) == 1 else f"{net}[{index}]")
    driver, inputs, state, load = {}, {}, {}, {}
    for instance, cell in instances.items():
        kind = library[cell["type"]]
        if kind["register"]:
            assert cell["type"] == "DFFPOSX1", cell["type"]
            state[instance] = None
        for pin, (number,) in cell["connections"].items():
            if kind["pins"][pin]["output"]:
                driver[number] = (instance, pin)
            else:
                edges = load.setdefault(number, [0, 0])
                edges[:] = [sum(pair) for pair in zip(edges, kind["pins"][pin]["F"])]
    for port, entry in module["ports"].items():
        if entry["direction"] == "input":
            inputs.update({number: (port, index) for index, number in enumerate(entry["bits"])})
    clock = module["ports"]["clk"]["bits"][0]
    toggles, before = dict.fromkeys((set(driver) | set(inputs)) - {clock}, 0), {}
    for sample in samples:
        values = {"0": 0, "1": 1, "x": None}
        values.update({number: bit(sample, *place) for number, place in inputs.items() if number != clock})

        def value(number):
            if number not in values:
                instance, pin = driver[number]
                cell = instances[instance]
                pins = library[cell["type"]]["pins"]
                values[number] = state[instance] if instance in state else of_unknown(
                    pins[pin]["function"], {p: value(n) for p, (n,) in cell["connections"].items() if not pins[p]["output"]})
            return values[number]
        for number in toggles:
            toggles[number] += {value(number), before.get(number)} == {0, 1}
        before = dict(values)
        for instance in state:
            state[instance] = values.get(instances[instance]["connections"]["D"][0])
    assert told["cycles"] == len(samples) == 500, told["cycles"]
    assert told["toggles_by_net"] == {names[number]: count for number, count in toggles.items()}
    assert told["toggles_total"] == sum(toggles.values()) > 10_000 and told["clock_toggles"] == 2 * len(samples)
    for index in range(8):  # and Icarus saw the same of the gates themselves
        seen = [bit(sample, "acc", index) for sample in samples]
        assert told["toggles_by_net"][f"acc[{index}]"] == sum({a, b} == {0, 1} for a, b in zip(seen, seen[1:])), index
    parts = told["parts"]

    def close(got, expected, what):
        assert abs(got - expected) <= 1e-9 * abs(expected), (what, got, expected)
    supply_v = 1.8
    close(parts["switching_J"], sum(0.5 * max(load.get(number, [0])) * supply_v**2 * count for number, count in toggles.items()), "switching")
    close(parts["leakage_J"], sum(library[cell["type"]]["leakage_W"] for cell in instances.values()) * 10e-9 * len(samples), "leakage")
    assert parts["clock_J"] > max(load[clock]) * supply_v**2 * len(samples) and parts["wire_J"] == 0
    close(told["energy_J"], sum(parts.values()), "parts")
    close(told["energy_J"], sum(told["energy_by_cycle_J"]), "cycles")
    assert len(told["energy_by_cycle_J"]) == 500
    # SAIF 2.0: the same toggles, and times that fill the duration
    duration = int(re.search(r"\(DURATION (\d+)\)", saif).group(1))
    activity = {net.replace("\\", ""): list(map(int, numbers)) for net, *numbers in
                re.findall(r"^\((\S+) \(T0 (\d+)\) \(T1 (\d+)\) \(TX (\d+)\) \(TC (\d+)\)", saif, re.M)}
    assert '(SAIFVERSION "2.0")' in saif and all(sum(numbers[:3]) == duration for numbers in activity.values())
    assert all(activity[net][3] == count for net, count in told["toggles_by_net"].items())
    print(f"{len(toggles)} nets, {told['toggles_total']} toggles, {len(instances)} cells: as told")
    return 0


sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
