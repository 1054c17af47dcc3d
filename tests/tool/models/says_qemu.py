# SPDX-License-Identifier: GPL-2.0
"""
What QEMU says of changed files.
"""

from says_common import (BEHIND_4_GIB, NOT_THERE, SHORT_FILES, SHORTER_FILES,
                         TOO_MANY)

QEMU = {
    "not ELF": ("no ELF magic",),
    "wrong endian": ("EI_DATA 2", "EI_DATA 3"),
    "wrong architecture": ("e_machine 0", "EM_486"),
    "short program headers": (*TOO_MANY, *NOT_THERE),
    "not in the file": (
        "PT_LOAD behind the file", "file ends within a PT_LOAD",
        "file of 4096 bytes"),
    "ROM regions are overlapping": ("PT_LOADs overlap",),
    "taken for a bzImage": ("HdrS at 0x202",),
    # The .bss of the kernel is not cleared then.
    "other memory": ("e_phoff 0", "PT_LOAD in the .bss of another"),
    # The BIOS is there.
    "whatever": BEHIND_4_GIB,
}
QEMU_NEW = {"too big": ("p_filesz larger than p_memsz",)}
MULTIBOOT = {
    "no multiboot header": (
        "no multiboot header", "multiboot header at 8144", *SHORT_FILES,
        "file of 31 bytes", "file of 15 bytes"),
    "loaded by the multiboot header's addresses": ("multiboot flag 16",),
    "Cannot load x86-64 image": ("EM_X86_64",),
    "not ELF": ("multiboot header at 0 of 51 bytes",
                "multiboot header in 15 bytes"),
    "short header": ("multiboot header at 36 of 51 bytes",),
    "Error while fetching elf kernel from rom": ("e_phnum 0", "e_phnum 1"),
    # What is between segments is written too, over the BIOS's own, or is too
    # much.
    "whatever": (*BEHIND_4_GIB, "PT_LOAD at 0", "PT_LOAD below 1 MiB",
                 "PT_LOAD in the hole below 1 MiB",
                 "PT_LOAD from there to 1 MiB", "PT_LOAD outside of RAM"),
}
PVH = {
    "unsupported flags": ("e_flags 4",),
    "short header": ("file of 51 bytes", *SHORTER_FILES),
    "short program headers": ("file of 63 bytes",),
    "not in the file": ("notes behind the file",),
    # p_align of the ELF64 reading is 0.
    "SIGFPE": ("notes: p_align 0", "EI_CLASS 2"),
    "without PVH ELF Note": (
        "e_phnum 0", "notes at 0", "no notes", "PT_NULL for PT_NOTE",
        "PT_PHDR for PT_NOTE", "PT_INTERP for PT_NOTE"),
    "other memory": ("e_phnum 1",),
    "another entry": ("notes: p_align 8",),
}
TABLES = (("QEMU", QEMU), ("QEMU 10", QEMU_NEW),
          ("QEMU.*multiboot", MULTIBOOT), ("QEMU.*PVH", PVH))
