# SPDX-License-Identifier: GPL-2.0
"""
What GRUB and syslinux say of changed files: for models with such a name,
reason and changes.
"""

from says_common import (BEHIND_4_GIB, NOT_RAM, NOT_THERE, OVERLAP,
                         SHORT_FILES, SHORTER_FILES, TOO_MANY)

GRUB = {
    "premature end of file": (
        "section 0 not in the file", "file ends within a PT_LOAD",
        "file of 4096 bytes", *SHORTER_FILES),
    # With e_shoff 0 the ELF header is taken for a section.
    "attempt to seek outside of the file": (
        "e_shoff 0", "PT_LOAD behind the file"),
    "invalid arch-independent ELF magic": (
        "no ELF magic", "EI_DATA 2", "EI_DATA 3"),
    "invalid arch-dependent ELF magic": (
        "EI_CLASS 2", "EI_CLASS 3", "e_machine 0", "EM_486", "EM_X86_64",
        "e_version 2", "multiboot header at 0 of 51 bytes"),
    "this ELF file is not of the right type": ("ET_REL", "ET_CORE"),
    "program header at a too high offset": (
        *NOT_THERE, "program headers at the end"),
    "address is out of range": BEHIND_4_GIB,
    "overlap detected": OVERLAP,
    "entry point isn't in a segment": (
        "e_phentsize 0", "e_phnum 0", "e_phnum 1", "entry below 1 MiB",
        "entry behind memory", "kernel: p_vaddr elsewhere"),
    "no multiboot header found": SHORT_FILES,
    "other memory": ("e_phoff 0",),
    "whatever": ("multiboot header at 36 of 51 bytes",),
}

GRUB_OLD = {
    "program header at a too high offset": TOO_MANY,
    "attempt to seek outside of the file": (
        "e_shoff behind the file", "e_shstrndx 65535, no e_shoff"),
    "premature end of file": ("e_shnum 65280",),
}

GRUB_NEW = {
    "invalid section header table offset in e_shoff": (
        "no section header", "e_shstrndx 65535, no e_shoff",
        "e_phnum 65535, no e_shoff"),
    "invalid number of section header table entries in sh_size": (
        "e_shnum 0",),
    "invalid number of section header table entries in e_shnum": (
        "e_shnum 65280",),
    "invalid section header table index in sh_link": ("e_shstrndx 65535",),
    "invalid section header table index in e_shstrndx": (
        "e_shstrndx 65280",),
    "invalid number of program header table entries in sh_info": (
        "e_phnum 65535",),
    "ELF section header region is larger than the file size": (
        "e_shoff behind the file",),
}

GRUB_1 = {
    "no multiboot header found": ("no multiboot header",),
    "unsupported flag": ("multiboot flag 3",),
    "loaded by the multiboot header's addresses": ("multiboot flag 16",),
}

GRUB_2 = {
    "no multiboot header found": (
        "no multiboot 2 header", "multiboot 2 for MIPS",
        "multiboot header at 0 of 51 bytes",
        "multiboot header at 36 of 51 bytes"),
    "unsupported information tag": ("multiboot 2 asks for tag 99",),
    "unsupported tag": ("multiboot 2 tag 99",),
    "load address tag without entry address tag": ("multiboot 2 addresses",),
    "loaded by the multiboot header's addresses": (
        "multiboot 2 addresses and entry",),
    "ELF files with relocs are not supported yet": (
        "section 0 of relocations",),
}

CHAINLOADER = {
    "invalid arch-independent ELF magic": (
        "no ELF magic", "EI_VERSION 0", "e_version 2"),
    "unknown ELF class": ("EI_CLASS 3",),
    "only ELF32 can be coreboot payload": ("EI_CLASS 2",),
    "invalid ELF endianness magic": ("EI_DATA 2", "EI_DATA 3"),
    "premature end of file": (
        *TOO_MANY, "program headers behind the end",
        "file ends within a PT_LOAD", "file of 4096 bytes", *SHORT_FILES,
        *SHORTER_FILES),
    "attempt to seek outside of the file": (
        "e_phoff behind the file", "PT_LOAD behind the file"),
    "address is out of range": BEHIND_4_GIB,
    "overlap detected": OVERLAP,
    "other memory": ("e_phnum 0", "e_phnum 1", "e_phoff 0"),
    # No memory for program headers, but they are looked at.
    "whatever": ("e_phentsize 0",),
}

