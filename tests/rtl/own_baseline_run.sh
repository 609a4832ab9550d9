#!/bin/sh
# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
# own_baseline_run.sh CMAKE ROOT FOLDER: the example of a baseline of one's own as its README tells: configured and built in FOLDER,
# mapped to osu018 and run to the end, every clock of the gates held against RTL. Minutes: script/nightly runs it. Exit code 77
# (skipped) where yosys or the library is missing.
set -eu
cmake=$1 root=$2 folder=$3
command -v yosys > /dev/null || { echo "SKIPPED: yosys is not installed"; exit 77; }
[ -r /usr/share/qflow/tech/osu018/osu018_stdcells.lib ] || { echo "SKIPPED: osu018 is not installed"; exit 77; }
"$cmake" -S "$root" -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=Release -DSZILARD_BUILD_TESTS=OFF -DSZILARD_SYSTOLIC_SIZES=4 -DSZILARD_STREAM_SIZES=4 \
  -DSZILARD_BF16_SIZES=4 -DSZILARD_RELU_LANES=8 "-DSZILARD_BASELINES=$root/examples/own-baseline/baseline.cmake" > "$folder.log" 2>&1 \
  || { cat "$folder.log"; exit 1; }
"$cmake" --build "$folder" --target szilard netlist_one_term_int8_8x8_osu018_stdcells > "$folder.log" 2>&1 || { tail -50 "$folder.log"; exit 1; }
"$folder/bin/szilard" run "$root/examples/own-baseline/scenario.yaml" -o "$folder/own-baseline-run"
grep -q '"gate_level"' "$folder/own-baseline-run/summary.json"
echo "a baseline of one's own was built, mapped and run to the end"
