#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Judge the report of a proof program (tests/hello).

usage: hello.py REPORTS EXPECTED

REPORTS begins with that of the kernel that has started it. EXPECTED has lines
"key value"; "~key" is a regular expression that must match the whole value,
"@key" names another line of the report that must have the same value.
"map-of-kernel" are the most pages of RAM in the kernel's own memory map, which
the program must have been told as it is, that may be left untested. Prints each
difference; exits with 1 if there is any.
"""
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True
import chain                                                    # noqa: E402
from chain import judge                                         # noqa: E402


PAGE = 4096


def compare(report, expected):
    """Yields what is said otherwise."""
    for key, want in expected.items():
        name = key.lstrip('~@')
        have = report.get(name)
        if key[0] == '@':
            want = report.get(want)
        if have is None:
            yield f'{name}: not reported, expected "{want}"'
        elif not re.fullmatch(want if key[0] == '~' else re.escape(want),
                              have):
            yield f'{name}: "{have}", expected "{want}"'
    if 'exception' in report:
        yield 'exception ' + report['exception']


def compare_map(report, have, want, most):
    """Yields what is wrong with the map, and what has not been tested."""
    if have != want:
        yield f'map: {judge.show(have)}'
        yield f'expected: {judge.show(want)}'
    pages = sum(end // PAGE - -(-start // PAGE) for start, end, kind in want
                if kind == judge.RAM)
    tested = int(report.get('tested-pages', '0'))
    if not want or not pages - most <= tested <= pages:
        yield f'{tested} pages of {pages} tested, at most {most} are in use'


def split(path):
    """The kernel's report and the program's."""
    with open(path, errors='replace', encoding='utf-8') as file:
        text = file.read()
    kernel, mark, program = text.partition('hello-report')
    return chain.parse([kernel]), chain.parse([mark + program])


def main():
    (_, kernel_map, _), (report, ranges, _) = split(sys.argv[1])
    expected, _, _ = judge.read(sys.argv[2])
    most = expected.pop('map-of-kernel', None)
    found = list(compare(report, expected))
    if most is not None:
        found += compare_map(report, judge.merge(ranges),
                             judge.merge(kernel_map), int(most))
    for text in found:
        print(text)
    return bool(found)


if __name__ == '__main__':
    sys.exit(main())
