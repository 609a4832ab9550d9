# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
"""Screenshots of a page, light and dark: look.py PAGE.html FOLDER"""
import pathlib
import sys

import browser

file, folder = sys.argv[1], pathlib.Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)
for name in ("light", "dark"):
    with browser.Page() as page:
        page.theme(name)
        page.open(file)
        page.run("szilardPage.draw_all()")
        part = 0
        while page.screenshot(folder / f"{name}-{part}.png", 1600 * part):
            part += 1
        print(name, page.errors, [a[:80] for a in page.addresses])
