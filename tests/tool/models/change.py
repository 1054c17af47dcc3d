# SPDX-License-Identifier: GPL-2.0
"""
How an image of the new layout is changed: what makes functions of its data.
"""

import struct

import elf
from common import ELF32, PHDR, PHDR_NAMES, SHDR, SHDR_NAMES, View
from layout import NEW, SECTION, put, put_head


def at_byte(at, value):
    """Overwrite bytes."""
    def change(data):
        data[at:at + len(value)] = value
    return change


def head(**fields):
    """Of the ELF header."""
    return lambda data: put_head(data, **fields)


def phdr(number, **fields):
    """Of a program header."""
    return lambda data: put(data, NEW + 32 * number, PHDR[ELF32],
                            PHDR_NAMES[ELF32], fields)


def at_address(number, paddr, **fields):
    """A program header with both addresses."""
    return phdr(number, paddr=paddr, vaddr=paddr, **fields)


def section0(**fields):
    """The section header."""
    return lambda data: put(data, SECTION, SHDR[ELF32], SHDR_NAMES, fields)


def both(*changes):
    """One after the other."""
    def change(data):
        for step in changes:
            step(data)
    return change


def cut(size):
    """The file has so many bytes; or that many fewer, if less than 0."""
    def change(data):
        del data[size:]
    return change


def phdrs_at(at, beyond=0):
    """A copy of the program headers somewhere, or at the end, or with some
    bytes behind it."""
    def change(data):
        view = View(data)
        phdrs = view.read(NEW, 32 * view.head.phnum)
        begin = len(data) if at is None else at
        data[begin:begin + len(phdrs)] = phdrs
        del data[len(data) - beyond:]
        put_head(data, phoff=begin)
    return change


def all_sections(data):
    """Section headers for all memory of the PT_LOADs."""
    headers = [(0,) * 10]
    for load in View(data).loads:
        rest = load.memsz - load.filesz
        headers += [
            (0, 1, 7, load.paddr, load.offset, load.filesz, 0, 0, 1, 0),
            (0, 8, 3, load.paddr + load.filesz, 0, rest, 0, 0, 1, 0)]
    put_head(data, shoff=len(data), shnum=len(headers))
    data += b"".join(struct.pack("<10I", *header) for header in headers)


def last_note(**fields):
    """Words of the checksum note's header: n_namesz, n_descsz, n_type."""
    def change(data):
        at = elf.checksum_note(data)[0] - 20
        put(data, at, "3I", ("namesz", "descsz", "type"), fields)
    return change


def multiboot(flags):
    """Flags of the multiboot header."""
    return lambda data: elf.put_multiboot(data, elf.multiboot_header(data),
                                          flags)


def multiboot2(*tags, arch=0):
    """Another multiboot 2 header in place of the one that is there."""
    def change(data):
        at, old = elf.multiboot2_header(data)
        new = elf.multiboot2(*tags, elf.multiboot2_tag(0, 0), arch=arch)
        data[at:at + max(len(new), len(old))] = new.ljust(len(old), b"\0")
    return change
