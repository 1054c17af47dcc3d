# SPDX-License-Identifier: GPL-2.0
"""
syslinux: mboot.c32 and elf.c32.

Read in Debian's source of 6.04~git20190206.bf6db5b4: com32/mboot/map.c:
map_image(), map_data(), com32/modules/elf.c: boot_elf(), com32/lib/syslinux/
zonelist.c. elf.c32 says "Invalid ELF file or insufficient memory" whatever is
wrong; the reasons here are the fields. Nobody asks whether the bytes of a
segment are in the file.

With e_shoff mboot.c32 copies the section headers, 40 bytes, behind the memory
of the image, to the next page, and every section that is not SHF_ALLOC behind
them; modules come then. The null section is empty and so passed over.
"""

from common import (CLASS, DATA, EM_386, EM_486, EM_X86_64, PT_LOAD, PT_PHDR,
                    SHF_ALLOC, UNSUPPORTED, ZONE, Model, clipped)
from predicates import head, ident, in_ram, phdrs_end


def unavailable(whole):
    """A segment is not in free memory. whole: p_memsz bytes of the others
    are taken, not p_filesz."""
    def broken(view):
        taken = []
        for phdr in view.of_type(PT_LOAD, PT_PHDR):
            end = phdr.paddr + phdr.memsz
            if not in_ram(phdr.paddr, end) or any(
                    phdr.paddr < high and low < end for low, high in taken):
                return True
            size = phdr.memsz if whole else min(phdr.filesz, phdr.memsz)
            taken.append((phdr.paddr, phdr.paddr + size))
        return False
    return broken


def loads(view):
    """Both types are loaded."""
    return clipped(view.of_type(PT_LOAD, PT_PHDR))


def entry(view):
    """The last segment around it moves it."""
    at = view.head.entry
    for phdr in view.of_type(PT_LOAD, PT_PHDR)[::-1]:
        if phdr.vaddr <= at < phdr.vaddr + phdr.memsz:
            return at + phdr.paddr - phdr.vaddr
    return at


HEADER = (
    ("too short", lambda view: view.size < 52),
    ("magic", lambda view: not view.magic()),
    ("EI_CLASS", ident(*CLASS)),
    ("EI_DATA", ident(*DATA)),
    ("e_machine", head("machine", EM_386, EM_486, EM_X86_64)),
    ("e_version", head("version", 1)),
    ("e_ehsize", lambda view: not 52 <= view.head.ehsize < view.size),
    ("e_phentsize", lambda view: view.head.phentsize < 32),
    ("e_phnum", lambda view: not view.head.phnum),
    ("e_phoff", lambda view: phdrs_end(view) > view.size),
)
MBOOT = (
    ("Unsupported Multiboot flags set",
     lambda view: view.flags(ZONE + 8) & UNSUPPORTED),
    *HEADER,
    ("is unavailable", unavailable(True)),
    # A padding of minus the size of the section.
    ("Failed to map symbol section", lambda view: view.head.shoff and any(
        section.size and not section.flags & SHF_ALLOC and
        not section.addralign for section in view.sections)),
)
ELF_C32 = HEADER + (("is unavailable", unavailable(False)),)

MODELS = (
    Model("syslinux mboot.c32", MBOOT, loads=loads, entry=entry, stride=True,
          multiboot=True),
    Model("syslinux elf.c32", ELF_C32, loads=loads, stride=True),
)
