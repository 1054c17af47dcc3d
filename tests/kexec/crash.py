#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Judge the reports of a kernel that panicked and of the one that it started.

usage: crash.py REPORTS IMAGE EXPECTED

REPORTS and EXPECTED are as chain.py has them; EXPECTED is about the second
kernel. The first one tells where that has to be, and how much memory there was:
the second one must be told of no other memory than its own, must have all of its
own in it, and must have found in /proc/vmcore all that was left for it.

Prints each difference; exits with 1 if there is any.
"""
import re
import sys

import chain
import judge

MIB = 1 << 20
CORE_HEADER_MAX = 64 << 10
KERNEL_MAX = 256 * MIB
RAM = judge.RAM

# Who has boot_params from the kernel before has nothing from the stub.
WITHOUT_STUB = ('vmlinux',)


def regions_of(lines):
    """Where the first kernel has kept memory for the second: some below 4 GiB
    first, if the others are above."""
    words = [line.split()[1:3] for line in lines
             if line.startswith('crash-kernel ')]
    return [(int(start, 16), int(end, 16) + 1) for start, end in words]


def is_in(start, end, regions):
    return any(low <= start and end <= high for low, high in regions)


def core_header(report):
    """Where the second kernel has been told that it is."""
    match = re.search(r'elfcorehdr=(0x[0-9a-f]+)', report.get('cmdline', ''))
    return int(match[1], 16) if match else 0


def crash_map(used, regions, core, have):
    """As the first kernel makes it: the first MiB, its own memory without the
    core header, and what is not RAM."""
    *others, (start, end) = regions
    after = min((low for low, _, _ in have if low > core), default=core)
    if not start <= core < after <= core + CORE_HEADER_MAX:
        print(f'the core header is at {core:x}, memory goes on at {after:x}')
        after = core
    for low, high, kind in used:
        if kind == RAM and low < MIB:
            yield low, min(high, MIB), kind
        elif kind in ('Reserved', 'ACPI Tables', 'ACPI Non-volatile Storage'):
            yield low, high, kind
    for low, high in others:
        yield low, high, RAM
    yield start, core, RAM
    yield after, end, RAM


def judge_place(report, used, regions):
    """Everything that the kernel has must be in its memory."""
    kernel = int(report.get('kernel-at', '0'), 16)
    initrd = int(report.get('initrd-at', '0'), 16)
    for name, at in ('kernel', kernel), ('initrd', initrd):
        if not is_in(at, at + 1, regions):
            yield f'{name}: at {at:x}, not in its memory'
    for low, high, kind in used:
        if kind == RAM and low >= MIB and not is_in(low, high, regions):
            yield f'RAM at {low:x}-{high:x}, which is not its own'


def judge_core(report, used, regions):
    """What was in /proc/vmcore."""
    ram = sum(high - low for low, high, kind in used
              if kind == RAM and low >= MIB)
    ram -= sum(high - low for low, high in regions)
    memory = int(report.get('vmcore-memory', '0'))
    if report.get('vmcore-error'):
        yield f"vmcore: {report['vmcore-error']}"
    # The kernel's own mapping is in it once more.
    if not ram <= memory <= ram + KERNEL_MAX:
        yield f'vmcore: {memory} bytes of memory, there were {ram}'
    if report.get('vmcore-read', '0') != report.get('vmcore-size'):
        yield (f"vmcore: {report.get('vmcore-read')} bytes of "
               f"{report.get('vmcore-size')} could be read")
    found, _, wanted = report.get('vmcore-pages', '0 of 1').split()
    if found != wanted:
        yield f'vmcore: {found} pages of {wanted} are there'


def expect(image, common, images):
    """Expected values of the second kernel."""
    expected = dict(common)
    if image in WITHOUT_STUB:
        expected.update({'provenance-nodes': '0', 'sysfs-files': '0'})
    else:
        expected.update(chain.way_says('bare', image))
    expected.update({key: value[0] for key, value in
                     images.get(image, {}).items()})
    builtin = re.escape(expected.pop('builtin-cmdline', '') + ' ')
    expected['~cmdline'] = (builtin + 'elfcorehdr=0x[0-9a-f]+ ' +
                            re.escape(expected.pop('cmdline')))
    return expected


def judge_both(reports, image, expected):
    first, _, first_used = chain.parse(reports[0])
    second, ranges, used = chain.parse(reports[1])
    regions = regions_of(reports[0])
    if not regions:
        yield 'the first kernel has kept no memory'
        return
    wanted = expect(image, expected[0], expected[2])
    wanted['~cmdline'] = wanted['~cmdline'].replace('SEED', '[0-9a-f]{16}')
    base = list(crash_map(first_used, regions, core_header(second),
                          judge.merge(ranges)))
    if first.get('crash-loaded') != '1':
        yield 'the first kernel does not say that one is loaded'
    yield from judge.judge(second, ranges, used, wanted, base)
    yield from judge_place(second, used, regions)
    yield from judge_core(second, first_used, regions)


def main():
    reports = chain.split(sys.argv[1])
    expected = chain.read_expected(sys.argv[3])
    differences = [line.rstrip() for lines in reports for line in lines
                   if re.match(r'hop \d+: failed', line)]
    if len(reports) != 2:
        differences.append(f'{len(reports)} kernels of 2')
    else:
        differences += judge_both(reports, sys.argv[2], expected)
    for difference in differences:
        print(difference)
    return bool(differences)


if __name__ == '__main__':
    sys.exit(main())
