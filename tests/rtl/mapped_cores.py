#!/usr/bin/env python3
# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
"""mapped_cores.py ROOT [--whole] [--clocks N] [--size N] [--seed N] [CORE...]

The digital baselines mapped to osu018 by script/map_netlist, beside their RTL in Icarus under the same random stimulus: every output
is compared before every rising edge. By itself each core behind the stream interface, with valid, ready, enable and reset drawn
at random; with --whole the controller around it too, running random operations, its memories' ports driven and compared like any
other. All registers start at 0 and the first clocks are not compared: yosys keeps some registers as their inverse, which agree
from their first load on. Once it has all agreed, a netlist with wrong cells must differ. Exit code 77 (skipped) where a tool or
the library is missing.
"""
import argparse
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

LIBRARY = "/usr/share/qflow/tech/osu018/osu018_stdcells.lib"
CORES = {  # sources, rows (0: as many as columns), output-stationary, in step, floating point
    "systolic_int8": (["systolic_int8/skew.sv", "systolic_int8/deskew.sv", "systolic_int8/processing_row.sv",
                       "systolic_int8/systolic_array.sv", "systolic_int8/systolic_int8.sv"], 0, 0, 1, 0),
    "systolic_os_int8": (["systolic_int8/skew.sv", "stream/accumulating_row.sv", "stream/systolic_os_int8.sv"], 0, 1, 0, 0),
    "zero_skip_int8": (["stream/zero_skip_int8.sv"], 0, 0, 0, 0),
    "mac_serial": (["stream/mac_serial.sv"], 1, 1, 0, 0),
    "mac_bf16": (["bfloat/bf16_multiply.sv", "bfloat/float_add.sv", "bfloat/bf16_row.sv", "bfloat/mac_bf16.sv"], 0, 1, 0, 1),
}
CONTROLLER = ["sram/sram.sv", "bfloat/float_add.sv", "bfloat/float_lane.sv", "systolic_int8/requantise_lane.sv",
              "systolic_int8/accumulator_unit.sv", "systolic_int8/tile_sequencer.sv", "stream/stream_sequencer.sv",
              "stream/stream_accelerator.sv"]
WARM_UP = 500
BREAK = {"NAND2X1": "NOR2X1", "NOR2X1": "NAND2X1", "AND2X2": "OR2X2", "OR2X2": "AND2X2", "XOR2X1": "XNOR2X1"}


def run(command, folder, **options):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, **options)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))[:300]}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def drive(name, bits, word):
    """Statements that give input `name` its value of the next clock."""
    odds = {"reset": f"n < 4 || pick(512)", "enable": "!pick(16)", "weight_valid": "!pick(4)", "vector_valid": "!pick(4)",
            "vector_first": "pick(8)", "vector_last": "pick(8)", "sums_ready": "!pick(4)", "start": "pick(4)"}
    least = {"vectors": 6, "term_tiles": 3, "output_tiles": 3, "pool": 3}
    if name in odds:
        return f"{name} = {odds[name]};"
    if name in least:
        return f"{name} = 1 + {{$random(seed)}} % {least[name]};"
    identifier = f"\\{name} "
    if word and bits % word == 0 and bits > word // 2:
        return " ".join(f"{identifier}[{at + word - 1}:{at}] = data{word}(0);" for at in range(0, bits, word))
    return " ".join(f"{identifier}[{min(at + 31, bits - 1)}:{at}] = $random(seed);" for at in range(0, bits, 32))


