#!/usr/bin/env bash
# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
# disk_full_test.sh SZILARD SCENARIO: a disk that fills up ends a study with exit code 4, one line and an intact database, and the
# study goes on once there is room. The disk is a small tmpfs in a mount namespace of its own; exit code 77 where there can be none.
set -euo pipefail
szilard=$1 scenario=$2
if [ -z "${SZILARD_OWN_MOUNTS:-}" ]; then
  namespace=(unshare --mount)
  [ "$(id -u)" -eq 0 ] || namespace=(unshare --map-root-user --mount)
  "${namespace[@]}" true 2> /dev/null || { echo "skipped: no mount namespace can be made here"; exit 77; }
  SZILARD_OWN_MOUNTS=1 exec "${namespace[@]}" "$0" "$@"
fi
folder=$(mktemp -d)
trap 'umount "$folder/disk" 2> /dev/null || true; rm -rf "$folder"' EXIT
mkdir "$folder/disk"
mount -t tmpfs -o size=64k tmpfs "$folder/disk" 2> /dev/null || { echo "skipped: no tmpfs can be mounted here"; exit 77; }
fail() { echo "FAILED: $1"; cat "$folder/err"; exit 1; }
# full WHERE OPTIONS...: a sweep that must run out of space.
full() {
  local code=0
  "$szilard" sweep "$scenario" -o "$folder/disk/study" --quiet --resume --jobs 2 > "$folder/out" 2> "$folder/err" || code=$?
  [ $code -eq 4 ] || fail "$1: exit code $code instead of 4"
  [ "$(wc -l < "$folder/err")" -eq 1 ] || fail "$1: more than one line"
  grep -q 'study.*\(full\|No space\)' "$folder/err" || fail "$1: the line does not say what is full"
}

"$szilard" sweep "$scenario" -o "$folder/alone" --quiet > /dev/null
full "from the start"
mount -o remount,size=500k "$folder/disk"
full "on the way"
python3 - "$folder/disk/study/study.sqlite" << 'END' || fail "the database is not intact"
import sqlite3, sys
database = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
done = database.execute("SELECT count(*) FROM points WHERE state = 2").fetchone()[0]
assert 0 < done < 54, done
print(done, "points of 54 done when the disk was full")
END
mount -o remount,size=64m "$folder/disk"
"$szilard" sweep "$scenario" -o "$folder/disk/study" --quiet --resume > /dev/null 2> "$folder/err" || fail "resume"
for study in "$folder/alone" "$folder/disk/study"; do "$szilard" results "$study" --csv > "$folder/$(basename "$study").csv"; done
cmp "$folder/alone.csv" "$folder/study.csv" || fail "other figures than without the full disk"
echo "resumed to the same bytes"
