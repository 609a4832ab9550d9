#!/bin/sh
# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
# Runs every libFuzzer target of a build with the asan preset for some seconds each; fails if any of them finds a crash, a leak, a
# hang of five seconds or more than 512 MB. What it finds is kept in BUILD_DIR/fuzz/findings.
set -eu
if [ $# -ne 2 ]; then
  echo "usage: $0 SECONDS BUILD_DIR" >&2
  exit 2
fi
seconds=$1
fuzz=$2/fuzz
source=$(cd "$(dirname "$0")/../.." && pwd)
data=$source/scenarios/data
mkdir -p "$fuzz/findings"

for target in onnx npy npz idx liberty netlist vcd scenario; do
  mkdir -p "$fuzz/corpus/$target" "$fuzz/seeds/$target"
done
"$fuzz/make_onnx_seeds" "$fuzz/seeds/onnx"
cp "$data/digits_mlp_64_32_10.onnx" "$fuzz/seeds/onnx"
cp "$data/digits_test_labels.npy" "$data/mnist_lenet5_relu_logits.npy" "$fuzz/seeds/npy"
cp "$data/iris.npz" "$fuzz/seeds/npz"
cp "$data/t10k-labels-idx1-ubyte.gz" "$fuzz/seeds/idx"
cp "$source"/tests/rtl/gate_level/libraries/*.lib "$fuzz/seeds/liberty"
cp "$source"/tests/fuzz/netlist_seed.json "$fuzz/seeds/netlist"
cp "$source"/tests/fuzz/vcd_seed.vcd "$fuzz/seeds/vcd"
gzip -dc "$data/t10k-labels-idx1-ubyte.gz" > "$fuzz/seeds/idx/labels"
for scenario in "$source"/scenarios/*/scenario.yaml; do
  [ -f "$scenario" ] && cp "$scenario" "$fuzz/seeds/scenario/$(basename "$(dirname "$scenario")").yaml"
done

failed=
for target in onnx npy npz idx liberty netlist vcd scenario; do
  [ -x "$fuzz/${target}_fuzz" ] || continue
  echo "$target: $seconds s"
  if ! "$fuzz/${target}_fuzz" -max_total_time="$seconds" -rss_limit_mb=512 -timeout=5 -max_len=16384 -print_final_stats=1 \
      -artifact_prefix="$fuzz/findings/$target-" "$fuzz/corpus/$target" "$fuzz/seeds/$target" > "$fuzz/$target.log" 2>&1; then
    failed="$failed $target"
    tail -n 40 "$fuzz/$target.log"
  fi
  grep -E 'number_of_executed_units|peak_rss' "$fuzz/$target.log" || true
done
if [ -n "$failed" ]; then
  echo "found faults in:$failed (inputs in $fuzz/findings)" >&2
  exit 1
fi
