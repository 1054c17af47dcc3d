# SPDX-License-Identifier: GPL-2.0
"""
What is changed in a good image, an elfImage with a composed command line and
initrd, by name: one field at a time, or what it takes to have one rule broken.
"""

import struct

import elf
from change import (all_sections, at_address, at_byte, both, cut, head,
                    last_note, multiboot, multiboot2, phdr, phdrs_at,
                    section0)
from common import (ET_CORE, ET_DYN, ET_REL, EM_486, EM_X86_64, PT_INTERP,
                    PT_PHDR, SHT_PROGBITS, SHT_REL, SHT_SYMTAB)
from layout import no_multiboot, no_multiboot2

# Its program headers, and their addresses.
NOTE, KERNEL, CMDLINE, INITRD = range(4)
KERNEL_AT, BSS_AT, CMDLINE_AT = 0x1000000, 0x1020000, 0x1027000
OUTSIDE, ELSEWHERE = 0x10000000, 0xc1000000
BEHIND = 0x100000               # no file is that long
LORESERVE = 0xff00
TAG = elf.multiboot2_tag
ADDRESSES = struct.pack("<4I", KERNEL_AT, KERNEL_AT, 0, 0)
ENTRY = struct.pack("<I", KERNEL_AT)

# What changes neither memory nor entry, for who does not mind.
CHANGES = {
    "nothing": lambda data: None,
    "no ELF magic": at_byte(3, b"f"),
    "EI_CLASS 2": at_byte(4, b"\2"),
    "EI_CLASS 3": at_byte(4, b"\3"),
    "EI_DATA 2": at_byte(5, b"\2"),
    "EI_DATA 3": at_byte(5, b"\3"),
    "EI_VERSION 0": at_byte(6, b"\0"),
    "ET_REL": head(type=ET_REL),
    "ET_DYN": head(type=ET_DYN),
    "ET_CORE": head(type=ET_CORE),
    "e_machine 0": head(machine=0),
    "EM_486": head(machine=EM_486),
    "EM_X86_64": head(machine=EM_X86_64),
    "e_version 2": head(version=2),
    "e_flags 4": head(flags=4),
    "e_ehsize 51": head(ehsize=51),
    "e_ehsize 64": head(ehsize=64),
    "e_ehsize 65535": head(ehsize=0xffff),
    "e_phentsize 0": head(phentsize=0),
    "e_phnum 0": head(phnum=0),
    "e_phnum 1": head(phnum=1),
    "e_phnum 65535": head(phnum=0xffff),
    "e_phnum 65535, no e_shoff": head(phnum=0xffff, shoff=0),
    "e_phoff 0": head(phoff=0),
    "program headers at 0x300": phdrs_at(0x300),
    "program headers at the end": phdrs_at(None),
    "program headers behind the end": phdrs_at(None, 1),
    "e_phoff behind the file": head(phoff=BEHIND),
    "entry below 1 MiB": head(entry=0x8000),
    "entry in .bss": head(entry=BSS_AT),
    "entry behind memory": head(entry=0x1800000),
    # Section headers
    "no section header": head(shoff=0, shentsize=0, shnum=0),
    "e_shoff 0": head(shoff=0),
    "e_shoff behind the file": head(shoff=BEHIND),
    "e_shnum 0": head(shnum=0),
    "e_shnum 65280": head(shnum=LORESERVE),
    "e_shentsize 64": head(shentsize=64),
    "e_shstrndx 65280": head(shstrndx=LORESERVE),
    "e_shstrndx 65535": head(shstrndx=0xffff),
    "e_shstrndx 65535, no e_shoff": head(shstrndx=0xffff, shoff=0),
    "section 0 with contents": section0(
        type=SHT_PROGBITS, offset=0x1000, size=16, addralign=4),
    "section 0 without sh_addralign": section0(
        type=SHT_PROGBITS, offset=0x1000, size=16),
    "section 0 not in the file": section0(
        type=SHT_PROGBITS, offset=0x1000, size=BEHIND, addralign=4),
    "section 0 of relocations": section0(type=SHT_REL, entsize=8),
    "section 0 of symbols, sh_entsize 0": section0(type=SHT_SYMTAB),
    "sections for all of memory": all_sections,
    # The PT_NOTE
    "notes at 0": phdr(NOTE, offset=0),
    "notes behind the file": phdr(NOTE, offset=BEHIND),
    "no notes": phdr(NOTE, filesz=0, memsz=0),
    "notes: p_align 0": phdr(NOTE, align=0),
    "notes: p_align 8": phdr(NOTE, align=8),
    "PT_NULL for PT_NOTE": phdr(NOTE, type=0),
    "PT_PHDR for PT_NOTE": phdr(NOTE, type=PT_PHDR),
    "PT_INTERP for PT_NOTE": phdr(NOTE, type=PT_INTERP),
    "a note longer than the notes": last_note(descsz=0x1000),
    "no checksum": last_note(type=4),
    # PT_LOADs
    "empty PT_LOAD": phdr(CMDLINE, filesz=0, memsz=0),
    "PT_LOAD at 0": at_address(INITRD, 0),
    "PT_LOAD below 1 MiB": at_address(INITRD, 0x8000),
    "PT_LOAD in the hole below 1 MiB": at_address(INITRD, 0xb0000),
    "PT_LOAD from there to 1 MiB": at_address(INITRD, 0xff000),
    "PT_LOAD at the end of RAM": at_address(INITRD, 0x7ffe000),
    "PT_LOAD outside of RAM": at_address(INITRD, OUTSIDE),
    "PT_LOAD up to 4 GiB": at_address(INITRD, 0xffffe000),
    "PT_LOAD behind 4 GiB": at_address(INITRD, 0xfffff000),
    "PT_LOAD within a page": at_address(INITRD, 0x1029010),
    "kernel: p_vaddr elsewhere": phdr(KERNEL, vaddr=ELSEWHERE),
    "initrd: p_vaddr elsewhere": phdr(INITRD, vaddr=ELSEWHERE),
    "PT_LOADs overlap": at_address(CMDLINE, KERNEL_AT + 0x1000),
    "PT_LOAD in the .bss of another": at_address(CMDLINE, BSS_AT),
    "p_filesz larger than p_memsz": phdr(INITRD, memsz=0x800),
    "PT_LOADs share bytes of the file": phdr(INITRD, offset=0xa000),
    "PT_LOAD behind the file": phdr(INITRD, offset=BEHIND),
    # The file
    "file ends within a PT_LOAD": cut(-16),
    "file of 4096 bytes": cut(4096),
    "file of 63 bytes": cut(63),
    "file of 51 bytes": cut(51),
    "file of 31 bytes": cut(31),
    "file of 15 bytes": cut(15),
    "HdrS at 0x202": at_byte(0x202, b"HdrS"),
    "another byte of the kernel": at_byte(0x1234, b"\xa5\xa5"),
}

