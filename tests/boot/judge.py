#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Compare a guest's report with what its loader was given.

usage: judge.py REPORT EXPECTED

Both are "key value" lines. In EXPECTED, "~key" is a regular expression that
must match the whole value, and "map" lines are the machine's memory map.
Prints each difference; exits with 1 if there is any.
"""
import re
import sys

RAM = 'System RAM'
ARENA = 'ACPI Tables'
ARENA_MAX = 64 * 1024
PAGE = 4096
REQUIRED = ('cpus', 'machine', 'cmdline', 'provenance-nodes')


def read(path):
    values, ranges = {}, []
    with open(path, errors='replace') as lines:
        for line in lines:
            key, _, value = line.rstrip().partition(' ')
            if key == 'map':
                start, end, kind = value.split(' ', 2)
                ranges.append((int(start, 16), int(end, 16) + 1, kind))
            elif key and not key.startswith('#'):
                values[key] = value
    return values, ranges


def merge(ranges):
    merged = []
    for start, end, kind in sorted(ranges):
        if start == end:
            continue
        if merged and merged[-1][1] == start and merged[-1][2] == kind:
            merged[-1] = (merged[-1][0], end, kind)
        else:
            merged.append((start, end, kind))
    return merged


def carve(ranges, start, size):
    """Make [start, start + size) the arena, as the stub does."""
    for low, high, kind in ranges:
        if low <= start and start + size <= high and kind == RAM:
            yield low, start, RAM
            yield start, start + size, ARENA
            yield start + size, high, RAM
        else:
            yield low, high, kind


def same_map(have, want, arena):
    if not arena:
        return have == want
    return any(have == merge(carve(want, arena, size))
               for size in range(PAGE, ARENA_MAX + 1, PAGE))


def show(ranges):
    return ', '.join(f'{start:x}-{end:x} {kind}' for start, end, kind in ranges)


def check_times(report):
    """The stub's two time stamps and init's must ascend."""
    times = [int(report.get(key, '0'))
             for key in ('tsc-entry', 'tsc-kernel', 'tsc-init')]
    if not 0 < times[0] < times[1] < times[2]:
        yield f'time stamps do not ascend: {times}'


def judge(report, report_map, expected, expected_map):
    for key, want in expected.items():
        name = key.lstrip('~')
        have = report.get(name)
        if have is None:
            yield f'{name}: not reported, expected "{want}"'
        elif key.startswith('~') and not re.fullmatch(want, have):
            yield f'{name}: "{have}" does not match "{want}"'
        elif not key.startswith('~') and have != want:
            yield f'{name}: "{have}", expected "{want}"'
    for name in REQUIRED:
        if name not in expected:
            yield f'nothing is expected of {name}'
    if 'protocol' in expected:
        yield from check_times(report)
    arena = int(report.get('setup-data', '0'), 16)
    have = merge(report_map)
    want = merge(expected_map)
    if expected_map and not same_map(have, want, arena):
        yield f'map: {show(have)}'
        yield f'expected: {show(want)}'
    if not expected_map:
        yield 'no memory map to compare with'


def main():
    report, report_map = read(sys.argv[1])
    expected, expected_map = read(sys.argv[2])
    differences = list(judge(report, report_map, expected, expected_map))
    for difference in differences:
        print(difference)
    return bool(differences)


if __name__ == '__main__':
    sys.exit(main())
