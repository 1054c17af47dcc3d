#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Damage a signed PE file.

usage: tamper.py FILE RESULT SECTION|append

Changes one bit in the middle of a section's contents, or adds a section behind the
signature, as objcopy would if it left the signature as it is.
"""
import struct
import sys

ROW = struct.Struct('<8sIIII12xI')
FILE_ALIGN, SECTION_ALIGN = 0x200, 0x1000
READ_ONLY_DATA = 0x40000040


def rows(data):
    """Where the section table is, its rows, and where their number is."""
    pe, = struct.unpack_from('<I', data, 0x3c)
    count, = struct.unpack_from('<H', data, pe + 6)
    optional, = struct.unpack_from('<H', data, pe + 20)
    at = pe + 24 + optional
    return at, [ROW.unpack_from(data, at + i * ROW.size)
                for i in range(count)], pe + 6


def flip(data, name):
    """One bit of a section."""
    _, table, _ = rows(data)
    for row in table:
        if row[0].rstrip(b'\0').decode() == name:
            data[row[4] + min(row[1], row[3]) // 2] ^= 1
            return
    sys.exit(f'tamper.py: there is no section {name}')


def append(data):
    """A second .cmdline behind all that there is."""
    at, table, number = rows(data)
    data += bytes(-len(data) % FILE_ALIGN)
    text = b'init=/bin/sh'
    start = max(row[2] + row[1] for row in table)
    start += -start % SECTION_ALIGN
    ROW.pack_into(data, at + len(table) * ROW.size, b'.cmdline', len(text),
                  start, FILE_ALIGN, len(data), READ_ONLY_DATA)
    struct.pack_into('<H', data, number, len(table) + 1)
    struct.pack_into('<I', data, number + 18 + 56, start + SECTION_ALIGN)
    data += text.ljust(FILE_ALIGN, b'\0')


def main():
    """As the usage says."""
    path, result, what = sys.argv[1:]
    with open(path, 'rb') as file:
        data = bytearray(file.read())
    if what == 'append':
        append(data)
    else:
        flip(data, what)
    with open(result, 'wb') as file:
        file.write(data)


main()
