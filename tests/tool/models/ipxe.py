# SPDX-License-Identifier: GPL-2.0
"""
iPXE's image types ELF and Multiboot, BIOS only.

Read, ipxe/ipxe: src/image/elf.c (a169d735): elf_load(), elf_segments(),
elf_segment(); src/arch/x86/image/elfboot.c (0279015d): elfboot_probe(),
elfboot_check_segment(); multiboot.c (a3f4df22): multiboot_find_header(),
multiboot_exec(); src/image/segment.c (036e4333): prep_segment(). All is
counted in 32 bits. It reads neither section headers nor e_type, e_machine,
e_version.
"""

from common import (CLASS, DATA, PT_LOAD, UNSUPPORTED, VERSION, WORD, ZONE,
                    Load, Model)
from predicates import ident, in_ram, some

HEADER = 48                     # all of it is in the file
WHERE = (ZONE + HEADER - 4, HEADER)


def dest(phdr):
    """Where it goes."""
    return phdr.paddr or phdr.vaddr


def entry(view):
    """By p_paddr, else by p_vaddr: 0 if in none."""
    found = 0
    for load in view.loads:
        if (view.head.entry - dest(load)) % WORD < load.filesz:
            found = view.head.entry
        elif (view.head.entry - load.vaddr) % WORD < load.filesz:
            found = found or (dest(load) + view.head.entry - load.vaddr) % WORD
    return found


def headers_outside(view):
    """Each is asked for when it is its turn."""
    end = view.head.phoff + (view.head.phnum - 1) * view.head.phentsize + 32
    return view.head.phnum and end > view.size


def wraps(_view, phdr):
    """Behind the end of addresses."""
    return phdr.memsz and dest(phdr) + phdr.memsz > WORD


def no_memory(_view, phdr):
    """One region has to have it all."""
    return phdr.memsz and not in_ram(dest(phdr), dest(phdr) + phdr.memsz)


def for_loads(test):
    """Of PT_LOADs."""
    return some((PT_LOAD,), test)


def elf_rows(*checks):
    """elf_segments(), with more to be asked of every segment."""
    return (
        ("program header outside image", headers_outside),
        ("segment outside image", for_loads(
            lambda view, phdr: (phdr.offset + phdr.filesz) % WORD >
            view.size)),
        ("segment loads to physical address 0",
         for_loads(lambda _, phdr: not dest(phdr))),
        *checks,
        ("malformed",
         for_loads(lambda _, phdr: phdr.filesz > phdr.memsz)),
        ("wraps around", for_loads(wraps)),
        ("Requested memory not available", for_loads(no_memory)),
        ("entry point outside image", lambda view: not entry(view)),
    )


SHORT = ("too short for ELF header", lambda view: view.size < 52)
SIGNATURE = ("invalid signature",
             lambda view: not view.magic() or ident(*CLASS)(view))
ELF_ROWS = (
    SHORT, SIGNATURE,
    ("invalid identifier: EI_DATA", ident(*DATA)),
    ("invalid identifier: EI_VERSION", ident(*VERSION)),
    *elf_rows(("uses virtual addressing", for_loads(
        lambda _, phdr: phdr.vaddr != dest(phdr)))),
)
MULTIBOOT_ROWS = (
    ("no multiboot header",
     lambda view: view.multiboot(*WHERE) is None),
    ("flags not supported",
     lambda view: view.flags(*WHERE) & UNSUPPORTED),
    SHORT, SIGNATURE, *elf_rows(),
)


def loads(view):
    """What it has prepared."""
    return [Load(dest(load), load.offset, load.filesz, load.memsz)
            for load in view.loads]


MODELS = (
    Model("iPXE: ELF", ELF_ROWS, loads=loads, entry=entry, stride=True),
    Model("iPXE: multiboot", MULTIBOOT_ROWS, loads=loads, entry=entry,
          stride=True, multiboot=True),
)
