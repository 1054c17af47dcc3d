#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Compare a guest's report with what its loader was given.

usage: judge.py REPORT EXPECTED

Both are "key value" lines. In EXPECTED, "~key" is a regular expression that
must match the whole value, and "map" lines are the machine's memory map;
"map-of coreboot" stands for the one in coreboot's table and "map-of efi" for
UEFI's, which the report has, and "map-max" is how many ranges this kernel can
hold. "map-above" is where a firmware's memory begins, which the map does not
tell of: from up to 2 MiB below it to the end of the RAM all must be reserved.
"map-hidden" is how many bytes at the end of RAM below 4 GiB a network card's ROM that
is in use may hide, besides some of what is below 640 KiB.
"map-hole reserved": so is 0xa0000-0xfffff, but for what is more than that.
Prints each difference; exits with 1 if there is any. If there is none, each line
of EXPECTED is made wrong in turn, and one whose fault would not be noticed is a
difference, too.
"""
import os
import re
import struct
import sys

import cbtable
import efimap

RAM = 'System RAM'
RESERVED = 'Reserved'
ARENA = 'ACPI Tables'
ARENA_MAX = 64 * 1024
PAGE = 4096
MARGIN = 2 << 20
# Limits may be larger than what there is, and a map may have the hole itself.
NOT_SPOILED = {'map-max', 'map-hole', 'map-hidden'}
HOLE = (0xa0000, 0x100000)
REQUIRED = ('cpus', 'machine', 'cmdline', 'provenance-nodes', 'sysfs-files')

# What the loader was given or is known for, and its file in sysfs.
FILES = {'protocol': 'protocol', 'loader': 'loader', 'firmware': 'firmware',
         'firmware-version': 'firmware_version', 'map-source': 'map_source',
         'cmdline-source': 'cmdline_source',
         'initrd-source': 'initrd_source'}
# Those that only root can read.
ROOT_FILES = 'coreboot_table physical_address tsc_entry tsc_kernel virtual_offset'
# Names of the bits of "corrupt", in the order in which the kernel has them.
CORRUPT_H = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                         '../../arch/i386/boot/elf/corrupt.h')
with open(CORRUPT_H, encoding='utf-8') as header:
    CORRUPT = {int(bit, 0): name for bit, name in re.findall(
        r'^CORRUPT\(\w+,\s*(0x\w+),\s*"(.*)"\)', header.read(), re.M)}


def read(path):
    values, ranges, used = {}, [], []
    with open(path, errors='replace') as lines:
        for line in lines:
            key, _, value = line.rstrip().partition(' ')
            if key in ('map', 'iomem'):
                start, end, kind = value.split(' ', 2)
                (ranges if key == 'map' else used).append(
                    (int(start, 16), int(end, 16) + 1, kind))
            elif key and not key.startswith('#'):
                values[key] = value
    return values, ranges, used


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


def carve(ranges, start, size, new=ARENA):
    """Make [start, start + size) the arena, as the stub does."""
    for low, high, kind in ranges:
        if low <= start and start + size <= high and kind == RAM:
            yield low, start, RAM
            yield start, start + size, new
            yield start + size, high, RAM
        else:
            yield low, high, kind


def same_map(have, want, arena, limit):
    if not arena:
        return have == want[:limit]
    page = arena // PAGE * PAGE
    return any(have == merge(carve(want, start, size))[:limit]
               for start in range(page, page - ARENA_MAX, -PAGE)
               for size in range(page + PAGE - start, ARENA_MAX + 1, PAGE))


def reserve_above(ranges, have, above):
    """Reserve what a firmware has at the end of RAM; the report says from
    where exactly. None, if it does not."""
    for low, high, kind in ranges:
        if kind == RAM and low <= above < high:
            starts = [start for start, _, kind in have
                      if kind == RESERVED and above - MARGIN < start <= above]
            for start in starts:
                return list(carve(ranges, start, high - start, RESERVED))
    return None


def hide(ranges, have, most):
    """Leave out what a network card's ROM hides, as far as the report does."""
    for start, end, kind in ranges:
        if kind == RAM and end <= 1 << 32:
            end = max((high for low, high, _ in have
                       if start <= low and end - most <= high <= end), default=end)
        elif end == HOLE[0] and end not in (high for _, high, _ in have):
            continue
        yield start, end, kind


