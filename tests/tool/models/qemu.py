# SPDX-License-Identifier: GPL-2.0
"""
QEMU's -kernel for an ELF file: multiboot, or PVH if there is no multiboot
header.

Read in Debian's sources of 7.2+dfsg and 10.0.13+ds: hw/i386/x86.c
(x86-common.c in 10.0): x86_load_linux(), load_elfboot(),
read_pvh_start_addr(); hw/i386/multiboot.c: load_multiboot(); hw/core/loader.c:
load_elf_ram_sym(), rom_check_and_register_reset(); include/hw/elf_ops.h
(.inc): load_elfXX(), load_symbolsXX(), get_elf_note_typeXX().

Section headers are read for a symbol table and forgotten without one. Of the
notes the type alone counts, and the last PT_NOTE; they are p_align apart.
"""

import elf
from common import (DATA, EHDR_SIZE, ELF32, ELF64, EM_386, EM_X86_64, KLUDGE,
                    PT_LOAD, PT_NOTE, WORD, ZONE, Load, Model)
from predicates import head, ident, outside, some

WHERE = ZONE - 48 + 8           # where the multiboot header ends at most
HDRS = 0x53726448
PHYS32_ENTRY = 18
PHDR_SIZE = {ELF32: 32, ELF64: 56}


def cleared(view, load):
    """Memory of a segment: if its zeroes are where another is, none are
    made."""
    begin, end = load.paddr + load.filesz, load.paddr + load.memsz
    if load.memsz > load.filesz and any(
            other is not load and other.paddr < end and
            begin < other.paddr + other.memsz for other in view.loads):
        return load.filesz
    return load.memsz


def loads(view):
    """What it makes ROMs of."""
    return [Load(load.paddr, load.offset, load.filesz, cleared(view, load))
            for load in view.loads if cleared(view, load)]


def roms_overlap(view):
    """rom_check_and_register_reset()"""
    ranges = sorted((load.paddr, load.paddr + load.memsz)
                    for load in loads(view))
    return any(first[1] > second[0]
               for first, second in zip(ranges, ranges[1:]))


def entry(view):
    """e_entry, moved by the last PT_LOAD around it that has p_vaddr
    elsewhere."""
    at = view.head.entry
    for load in view.loads:
        if load.vaddr != load.paddr and load.flags & 1 and \
                load.vaddr <= at < load.vaddr + load.filesz:
            return (at - load.vaddr + load.paddr) % WORD
    return at % WORD


def start_of(view, phdr):
    """The PVH entry of a PT_NOTE, or None."""
    at, size = phdr.offset, 0
    while view.word(at + 8) != PHYS32_ENTRY:
        size = 12 + sum(elf.up(view.word(at + i), phdr.align) for i in (0, 4))
        if size > phdr.filesz or at > view.size:
            return None
        at += size
    return view.word(at + 12 + elf.up(view.word(at), phdr.align))


def pvh(view):
    """The last PT_NOTE that has one."""
    found = [start_of(view, phdr) for phdr in view.of_type(PT_NOTE)
             if phdr.filesz]
    return next((start for start in found[::-1] if start is not None), 0)


def divides_by_0(_view, phdr):
    """QEMU_ALIGN_UP()"""
    return phdr.filesz and not phdr.align


def elf_rows(new, *kinds):
    """load_elf(), for program headers of these types."""
    yield "not ELF", lambda view: not view.magic()
    yield "wrong endian", ident(*DATA)
    yield "short header", lambda view: view.size < EHDR_SIZE[view.kind]
    yield "wrong architecture", head("machine", EM_386, EM_X86_64)
    yield "short program headers", lambda view: view.size < (
        view.head.phoff + view.head.phnum * PHDR_SIZE[view.kind])
    yield "not in the file", some(kinds, lambda view, phdr:
                                  phdr.filesz and outside(view, phdr))
    if new:
        yield "too big", some((PT_LOAD,), lambda _, phdr:
                              phdr.filesz > phdr.memsz)


AS_BZIMAGE = ("taken for a bzImage", lambda view: view.word(0x202) == HDRS)
OVERLAP = ("ROM regions are overlapping", roms_overlap)


def multiboot_rows(new):
    """load_multiboot()"""
    return (AS_BZIMAGE,
            ("no multiboot header",
             lambda view: view.multiboot(WHERE) is None),
            ("loaded by the multiboot header's addresses",
             lambda view: view.flags(WHERE) & KLUDGE),
            ("Cannot load x86-64 image",
             lambda view: view.head.machine == EM_X86_64),
            *elf_rows(new, PT_LOAD),
            ("Error while fetching elf kernel from rom",
             lambda view: not loads(view)), OVERLAP)


def pvh_rows(new):
    """load_elfboot()"""
    return (AS_BZIMAGE,
            ("unsupported flags", lambda view: view.magic() and
             view.head.flags & 0x10004),
            *elf_rows(new, PT_LOAD, PT_NOTE),
            ("SIGFPE", some((PT_NOTE,), divides_by_0)),
            ("without PVH ELF Note", lambda view: not pvh(view)), OVERLAP)


MODELS = tuple(
    model for version, new in (("7.2", False), ("10.0", True))
    for model in (Model(f"QEMU {version}: multiboot", multiboot_rows(new),
                        loads=loads, entry=entry, multiboot=True),
                  Model(f"QEMU {version}: PVH", pvh_rows(new), loads=loads,
                        entry=pvh)))
