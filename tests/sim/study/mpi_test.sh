#!/usr/bin/env bash
# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
# mpi_test.sh SZILARD SCENARIO: a study under mpirun gives the bytes of the same study run by itself, for 1, 2 and 4 ranks, and when
# ranks are killed; a mistake is told once. Exit code 77 where mpirun is missing.
set -euo pipefail
szilard=$1 scenario=$2
command -v mpirun > /dev/null || { echo "skipped: mpirun is not installed (package openmpi-bin)"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
export OMPI_MCA_btl=self,vader OMPI_MCA_plm_rsh_agent=false
fail() { echo "FAILED: $1"; cat "$folder"/*.err 2> /dev/null; exit 1; }
same() {
  "$szilard" results "$1" --csv > "$1.csv"
  cmp "$folder/alone.csv" "$1.csv" || fail "$1 differs from the study run by itself"
}
rank_of() { { tr '\0' '\n' < "/proc/$1/environ"; } 2> /dev/null | sed -n 's/^OMPI_COMM_WORLD_RANK=//p'; }
# kill_rank MPIRUN RANK STUDY: soon after the study has begun. Stopped first, so that the study cannot end before.
kill_rank() {
  while kill -0 "$1" 2> /dev/null && [ ! -e "$3/study.sqlite-wal" ]; do sleep 0.02; done
  sleep 0.3
  for pid in $(pgrep -P "$1"); do
    if [ "$(rank_of "$pid")" = "$2" ]; then
      kill -STOP "$pid"
      sleep 0.2
      kill -9 "$pid"
      return
    fi
  done
  fail "rank $2 is not there"
}

"$szilard" sweep "$scenario" -o "$folder/alone" --jobs 1 --quiet > /dev/null
"$szilard" results "$folder/alone" --csv > "$folder/alone.csv"
for ranks in 1 2 4; do
  mpirun -n $ranks "$szilard" sweep "$scenario" -o "$folder/ranks$ranks" --quiet > "$folder/out" 2> "$folder/ranks.err" || fail "$ranks ranks"
  [ "$(grep -c 'points done' "$folder/out")" -eq 1 ] || fail "$ranks ranks print their end more than once"
  same "$folder/ranks$ranks"
done
echo "1, 2 and 4 ranks: the same bytes"

# Long enough to be killed on the way.
sed -e "s#\.\./\.\./\.\.#$(cd "$(dirname "$scenario")/../../.." && pwd)#g" -e 's/seeds: 6/seeds: 30/' "$scenario" > "$folder/long.yaml"
scenario=$folder/long.yaml
rm -r "$folder/alone"
"$szilard" sweep "$scenario" -o "$folder/alone" --quiet > /dev/null
"$szilard" results "$folder/alone" --csv > "$folder/alone.csv"
mpirun --enable-recovery -n 3 "$szilard" sweep "$scenario" -o "$folder/survived" --quiet > /dev/null 2> "$folder/survived.err" &
job=$!
kill_rank $job 2 "$folder/survived"
wait $job || fail "the study did not survive a rank"
grep -q 'rank 2 on .* is gone; [1-9]' "$folder/survived.err" || fail "nothing tells of the rank that died"
same "$folder/survived"
echo "a rank killed under --enable-recovery: its points went back"

mpirun -n 3 "$szilard" sweep "$scenario" -o "$folder/aborted" --quiet > /dev/null 2> "$folder/aborted.err" &
job=$!
kill_rank $job 0 "$folder/aborted"
if wait $job; then fail "mpirun ended well without rank 0"; fi
mpirun -n 2 "$szilard" sweep "$scenario" -o "$folder/aborted" --quiet --resume > /dev/null 2> "$folder/resumed.err" || fail "resume"
same "$folder/aborted"
echo "rank 0 killed: the study was resumed"

code=0
mpirun -n 3 "$szilard" sweep "$scenario" -o "$folder/wrong" --set temprature="3 K" > /dev/null 2> "$folder/wrong.err" || code=$?
[ $code -eq 2 ] || fail "wrong input ends with exit code $code"
[ "$(grep -c 'error:' "$folder/wrong.err")" -eq 1 ] || fail "wrong input is not told once"
echo "wrong input: one error, exit code 2"
