#!/bin/sh
# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
# lint_rtl.sh VERILATOR ROOT: verilator --lint-only -Wall on every configuration that is built, and on plain defaults.
set -eu
verilator=$1 root=$2
own="$root/rtl/systolic_int8/waivers.vlt $root/rtl/stream/waivers.vlt $root/rtl/sram/sram.sv $root/rtl/bfloat/float_add.sv
  $root/rtl/bfloat/float_lane.sv $root/rtl/systolic_int8/requantise_lane.sv $root/rtl/systolic_int8/accumulator_unit.sv
  $root/rtl/systolic_int8/tile_sequencer.sv $root/rtl/stream/stream_sequencer.sv $root/rtl/stream/stream_accelerator.sv"
lint() {
  core=$1
  shift
  echo "$core"
  "$verilator" --lint-only -Wall -I"$root/rtl/stream" -I"$root/rtl/systolic_int8" --top-module stream_accelerator -DSZILARD_CORE=$core "$@" $own
}
array="$root/rtl/systolic_int8/skew.sv $root/rtl/systolic_int8/deskew.sv $root/rtl/systolic_int8/processing_row.sv
  $root/rtl/systolic_int8/systolic_array.sv $root/rtl/systolic_int8/systolic_int8.sv"
for options in "" "-GCOUNT_ACTIVITY=1'b1" "-GCOUNT_ACTIVITY=1'b1 -GFAULT_PORT=1'b1 -GROWS=16 -GCOLUMNS=16" "-GROWS=4 -GCOLUMNS=12"; do
  lint systolic_int8 -DSZILARD_IN_STEP -GOUTPUT_STATIONARY="1'b0" $options $array
done
for options in "" "-GCOUNT_ACTIVITY=1'b1 -GFAULT_PORT=1'b1 -GCOLUMNS=16"; do
  lint systolic_os_int8 $options "$root/rtl/systolic_int8/skew.sv" "$root/rtl/stream/accumulating_row.sv" "$root/rtl/stream/systolic_os_int8.sv"
  lint zero_skip_int8 -GOUTPUT_STATIONARY="1'b0" $options "$root/rtl/stream/zero_skip_int8.sv"
  lint mac_serial -GROWS=1 $options "$root/rtl/stream/mac_serial.sv"
  lint mac_bf16 -GFLOAT="1'b1" $options "$root/rtl/bfloat/bf16_multiply.sv" "$root/rtl/bfloat/bf16_row.sv" "$root/rtl/bfloat/mac_bf16.sv"
done
for options in "" "-GCOUNT_ACTIVITY=1'b1 -GLANES=32"; do
  echo "relu_unit $options"
  "$verilator" --lint-only -Wall --top-module relu_unit $options "$root/rtl/relu_unit/relu_unit.sv"
done
