# SPDX-License-Identifier: GPL-2.0
"""
U-Boot's bootelf: "-p" goes by program headers, without it, or with "-s", it
goes by section headers, of which our images have none that is loaded.

Read: 2023.01 (Debian 2023.01+dfsg-2+deb12u3), cmd/elf.c: do_bootelf(),
lib/elf.c: valid_elf_image(), load_elf_image_phdr(), load_elf_image_shdr(), and
those for ELF64; 2025.01, lib/elf.c: bootelf() and the same, cmd/elf.c. 2023.01
loads every program header, whatever its type: the notes go where p_paddr of
the PT_NOTE is, first, and a PT_LOAD is over it then. The section that
e_shstrndx names is looked at, and is a string table only if its type says so.
Nothing is checked against the size of the file or against memory.
"""

from common import (ET_EXEC, PT_LOAD, SHF_ALLOC, SHT_NOBITS, WORD, Load, Model,
                    plain)
from predicates import head, some

VALID = (("No elf image", lambda view: not view.magic()),
         ("Not a 32-bit elf image", head("type", ET_EXEC)))


def sections(view):
    """What is loaded of them."""
    return [Load(section.addr, section.offset,
                 0 if section.type == SHT_NOBITS else section.size,
                 section.size)
            for section in view.sections
            if section.flags & SHF_ALLOC and section.addr and section.size]


def entry(view):
    """U-Boot has 32 bits."""
    return view.head.entry % WORD


def clears_all(*kinds):
    """memset() of less than nothing."""
    return ("4 GiB are cleared",
            some(kinds, lambda _, phdr: phdr.filesz > phdr.memsz))


NOTHING = "nothing is loaded"
BY_SECTIONS = VALID + ((NOTHING, lambda view: not sections(view)),)

MODELS = (
    Model("U-Boot 2023.01: bootelf -p", VALID + (clears_all(),), entry=entry,
          loads=lambda view: plain(view.phdrs)),
    Model("U-Boot 2025.01: bootelf -p", VALID + (clears_all(PT_LOAD),),
          entry=entry),
    Model("U-Boot: bootelf", BY_SECTIONS, loads=sections, entry=entry,
          never=NOTHING),
)
