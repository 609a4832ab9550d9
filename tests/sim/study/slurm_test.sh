#!/usr/bin/env bash
# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
# slurm_test.sh SZILARD SCENARIO: a study as a Slurm array on a cluster of this machine alone (munged, slurmctld and slurmd in a
# temporary folder, on loopback) and as ranks of srun gives the bytes of the same study run by itself. Exit code 77 where Slurm
# cannot run.
set -euo pipefail
szilard=$1 scenario=$2
skip() { echo "skipped: $1"; exit 77; }
export PATH=$PATH:/usr/sbin:/sbin
for tool in munged slurmctld slurmd sbatch sinfo; do
  command -v "$tool" > /dev/null || skip "$tool is not installed (packages munge, slurmctld, slurmd, slurm-client)"
done
[ "$(id -u)" -eq 0 ] || skip "slurmd starts jobs as root only"

folder=$(mktemp -d)
daemons=()
cleanup() {
  for pid in "${daemons[@]}"; do kill "$pid" 2> /dev/null || true; done
  for pid in "${daemons[@]}"; do wait "$pid" 2> /dev/null || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
chmod 755 "$folder"
mkdir -m 711 "$folder/munge"
mkdir "$folder/state" "$folder/spool"
head -c 1024 /dev/urandom > "$folder/munge.key"
chmod 600 "$folder/munge.key"
host=$(hostname -s)
port=$((20000 + $$ % 20000))
cat > "$folder/slurm.conf" << END
ClusterName=szilard
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmctldPort=$port
SlurmdPort=$((port + 1))
AuthInfo=socket=$folder/munge/socket
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=1,bf_interval=1
KillWait=5
NodeName=$host NodeAddr=127.0.0.1 CPUs=2
PartitionName=all Nodes=ALL Default=YES State=UP
END
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  printf 'CgroupPlugin=cgroup/v2\nIgnoreSystemd=yes\n' > "$folder/cgroup.conf"
else
  printf 'CgroupPlugin=cgroup/v1\n' > "$folder/cgroup.conf"
fi
export SLURM_CONF=$folder/slurm.conf
munged --foreground --force --key-file="$folder/munge.key" --socket="$folder/munge/socket" --pid-file="$folder/munge/pid" \
  --log-file="$folder/munge/log" --seed-file="$folder/munge/seed" 2> "$folder/munged.log" &
daemons+=($!)
for _ in $(seq 50); do [ -S "$folder/munge/socket" ] && break; sleep 0.1; done
slurmctld -D -c 2> /dev/null &
daemons+=($!)
slurmd -D 2> "$folder/slurmd.err" &
daemons+=($!)
up=
for _ in $(seq 100); do
  if sinfo -h -o %T 2> /dev/null | grep -q '^idle$'; then up=1; break; fi
  kill -0 "${daemons[2]}" 2> /dev/null || break
  sleep 0.2
done
[ -n "$up" ] || skip "Slurm does not start here: $(grep -h error "$folder/slurmd.err" "$folder/slurmd.log" "$folder/slurmctld.log" | tail -n 1)"

"$szilard" sweep "$scenario" -o "$folder/alone" --quiet > /dev/null
"$szilard" sweep "$scenario" -o "$folder/it's 5% of a study" --emit-slurm --tasks 3 > "$folder/study.sh"
sh "$folder/study.sh"
for _ in $(seq 300); do
  [ -z "$(squeue -h -o %i)" ] && break
  sleep 0.2
done
[ -z "$(squeue -h -o %i)" ] || { echo "the jobs did not end:"; squeue; tail -n 5 "$folder/slurmctld.log"; exit 1; }
cat "$folder/it's 5% of a study"/slurm-*.out
[ "$(ls "$folder/it's 5% of a study"/study.shard-?-of-3.sqlite | wc -l)" -eq 3 ] || { echo "there are no three shards"; exit 1; }
"$szilard" results "$folder/alone" --csv > "$folder/alone.csv"
"$szilard" results "$folder/it's 5% of a study" --csv > "$folder/array.csv"
cmp "$folder/alone.csv" "$folder/array.csv"
echo "$(($(wc -l < "$folder/array.csv") - 1)) points, the same bytes"

timeout 120 srun -n 2 "$szilard" sweep "$scenario" -o "$folder/ranks" > "$folder/ranks.out" 2> "$folder/ranks.err" ||
  { echo "srun failed:"; cat "$folder/ranks.err"; exit 1; }
[ "$(grep -c 'points done' "$folder/ranks.out")" -eq 1 ] || { echo "srun's tasks ran the study more than once"; cat "$folder/ranks.out"; exit 1; }
"$szilard" results "$folder/ranks" --csv > "$folder/ranks.csv"
cmp "$folder/alone.csv" "$folder/ranks.csv"
echo "srun -n 2: the same bytes"
