# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
"""A szilard that was built where there was no npm: everything works but the report, which says what is missing.

usage: check_without_node.py SZILARD SCENARIO FOLDER
"""
import pathlib
import shutil
import subprocess
import sys

program, scenario, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
shutil.rmtree(folder, ignore_errors=True)
folder.mkdir(parents=True)


def szilard(*arguments):
    return subprocess.run([program, *map(str, arguments)], capture_output=True, text=True)


done = szilard("run", scenario, "--samples", 4, "-q", "-o", folder / "run")
assert done.returncode == 0 and (folder / "run/summary.json").exists(), done.stderr
before = sorted(folder.rglob("*"))
for arguments in (["report", folder / "run"], ["report", folder / "run", "-o", folder / "page.html", "--svg", folder / "svg"],
                  ["run", scenario, "--samples", 4, "-q", "-o", folder / "other", "--report"]):
    done = szilard(*arguments)
    assert done.returncode == 4, (arguments, done.returncode, done.stderr)
    assert "built without the report's pictures" in done.stderr and "npm" in done.stderr and "script/bootstrap" in done.stderr, done.stderr
assert sorted(folder.rglob("*")) == before, "something was written"
print(done.stderr.strip())
