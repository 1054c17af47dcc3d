# SPDX-License-Identifier: GPL-2.0
"""
Two more GRUBs: GRUB legacy 0.97, and "chainloader" of GRUB 2 for coreboot.

GRUB legacy, read: stage2/boot.c, load_image(), and stage2/char_io.c,
memcheck(), of crististm/grub-legacy (76682a52, 644082d3); BOOTABLE_I386_ELF of
stage2/ i386-elf.h. Reasons are its errors, with a word about which.

The table of section headers, 40 bytes, goes behind the highest segment, at the
next page; modules come behind that. A file that ends early is no error, and a
section that cannot be loaded none either.

chainloader, read in 2.06 and 2.12:
grub-core/loader/i386/coreboot/chainloader.c: load_elf(), kern/elf.c:
grub_elf_file(), grub_elf_check_header(). It reads no section headers. Reasons
are GRUB's own messages.
"""

from common import (CLASS, DATA, ELF32, ELF64, EM_386, ET_EXEC, MIB, PT_LOAD,
                    RAM, UNSUPPORTED, VERSION, WORD, ZONE, Model, clipped)
from predicates import head, ident, overlap, phdrs_end, reads, seeks, some

IDENT = "invalid arch-independent ELF magic"
SHORT, SEEK = "premature end of file", "attempt to seek outside of the file"
FORMAT, BELOW = "ERR_EXEC_FORMAT: ", "ERR_BELOW_1MB: "


def bytes_read(view):
    """It reads that much before it looks at anything."""
    return min(ZONE, view.size)


def does_not_fit(view):
    """memcheck(), which counts from 1 MiB on."""
    return any(load.paddr + load.memsz > RAM[-1][1] for load in view.loads)


def entry(view):
    """The last PT_LOAD around it counts; without any it stays."""
    at = view.head.entry
    return next((at - load.vaddr + load.paddr for load in view.loads[::-1]
                 if load.vaddr <= at < load.vaddr + load.memsz), at)


ROWS = (
    (FORMAT + "too short", lambda view: view.size < 32),
    (FORMAT + "no multiboot header",
     lambda view: view.multiboot() is None),
    ("ERR_BOOT_FEATURES", lambda view: view.flags() & UNSUPPORTED),
    (FORMAT + "too short for ELF", lambda view: view.size <= 52),
    (FORMAT + "magic", lambda view: not view.magic()),
    (FORMAT + "EI_CLASS", ident(*CLASS)),
    (FORMAT + "EI_DATA", ident(*DATA)),
    (FORMAT + "EI_VERSION", ident(*VERSION)),
    (FORMAT + "e_type", head("type", ET_EXEC)),
    (FORMAT + "e_machine", head("machine", EM_386)),
    (FORMAT + "e_version", head("version", 1)),
    (BELOW + "entry", lambda view: view.head.entry < MIB),
    (FORMAT + "no program headers",
     lambda view: not view.head.phoff or not view.head.phnum),
    (FORMAT + "program headers", lambda view:
     phdrs_end(view) >= bytes_read(view)),
    (BELOW + "segment",
     lambda view: any(load.paddr < MIB for load in view.loads)),
    ("ERR_WONT_FIT", does_not_fit),
    (FORMAT + "no segments", lambda view: not view.loads),
)

CHAINLOADER = (
    (SHORT, lambda view: view.size < 64),
    (IDENT, lambda view: not view.magic() or view.data[6] != 1),
    ("unknown ELF class", ident(*CLASS[:1], ELF32, ELF64)),
    ("invalid ELF endianness magic", ident(*DATA)),
    (IDENT, head("version", 1)),
    ("only ELF32 can be coreboot payload", ident(*CLASS)),
    (SEEK, lambda view: view.head.phoff > view.size),
    (SHORT, lambda view: phdrs_end(view) > view.size),
    ("address is out of range", some(
        (PT_LOAD,), lambda _, phdr: phdr.paddr + phdr.memsz >= WORD)),
    ("overlap detected", overlap()),
    (SEEK, seeks(lambda view: view.loads)),
    (SHORT, reads(lambda view: view.loads)),
)

MODELS = (Model("GRUB legacy", ROWS, entry=entry, multiboot=True,
                loads=lambda view: clipped(view.loads), stride=True),
          Model("GRUB for coreboot: chainloader", CHAINLOADER))
