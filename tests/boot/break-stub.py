#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Put an undefined instruction at the start of one of the stub's functions.

usage: break-stub.py IMAGE ELFBOOT-ELF FUNCTION [OUTPUT]

FUNCTION may be kernel_entry: where the stub jumps to. Without OUTPUT: print the
function's physical address instead.
"""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'tool'))
sys.dont_write_bytecode = True
import elf                                                      # noqa: E402

UD2 = b'\x0f\x0b'


def symbol(path, name):
    """A symbol's value."""
    for line in subprocess.check_output(['nm', path], text=True).splitlines():
        if line.endswith(' ' + name):
            return int(line.split()[0], 16)
    sys.exit(f'{path}: no symbol {name}')


def file_offset(data, address):
    """Where the byte of a physical address is."""
    return next(phdr['offset'] + address - phdr['paddr']
                for phdr in elf.read_phdrs(data)
                if phdr['type'] == elf.PT_LOAD and
                0 <= address - phdr['paddr'] < phdr['filesz'])


def main():
    """As the usage says."""
    image, stub_elf, function, *output = sys.argv[1:]
    data = bytearray(elf.read(image))
    stub = elf.pvh_entry(data)
    if function == 'kernel_entry':
        address = elf.get32(data, file_offset(data, stub) + elf.STUB_ENTRY)
    else:
        address = stub + symbol(stub_elf, function)
    if not output:
        print(hex(address))
        return
    at = file_offset(data, address)
    data[at:at + 2] = UD2
    with open(output[0], 'wb') as file:
        file.write(data)


if __name__ == '__main__':
    main()
