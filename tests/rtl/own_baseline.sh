#!/bin/sh
# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
# own_baseline.sh CMAKE ROOT: a baseline outside the tree is taken up when CMake configures, and a wrong one refused by name.
set -eu
cmake=$1 root=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp "$root/examples/own-baseline/one_term_int8.sv" "$root/examples/own-baseline/baseline.cmake" "$folder"
configure() {
  "$cmake" -S "$root" -B "$folder/build" -G Ninja -DSZILARD_BUILD_TESTS=OFF -DSZILARD_SYSTOLIC_SIZES=4 -DSZILARD_STREAM_SIZES=4 \
    -DSZILARD_RELU_LANES=8 "-DSZILARD_BASELINES=$1" > "$folder/log" 2>&1
}
configure "$folder/baseline.cmake" || { cat "$folder/log"; exit 1; }
grep -q '"one_term_int8", 8, 8' "$folder/build/sim/scenario/baseline_list.hpp"
grep -q 'make_one_term_int8_8' "$folder/build/rtl/baseline.cpp"
find "$folder/build" -name 'Vone_term_int8_8.h' | grep -q .
# the program knows the text that it was made from: a netlist of other text is refused (gate_meter_test.cpp)
grep '"one_term_int8", 8, 8' "$folder/build/rtl/baseline.cpp" > "$folder/before"
echo '// changed' >> "$folder/one_term_int8.sv"
configure "$folder/baseline.cmake" || { cat "$folder/log"; exit 1; }
if grep -qF "$(cat "$folder/before")" "$folder/build/rtl/baseline.cpp"; then echo "a change of the source was not seen"; exit 1; fi
refused() {  # text that the message must have
  if configure "$2"; then echo "taken: $2"; exit 1; fi
  tr '\n' ' ' < "$folder/log" | tr -s ' ' | grep -q "$1" || { cat "$folder/log"; exit 1; }
}
refused "no file $folder/nothing.cmake" "$folder/nothing.cmake"
echo 'szilard_add_baseline(other TOP other SOURCES missing.sv)' > "$folder/bad.cmake"
refused "other): there is no file" "$folder/bad.cmake"
echo 'szilard_add_baseline(Other TOP other SOURCES one_term_int8.sv)' > "$folder/bad.cmake"
refused "'Other' is not a name" "$folder/bad.cmake"
echo 'szilard_add_baseline(mac_serial TOP one_term_int8 SOURCES one_term_int8.sv)' > "$folder/bad.cmake"
refused "there is a baseline of that name" "$folder/bad.cmake"
echo 'szilard_add_baseline(other TOP one_term_int8 SOURCES one_term_int8.sv SIZES 0)' > "$folder/bad.cmake"
refused "0 is not a size" "$folder/bad.cmake"
echo "a baseline of one's own is taken up, five wrong ones are refused"
