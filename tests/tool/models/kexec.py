# SPDX-License-Identifier: GPL-2.0
"""
kexec-tools: types elf-x86, multiboot-x86 and multiboot2-x86.

Read in Debian's sources of 2.0.25-3+deb12u3, and 2.0.29 and 2.0.32, which do
not differ here: kexec/kexec-elf.c: build_elf_info() and what it calls;
kexec/kexec-elf-exec.c: build_elf_exec_info(), load_elf_segments(); kexec/arch/
i386/kexec-elf-x86.c: elf_x86_any_probe(); kexec-multiboot-x86.c:
multiboot_x86_probe(); kexec-mb2-x86.c: multiboot2_x86_probe(); kexec/kexec.c:
add_segment_phys_virt(), sort_segments(). Reasons are its messages, most of
which it prints only if built to debug.

Section headers are looked at if there are any, and none is loaded. ET_DYN is
loaded elsewhere, if its place is taken: not modelled. That an address wraps
around cannot be, as 64 bits are compared.
"""

import elf
from common import (CLASS, DATA, EHDR_SIZE, ELF32, ELF64, EM_386, EM_486,
                    EM_X86_64, ET_CORE, ET_DYN, ET_EXEC, KLUDGE, PT_INTERP,
                    PT_LOAD, PT_NOTE, SHT_DYNAMIC, SHT_NOBITS, SHT_NOTE,
                    SHT_REL, SHT_RELA, SHT_SYMTAB, UNSUPPORTED, WORD, Model,
                    clipped)
from predicates import head, ident, in_ram, outside, overlap, some

PHENTSIZE, SHENTSIZE = {ELF32: 32, ELF64: 56}, {ELF32: 40, ELF64: 64}
ENTSIZE = {ELF32: {SHT_SYMTAB: 16, SHT_RELA: 12, SHT_DYNAMIC: 8, SHT_REL: 8},
           ELF64: {SHT_SYMTAB: 24, SHT_RELA: 24, SHT_DYNAMIC: 16,
                   SHT_REL: 16}}


def has_phdrs(view):
    """Both are asked for."""
    return view.head.phoff and view.head.phnum


def has_sections(view):
    """The same."""
    return view.head.shoff and view.head.shnum


def sections(view):
    """Section headers that it reads."""
    return view.sections if has_sections(view) else []


def ends(view, table, sizes):
    """Where headers end."""
    return (getattr(view.head, table + "off") +
            getattr(view.head, table + "num") * sizes[view.kind])


def entsize(view):
    """Of tables that it knows."""
    return any(section.entsize != ENTSIZE[view.kind].get(section.type,
                                                         section.entsize)
               for section in sections(view))


def corrupt_notes(view):
    """build_mem_notes(): those of the first PT_NOTE that is not at 0, or of
    the first section of notes."""
    ranges = [(phdr.offset, phdr.filesz) for phdr in view.of_type(PT_NOTE)
              if phdr.offset and has_phdrs(view)]
    ranges += [(section.offset, section.size) for section in sections(view)
               if section.type == SHT_NOTE]
    if not ranges:
        return False
    at, end = ranges[0][0], sum(ranges[0])
    while at < end:
        at += 12 + elf.up(view.word(at), 4) + elf.up(view.word(at + 4), 4)
    return at > end


def no_memory(_view, phdr):
    """The pages of a segment."""
    end = phdr.paddr + elf.up(phdr.memsz, elf.PAGE)
    return phdr.memsz and not in_ram(phdr.paddr, end)


def elf_rows(*machines):
    """elf_x86_any_probe()"""
    return (
        ("Buffer is to small to hold ELF e_ident",
         lambda view: view.size < 16),
        ("NO ELF header magic", lambda view: not view.magic()),
        ("Not a supported ELF class", ident(*CLASS[:1], ELF32, ELF64)),
        ("Not a supported ELF data format", ident(*DATA[:1], 1, 2)),
        ("Buffer is to small to hold ELF header",
         lambda view: view.size < EHDR_SIZE[view.kind]),
        ("Bad ELF header size",
         lambda view: view.head.ehsize != EHDR_SIZE[view.kind]),
        ("ELF bad program header size", lambda view: view.head.phnum and
         view.head.phentsize != PHENTSIZE[view.kind]),
        ("ELF bad section header size", lambda view: view.head.shnum and
         view.head.shentsize != SHENTSIZE[view.kind]),
        ("Unknown ELF version",
         lambda view: view.data[6] != 1 or view.head.version != 1),
        ("ELF program headers truncated", lambda view: has_phdrs(view) and
         ends(view, "ph", PHENTSIZE) > view.size),
        ("ELF segment not in file",
         lambda view: has_phdrs(view) and some((), outside)(view)),
        ("ELF section header does not fit in file", lambda view:
         has_sections(view) and ends(view, "sh", SHENTSIZE) > view.size),
        ("Bad section header entsize", entsize),
        ("ELF section not in file", lambda view: any(
            section.type != SHT_NOBITS and
            section.offset + section.size > view.size
            for section in sections(view))),
        # The notes are looked for in program headers that were not read.
        ("SIGSEGV", lambda view: view.head.phnum and not view.head.phoff),
        ("ELF Note corrupted", corrupt_notes),
        ("Not ELF type ET_EXEC or ET_DYN",
         head("type", ET_EXEC, ET_DYN, ET_CORE)),
        ("No ELF program header", lambda view: not view.head.phnum),
        ("Requires an ELF interpreter",
         lambda view: view.of_type(PT_INTERP)),
        ("Not i386 ELF executable", head("machine", *machines)),
    )


LOADING = (
    ("Base address is not page aligned", some(
        (PT_LOAD,), lambda _, phdr: phdr.memsz and phdr.paddr % elf.PAGE)),
    ("Invalid memory segment", some((PT_LOAD,), no_memory)),
    ("Overlapping memory segments", overlap(page=elf.PAGE)),
)
PLAIN = elf_rows(EM_386, EM_486)
MULTIBOOT_ROWS = (
    ("Not multiboot", lambda view: view.multiboot() is None),
    # Neither a refusal, nor what an ELF file wants.
    ("loaded by the multiboot header's addresses",
     lambda view: view.flags() & KLUDGE),
    *PLAIN,
    ("multiboot options that I don't understand",
     lambda view: view.flags() & UNSUPPORTED),
    *LOADING,
)
# Of multiboot 2 it does not ask for which machine.
MULTIBOOT2_ROWS = (*elf_rows(EM_386, EM_486, EM_X86_64),
                   ("Not multiboot", lambda view: view.multiboot2() is None),
                   *LOADING)


def model(name, rows, **options):
    """The registers have 32 bits."""
    return Model("kexec " + name, rows, swap=True,
                 loads=lambda view: clipped(view.loads),
                 entry=lambda view: view.head.entry % WORD, **options)


MODELS = (model("elf-x86", PLAIN + LOADING),
          model("multiboot-x86", MULTIBOOT_ROWS, multiboot=True),
          model("multiboot2-x86", MULTIBOOT2_ROWS, multiboot=True))
