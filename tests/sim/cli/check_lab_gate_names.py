# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
"""Toggles of `szilard lab gate --vcd` net by net beside those of the gates themselves in Icarus, on a block of unusual ports: buses that begin
anywhere and count up or down, names with dots, brackets and backslashes, several names of a net, constants, a clock that is data too, registers of
the falling edge and behind an inverted clock, asynchronous set and reset, unknown and floating inputs, inputs that change in both phases.

usage: check_lab_gate_names.py SZILARD. Exit 77 (skipped) where yosys, Icarus or osu018 are missing.
"""
import json
import pathlib
import sys
import tempfile

import mapped_block

BLOCK = r"""module block (input clk, input rst_n, input [7:4] hi, input [0:3] up, input [-1:2] neg, input \odd.name[3] , input \back\slash , input unused,
  output logic [5:2] q, output logic nq, output logic [3:0] s, output tie1, output tie0, output copy, output [1:0] mix, output clkout);
  wire nclk = ~clk;
  assign tie1 = 1'b1, tie0 = 1'b0, copy = hi[7];
  always_ff @(posedge clk or negedge rst_n) if (!rst_n) q <= 4'b0101; else q <= q + hi;
  always_ff @(negedge clk) nq <= ^up ^ \odd.name[3] ;
  always_ff @(posedge nclk) s <= {up[0], neg[-1], neg[2], \back\slash } ^ q;
  assign mix = {q[5] & nq, s[0] | \odd.name[3] };
  assign clkout = clk & hi[4];
endmodule
"""
BENCH = r"""`timescale 1ps/1fs
module tb;
  reg clk = 0, rst_n; reg [7:4] hi; reg [0:3] up; reg [-1:2] neg; reg odd, back, unused; integer i, seed = 3;
  wire [5:2] q; wire nq; wire [3:0] s; wire tie1, tie0, copy, clkout; wire [1:0] mix;
  block dut (.clk(clk), .rst_n(rst_n), .hi(hi), .up(up), .neg(neg), .\odd.name[3] (odd), .\back\slash (back), .unused(unused),
             .q(q), .nq(nq), .s(s), .tie1(tie1), .tie0(tie0), .copy(copy), .mix(mix), .clkout(clkout));
  initial begin
    $dumpfile("tb.vcd"); $dumpvars(0, tb);
    #3;
    for (i = 0; i < 300; i = i + 1) begin
      if (i == 2) rst_n = 0;
      if (i == 4) rst_n = 1;
      if (i > 100 && i < 110) rst_n = i % 2;
      if (i > 1) begin hi = $random(seed); up = $random(seed); neg = $random(seed); odd = $random(seed); back = $random(seed); unused = $random(seed); end
      if (i == 50) hi = 4'bz1x0;
      #4 clk = 1; #2 if (i % 3 == 0) up = $random(seed); #3 clk = 0; #1;
    end
    $finish;
  end
endmodule
"""


def main(program):
    if not mapped_block.is_possible():
        print("skipped: yosys, iverilog and qflow-tech-osu018 are needed")
        return 77
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        mapped_block.map_and_simulate(folder, BLOCK, BENCH, "LATCH TBUFX1 TBUFX2")
        told = json.loads(mapped_block.run(folder, program, "lab", "gate", "--netlist", "block.json", "--library", mapped_block.LIBRARY, "--vcd", "tb.vcd", "--json"))
        module = json.loads((folder / "block.json").read_text())["modules"]["block"]
        values = mapped_block.dumped((folder / "tb.vcd").read_text())
    kinds = {cell["type"] for cell in module["cells"].values()}
    assert {"DFFNEGX1", "DFFSR"} <= kinds, kinds
    taken, total = set(module["ports"]["clk"]["bits"]), 0
    for net, entry in module["netnames"].items():  # in the file's order: the first public name is the key
        if entry.get("hide_name", 0):
            continue
        width = len(entry["bits"])
        for index, number in enumerate(entry["bits"]):
            if number in taken or not isinstance(number, int):
                continue
            taken.add(number)
            place = entry.get("offset", 0) + (width - 1 - index if entry.get("upto") else index)
            seen = [value[-1 - index] for value in values[net]]
            toggles = sum({a, b} == {"0", "1"} for a, b in zip(seen, seen[1:]))
            key = net if width == 1 else f"{net}[{place}]"
            assert told["toggles_by_net"][key] == toggles, (key, told["toggles_by_net"][key], toggles)
            total += toggles
    assert {"hi[4]", "up[0]", "neg[-1]", "odd.name[3]", "back\\slash", "q[2]"} <= set(told["toggles_by_net"])
    assert told["cycles"] == 300 and told["clock_toggles"] == 600 and total > 2000, (told["cycles"], total)
    assert told["toggles_total"] == sum(told["toggles_by_net"].values())
    print(f"{len(taken) - 1} named nets, {total} toggles: those of the gates in Icarus")
    return 0


sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
