# SPDX-License-Identifier: GPL-2.0
"""
Etherboot 5.4, with a first block of 512 bytes, which is the least that it
gets.

Read, git 35e8daaa: src/core/elf_loader.c: elf32_probe(), elf32_download(),
process_elf_notes(); osloader.c (50717959): prep_segment(). ET_DYN, which later
ones load elsewhere, is not modelled, nor is Etherboot's own memory. Reasons
are fields, or its messages. It does not look at section headers.
"""

from common import ET_DYN, ET_EXEC, PT_LOAD, PT_NOTE, Load, Model
from predicates import not_in_ram, phdrs_end, some
from bootnotes import EHSIZE, PHENTSIZE, fields, wrong_checksum

BLOCK = 512


def last_notes(view):
    """Of several PT_NOTEs in the first block the last counts."""
    return [phdr for phdr in view.of_type(PT_NOTE)
            if phdr.offset + phdr.filesz <= BLOCK][-1:]


def forward(view):
    """Memory is cleared first. Then files are read forward only: what lies
    before the end of something else is never loaded."""
    loads = [Load(load.paddr + load.filesz, 0, 0, load.memsz - load.filesz)
             for load in view.loads]
    at = 0
    for load in sorted(view.loads, key=lambda load: load.offset):
        if load.filesz and load.offset >= at:
            loads.append(Load(load.paddr, load.offset, load.filesz,
                              load.filesz))
            at = load.offset + load.filesz
    return loads


ETHERBOOT = (
    ("too short", lambda view: view.size < 52),
    *fields(ET_EXEC, ET_DYN), EHSIZE, PHENTSIZE,
    ("ELF header outside first block",
     lambda view: phdrs_end(view) > min(BLOCK, view.size)),
    ("filesz > memsz", some(
        (PT_LOAD,), lambda _, phdr: phdr.filesz > phdr.memsz)),
    ("does not fit in any memory region", some((PT_LOAD,), not_in_ram)),
    ("Image checksum", wrong_checksum(last_notes, forward)),
)

MODELS = (Model("Etherboot", ETHERBOOT, loads=forward),)