def reserve_hole(ranges):
    """Nothing there is RAM or unknown (Linux, arch/x86/platform/pvh/enlighten.c)."""
    low, high = HOLE
    at = low
    for start, end, kind in sorted(ranges):
        inside = max(start, low), min(end, high)
        if inside[0] >= inside[1] or kind == RAM:
            for part in ((start, min(end, low)), (max(start, high), end)):
                if part[0] < part[1]:
                    yield *part, kind
            continue
        yield start, end, kind
        yield at, max(at, inside[0]), RESERVED
        at = inside[1]
    yield at, high, RESERVED


def not_ram(used, ranges):
    """What the kernel uses as RAM although the map does not say so."""
    ram = [(low, high) for low, high, kind in ranges if kind == RAM]
    return [(start, end, kind) for start, end, kind in used if kind == RAM
            and not any(low <= start and end <= high for low, high in ram)]


def coreboot_map(report):
    """The map of coreboot's table, or what is wrong with that."""
    at = int(report.get('coreboot-table-at', '0'), 16)
    try:
        return list(cbtable.ranges(
            bytes.fromhex(report.get('coreboot-table', '')), at)), None
    except (ValueError, struct.error) as error:
        return [], f'coreboot table: {error}'


def show(ranges):
    return ', '.join(f'{start:x}-{end:x} {kind}' for start, end, kind in ranges)


def check_times(report, *names):
    """The stub's two time stamps and init's must ascend."""
    times = [int(report.get(key, '0')) for key in (*names, 'tsc-init')]
    if not 0 < times[0] < times[1] < times[2]:
        yield f'{names[0]} and later do not ascend: {times}'


def check_node_times(report, expected):
    """Everybody can read the node: a kernel with ELF boot clears them."""
    names = 'tsc-entry', 'tsc-kernel'
    if expected.get('sysfs-files', '0') == '0':
        yield from check_times(report, *names)
    elif any(report.get(name) != '0' for name in names):
        yield f'the node still has time stamps: {[report.get(name) for name in names]}'


def pattern(expected, key):
    """A regular expression for what is expected; "" if nothing is."""
    return expected.get('~' + key, re.escape(expected.get(key, '')))


def log_pattern(expected, files):
    """The line that the kernel writes about it."""
    def name(what, key):
        want = pattern(expected, key)
        return f'{what} "{want}(?: [^"]*)?"' if want else f'{what} unknown'

    def source(what, key):
        return f"{what} {pattern(expected, key) or 'none'}"

    return ', '.join((
        'elfboot: protocol ' + pattern(expected, 'protocol'),
        name('loader', 'loader'), name('firmware', 'firmware'),
        source('map', 'map-source'), source('command line', 'cmdline-source'),
        source('initrd', 'initrd-source'))) if files else None


def corrupt_names(expected):
    """As the kernel writes them."""
    bits = int(expected.get('corrupt', '0'))
    return ' '.join(name for bit, name in CORRUPT.items() if bits & bit)


def check_sysfs(report, expected, table):
    """What the kernel tells people is what is expected, whatever the node
    says; nothing, if it was not to tell anything."""
    files = int(expected.get('sysfs-files', '0'))
    names = corrupt_names(expected)
    want = {'log-provenance': log_pattern(expected, files),
            'log-corrupt': f'elfboot: corrupt and therefore ignored: {names}'
                           if files and names else None}
    if files:
        want.update({f'sysfs-{name}': pattern(expected, key)
                     for key, name in FILES.items()
                     if key in expected or '~' + key in expected})
        want.update({'sysfs-version': '[1-9][0-9]*', 'sysfs-corrupt': names,
                     'sysfs-coreboot_table': table})
        want['root-files'] = ROOT_FILES
        yield from check_times(report, 'sysfs-tsc_entry', 'sysfs-tsc_kernel')
    if expected.get('log') == 'none':
        want = {key: text for key, text in want.items()
                if not key.startswith('log-')}
    for key, text in want.items():
        have = report.get(key)
        if text is None and have is not None:
            yield f'{key}: "{have}", expected none'
        elif text is not None and not re.fullmatch(text, have or ''):
            yield f'{key}: "{have}" does not match "{text}"'


