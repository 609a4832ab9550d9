# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
"""build_site.py ROOT OUTPUT: the guide builds without a warning, every page stands in it, and no page loads anything from elsewhere.
Exit code 77 where mkdocs or its theme is missing."""
import html.parser
import os
import subprocess
import sys

root, output = sys.argv[1:]
MKDOCS = "/usr/bin/mkdocs"
THEME = "/usr/share/mkdocs/themes/material"
if not os.path.exists(MKDOCS) or not os.path.exists(THEME):
    print("skipped: mkdocs-material is not installed")
    sys.exit(77)
subprocess.run([MKDOCS, "build", "--strict", "--clean", "--quiet", "-f", os.path.join(root, "mkdocs.yml"), "-d", os.path.abspath(output)], check=True)


class Loads(html.parser.HTMLParser):
    """What a browser fetches by itself: links to follow are not among it."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag in ("script", "img", "iframe", "source", "video", "audio", "embed"):
            self.found.append(values.get("src") or "")
        if tag == "link" and values.get("rel") not in ("canonical",):
            self.found.append(values.get("href") or "")


pages = 0
for folder, _, names in os.walk(output):
    for name in names:
        path = os.path.join(folder, name)
        if name.endswith(".html"):
            pages += 1
            loads = Loads()
            text = open(path, encoding="utf-8").read()
            assert "mermaid" not in text, f"{path}: diagrams would be drawn by a script from elsewhere"
            loads.feed(text)
            for address in loads.found:
                assert "//" not in address, f"{path} loads {address}"
                if address and not address.startswith("data:") and name != "404.html":
                    file = os.path.normpath(os.path.join(folder, address.split("?")[0].split("#")[0]))
                    assert os.path.exists(file), f"{path} wants {address}, which is not there"
        if name.endswith(".css"):
            text = open(path, encoding="utf-8").read()
            assert "url(http" not in text and "url(//" not in text and "@import" not in text, f"{path} loads from elsewhere"
sources = sum(name.endswith(".md") for _, _, names in os.walk(os.path.join(root, "docs")) for name in names)
assert pages == sources + 1, f"{pages} pages of {sources} sources and the page for what is not found"
print(f"{pages} pages, nothing loaded from elsewhere")
