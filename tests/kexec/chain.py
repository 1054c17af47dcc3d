#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Judge the reports of a chain of kernels.

usage: chain.py REPORTS HOPS EXPECTED

REPORTS has one report after the other, as tests/boot/init writes them; HOPS
the lines that tests/kexec/guest went by. EXPECTED is what every one of them
must say (as for tests/boot/judge.py) besides what its way of being started
implies, and the memory map of the machine. The first kernel was started by
QEMU, by its own setup code, or as a line "first WAY [WORDS]" tells. Lines "of IMAGE
KEY VALUE" tell of images that are not as the others; without a value such a
key is not compared. "next KEY VALUE" tells of all but the first kernel; with "next
keeps yes" the one before hands on what is in memory, and the arena is none of the
holes in that. For each key of a line "different KEY..." more than half
of the hops' values must be different.

Prints each difference; exits with 1 if there is any.
"""
import os
import re
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'boot'))
sys.dont_write_bytecode = True
import judge                                                    # noqa: E402

NAMES = ('protocol', 'map-source', 'cmdline-source', 'initrd-source',
         'firmware', 'loader', 'type-of-loader')

# What the next kernel must say of the way it was started, in this order; a
# loader that it cannot know the name of is "".
WAYS = {
    'args_elf': ('elf-notes', 'bios-e820', 'elf-notes', 'composed',
                 'PCBIOS', 'kexec', '0xd0'),
    'args_linux': ('linux', 'linux', 'linux', 'linux', '', '', '0xd0'),
    'multiboot2': ('multiboot2', 'multiboot2', 'multiboot2', 'multiboot2',
                   'PCBIOS', 'kexec .*', '0xd0'),
    'bare': ('elf-notes', 'elf-notes', 'elf-notes', 'elf-notes', 'PCBIOS',
             'kexec_file_load', '0xd0'),
}
# By GRUB, on UEFI.
WAYS['uefi'] = ('multiboot2',) * 4 + ('UEFI', 'GRUB .*', '0x70')
WAYS['other'] = WAYS['bare']
for way in 'elfkexec_force', 'elfkexec_exec', 'elfkexec_join':
    WAYS[way] = WAYS['bare']
WAYS['plain'] = WAYS['bare'][:3] + ('',) + WAYS['bare'][4:]

# What a kernel says that has to use them.
DEVICES = ('device-e1000', 'device-virtio_net', 'device-ahci')

# kexec-tools leave the interrupt vectors out of the map.
VECTORS = 0x400
DROPS_VECTORS = ('args_linux', 'args_linux64', 'multiboot2')


def is_plain(way, image):
    """Is it entered as Linux, so that there is nothing to do for the ELF boot
    code?"""
    return way == 'qemu' or (way.startswith('args_linux') and
                             image == 'vmlinux')


def split(path):
    """Whole reports, each as a list of lines with what was said after it."""
    reports = []
    with open(path, errors='replace', encoding='utf-8') as file:
        for line in file:
            # UEFI's consoles leave something in front of it.
            if line.rstrip().endswith('elfboot-report 1'):
                reports.append([])
            if reports:
                reports[-1].append(line)
    return [lines for lines in reports if 'end' in map(str.rstrip, lines)]


def parse(lines):
    """As judge.read(), which reads files."""
    with tempfile.NamedTemporaryFile('w', suffix='.report') as file:
        file.writelines(lines)
        file.flush()
        return judge.read(file.name)


def read_expected(path):
    """What all must say, the map, and what is said of images."""
    common, images = [], {'next': {}}
    with open(path, encoding='utf-8') as file:
        for line in file:
            if line.startswith('next '):
                line = 'of ' + line
            if not line.startswith('of '):
                common.append(line)
                continue
            image, key, *value = line.rstrip().split(' ', 3)[1:]
            images.setdefault(image, {})[key] = value
    values, ranges, _ = parse(common)
    return values, ranges, images


def without_vectors(ranges):
    """What is left of the map without the first KiB."""
    return [(max(start, VECTORS), end, kind) for start, end, kind in ranges
            if end > VECTORS]


def map_for(way, machine_map, previous):
    """The map that the next kernel is given, or has to ask for."""
    if way in ('qemu', 'args_elf'):
        return machine_map
    if way in DROPS_VECTORS:
        return without_vectors(previous)
    return previous


def way_says(way, image):
    """Expected of a way to be started."""
    if is_plain(way, image):
        return {'provenance-nodes': '0', 'sysfs-files': '0'}
    says = {'provenance-nodes': '1', 'sysfs-files': '18', 'corrupt': '0'}
    for name, value in zip(NAMES, WAYS[way]):
        says['~' + name if '*' in value else name] = value
    return says


def hop_expects(number, hop, common, images):
    """Expected values of one kernel."""
    way, image, words = hop
    expected = dict(common)
    expected.update(way_says(way, image))
    expected['cmdline'] = f'retain_initrd quiet hop={number}'
    if words != '-':
        expected['cmdline'] += ' ' + (words.replace(',', ' ') if number
                                      else words)
    told = dict(images['next']) if number else {}
    told.update(images.get(image, {}))
    for key, value in told.items():
        expected.pop(key.lstrip('~'), None)
        expected.pop('~' + key.lstrip('~'), None)
        if value:
            expected[key] = value[0]
    if 'devices' not in words.split(','):
        for key in DEVICES:
            expected.pop(key, None)
    builtin = expected.pop('builtin-cmdline', '')
    expected['cmdline'] = f"{builtin} {expected['cmdline']}".strip()
    return expected


def read_hops(path, first):
    """What the guests went by, and how the first of them came to be."""
    with open(path, encoding='utf-8') as file:
        way, *words = first.split(' ', 1)
        return ([(way, 'bzImage', words[0] if words else '-')] +
                [line.split() for line in file])


def judge_chain(reports, hops, expected):
    """Yields differences, each with the number of the kernel."""
    common, machine_map, images = expected
    previous = machine_map
    for number, (lines, hop) in enumerate(zip(reports, hops)):
        report, ranges, used = parse(lines)
        wanted = hop_expects(number, hop, common, images)
        if hop[0] == 'uefi':
            wanted['map-of'] = 'efi'
        base = map_for(hop[0], machine_map, previous)
        if wanted.pop('keeps', None):
            report['setup-data'] = '0'
        for text in judge.judge(report, ranges, used, wanted, base):
            yield f'{number} ({hop[0]} {hop[1]}): {text}'
        previous = judge.merge(ranges)


def judge_different(reports, keys):
    """Yields keys for which most of the hops say the same."""
    said = [parse(lines)[0] for lines in reports[1:]]
    for key in keys:
        values = [report.get(key) for report in said]
        print(f'{key}: {" ".join(map(str, values))}')
        if None in values or 2 * len(set(values)) <= len(values):
            yield f'{key}: too few are different'


def main():
    reports = split(sys.argv[1])
    expected = read_expected(sys.argv[3])
    hops = read_hops(sys.argv[2], expected[0].pop('first', 'qemu'))
    different = expected[0].pop('different', '').split()
    differences = list(judge_chain(reports, hops, expected))
    differences += judge_different(reports, different)
    if len(reports) != len(hops):
        differences.append(f'{len(reports)} kernels of {len(hops)}')
    differences += [line.rstrip() for lines in reports for line in lines
                    if re.match(r'hop \d+: failed', line)]
    for difference in differences:
        print(difference)
    return bool(differences)


if __name__ == '__main__':
    sys.exit(main())
