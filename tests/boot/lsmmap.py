#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Does GRUB for coreboot see the memory map that is in coreboot's table?

usage: lsmmap.py LOW TABLE CONSOLE

LOW is the first page of the guest's memory. Without TABLE, prints where the
table is; else compares its memory record with GRUB's "lsmmap" on CONSOLE.
"""
import re
import struct
import sys

import cbtable

TAG_FORWARD = 0x11
FORWARD_AT = 0x500
TABLE_MAX = 0x1000

# GRUB's words (grub-core/commands/lsmmap.c) for coreboot's types.
KINDS = {'available RAM': 1, 'reserved RAM': 2, 'ACPI reclaimable RAM': 3,
         'ACPI non-volatile storage RAM': 4, 'faulty RAM (BadRAM)': 5,
         'RAM holding coreboot tables': 16}
LINE = re.compile(r'base_addr = 0x(\w+), length = 0x(\w+), ([^\r\n]*)')


def read(path):
    with open(path, 'rb') as data:
        return data.read()


def cut(data):
    """The table at the beginning of data."""
    head, = struct.unpack_from('<I', data, 4)
    size, = struct.unpack_from('<I', data, 12)
    return data[:head + size]


def main():
    low = read(sys.argv[1])
    forward = dict(cbtable.records(cut(low[FORWARD_AT:])))
    if len(sys.argv) == 2:
        print('%#x %d' % (struct.unpack('<Q', forward[TAG_FORWARD])[0],
                          TABLE_MAX))
        return 0
    memory = dict(cbtable.records(cut(read(sys.argv[2]))))[cbtable.TAG_MEMORY]
    want = list(struct.iter_unpack('<QQI', memory))
    have = [(int(start, 16), int(size, 16), KINDS.get(kind, kind))
            for start, size, kind in
            LINE.findall(read(sys.argv[3]).decode(errors='replace'))]
    if have == want:
        return 0
    print(f'the table: {want}\nGRUB: {have}')
    return 1


if __name__ == '__main__':
    sys.exit(main())
