#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""When each loader has booted last: out of build/ledger into tests/boot/last-run.

usage: last_run.py LEDGER

last-run has a line for each test of the matrix and version of its loader ("-": a
stand-in of ours): image, architecture and kernel, day of the latest boot that was right.
What the ledger does not know stays. "make last-run" calls this, and writes the table of
Documentation/loaders.md anew.
"""
import glob
import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
LAST_RUN = os.path.join(HERE, 'last-run')
HEAD = '# test, version, image, architecture/kernel, day; made by "make last-run"\n'
RELEASES = {'debian-12': 'bookworm', 'debian-13': 'trixie'}


def rows_of(name):
    """Lines of a file beside this one as words, without comments."""
    with open(os.path.join(HERE, name), encoding='utf-8') as file:
        return [line.split() for line in file
                if line.strip() and not line.startswith('#')]


def read():
    """(test, version) -> (image, kernel, day)."""
    if not os.path.exists(LAST_RUN):
        return {}
    return {tuple(row[:2]): tuple(row[2:]) for row in rows_of('last-run')}


def read_versions():
    """(loader, suite) -> version."""
    rows = rows_of('../loaders.list')
    suites = next(row[1:] for row in rows if row[0] == 'suite')
    return {(row[0], suite): version for row in rows if row[0] != 'suite'
            for suite, version in zip(suites, row[1:])}


def passed(ledger, matrix):
    """What has passed, as read() has it."""
    versions = read_versions()
    for path in glob.glob(os.path.join(ledger, 'boot/*/*/*')):
        name, arch, kernel = path.split('/')[-3:]
        test, _, suite = name.partition('@')
        with open(path, encoding='utf-8') as file:
            verdict, _, host, _, when, *_ = file.read().split()
        if verdict != 'passed' or test not in matrix:
            continue
        loader, image = matrix[test]
        version = versions.get((loader, suite or RELEASES.get(host)), '-')
        yield (test, version), (image, f'{arch}/{kernel}', time.strftime(
            '%Y-%m-%d', time.gmtime(int(when))))


def main():
    matrix = {row[0]: (row[1], row[3]) for row in rows_of('matrix')}
    runs = {key: run for key, run in read().items() if key[0] in matrix}
    for key, run in passed(sys.argv[1], matrix):
        if run[2] >= runs.get(key, run)[2]:
            runs[key] = run
    with open(LAST_RUN, 'w', encoding='utf-8') as file:
        file.write(HEAD)
        file.writelines(' '.join(key + runs[key]) + '\n' for key in sorted(runs))


if __name__ == '__main__':
    main()
