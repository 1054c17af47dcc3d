#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Compare where kernels have run, by what they report themselves.

usage: kaslr.py KIND ARCH REPORT...

KIND is random: all is, and no two boots agree (of four or more two may, by
chance); narrow: there may be no place to go to; small: there is none, but the
virtual address is random; vmlinux: the kernel stays, and is told to choose
addresses; nokaslr: all is as it was linked; moved: so it is, but a loader has
put the kernel to 64 MiB or above; free: or anywhere from its own place on.
"""
import itertools
import sys

START = 0x1000000
KASLR_FLAG = 0x2
MEMORY, VIRTUAL, PHYSICAL = 1, 2, 4
LINK = {'x86_64': 0xffffffff80000000 + START, 'i386': 0xc0000000 + START}
DIRECT_MAP = {'x86_64': 0xffff888000000000, 'i386': 0xc0000000}
RANDOM = {
    ('random', 'x86_64'): MEMORY | VIRTUAL | PHYSICAL,
    ('random', 'i386'): MEMORY | PHYSICAL,
    ('small', 'x86_64'): MEMORY | VIRTUAL,
    ('small', 'i386'): MEMORY,
    ('vmlinux', 'x86_64'): MEMORY,
    ('vmlinux', 'i386'): MEMORY,
}
WHY = {'random': '', 'small': 'no room elsewhere', 'vmlinux': 'no relocations',
       'nokaslr': 'nokaslr', 'moved': 'nokaslr', 'free': 'nokaslr'}
LOWEST = {'moved': 0x4000000, 'free': START}

failed = False


def result(good, name, detail=''):
    global failed
    print('ok' if good else 'not ok', name, '' if good else f'# {detail}')
    failed |= not good


def read(path):
    report = {}
    with open(path, errors='replace') as lines:
        for line in lines:
            key, _, value = line.rstrip('\n').partition(' ')
            report[key] = value
    return report


def number(report, key, base=16):
    return int(report.get(key, '0'), base)


def check_one(kind, arch, name, report):
    if kind == 'narrow':
        kind = ('random' if number(report, 'random', 10) & PHYSICAL else
                'small')
    bits = RANDOM.get((kind, arch), 0)
    place, text = number(report, 'kernel-at'), number(report, 'text')
    differences = []

    def expect(key, have, want):
        if have != want:
            differences.append(f'{key} {have!r}, expected {want!r}')

    expect('random', number(report, 'random', 10), bits)
    expect('why-fixed', report.get('why-fixed'), WHY[kind])
    expect('KASLR_FLAG', number(report, 'loadflags') & KASLR_FLAG,
           KASLR_FLAG if bits else 0)
    expect('entropy', number(report, 'entropy', 10) > 0,
           bool(bits & (VIRTUAL | PHYSICAL)))
    expect('sysfs-physical_address',
           number(report, 'sysfs-physical_address'), place)
    expect('sysfs-virtual_offset', number(report, 'sysfs-virtual_offset'),
           text - LINK[arch])
    if kind in LOWEST:
        expect(f'{place:#x} not too low', place >= LOWEST[kind], True)
    elif not bits & PHYSICAL:
        expect('kernel-at', place, START)
    if arch != 'i386' and not bits & VIRTUAL:
        expect('text', text, LINK[arch])
    if arch == 'i386':
        expect('text', text, place + LINK[arch] - START)
    if arch == 'i386' or not bits & MEMORY:
        expect('direct-map', number(report, 'direct-map'), DIRECT_MAP[arch])
    for key in ('kernel-at', 'text', 'direct-map'):
        if key not in report:
            differences.append(f'no {key}')
    result(not differences, name, '; '.join(differences))


def check_different(reports, key):
    values = [report.get(key) for report in reports]
    same = sum(a == b for a, b in itertools.combinations(values, 2))
    result(None not in values and same <= (len(values) >= 4),
           f'{key}: {" ".join(map(str, values))}')


def main():
    kind, arch = sys.argv[1:3]
    reports = []
    for path in sys.argv[3:]:
        name = path.split('/')[-2]
        report = read(path)
        reports.append(report)
        check_one(kind, arch, name, report)
    bits = RANDOM.get(('small' if kind == 'narrow' else kind, arch), 0)
    if len(reports) > 1:
        if bits & PHYSICAL:
            check_different(reports, 'kernel-at')
        if bits & VIRTUAL:
            check_different(reports, 'text')
        if bits & MEMORY and arch == 'x86_64':
            check_different(reports, 'direct-map')
    return failed


if __name__ == '__main__':
    sys.exit(main())
