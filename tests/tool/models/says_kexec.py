# SPDX-License-Identifier: GPL-2.0
"""
What kexec-tools say of changed files.
"""

from says_common import NOT_RAM, NOT_THERE, OVERLAP, SHORT_FILES, TOO_MANY

KEXEC = {
    "Buffer is to small to hold ELF e_ident": (
        "file of 15 bytes", "multiboot header in 15 bytes"),
    "NO ELF header magic": ("no ELF magic",),
    "Not a supported ELF class": ("EI_CLASS 3",),
    "Not a supported ELF data format": ("EI_DATA 3",),
    "Buffer is to small to hold ELF header": (
        "file of 51 bytes", "file of 31 bytes"),
    "Bad ELF header size": (
        "EI_DATA 2", "e_ehsize 51", "e_ehsize 64", "e_ehsize 65535"),
    "ELF bad program header size": ("e_phentsize 0",),
    "ELF bad section header size": ("e_shentsize 64",),
    "Unknown ELF version": ("EI_VERSION 0", "e_version 2"),
    "ELF program headers truncated": (
        *TOO_MANY, *NOT_THERE, "file of 63 bytes"),
    "ELF segment not in file": (
        "notes behind the file", "PT_LOAD behind the file",
        "file ends within a PT_LOAD", "file of 4096 bytes"),
    "ELF section header does not fit in file": (
        "e_shoff behind the file", "e_shnum 65280"),
    "Bad section header entsize": ("section 0 of symbols, sh_entsize 0",),
    "ELF section not in file": ("section 0 not in the file",),
    "ELF Note corrupted": ("a note longer than the notes",),
    "Not ELF type ET_EXEC or ET_DYN": ("ET_REL",),
    "SIGSEGV": ("e_phoff 0",),
    "No ELF program header": ("e_phnum 0",),
    "Requires an ELF interpreter": ("PT_INTERP for PT_NOTE",),
    "Not i386 ELF executable": ("e_machine 0", "EM_X86_64"),
    "Base address is not page aligned": ("PT_LOAD within a page",),
    "Invalid memory segment": NOT_RAM,
    "Overlapping memory segments": OVERLAP,
    "other memory": ("e_phnum 1", "p_filesz larger than p_memsz"),
}

KEXEC_1 = {
    "Not multiboot": (
        "no multiboot header", *SHORT_FILES, "file of 31 bytes",
        "file of 15 bytes"),
    "NO ELF header magic": ("multiboot header at 0 of 51 bytes",),
    "Buffer is to small to hold ELF header": (
        "multiboot header at 36 of 51 bytes",),
    "multiboot options that I don't understand": ("multiboot flag 3",),
    "loaded by the multiboot header's addresses": ("multiboot flag 16",),
}

KEXEC_2 = {
    "Not multiboot": ("no multiboot 2 header",),
    "NO ELF header magic": ("multiboot header at 0 of 51 bytes",),
    "Buffer is to small to hold ELF header": (
        "multiboot header at 36 of 51 bytes",),
    "taken": ("EM_X86_64",),
}

TABLES = (("kexec", KEXEC), ("kexec multiboot-x86", KEXEC_1),
          ("kexec multiboot2-x86", KEXEC_2))
