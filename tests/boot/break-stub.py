#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Put an undefined instruction at the start of one of the stub's functions.

usage: break-stub.py IMAGE ELFBOOT-ELF FUNCTION [OUTPUT]

Without OUTPUT: print the function's physical address instead.
"""
import struct
import subprocess
import sys

UD2 = b'\x0f\x0b'


def symbol(elf, name):
    for line in subprocess.check_output(['nm', elf], text=True).splitlines():
        if line.endswith(' ' + name):
            return int(line.split()[0], 16)
    sys.exit(f'{elf}: no symbol {name}')


def main():
    image, elf, function, *output = sys.argv[1:]
    data = bytearray(open(image, 'rb').read())
    phdrs_at, = struct.unpack_from('<I', data, 28)
    note_at, = struct.unpack_from('<I', data, phdrs_at + 4)
    stub, = struct.unpack_from('<I', data, note_at + 16)
    load_at, paddr = struct.unpack_from('<I4xI', data, phdrs_at + 32 + 4)
    address = stub + symbol(elf, function)
    if not output:
        print(hex(address))
        return
    at = load_at + address - paddr
    data[at:at + 2] = UD2
    open(output[0], 'wb').write(data)


if __name__ == '__main__':
    main()
