#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: make-vmlinux.py i386|x86_64 OUTPUT [kaslr [bss]]

Write a small vmlinux that has what mkelfImage wants of one: segments as
6.1 has them (a hole behind the first; x86_64: the per-cpu segment at virtual
address 0), file bytes that end at an odd address, .bss and .brk, the notes,
a stub. Always the same bytes. It does not run. With "kaslr" its stub says that
it can be relocated, and it is made of addresses, each at a multiple of its own
size; with "bss" its .bss is in the file, as zeros.
"""

import struct
import sys

import elf

START = 0x1000000
STUB = START + 0x7000
ENTRY = START + 0x6010
SCRATCH = START + 0x16000
END = START + 0x27000
BSS = START + 0x9000

# Physical offset, file offset, bytes in the file, in memory, p_flags.
SEGMENTS = (
    (0x0000, 0x1000, 0x17e7, 0x17e7, 5),
    (0x4000, 0x3000, 0x1000, 0x1000, 6),
    (0x5000, 0x4000, 0x09d8, 0x09d8, 6),
    (0x6000, 0x5000, 0x2ffd, END - START - 0x6000, 7),
)
NOTES_AT = 0x1200
PERCPU = 2


def ehdr(bits, nr_phdrs):
    """ELF header."""
    ident = b"\x7fELF" + bytes((bits // 32, 1, 1)) + bytes(9)
    machine = 62 if bits == 64 else 3
    size, phentsize = (64, 56) if bits == 64 else (52, 32)
    return ident + struct.pack("<2HI3QI6H" if bits == 64 else "<2HI3II6H",
                               2, machine, 1, ENTRY, size, 0, 0,
                               size, phentsize, nr_phdrs, 0, 0, 0)


def phdr(bits, kind, flags, offset, paddr, filesz, memsz, align, vaddr=None):
    """Program header."""
    if vaddr is None:
        vaddr = paddr + (0xffffffff80000000 if bits == 64 else 0xc0000000)
    if bits == 64:
        return struct.pack("<2I6Q", kind, flags, offset, vaddr, paddr,
                           filesz, memsz, align)
    return struct.pack("<8I", kind, offset, vaddr, paddr, filesz, memsz,
                       flags, align)


def stub_header(bits, kaslr):
    """The words in front of the stub (stub.h)."""
    head = bytearray(elf.STUB_HEADER_SIZE)
    head[elf.STUB_MAGIC_AT:elf.STUB_MAGIC_AT + 4] = b"ELFB"
    for at, value in ((elf.STUB_BASE, STUB), (0x1c, 0x800),
                      (elf.STUB_ENTRY, START + 0x40),
                      (elf.STUB_START, START), (elf.STUB_END, END),
                      (elf.STUB_SCRATCH, SCRATCH), (0x30, bits == 64)):
        elf.put32(head, at, value)
    if kaslr:
        flags = (elf.STUB_FLAG_KASLR | elf.STUB_FLAG_MOVABLE |
                 (3 if bits == 64 else 0))
        for at, value in ((elf.STUB_FLAGS, flags), (elf.STUB_BSS, BSS),
                          (elf.STUB_ALIGN, 0x200000),
                          (elf.STUB_IMAGE_MAX, 0x40000000)):
            elf.put32(head, at, value)
    return head


def addresses(bits):
    """Of itself, and one more than there is, of its end."""
    base = 0xffffffff80000000 if bits == 64 else 0xc0000000
    at = 0
    while True:
        yield from (base + START + at).to_bytes(bits // 8, "little")
        at = (at + 0x1357) % (END - START + 1)


def vmlinux(bits, kaslr, bss):
    """The file."""
    notes = (elf.note("GNU", 3, bytes(range(20))) +
             elf.note("Linux", 0x101, bytes(4)) +
             elf.note("ELFBoot", 1, b"Linux\0") +
             elf.note("ELFBoot", 2, b"6.1.0-test\0") +
             elf.note("Linux", 0x200, struct.pack("<I", STUB)))
    zeros = 0x4003 if bss else 0
    data = bytearray(SEGMENTS[-1][1] + SEGMENTS[-1][2] + zeros)
    head = ehdr(bits, len(SEGMENTS) + 1)
    source = addresses(bits) if kaslr else elf.contents()
    for i, (pa, offset, filesz, memsz, flags) in enumerate(SEGMENTS):
        last = zeros if i == len(SEGMENTS) - 1 else 0
        head += phdr(bits, elf.PT_LOAD, flags, offset, START + pa,
                     filesz + last, memsz, 0x1000,
                     0 if bits == 64 and i == PERCPU else None)
        data[offset:offset + filesz] = bytes(next(source)
                                             for _ in range(filesz))
        for _ in range(-filesz % 8):
            next(source)
    head += phdr(bits, elf.PT_NOTE, 0, NOTES_AT,
                 START + NOTES_AT - SEGMENTS[0][1], len(notes), len(notes), 4)
    data[:len(head)] = head
    data[NOTES_AT:NOTES_AT + len(notes)] = notes
    at = STUB - START - SEGMENTS[-1][0] + SEGMENTS[-1][1]
    header = stub_header(bits, kaslr)
    data[at:at + len(header)] = header
    # Section headers are behind everything: here, something that is not.
    return data + b"\xee" * 100


def main():
    """As the usage says."""
    more = sys.argv[3:]
    if (len(sys.argv) < 3 or sys.argv[1] not in ("i386", "x86_64") or
            more != ["kaslr", "bss"][:len(more)]):
        sys.exit(__doc__.strip())
    with open(sys.argv[2], "wb") as output:
        output.write(vmlinux(64 if sys.argv[1] == "x86_64" else 32,
                             "kaslr" in more, "bss" in more))


main()
