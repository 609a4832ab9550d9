#!/usr/bin/env python3
# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
"""Catch2 2.13 indents what follows the first ": " of a name by what stands before it. Where that is as wide as the terminal it prints
blanks without end as soon as the test fails. A name that begins with "-" is taken for an option of the program.

usage: check_names.py TESTS
"""
import pathlib
import re
import sys

LONGEST = 40
bad = 0
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.cpp")):
    text = path.read_text()
    for match in re.finditer(r'\b(?:TEST_CASE|SECTION)\("((?:[^"\\]|\\.)*)"', text):
        name = match.group(1)
        wrong = 'the ": " of this name stands too far right' if name.find(": ") > LONGEST else ""
        if name.startswith("-"):
            wrong = 'this name begins with "-"'
        if wrong:
            print(f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {wrong}: {name}")
            bad += 1
sys.exit(1 if bad else 0)
