#!/bin/sh
# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
# lint_rtl.sh VERILATOR ROOT: verilator --lint-only -Wall on every configuration that is built, and on plain defaults.
set -eu
verilator=$1 root=$2
array="$root/rtl/systolic_int8/waivers.vlt $root/rtl/sram/sram.sv $root/rtl/systolic_int8/*.sv"
for options in "" "-GCOUNT_ACTIVITY=1'b1" "-GCOUNT_ACTIVITY=1'b1 -GFAULT_PORT=1'b1 -GROWS=16 -GCOLUMNS=16" "-GROWS=4 -GCOLUMNS=12"; do
  echo "systolic_int8 $options"
  "$verilator" --lint-only -Wall --top-module systolic_int8 $options $array
done
stream="$root/rtl/systolic_int8/waivers.vlt $root/rtl/stream/waivers.vlt $root/rtl/sram/sram.sv $root/rtl/systolic_int8/requantise_lane.sv
  $root/rtl/systolic_int8/accumulator_unit.sv $root/rtl/stream/stream_sequencer.sv $root/rtl/stream/stream_accelerator.sv"
for options in "" "-GCOUNT_ACTIVITY=1'b1 -GFAULT_PORT=1'b1 -GCOLUMNS=16"; do
  echo "systolic_os_int8, zero_skip_int8, mac_serial $options"
  "$verilator" --lint-only -Wall --top-module stream_accelerator -DSZILARD_CORE=systolic_os_int8 $options $stream \
    "$root/rtl/systolic_int8/skew.sv" "$root/rtl/stream/accumulating_row.sv" "$root/rtl/stream/systolic_os_int8.sv"
  "$verilator" --lint-only -Wall --top-module stream_accelerator -DSZILARD_CORE=zero_skip_int8 -GOUTPUT_STATIONARY="1'b0" $options \
    $stream "$root/rtl/stream/zero_skip_int8.sv"
  "$verilator" --lint-only -Wall --top-module stream_accelerator -DSZILARD_CORE=mac_serial -GROWS=1 $options $stream \
    "$root/rtl/stream/mac_serial.sv"
done
for options in "" "-GCOUNT_ACTIVITY=1'b1 -GLANES=32"; do
  echo "relu_unit $options"
  "$verilator" --lint-only -Wall --top-module relu_unit $options "$root/rtl/relu_unit/relu_unit.sv"
done
