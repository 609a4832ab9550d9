#!/bin/sh
# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
# mapped_blocks.sh ROOT: blocks mapped to osu018 as script/map_netlist maps them. Proven equal to their RTL by yosys (induction over all
# inputs and states): the ReLU unit, a lane of floating point post-processing, the tile sequencer, skews, and a whole core, mac_serial; by cutting
# both at their registers, the stream sequencer, where induction does not end. The first
# two, the tile sequencer and a floating point multiply-accumulator run beside their RTL in Icarus for 10,000 clocks of random inputs. A
# broken netlist must fail both. Exit code 77 (skipped) where a tool or the library is missing.
set -eu
root=$1
library=/usr/share/qflow/tech/osu018/osu018_stdcells.lib
for tool in yosys iverilog vvp; do
  command -v $tool > /dev/null || { echo "SKIPPED: $tool is not installed"; exit 77; }
done
[ -r $library ] || { echo "SKIPPED: $library is not installed"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
yosys -q -p "read_liberty $library; delete LATCH TBUFX1 TBUFX2 DFFSR; proc; write_verilog -noattr cells.v"

include="-I$root/rtl/stream -I$root/rtl/systolic_int8"

prove() {  # RTL source, top, parameters, netlist
  yosys -q -p "read_verilog -sv $include $1; chparam $3 $2; hierarchy -top $2; proc; flatten; memory; opt_clean; rename $2 gold; design -stash gold;
    read_verilog cells.v; proc; read_json $4; hierarchy -top $2; flatten; opt_clean; rename $2 gate; design -stash gate;
    design -copy-from gold -as gold gold; design -copy-from gate -as gate gate;
    equiv_make gold gate both; hierarchy -top both; equiv_simple -undef; equiv_induct -undef; equiv_status -assert"
}

# Every register found by its name on both sides, its input made an output and its output an input; then any input, any state.
prove_between_registers() {  # RTL source, top, parameters, netlist
  yosys -q -p "read_verilog -sv $include $1; chparam $3 $2; hierarchy -top $2; proc; flatten; memory; opt_clean; splitnets -ports; rename $2 gold;
    design -stash gold; read_verilog cells.v; proc; read_json $4; hierarchy -top $2; flatten; opt_clean; splitnets -ports; rename $2 gate;
    design -stash gate; design -copy-from gold -as gold gold; design -copy-from gate -as gate gate; expose -shared -dff -evert-dff gold gate; opt_clean;
    select -assert-none gold/t:\$dff gate/t:\$dff; miter -equiv -flatten gold gate both; hierarchy -top both; opt -full;
    sat -verify -prove trigger 0 -timeout 300 both"
}

beside() {  # name, RTL source, top, parameters, ports as WIDTH:NAME of inputs, of outputs
  # Icarus 11 does not read all of SystemVerilog: yosys writes the RTL out again, unmapped
  yosys -q -p "read_verilog -sv $2; ${4:+chparam $4 $3;} hierarchy -top $3; proc; opt_clean; rename -top $3; write_verilog -noattr $1_rtl.v"
  yosys -q -p "read_json $1.json; rename $3 ${3}_mapped; write_verilog -noattr -noexpr $1_mapped.v"
  {
    echo "module bench;"
    echo "  reg clock = 0; always #5 clock = !clock;"
    echo "  integer differences = 0, n = 0;"
    connections=".clock(clock)" rtl="" mapped="" drive="" compare=""
    for port in $5; do
      width=${port%%:*} name=${port#*:}
      echo "  reg [$((width - 1)):0] $name = 0;"
      connections="$connections, .$name($name)"
      for word in $(seq 0 $(((width - 1) / 32))); do
        low=$((32 * word)) high=$((32 * word + 31))
        [ $high -lt $width ] || high=$((width - 1))
        drive="$drive $name[$high:$low] = \$random;"
      done
    done
    for port in $6; do
      width=${port%%:*} name=${port#*:}
      echo "  wire [$((width - 1)):0] ${name}_rtl, ${name}_mapped;"
      rtl="$rtl, .$name(${name}_rtl)"
      mapped="$mapped, .$name(${name}_mapped)"
      compare="$compare if (${name}_rtl !== ${name}_mapped) differences = differences + 1;"
    done
    echo "  $3 rtl ($connections$rtl);"
    echo "  ${3}_mapped mapped ($connections$mapped);"
    echo "  always @(negedge clock) begin $drive n = n + 1; end"
    # registers without a reset are unknown at first on both sides, and need not agree on how unknown
    echo "  always @(posedge clock) if (n > 20) begin $compare end"
    echo "  always @(n) if (n == 10020) begin \$display(\"differences %0d\", differences); \$finish; end"
    echo "endmodule"
  } > $1_bench.v
  iverilog -g2012 -o $1.vvp $1_bench.v $1_mapped.v cells.v $1_rtl.v
  vvp $1.vvp | grep differences
}

relu="$root/rtl/relu_unit/relu_unit.sv"
"$root/script/map_netlist" relu.json $library relu_unit "LANES=2 WIDTH=8" "" "$relu"
prove "$relu" relu_unit "-set LANES 2 -set WIDTH 8" relu.json
echo "relu_unit: proven"
relu_in="1:reset 1:valid 16:codes" relu_out="1:valid_q 16:codes_q"
beside relu "$relu" relu_unit "-set LANES 2 -set WIDTH 8" "$relu_in" "$relu_out" | grep -qx "differences 0"
echo "relu_unit: 10,000 clocks equal"

sequencer="$root/rtl/systolic_int8/tile_sequencer.sv"
"$root/script/map_netlist" sequencer.json $library tile_sequencer "" "" "$sequencer"
beside sequencer "$sequencer" tile_sequencer "" "1:reset 1:start 16:vectors 16:term_tiles 16:output_tiles 12:activation_base 14:weight_base" \
  "1:issuing 1:read_activation 12:activation_address 1:read_weight 14:weight_address 1:tile_first 16:vector_index" | grep -qx "differences 0"
echo "tile_sequencer: 10,000 clocks equal"

mapped_and_proven() {  # top, parameters as NAME=VALUE, as of chparam, RTL source
  "$root/script/map_netlist" $1.json $library $1 "$2" "" "$4" "$root/rtl/stream/stream_core_ports.svh" "$root/rtl/systolic_int8/sequencer_ports.svh"
  prove "$4" $1 "$3" $1.json
  echo "$1: proven"
}
mapped_and_proven tile_sequencer "" "-set COUNT_ACTIVITY 0" "$sequencer"
mapped_and_proven skew "LANES=4 WIDTH=8" "-set LANES 4 -set WIDTH 8" "$root/rtl/systolic_int8/skew.sv"
mapped_and_proven deskew "LANES=4 WIDTH=8" "-set LANES 4 -set WIDTH 8" "$root/rtl/systolic_int8/deskew.sv"
mapped_and_proven mac_serial "ROWS=1 COLUMNS=2" "-set ROWS 1 -set COLUMNS 2" "$root/rtl/stream/mac_serial.sv"

stream="$root/rtl/stream/stream_sequencer.sv"
for order in 0 1; do
  "$root/script/map_netlist" stream$order.json $library stream_sequencer "ROWS=4 OUTPUT_STATIONARY=$order" "" "$stream" \
    "$root/rtl/systolic_int8/sequencer_ports.svh"
  prove_between_registers "$stream" stream_sequencer "-set ROWS 4 -set OUTPUT_STATIONARY $order -set COUNT_ACTIVITY 0" stream$order.json
  echo "stream_sequencer, OUTPUT_STATIONARY=$order: proven"
done

lane="$root/rtl/bfloat/float_lane.sv"
"$root/script/map_netlist" lane.json $library float_lane "" "" "$lane"
prove "$lane" float_lane "-set COUNT_ACTIVITY 0" lane.json
echo "float_lane: proven"
beside lane "$lane" float_lane "" "1:product_enable 1:result_enable 1:pooled_enable 1:pool_first 1:relu 1:requantise 1:fault 32:sum" \
  "32:result_q 32:pooled_q" | grep -qx "differences 0"
echo "float_lane: 10,000 clocks equal"

row="$root/rtl/bfloat/bf16_multiply.sv $root/rtl/bfloat/float_add.sv $root/rtl/bfloat/bf16_row.sv"
"$root/script/map_netlist" row.json $library bf16_row "COLUMNS=1" "" $row
beside row "$row" bf16_row "-set COLUMNS 1" "1:take 16:activation 16:weights 1:add 1:first 1:shift 32:sums_in" "32:sum_q" | grep -qx "differences 0"
echo "bf16_row: 10,000 clocks equal"

# a netlist that is not the RTL's: an inverter more
sed 's/INVX1/BUFX2/' relu.json > broken.json
if cmp -s relu.json broken.json; then echo "nothing was broken"; exit 1; fi
if prove "$relu" relu_unit "-set LANES 2 -set WIDTH 8" broken.json > /dev/null 2>&1; then echo "a broken netlist was proven"; exit 1; fi
sed '0,/NAND2X1/s//NOR2X1/' stream1.json > broken_stream.json
if cmp -s stream1.json broken_stream.json; then echo "nothing was broken"; exit 1; fi
if prove_between_registers "$stream" stream_sequencer "-set ROWS 4 -set OUTPUT_STATIONARY 1 -set COUNT_ACTIVITY 0" broken_stream.json > /dev/null 2>&1; then
  echo "a broken netlist was proven"
  exit 1
fi
cp broken.json relu.json
if beside relu "$relu" relu_unit "-set LANES 2 -set WIDTH 8" "$relu_in" "$relu_out" | grep -qx "differences 0"; then
  echo "a broken netlist ran equal"
  exit 1
fi
echo "a broken netlist is found"
