#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: efi.py PROGRAM x64|ia32

Whether a UEFI program is what elfboot.efi has to be: small, without relocations,
nothing in it both to be written to and to be executed, ready for firmware that
enforces that, with room for the headers of more sections, to be revoked by shim. The numbers are those of
Microsoft's "PE Format".
"""
import struct
import sys

import subtest
from subtest import result

WRITE, EXECUTE, READ = 0x80000000, 0x20000000, 0x40000000
NX_COMPAT = 0x100
RELOCS_STRIPPED = 1
ROOM_FOR = 8
KINDS = {'x64': (0x8664, 0x20b, 112), 'ia32': (0x14c, 0x10b, 96)}


def check_sbat(text):
    """shim takes a file for one without .sbat if a field is missing."""
    lines = [line.split(',') for line in text.decode().splitlines()]
    result([line[:2] for line in lines] == [['sbat', '1'], ['elfboot', '1']],
           '.sbat: the format, and a component of our own', lines)
    result(text.endswith(b'\n') and all(len(line) == 6 and all(line)
                                        for line in lines),
           '.sbat: whole lines of six fields', text)


def main():
    """As the usage says."""
    with open(sys.argv[1], 'rb') as file:
        data = file.read()
    machine, magic, fixed = KINDS[sys.argv[2]]
    at, = struct.unpack_from('<I', data, 0x3c)
    result(data[:2] == b'MZ' and data[at:at + 4] == b'PE\0\0', 'a PE file')
    its, count, _, _, _, optional, flags = struct.unpack_from(
        '<HHIIIHH', data, at + 4)
    result(its == machine, f'for {sys.argv[2]}')
    result(not flags & RELOCS_STRIPPED, 'the firmware may load it anywhere')
    head = at + 24
    entry, = struct.unpack_from('<I', data, head + 16)
    section_align, file_align = struct.unpack_from('<II', data, head + 32)
    major, = struct.unpack_from('<H', data, head + 44)
    image, headers = struct.unpack_from('<II', data, head + 56)
    subsystem, characteristics = struct.unpack_from('<HH', data, head + 68)
    directories, = struct.unpack_from('<I', data, head + fixed - 4)
    result(struct.unpack_from('<H', data, head)[0] == magic, 'its magic')
    result(subsystem == 10, 'an EFI application')
    result(characteristics & NX_COMPAT, 'NX_COMPAT')
    result(major == 1, 'LoadFile2 is offered to it', major)
    result(not any(data[head + fixed:head + fixed + 8 * directories]),
           'no relocations, no directories')
    result(headers % file_align == 0 and section_align == 4096, 'aligned')
    table = head + optional
    free = headers - table - 40 * count
    result(free >= 40 * ROOM_FOR, f'room for {free // 40} more sections')
    end = headers
    seen = []
    rows = [struct.unpack_from('<8sIIIIIIHHI', data, table + 40 * i)
            for i in range(count)]
    for name, size, start, raw, offset, *_, what in rows:
        name = name.rstrip(b'\0').decode()
        result(what & READ and not what & WRITE, f'{name}: read only')
        result(start % section_align == 0 and offset == end and
               raw % file_align == 0 and raw >= size, f'{name}: in its place')
        end = offset + raw
        result(bool(what & EXECUTE) == (start <= entry < start + size),
               f'{name}: the entry is in the code')
        result(start + size <= image, f'{name}: in the image')
        if name == '.sbat':
            check_sbat(data[offset:offset + size])
            seen.append(name)
    result(seen == ['.sbat'], '.sbat is there, once')
    result(end == len(data) <= 24 * 1024, f'{len(data)} bytes, 24 KiB at most')
    sys.exit(subtest.failed)


main()
