# SPDX-License-Identifier: GPL-2.0
"""
Images with another header. An image's two-faced header: the ELF32 program
headers are at 64, bytes 52 to 63 are the end of an ELF64 header, and at 0x400,
e_phoff of that, is one null section header, which is PT_NULL in ELF64, with
the ELF64 program headers behind it. In the old layout the program headers are
at 52, and there is no section header.
"""

import struct

import elf
from common import EHDR, EHDR_NAMES, ELF32, View

OLD, NEW, SECTION = elf.EHDR_SIZE, elf.PHDRS_AT, elf.SECTION_AT
FACE = slice(OLD, NEW)
ZONE_END = 512                  # of headers and notes


def sign(data):
    """Put the checksum note right, if there is one to be found, and memory
    that can be summed up."""
    try:
        found = elf.checksum_note(data)
        if found and all(phdr["memsz"] < 1 << 26
                         for phdr in elf.read_phdrs(data)):
            struct.pack_into("<H", data, found[0], elf.checksum(data))
    except (IndexError, struct.error):
        pass


def head_at(data, phoff):
    """The program headers there, with the notes behind them."""
    view = View(data)
    phdrs = bytearray(view.read(view.head.phoff, 32 * view.head.phnum))
    note = view.phdrs[0]
    notes = view.read(note.offset, note.filesz)
    data[OLD:ZONE_END] = bytes(ZONE_END - OLD)
    elf.put32(phdrs, 4, phoff + len(phdrs))
    data[phoff:phoff + len(phdrs) + len(notes)] = phdrs + notes
    elf.put32(data, 28, phoff)


def put_head(data, **fields):
    """Fields of the ELF header."""
    put(data, 16, EHDR[ELF32], EHDR_NAMES, fields)


def put(data, at, form, names, fields):
    """Fields of a header."""
    values = struct.unpack_from("<" + form, data, at)
    values = {**dict(zip(names, values)), **fields}
    struct.pack_into("<" + form, data, at,
                     *(value % (1 << 32) for value in values.values()))


def two_faced(data):
    """The new header, of an image of either layout."""
    data = bytearray(data)
    head_at(data, NEW)
    put_head(data, shoff=SECTION, shentsize=40, shnum=1, shstrndx=0)
    elf.put_elf64(data)
    sign(data)
    return data


def without_face(data):
    """The new header without its ELF64 reading."""
    data = bytearray(data)
    size = elf.PHDR64_SIZE * (1 + View(data).head.phnum)
    data[FACE] = bytes(FACE.stop - FACE.start)
    data[SECTION:SECTION + size] = bytes(size)
    sign(data)
    return data


def no_multiboot(data):
    """Without the multiboot header, if there is one."""
    at = elf.multiboot_header(data)
    if at is not None:
        data[at:at + 12] = bytes(12)


def no_multiboot2(data):
    """Without that of multiboot 2."""
    at, header = elf.multiboot2_header(data)
    if at is not None:
        data[at:at + len(header)] = bytes(len(header))


def without_multiboot(data):
    """Without any."""
    data = bytearray(data)
    no_multiboot(data)
    no_multiboot2(data)
    return data
