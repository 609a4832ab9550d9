# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
"""run_blocks.py SZILARD ROOT PAGE: runs every ```sh block of a page, in order, in one shell that stops at the first failure, in
a folder of its own that has the checkout's scenarios and examples. A page without any is an error: then this test says nothing.
Exit code 77 where a block wants the report and szilard was built without npm."""
import os
import re
import subprocess
import sys
import tempfile

szilard, root, page = sys.argv[1:]
text = open(page, encoding="utf-8").read()
blocks = [(text.count("\n", 0, m.start()) + 2, m.group(1)) for m in re.finditer(r"^```sh\n(.*?)^```$", text, re.S | re.M)]
if not blocks:
    sys.exit(f"{page}: no ```sh block")
with tempfile.TemporaryDirectory() as folder:
    for name in ("scenarios", "examples", "docs"):
        os.symlink(os.path.join(root, name), os.path.join(folder, name))
    os.mkdir(os.path.join(folder, "bin"))
    os.symlink(szilard, os.path.join(folder, "bin", "szilard"))
    script = "set -euo pipefail\ntrap 'echo \"line $place of the page\" >&2' ERR\n"
    for line, block in blocks:
        script += f"place={line}\necho '--- line {line}'\n{block}"
    environment = dict(os.environ, PATH=os.path.join(folder, "bin") + ":" + os.environ["PATH"], HOME=folder)
    # The link's target has presets beside its sources; only the name on the command line is the link's.
    done = subprocess.run(["bash", "-c", script], cwd=folder, env=environment, text=True, capture_output=True)
    if done.returncode == 4 and "built without the report's pictures" in done.stderr:
        print("skipped: " + done.stderr)
        sys.exit(77)
    if done.returncode:
        print(done.stdout[-4000:])
        sys.exit(f"{page}: exit code {done.returncode}\n{done.stderr[-4000:]}")
print(f"{len(blocks)} blocks of {page} ran")