def judge(report, report_map, used, expected, expected_map):
    limit = int(expected.pop('map-max', '0')) or None
    map_of = expected.pop('map-of', None)
    above = expected.pop('map-above', None)
    hole = expected.pop('map-hole', None)
    hidden = int(expected.pop('map-hidden', '0'), 0)
    if map_of == 'efi':
        expected_map = list(efimap.ranges(
            bytes.fromhex(report.get('efi-map', '')),
            int(report.get('efi-descriptor', '48'))))
    if map_of == 'coreboot':
        expected_map, error = coreboot_map(report)
        if error:
            yield error
        if (not error and 'protocol' in expected and
                report.get('coreboot-table-told') !=
                report['coreboot-table-at']):
            yield "coreboot's table is elsewhere than the kernel was told"
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
        if not {name, '~' + name} & set(expected):
            yield f'nothing is expected of {name}'
    if 'protocol' in expected:
        yield from check_node_times(report, expected)
    yield from check_sysfs(report, expected,
                           report.get('coreboot-table-at', 'none')
                           if map_of == 'coreboot' else '0x0')
    arena = int(report.get('setup-data', '0'), 16)
    have = merge(report_map)
    if above is not None:
        expected_map = reserve_above(expected_map, have, int(above, 0))
        if not expected_map:
            yield f'map: {show(have)}'
            yield f'nothing is reserved from a little below {above}'
            return
    if hole and expected_map:
        expected_map = list(reserve_hole(expected_map))
    if hidden:
        expected_map = list(hide(expected_map, have, hidden))
    want = merge(expected_map)
    if expected_map and not same_map(have, want, arena, limit):
        yield f'map: {show(have)}'
        yield f'expected: {show(want[:limit])}'
    for start, end, kind in not_ram(used, want):
        yield f'the kernel uses {start:x}-{end:x} as {kind}'
    if not used:
        yield 'no /proc/iomem'
    if not expected_map:
        yield 'no memory map to compare with'


def spoiled(value):
    return str(int(value) + 1) if value.isdigit() else value + ' spoiled'


def spoil_each(expected, expected_map):
    """What is expected, with one thing wrong: its name, and all of it. A long map
    is spoiled in three places, but not in a hole that is reserved anyway."""
    for key in expected.keys() - NOT_SPOILED:
        wrong = '0' if key == 'map-above' else spoiled(expected[key])
        yield key, {**expected, key: wrong}, expected_map
    limit = int(expected.get('map-max', '0')) or None
    ranges = merge(expected_map)[:limit]
    places = [n for n, (start, end, _) in enumerate(ranges)
              if 'map-hole' not in expected or start < HOLE[0] or end > HOLE[1]]
    for n in {places[0], places[len(places) // 2], places[-1]} if places else ():
        yield f'map range {n}', expected, ranges[:n] + ranges[n + 1:]


def unnoticed(report, report_map, used, expected, expected_map):
    """Names of expectations that could be wrong, and nobody would notice."""
    for name, wrong, wrong_map in spoil_each(expected, expected_map):
        if not any(judge(report, report_map, used, dict(wrong), wrong_map)):
            yield name


def main():
    report, report_map, used = read(sys.argv[1])
    expected, expected_map, _ = read(sys.argv[2])
    found = report, report_map, used
    differences = list(judge(*found, dict(expected), expected_map)) or [
        f'{name}: if what is expected were wrong, nothing would tell'
        for name in unnoticed(*found, expected, expected_map)]
    for difference in differences:
        print(difference)
    return bool(differences)


if __name__ == '__main__':
    sys.exit(main())
