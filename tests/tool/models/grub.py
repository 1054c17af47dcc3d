# SPDX-License-Identifier: GPL-2.0
"""
GRUB 2's multiboot and multiboot2.

Read in Debian's sources of 2.06-13+deb12u2, in 2.12 and in 2.14, grub-core:
loader/i386/multiboot_mbi.c: grub_multiboot_load(), find_header(),
load_kernel(); loader/multiboot_mbi2.c: grub_multiboot2_load(); of both,
loader/multiboot_elfxx.c: grub_multiboot_load_elfXX(); 2.12 and 2.14:
kern/elfXX.c: grub_elfXX_get_shnum(), _get_shstrndx(), _get_phnum();
lib/relocator.c: grub_relocator_alloc_chunk_addr(). 2.14 differs from 2.12 in
nothing of this. Reasons are GRUB's own messages, up to a colon.

All is loaded where p_paddr says, whatever the memory map has there. With
e_shnum 1 the section header comes into the multiboot information, which is no
more than 40 bytes and a flag (MULTIBOOT_INFO_ELF_SHDR), or a tag
(ELF_SECTIONS).
"""

import elf
from common import (CLASS, DATA, ELF32, ELF64, EM_386, EM_X86_64, ET_DYN,
                    ET_EXEC, KLUDGE, PT_LOAD, SHT_REL, SHT_RELA, UNSUPPORTED,
                    WORD, ZONE, ZONE2, Model)
from predicates import (head, ident, overlap, phdrs_end, reads, seeks, some,
                        with_bytes)

LORESERVE, XINDEX, XNUM = 0xff00, 0xffff, 0xffff
OPTIONAL = 1
REQUEST, ADDRESS, ENTRY, KNOWN_TAGS = 1, 2, 3, (0, 1, 2, 3, 4, 5, 6, 7, 9, 10)
REQUESTS = range(22)
NO_SHOFF = "invalid section header table offset in e_shoff"
NUMBER = "invalid number of section header table entries in "
INDEX = "invalid section header table index in "
INDEPENDENT = "invalid arch-independent ELF magic"
DEPENDENT = "invalid arch-dependent ELF magic"
SHORT = "premature end of file"
SEEK = "attempt to seek outside of the file"


def no_multiboot2(view):
    """There is none for this machine."""
    at = view.multiboot2(room=12)
    return at is None or view.word(at + 4)


def tags(view):
    """Tags of the multiboot 2 header: type, flags, contents."""
    at = view.multiboot2(room=12)
    return elf.multiboot2_tags(view.read(at, view.word(at + 8)))


def asks_for_unknown(view):
    """An information request that is not optional."""
    for kind, flag, contents in tags(view):
        if kind == REQUEST and not flag & OPTIONAL and any(
                elf.get32(contents, at) not in REQUESTS
                for at in range(0, len(contents), 4)):
            return True
    return False


def kinds_of_tags(view):
    """Types of all tags."""
    return [kind for kind, _, _ in tags(view)]


def contains_entry(view, phdr):
    """Of any type: not only PT_LOADs count."""
    return phdr.vaddr <= view.head.entry < phdr.vaddr + phdr.memsz


def entry(view):
    """The first program header counts."""
    phdr = next(phdr for phdr in view.phdrs if contains_entry(view, phdr))
    return view.head.entry - phdr.vaddr + phdr.paddr


def loaded_sections(view):
    """Whatever has no address goes somewhere."""
    return [section for section in view.sections
            if section.size and not section.addr]


# The rows for section headers: since 2.12 their number may be in section 0.
EXTENDED = (
    (NO_SHOFF, lambda view: not view.head.shoff and (
        not view.head.shnum or view.head.shstrndx == XINDEX or
        view.head.phnum == XNUM)),
    (NUMBER + "sh_size", lambda view: not view.head.shnum and
     view.section(0).size < LORESERVE),
    (NUMBER + "e_shnum", lambda view: view.head.shnum >= LORESERVE),
    (INDEX + "sh_link", lambda view: view.head.shstrndx == XINDEX and
     view.section(0).link < LORESERVE),
    (INDEX + "e_shstrndx",
     lambda view: LORESERVE <= view.head.shstrndx < XINDEX),
    ("invalid number of program header table entries in sh_info",
     lambda view: view.head.phnum == XNUM and view.section(0).info < XNUM),
)


def end_of_sections(view):
    """Where their headers end, 0 without any."""
    return view.head.shnum and (view.head.shoff +
                                view.head.shnum * view.head.shentsize)


def rows_of_elf(new, zone):
    """grub_multiboot_load_elfXX(). That memory to be cleared is larger than
    what was allocated cannot be, without the tag that relocates."""
    yield DEPENDENT, ident(*CLASS[:1], ELF32, ELF64)
    yield INDEPENDENT, lambda view: not view.magic() or ident(*DATA)(view)
    yield DEPENDENT, lambda view: (
        view.head.version != 1 or
        view.head.machine != (EM_386 if view.kind == ELF32 else EM_X86_64))
    yield ("this ELF file is not of the right type",
           head("type", ET_EXEC, ET_DYN))
    if new:
        yield from EXTENDED
    yield ("program header at a too high offset", lambda view:
           phdrs_end(view) > (min(zone, view.size) if new else zone))
    yield "address is out of range", some(
        (PT_LOAD,), lambda _, phdr: phdr.paddr + phdr.memsz >= WORD)
    yield "overlap detected", overlap()
    yield SEEK, seeks(with_bytes)
    yield SHORT, reads(with_bytes)
    yield ("entry point isn't in a segment", lambda view:
           not any(contains_entry(view, phdr) for phdr in view.phdrs))
    if new:
        yield ("ELF section header region is larger than the file size",
               lambda view: end_of_sections(view) > view.size)
    else:
        yield SEEK, lambda view: (view.head.shnum and
                                  view.head.shoff > view.size)
        yield SHORT, lambda view: end_of_sections(view) > view.size
    if zone == ZONE2:
        yield ("ELF files with relocs are not supported yet", lambda view:
               any(section.type in (SHT_REL, SHT_RELA)
                   for section in view.sections))
    yield SEEK, seeks(loaded_sections)
    yield SHORT, reads(loaded_sections)


def rows(new):
    """multiboot"""
    return ((SHORT, lambda view: view.size < 32),
            ("no multiboot header found",
             lambda view: view.multiboot() is None),
            ("unsupported flag", lambda view: view.flags() & UNSUPPORTED),
            # That is no refusal, but nothing for an ELF file either.
            ("loaded by the multiboot header's addresses",
             lambda view: view.flags() & KLUDGE),
            *rows_of_elf(new, ZONE))


def rows2(new):
    """multiboot2"""
    return ((SHORT, lambda view: view.size < 32),
            ("no multiboot header found",
             no_multiboot2),
            ("unsupported information tag", asks_for_unknown),
            ("unsupported tag", lambda view: any(
                kind not in KNOWN_TAGS and not flag & OPTIONAL
                for kind, flag, _ in tags(view))),
            ("load address tag without entry address tag", lambda view:
             ADDRESS in kinds_of_tags(view) and
             ENTRY not in kinds_of_tags(view)),
            ("loaded by the multiboot header's addresses",
             lambda view: ADDRESS in kinds_of_tags(view)),
            *rows_of_elf(new, ZONE2))


MODELS = tuple(
    Model(f"GRUB {version}: {command}", make(version != "2.06"), entry=entry,
          stride=True, multiboot=True)
    for version in ("2.06", "2.12", "2.14")
    for command, make in (("multiboot", rows), ("multiboot2", rows2))
)
