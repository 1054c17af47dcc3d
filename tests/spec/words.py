#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: words.py DOCUMENT STUB.H DUMP.C

The tables of section 6.1, the stub's words and its flags, are what stub.h has,
and the words have the names that mkelfImage --dump gives them.
"""

import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "tool"))
import subtest                                                  # noqa: E402
from subtest import result                                      # noqa: E402


def read(path):
    """A file."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def numbers(pairs):
    """{name: number} of (name, hexadecimal text)."""
    return {name: int(number, 16) for name, number in pairs}


def differ(have, want):
    """What is in one of them only, or not the same."""
    return sorted(set(have.items()) ^ set(want.items()))


def main():
    """As the usage says."""
    if len(sys.argv) != 4:
        sys.exit(__doc__.strip())
    document, stub, dump = map(read, sys.argv[1:])
    section = re.search(r"^6\.1 .*?^6\.2 ", document, re.M | re.S)[0]
    rows = numbers((name, at) for at, name in
                   re.findall(r"^(0x\w\w)  +(\S+(?: \S+)*)  ", section, re.M))

    flags = numbers(re.findall(r"^#define STUB_FLAG_(\w+)\s+(0x\w+)", stub,
                               re.M))
    told = {name: rows.pop(name) for name in list(rows) if name.isupper()}
    result(flags and told == flags, "the flags of stub.h", differ(told, flags))

    # Entries are none of the words, the header's size is behind them.
    at = numbers(re.findall(r"^#define (STUB_(?!FLAG_)\w+)\s+(0x\w\w)\b", stub,
                            re.M))
    at.pop("STUB_MOVED_ENTRY")
    first, last = at["STUB_BASE"], at["STUB_HEADER_SIZE"]
    words = {value for value in at.values() if first <= value < last}
    result(set(rows.values()) == words, "the words of stub.h",
           sorted(map(hex, set(rows.values()) ^ words)))

    names = {name: at[word] for word, name in
             re.findall(r'{ (STUB_\w+), "(.*)" }', dump)}
    rows.pop("magic", None)             # --dump has looked at it
    result(names and rows == names, "the names of --dump",
           differ(rows, names))
    sys.exit(subtest.failed)


main()
