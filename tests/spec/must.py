#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: must.py DOCUMENT LIST [RESULTS]

Every MUST of the document has a test beside it: in its paragraph, or, in a
table, in the paragraph in front. Every test that it names is in LIST ("GROUP/
NAME" lines) and has passed if it is in RESULTS ("passed NAME", "failed NAME").
Test names lack architecture and kernel.
"""

import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "tool"))
import subtest                                                  # noqa: E402
from subtest import result                                      # noqa: E402

NAMED = re.compile(r"\[([a-z]+/[a-z0-9_/,\s-]+)\]")


def lines(path):
    """Of a file."""
    with open(path, encoding="utf-8") as file:
        return file.read().splitlines()


def paragraphs(text):
    """What stands together; a table, and a list's item, with what introduces
    it."""
    parts = []
    for part in re.split(r"\n\s*\n", text):
        if part.lstrip().startswith("==") and "\n" in part and parts:
            parts[-1] += "\n" + part
        else:
            parts += re.split(r"\n(?=- )", part)
    return parts


def names_in(part):
    """Tests that a paragraph names."""
    return [name for group in NAMED.findall(part)
            for name in re.split(r"[,\s]+", group) if name]


def main():
    """As the usage says."""
    if len(sys.argv) < 3:
        sys.exit(__doc__.strip())
    text = "\n".join(lines(sys.argv[1]))
    listed = lines(sys.argv[2])
    passed, failed = set(), set()
    for line in lines(sys.argv[3]) if len(sys.argv) > 3 else ():
        how, name = line.split()
        (passed if how == "passed" else failed).add(name)
    body = text[text.index("\n1. Purpose"):]
    number = 0
    for part in paragraphs(body):
        if "MUST" not in part:
            continue
        number += 1
        result(names_in(part), f"MUST {number} has a test", part)
    for name in sorted(set(names_in(body))):
        its = [test for test in listed
               if test == name or test.startswith(name + "/")]
        bad = [test for test in its if test in failed]
        result(its and not bad, name +
               (": passed" if set(its) & passed else ": is there"),
               bad or "there is no such test")
    sys.exit(subtest.failed)


main()
