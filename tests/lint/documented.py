#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: documented.py FILE.c...

Print every function of a C file, other than static ones and a program's
main(), that has no kernel-doc comment in front of it.
"""

import re
import sys


def undocumented(lines):
    """Names of functions."""
    for at, line in enumerate(lines):
        if line != "{":
            continue
        start = at
        while start and lines[start - 1] and lines[start - 1][0] not in " *}":
            start -= 1
            if not lines[start].startswith("\t"):
                break
        # A type on a line of its own belongs to it.
        while start and re.match(r"[a-z][\w \*]*$", lines[start - 1]):
            start -= 1
        head = " ".join(lines[start:at])
        found = re.search(r"(\w+)\(", head)
        if not found or "=" in head or head.startswith("static"):
            continue
        name = found[1]
        if name == "main" and "argc" in head:
            continue
        comment = start - 1
        while comment >= 0 and not lines[comment].startswith("/*"):
            comment -= 1
        text = "\n".join(lines[comment:start])
        if not (text.startswith(f"/**\n * {name} - ") and
                text.endswith("*/") and text.count("*/") == 1):
            yield name


def main():
    """As the usage says."""
    missing = 0
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            for name in undocumented(file.read().split("\n")):
                print(f"{path}: {name}() has no kernel-doc comment")
                missing += 1
    sys.exit(missing > 0)


main()
