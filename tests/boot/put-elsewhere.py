#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Let a loader of multiboot 2 put an image nowhere but above an address.

usage: put-elsewhere.py IMAGE OUTPUT ADDRESS

Writes OUTPUT, which is IMAGE with ADDRESS as the lowest in its multiboot 2
header's relocatable tag.
"""
import os
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, '..', 'tool')]
sys.dont_write_bytecode = True
import elf                                                      # noqa: E402

RELOCATABLE = 10


def main():
    image, output, address = sys.argv[1:]
    data = bytearray(elf.read(image))
    at, header = elf.multiboot2_header(data)
    tag = struct.pack('<2HI', RELOCATABLE, 1, 24)
    where = header.find(tag)
    if where < 0:
        sys.exit(f'{image}: it has no relocatable tag')
    elf.put32(data, at + where + len(tag), int(address, 0))
    with open(output, 'wb') as file:
        file.write(data)


main()