def bench(top, ports, clocks, seed, floating, whole):
    word = 16 if floating else 8
    lines = ["module bench;", "  reg clock = 0;", f"  integer seed = {seed}, n, differences = 0, toggles = 0, unknown = 0;",
             "  function pick(input integer odds); pick = {$random(seed)} % odds == 0; endfunction",
             # every second word is 0; of the others most are sums that stay in range
             "  function [7:0] data8(input integer unused); data8 = pick(2) ? 0 : $random(seed); endfunction",
             "  function [15:0] data16(input integer unused);",
             "    data16 = pick(4) ? 0 : pick(16) ? $random(seed) : {$random(seed)} & 16'h83ff | 16'h3c00;",
             "  endfunction",
             "  function [31:0] data32(input integer unused);",
             "    data32 = pick(4) ? 0 : pick(16) ? $random(seed) : {$random(seed)} & 32'h83ffffff | 32'h3c000000;",
             "  endfunction"]
    shared, rtl, mapped, drives, compares = [".clock(clock)"], [], [], [], []
    for index, (name, port) in enumerate(ports.items()):
        bits = len(port["bits"])
        if name == "clock":
            continue
        if port["direction"] == "input":
            lines.append(f"  reg [{bits - 1}:0] \\{name} = 0;")
            shared.append(f".\\{name} (\\{name} )")
            of_words = 32 if floating and name.split(".")[0] in ("bias_sram", "accumulators") else word
            data = "vector" in name or "weight" in name or "host" in name or name.endswith("read_data")
            drives.append(drive(name, bits, of_words if data else 0))
        else:
            lines.append(f"  wire [{bits - 1}:0] rtl_{index}, mapped_{index}; reg [{bits - 1}:0] before_{index} = 0;")
            rtl.append(f".\\{name} (rtl_{index})")
            mapped.append(f".\\{name} (mapped_{index})")
            compares.append(f"if (rtl_{index} !== mapped_{index}) begin if (differences == 0) "
                            f"$display(\"clock %0d: {name} is %h in RTL and %h in gates\", n, rtl_{index}, mapped_{index}); "
                            f"differences = differences + 1; end "
                            f"if (^rtl_{index} === 1'bx) unknown = unknown + 1; "
                            f"if (rtl_{index} !== before_{index}) toggles = toggles + 1; before_{index} = rtl_{index};")
    lines.append(f"  {top}_rtl rtl ({', '.join(shared + rtl)});")
    lines.append(f"  {top}_mapped mapped ({', '.join(shared + mapped)});")
    lines.append(f"  initial begin for (n = 0; n < {clocks + WARM_UP}; n = n + 1) begin")
    lines += ["    " + text for text in drives]
    lines.append(f"    #5 if (n >= {WARM_UP}) begin")
    lines += ["      " + text for text in compares]
    lines.append("    end")
    lines.append("    clock = 1; #5 clock = 0;")
    lines.append(f"    if (differences > 0 && $test$plusargs(\"stop\")) n = {clocks + WARM_UP};")
    lines.append("  end $display(\"%0d %0d %0d\", differences, toggles, unknown); $finish; end")
    lines.append("endmodule")
    return "\n".join(lines) + "\n"


def prepare(arguments, core, folder):
    """Maps, writes RTL as plain Verilog, and the bench; returns the netlist, the number of outputs and of cells."""
    files, rows, stationary, in_step, floating = CORES[core]
    rtl = pathlib.Path(arguments.root).resolve() / "rtl"
    sources, top, defines, parameters = [str(rtl / name) for name in files], core, "", {}
    parameters["ROWS"], parameters["COLUMNS"] = rows or arguments.size, arguments.size
    if arguments.whole:
        sources += [str(rtl / name) for name in CONTROLLER if str(rtl / name) not in sources]
        top, defines = "stream_accelerator", f"SZILARD_CORE={core}" + (" SZILARD_IN_STEP=1" if in_step else "")
        parameters |= {"WEIGHT_DEPTH": 256, "ACTIVATION_DEPTH": 64, "ACCUMULATOR_DEPTH": 16, "BIAS_DEPTH": 16, "RESULT_DEPTH": 32,
                       "HOST_ADDRESS_BITS": 8, "OUTPUT_STATIONARY": stationary, "FLOAT": floating}
    run([rtl.parent / "script/map_netlist", folder / "mapped.json", LIBRARY, top,
         " ".join(f"{name}={value}" for name, value in parameters.items()), defines, *sources,
         rtl / "stream/stream_core_ports.svh"], folder)
    include = f"-I{rtl}/stream -I{rtl}/systolic_int8"
    # Icarus 11 does not read all of SystemVerilog: yosys writes the RTL out again, unmapped
    script = [f"read_verilog -sv {include} {' '.join('-D' + d for d in defines.split())} {' '.join(sources)}",
              f"chparam {' '.join(f'-set {name} {value}' for name, value in parameters.items())} {top}", f"hierarchy -check -top {top}",
              "proc", *(["blackbox *sram"] if arguments.whole else []), "flatten", "memory", "opt_clean"]
    if arguments.whole:
        script.append(f"expose -evert {top}/t:*sram")
    script += ["setundef -init -zero", f"rename -top {top}_rtl", "write_verilog -noattr rtl.v", f"json -o rtl.json"]
    (folder / "rtl.ys").write_text("\n".join(script) + "\n")
    run(["yosys", "-q", "-s", "rtl.ys"], folder)
    netlist = json.loads((folder / "mapped.json").read_text())
    ports = netlist["modules"][top]["ports"]
    same = {name: (port["direction"], len(port["bits"])) for name, port in ports.items()}
    module = json.loads((folder / "rtl.json").read_text())["modules"][f"{top}_rtl"]
    if same != {name: (port["direction"], len(port["bits"])) for name, port in module["ports"].items()}:
        sys.exit(f"{core}: RTL and netlist have other ports")
    (folder / "bench.v").write_text(bench(top, ports, arguments.clocks, arguments.seed, floating, arguments.whole))
    return netlist, top


