# SPDX-License-Identifier: GPL-2.0
"""
What firmware and network loaders say of changed files.
"""

from says_common import (BEHIND_4_GIB, NOT_RAM, NOT_THERE, SHORT_FILES,
                         SHORTER_FILES, TOO_MANY)

COREBOOT = {
    "not in ELF format": ("no ELF magic",),
    "The file is not large enough for the 'program headers'": (
        "EI_DATA 2", *TOO_MANY, *NOT_THERE, *SHORT_FILES),
    "The file is not large enough for the 'segment contents'": (
        "e_phoff 0", "notes behind the file", "PT_LOAD behind the file",
        "file ends within a PT_LOAD", "file of 4096 bytes"),
    "The file is not large enough for the 'section headers'": (
        "e_shoff behind the file", "e_shnum 65280"),
    "SELF segment doesn't target RAM": (
        "PT_LOAD from there to 1 MiB", "PT_LOAD outside of RAM",
        *BEHIND_4_GIB),
    "other memory": ("e_phentsize 0", "e_phnum 0", "e_phnum 1",
                     "p_filesz larger than p_memsz"),
    # All 64 bits of the ELF64 reading.
    "another entry": ("EI_CLASS 2",),
    # Far behind its section headers; behind the file.
    "SIGSEGV": ("e_shstrndx 65280", "e_shstrndx 65535",
                "e_shstrndx 65535, no e_shoff"),
    "whatever": SHORTER_FILES,
}

# The fields.
NOTES = {
    "magic": ("no ELF magic",),
    "EI_CLASS": ("EI_CLASS 2", "EI_CLASS 3"),
    "EI_DATA": ("EI_DATA 2", "EI_DATA 3"),
    "EI_VERSION": ("EI_VERSION 0",),
    "e_type": ("ET_REL", "ET_CORE"),
    "e_machine": ("e_machine 0", "EM_X86_64"),
    "e_version": ("e_version 2",),
    "other memory": ("e_phnum 0", "e_phnum 1"),
}

LINUXBIOS = {
    "Read failed": ("file of 4096 bytes", *SHORT_FILES, *SHORTER_FILES),
    "e_type": ("ET_DYN",),
    "e_ehsize": ("e_ehsize 51", "e_ehsize 64", "e_ehsize 65535"),
    "program headers": (
        *TOO_MANY, *NOT_THERE, "program headers at the end"),
    "bounce buffer": ("PT_LOAD at the end of RAM", "PT_LOAD outside of RAM",
                      *BEHIND_4_GIB),
    "No matching ram area found": ("PT_LOAD in the hole below 1 MiB",),
    "Skip of bytes": ("PT_LOADs share bytes of the file",),
    "Read of bytes": (
        "PT_LOAD behind the file", "file ends within a PT_LOAD"),
    "Image checksum": (
        "another byte of the kernel", "e_phnum 0", "PT_LOADs overlap",
        "PT_LOAD in the .bss of another", "p_filesz larger than p_memsz"),
    "other memory": ("e_phoff 0",),
}

FILO = {
    "Can't read ELF header": ("file of 51 bytes", *SHORTER_FILES),
    "e_type": ("ET_DYN",),
    "e_phentsize": ("e_phentsize 0",),
    "Can't read program header": (
        *TOO_MANY, *NOT_THERE, "file of 63 bytes"),
    "doesn't fit into memory": NOT_RAM,
    "Can't read program segment": (
        "PT_LOAD behind the file", "file ends within a PT_LOAD",
        "file of 4096 bytes"),
    "4 GiB are cleared": ("p_filesz larger than p_memsz",),
    "Verify FAILED": (
        "another byte of the kernel", "e_phoff 0", "PT_LOADs overlap",
        "PT_LOAD in the .bss of another"),
}

ETHERBOOT = {
    "too short": ("file of 51 bytes", *SHORTER_FILES),
    "e_ehsize": ("e_ehsize 51", "e_ehsize 64", "e_ehsize 65535"),
    "e_phentsize": ("e_phentsize 0",),
    "ELF header outside first block": (
        *TOO_MANY, *NOT_THERE, "program headers at 0x300",
        "program headers at the end", "file of 63 bytes"),
    "filesz > memsz": ("p_filesz larger than p_memsz",),
    "does not fit in any memory region": NOT_RAM,
    "Image checksum": (
        "another byte of the kernel", "e_phoff 0", "PT_LOADs overlap",
        "PT_LOAD in the .bss of another", "PT_LOADs share bytes of the file",
        "PT_LOAD behind the file", "file ends within a PT_LOAD",
        "file of 4096 bytes"),
}

# It does not know how long a file is.
UBOOT = {
    "No elf image": ("no ELF magic",),
    "Not a 32-bit elf image": ("ET_REL", "ET_DYN", "ET_CORE"),
    "whatever": (
        *TOO_MANY, *NOT_THERE, "e_phoff 0", "e_shnum 65280",
        "PT_LOAD behind the file", "file ends within a PT_LOAD",
        "file of 4096 bytes", *SHORT_FILES, *SHORTER_FILES),
}
BOOTELF_P = {
    "4 GiB are cleared": ("p_filesz larger than p_memsz",),
    "other memory": ("e_phnum 0", "e_phnum 1"),
}
BOOTELF = {"taken": ("sections for all of memory",)}

IPXE = {
    "program header outside image": (*TOO_MANY, *NOT_THERE),
    "invalid signature": ("no ELF magic", "EI_CLASS 2", "EI_CLASS 3"),
    "segment outside image": (
        "PT_LOAD behind the file", "file ends within a PT_LOAD",
        "file of 4096 bytes"),
    "segment loads to physical address 0": ("PT_LOAD at 0",),
    "malformed": ("p_filesz larger than p_memsz",),
    "wraps around": ("PT_LOAD behind 4 GiB",),
    "Requested memory not available": (
        "PT_LOAD in the hole below 1 MiB", "PT_LOAD from there to 1 MiB",
        "PT_LOAD outside of RAM", "PT_LOAD up to 4 GiB"),
    "entry point outside image": (
        "e_phentsize 0", "e_phnum 0", "e_phnum 1", "entry below 1 MiB",
        "entry in .bss", "entry behind memory"),
    "other memory": ("e_phoff 0",),
}
IPXE_ELF = {
    "too short for ELF header": ("file of 51 bytes", *SHORTER_FILES),
    "invalid identifier: EI_DATA": ("EI_DATA 2", "EI_DATA 3"),
    "invalid identifier: EI_VERSION": ("EI_VERSION 0",),
    "program header outside image": ("file of 63 bytes",),
    "uses virtual addressing": (
        "kernel: p_vaddr elsewhere", "initrd: p_vaddr elsewhere"),
}
IPXE_MULTIBOOT = {
    "no multiboot header": (
        "no multiboot header", "multiboot header at 36 of 51 bytes",
        *SHORT_FILES, *SHORTER_FILES),
    "flags not supported": ("multiboot flag 3",),
    "too short for ELF header": ("multiboot header at 0 of 51 bytes",),
}
TABLES = (
    ("coreboot", COREBOOT), ("LinuxBIOS|FILO|Etherboot", NOTES),
    ("LinuxBIOS", LINUXBIOS), ("FILO", FILO), ("Etherboot", ETHERBOOT),
    ("U-Boot", UBOOT), ("U-Boot.* -p", BOOTELF_P), ("U-Boot: ", BOOTELF),
    ("iPXE", IPXE), ("iPXE: ELF", IPXE_ELF),
    ("iPXE: multiboot", IPXE_MULTIBOOT),
)
