#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""manual.py TOOL MANUAL: the manual page has the options of TOOL --help, each
with the other names of it, and no others; and its version."""

import re
import subprocess
import sys

import subtest
from subtest import result

OPTION = re.compile(r'(?<![\w-])--?[a-zA-Z][\w-]*')


def of_help(text):
    """Options that go together, by what they begin a line with."""
    found = set()
    for line in text.splitlines():
        if re.match(r' {1,4}-', line):
            names = re.split(r' {2,}', line.strip())[0]
            found.add(frozenset(OPTION.findall(names)))
    return found


def of_manual(text):
    """The same, from the lines behind .TP in the section OPTIONS."""
    section = re.search(r'^\.SH OPTIONS$(.*?)^\.SH ', text, re.M | re.S)
    tags = re.findall(r'^\.TP\n(.*)$', section.group(1), re.M)
    return {frozenset(OPTION.findall(re.sub(r'\\f.', ' ',
                                            tag.replace('\\-', '-'))))
            for tag in tags}


def main():
    tool, manual = sys.argv[1:]
    text = subprocess.run([tool, '--help'], check=True, text=True,
                          capture_output=True).stdout
    version = subprocess.run([tool, '--version'], check=True, text=True,
                             capture_output=True).stdout.split('\n')[0]
    with open(manual, encoding='ascii') as file:
        page = file.read()

    helped = of_help(text)
    manned = of_manual(page)
    result(len(helped) > 8, '--help has options')
    for names in sorted(sorted(names) for names in helped):
        result(frozenset(names) in manned, ' '.join(names) + ': in the manual')
    for names in sorted(sorted(names) for names in manned - helped):
        result(False, ' '.join(names) + ': in --help')
    result(f'"{version}"' in page.split('.SH', 1)[0], 'version')
    sys.exit(subtest.failed)


main()
