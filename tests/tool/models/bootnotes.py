# SPDX-License-Identifier: GPL-2.0
"""
What the loaders with ELF boot notes have in common, LinuxBIOS, FILO and
Etherboot: the fields of the ELF header that they want, and the checksum.
"""

import elf
from common import CLASS, DATA, EM_386, EM_486, VERSION
from predicates import head, ident
from memory import content

INTEL = head("machine", EM_386, EM_486)
MAGIC = ("magic", lambda view: not view.magic())


def fields(*types):
    """What LinuxBIOS, FILO and Etherboot all want."""
    return (MAGIC, ("EI_CLASS", ident(*CLASS)), ("EI_DATA", ident(*DATA)),
            ("EI_VERSION", ident(*VERSION)), ("e_type", head("type", *types)),
            ("e_machine", INTEL), ("e_version", head("version", 1)))


EHSIZE = ("e_ehsize", head("ehsize", 52))
PHENTSIZE = ("e_phentsize", head("phentsize", 32))


def checksums(view, phdr):
    """What the checksum notes of a PT_NOTE say, up to one that is too
    long."""
    at, end = phdr.offset, phdr.offset + phdr.filesz
    while at < end:
        desc = at + 12 + elf.up(view.word(at), 4)
        after = desc + elf.up(view.word(at + 4), 4)
        if after > end:
            return
        if (view.word(at), view.word(at + 8)) == (8, 3) and \
                view.read(at + 12, 8) == b"ELFBoot\0":
            yield int.from_bytes(view.read(desc, 2), "little")
        at = after


def wrong_checksum(which, loads):
    """A checksum of these notes is not that of headers and memory, as it was
    loaded. (If the note is in a PT_LOAD as well they differ; no image of ours
    has that.)"""
    def broken(view):
        run = view.read(0, 52) + view.read(view.head.phoff,
                                           32 * view.head.phnum)
        for load in view.loads:
            run += content(view.data, loads(view), load.paddr, load.memsz)
        total = elf.internet_checksum(run)
        return any(value != total for phdr in which(view)
                   for value in checksums(view, phdr))
    return broken
