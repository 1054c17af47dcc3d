#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: make-bzimage.py i386|x86_64|stub OUTPUT

Write a small bzImage of boot protocol 2.15, or an elfboot.bin to go with it.
Always the same bytes. Neither runs.
"""

import sys

import bzimage
import elf

SETUP_SECTS = 2
CODE_SIZE = 0x6540
RELEASE = 0x400
HEADER_END = 0x202 + 0x6a
STUB_BYTES = 0x800


def kernel(bits):
    """The bzImage."""
    data = bytearray(elf.some_bytes((SETUP_SECTS + 1) * bzimage.SECTOR +
                                    CODE_SIZE))
    data[bzimage.START:HEADER_END] = bytes(HEADER_END - bzimage.START)
    bzimage.put(data, setup_sects=SETUP_SECTS, syssize=CODE_SIZE // 16,
                boot_flag=0xaa55, jump=0x6aeb, header=b"HdrS", version=0x20f,
                kernel_version=RELEASE - 0x200, loadflags=1,
                code32_start=0x100000, initrd_addr_max=0x7fffffff,
                kernel_alignment=0x200000, relocatable_kernel=1,
                min_alignment=13, xloadflags=0x33 if bits == 64 else 0,
                cmdline_size=2047, payload_offset=0x100,
                payload_length=0x6000, pref_address=0x1000000,
                init_size=0x27800)
    text = b"6.1.0-test (elf@boot) #1 SMP\0"
    data[RELEASE:RELEASE + len(text)] = text
    return data


def stub():
    """A stub whose words are not filled in."""
    data = bytearray(elf.some_bytes(STUB_BYTES))
    data[:elf.STUB_HEADER_SIZE] = bytes(elf.STUB_HEADER_SIZE)
    data[elf.STUB_MAGIC_AT:elf.STUB_MAGIC_AT + 4] = b"ELFB"
    elf.put32(data, elf.STUB_SIZE, STUB_BYTES)
    return data


def main():
    """As the usage says."""
    if len(sys.argv) != 3 or sys.argv[1] not in ("i386", "x86_64", "stub"):
        sys.exit(__doc__.strip())
    with open(sys.argv[2], "wb") as output:
        output.write(stub() if sys.argv[1] == "stub" else
                     kernel(64 if sys.argv[1] == "x86_64" else 32))


main()