# These leave the checksum as it was.
NOT_SIGNED = ("file ends within a PT_LOAD", "another byte of the kernel")

# Images without headers of multiboot do not have these.
MULTIBOOT_CHANGES = {
    "no multiboot header": no_multiboot,
    "multiboot flag 3": multiboot(8 | 3),
    "multiboot flag 16": multiboot(1 << 16 | 3),
    "multiboot header at 8144": both(
        no_multiboot, lambda data: elf.put_multiboot(data, 8144, 3)),
    "multiboot header in 15 bytes": both(
        cut(15), lambda data: elf.put_multiboot(data, 0, 3)),
    "multiboot header at 36 of 51 bytes": both(
        cut(51), lambda data: elf.put_multiboot(data, 36, 3)),
    "multiboot header at 0 of 51 bytes": both(
        cut(51), lambda data: elf.put_multiboot(data, 0, 3)),
    "no multiboot 2 header": no_multiboot2,
    "multiboot 2 for MIPS": multiboot2(arch=4),
    "multiboot 2 asks for tag 99": multiboot2(
        TAG(1, 0, struct.pack("<I", 99))),
    "multiboot 2 tag 99": multiboot2(TAG(99, 0)),
    "multiboot 2 tag 99, optional": multiboot2(TAG(99, 1)),
    "multiboot 2 addresses": multiboot2(TAG(2, 0, ADDRESSES)),
    "multiboot 2 addresses and entry": multiboot2(
        TAG(2, 0, ADDRESSES), TAG(3, 0, ENTRY)),
}