def simulate(netlist, top, folder, *stop):
    (folder / "netlist.json").write_text(json.dumps(netlist))
    run(["yosys", "-q", "-p", f"read_json netlist.json; rename {top} {top}_mapped; write_verilog -noattr -noexpr mapped.v"], folder)
    run(["iverilog", "-g2012", "-o", "bench.vvp", "-s", "bench", "bench.v", "mapped.v", "cells.v", "rtl.v"], folder)
    lines = run(["vvp", "-n", "bench.vvp", *stop], folder).splitlines()
    return [int(number) for number in lines[-1].split()], lines[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root")
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--clocks", type=int, default=10000)
    parser.add_argument("--size", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("cores", nargs="*")
    arguments = parser.parse_intermixed_args()
    for tool in ("yosys", "iverilog", "vvp"):
        if not shutil.which(tool):
            print(f"SKIPPED: {tool} is not installed")
            return 77
    if not pathlib.Path(LIBRARY).exists():
        print(f"SKIPPED: {LIBRARY} is not installed")
        return 77
    for core in arguments.cores or CORES:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            netlist, top = prepare(arguments, core, folder)
            # functions in place of the library's own models, which are made of primitives that some tools do not read
            run(["yosys", "-q", "-p", f"read_liberty {LIBRARY}; delete LATCH TBUFX1 TBUFX2 DFFSR; proc; write_verilog -noattr cells.v"],
                folder)
            cells = (folder / "cells.v").read_text().replace("reg DS0000;", "reg DS0000 = 0;")
            (folder / "cells.v").write_text(cells)
            (differences, toggles, unknown), first = simulate(netlist, top, folder)
            parts = netlist["modules"][top]["cells"]
            what = f"{core}{' with its controller' if arguments.whole else ''}, {arguments.size} columns, {len(parts)} cells"
            if differences:
                sys.exit(f"{what}: {differences} differences, seed {arguments.seed}; {first}")
            if unknown or toggles < arguments.clocks // 10:
                sys.exit(f"{what}: the stimulus does nothing: outputs changed {toggles} times, were unknown {unknown} times")
            print(f"{what}: outputs equal in {arguments.clocks} clocks, they changed {toggles} times", flush=True)
            dice = random.Random(arguments.seed)
            for wrong in dice.sample([cell for cell in parts.values() if cell["type"] in BREAK], 8):
                wrong["type"] = BREAK[wrong["type"]]
            if not simulate(netlist, top, folder, "+stop")[0][0]:
                sys.exit(f"{what}: eight wrong cells were not seen")
    print("eight wrong cells in each netlist are seen")
    return 0


sys.exit(main())