LEGACY = {
    "ERR_EXEC_FORMAT: magic": ("no ELF magic",),
    "ERR_EXEC_FORMAT: EI_CLASS": ("EI_CLASS 2", "EI_CLASS 3"),
    "ERR_EXEC_FORMAT: EI_DATA": ("EI_DATA 2", "EI_DATA 3"),
    "ERR_EXEC_FORMAT: EI_VERSION": ("EI_VERSION 0",),
    "ERR_EXEC_FORMAT: e_type": ("ET_REL", "ET_DYN", "ET_CORE"),
    "ERR_EXEC_FORMAT: e_machine": ("e_machine 0", "EM_486", "EM_X86_64"),
    "ERR_EXEC_FORMAT: e_version": ("e_version 2",),
    "ERR_EXEC_FORMAT: no segments": ("e_phentsize 0", "e_phnum 1"),
    "ERR_EXEC_FORMAT: no program headers": ("e_phnum 0", "e_phoff 0"),
    "ERR_EXEC_FORMAT: program headers": (
        *TOO_MANY, *NOT_THERE, "program headers at the end"),
    "ERR_BELOW_1MB: entry": ("entry below 1 MiB",),
    "ERR_BELOW_1MB: segment": (
        "PT_LOAD at 0", "PT_LOAD below 1 MiB",
        "PT_LOAD in the hole below 1 MiB", "PT_LOAD from there to 1 MiB"),
    "ERR_WONT_FIT": ("PT_LOAD outside of RAM", *BEHIND_4_GIB),
    "ERR_EXEC_FORMAT: no multiboot header": (
        *SHORT_FILES, "no multiboot header"),
    "ERR_EXEC_FORMAT: too short": SHORTER_FILES,
    "ERR_EXEC_FORMAT: too short for ELF": (
        "multiboot header at 0 of 51 bytes",
        "multiboot header at 36 of 51 bytes"),
    "ERR_BOOT_FEATURES": ("multiboot flag 3",),
    "other memory": ("p_filesz larger than p_memsz",),
    # Boots with what it could read.
    "whatever": ("PT_LOAD behind the file", "file ends within a PT_LOAD",
                 "file of 4096 bytes"),
}

SYSLINUX = {
    "too short": ("file of 51 bytes", *SHORTER_FILES),
    "magic": ("no ELF magic",),
    "EI_CLASS": ("EI_CLASS 2", "EI_CLASS 3"),
    "EI_DATA": ("EI_DATA 2", "EI_DATA 3"),
    "e_machine": ("e_machine 0",),
    "e_version": ("e_version 2",),
    "e_ehsize": ("e_ehsize 51", "e_ehsize 65535"),
    "e_phentsize": ("e_phentsize 0",),
    "e_phnum": ("e_phnum 0",),
    "e_phoff": (*TOO_MANY, *NOT_THERE, "file of 63 bytes"),
    "is unavailable": (
        *NOT_RAM, "PT_LOADs overlap", "PT_PHDR for PT_NOTE"),
    "other memory": (
        "e_phnum 1", "e_phoff 0", "p_filesz larger than p_memsz"),
    # Whatever is in memory behind the file.
    "whatever": ("PT_LOAD behind the file", "file ends within a PT_LOAD",
                 "file of 4096 bytes"),
}

MBOOT = {
    "Unsupported Multiboot flags set": ("multiboot flag 3",),
    "too short": ("multiboot header at 0 of 51 bytes",
                  "multiboot header at 36 of 51 bytes"),
    "is unavailable": ("PT_LOAD in the .bss of another",),
    "Failed to map symbol section": ("section 0 without sh_addralign",),
    "whatever": ("e_shnum 65280", "section 0 not in the file"),
}

TABLES = (
    ("GRUB 2", GRUB), (r"GRUB 2\.06", GRUB_OLD), (r"GRUB 2\.1", GRUB_NEW),
    ("GRUB 2.*: multiboot$", GRUB_1), ("GRUB 2.*: multiboot2", GRUB_2),
    ("GRUB legacy", LEGACY), ("GRUB for coreboot", CHAINLOADER),
    ("syslinux", SYSLINUX), ("syslinux mboot", MBOOT),
)
