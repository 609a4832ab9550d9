#!/bin/sh
# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
# synthesise_rtl.sh ROOT: yosys reads the same RTL, finds no problem in it, and synthesises a 4 x 4 array without latches.
# Exit code 77 (skipped) where yosys is missing.
set -eu
root=$1
if ! command -v yosys > /dev/null; then
  echo "SKIPPED: yosys is not installed, nothing was synthesised"
  exit 77
fi
stream="$root/rtl/sram/sram.sv $root/rtl/bfloat/*.sv $root/rtl/systolic_int8/*.sv $root/rtl/stream/stream_sequencer.sv
  $root/rtl/stream/stream_accelerator.sv"
yosys -q -p "read_verilog -sv -I$root/rtl/stream -I$root/rtl/systolic_int8 -DSZILARD_CORE=systolic_int8 -DSZILARD_IN_STEP=1 $(echo $stream); chparam -set OUTPUT_STATIONARY 0 -set ROWS 4 -set COLUMNS 4 stream_accelerator;
  hierarchy -check -top stream_accelerator; proc; check -assert; flatten; opt; memory -nomap; opt; check -assert;
  select -assert-none t:\$dlatch t:\$adff t:\$dffe_latch; select -assert-min 1 t:\$mem_v2;
  select -assert-min 16 t:\$mul"
for core in systolic_os_int8 zero_skip_int8 mac_serial mac_bf16; do
  rows=4 order=1 float=0 file=$root/rtl/stream/$core.sv
  if [ $core = mac_serial ]; then rows=1; fi
  if [ $core = zero_skip_int8 ]; then order=0; fi
  if [ $core = mac_bf16 ]; then float=1 file=; fi
  yosys -q -p "read_verilog -sv -I$root/rtl/stream -I$root/rtl/systolic_int8 -DSZILARD_CORE=$core $(echo $stream) $root/rtl/stream/accumulating_row.sv $file;
    chparam -set ROWS $rows -set COLUMNS 4 -set OUTPUT_STATIONARY $order -set FLOAT $float stream_accelerator;
    hierarchy -check -top stream_accelerator; proc; flatten; opt; check -assert; select -assert-none t:\$dlatch t:\$adff"
done
yosys -q -p "read_verilog -sv $root/rtl/relu_unit/relu_unit.sv; synth -top relu_unit; check -assert; select -assert-none t:\$_DLATCH_*"
echo "synthesised"
