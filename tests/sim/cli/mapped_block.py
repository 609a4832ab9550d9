# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
"""A block mapped to osu018 by yosys, and its gates in Icarus: what the checks of `szilard lab gate` have in common."""
import pathlib
import re
import shutil
import subprocess

LIBRARY = "/usr/share/qflow/tech/osu018/osu018_stdcells.lib"


def is_possible():
    return all(shutil.which(tool) for tool in ("yosys", "iverilog", "vvp")) and pathlib.Path(LIBRARY).exists()


def run(folder, *command):
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def map_and_simulate(folder, block, bench, unread_cells):
    """Leaves block.json, and tb.vcd of the module tb with the gates as tb.dut; `unread_cells` are those that Icarus need not know."""
    (folder / "block.sv").write_text(block)
    (folder / "tb.v").write_text(bench)
    run(folder, "yosys", "-q", "-p", f"read_verilog -sv block.sv; synth -flatten -top block; dfflibmap -liberty {LIBRARY}; abc -liberty {LIBRARY}; "
        "opt_clean -purge; write_json block.json; write_verilog -noattr block.v")
    run(folder, "yosys", "-q", "-p", f"read_liberty {LIBRARY}; delete {unread_cells}; proc; write_verilog -noattr cells.v")
    run(folder, "iverilog", "-g2012", "-o", "tb.vvp", "tb.v", "block.v", "cells.v")
    run(folder, "vvp", "-n", "tb.vvp")


def dumped(text):
    """{variable of the block: values before each rising edge}, each value from the highest bit to the lowest."""
    head, body = text.split("$enddefinitions $end", 1)
    scope, variables = [], {}
    for found in re.finditer(r"\$scope module (\S+) \$end|\$upscope \$end|\$var \w+ (\d+) (\S+) (\S+)( \[[^\]]*\])? \$end", head):
        if found.group(1):
            scope.append(found.group(1))
        elif found.group(0).startswith("$upscope"):
            scope.pop()
        elif scope == ["tb", "dut"]:
            name = found.group(4)
            variables[name[1:].replace("\\\\", "\\") if name.startswith("\\") else name] = (found.group(3), int(found.group(2)))
    clock, now, step, samples = variables["clk"][0], {}, {}, []
    for line in [*body.split("\n"), "#end"]:
        line = line.strip()
        if line.startswith("#"):
            if step.get(clock) == "1" and now.get(clock) == "0":
                samples.append(dict(now))
            now.update(step)
            step = {}
        elif line and not line.startswith("$"):
            value, code = line[1:].split() if line[0] == "b" else (line[0], line[1:])
            step[code] = value

    def padded(digits, width):
        return digits.rjust(width, digits[0] if digits[0] in "xz" else "0")
    return {name: [padded(sample[code], width) for sample in samples] for name, (code, width) in variables.items()}
