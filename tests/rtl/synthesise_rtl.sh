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
sources="$root/rtl/sram/sram.sv $root/rtl/systolic_int8/*.sv"
yosys -q -p "read_verilog -sv $(echo $sources); hierarchy -check -top systolic_int8; proc; check -assert"
yosys -q -p "read_verilog -sv $(echo $sources); chparam -set ROWS 4 -set COLUMNS 4 systolic_int8;
  hierarchy -check -top systolic_int8; proc; flatten; opt; memory -nomap; opt; check -assert;
  select -assert-none t:\$dlatch t:\$adff t:\$dffe_latch; select -assert-min 1 t:\$mem_v2;
  select -assert-min 16 t:\$mul"
yosys -q -p "read_verilog -sv $root/rtl/relu_unit/relu_unit.sv; synth -top relu_unit; check -assert; select -assert-none t:\$_DLATCH_*"
echo "synthesised"
