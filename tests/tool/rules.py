#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: rules.py MKELFIMAGE IMAGE VMLINUX VERIFY.C DIRECTORY

Break an elfImage in every way that a layout rule forbids, one at a time,
checksum and ELF64 headers put right again: "mkelfImage --verify" must name the rule. And
change it in ways that come close, but are allowed. Every refusal that
VERIFY.C knows must have been seen at the end.
"""

import re
import struct
import subprocess
import sys

import elf
from elf import PAGE, PT_LOAD, PT_NOTE

NOTE, LOAD = 0, 1               # program headers of an image
PT_DYNAMIC, PT_INTERP, PT_PHDR, PT_TLS = 2, 3, 6, 7
PT_GNU_STACK = 0x6474e551
END_OF_NOTES = 512
END_TAG = elf.multiboot2_tag(0, 0)
ZONE2 = elf.MULTIBOOT2_ZONE
# A header that breaks a rule, if it is one.
ENDLESS = elf.multiboot2()

# A change is a function of the Image; what it returns, if a function, is
# called with the bytes of the packed image. These make changes of the common
# kinds.


def at_byte(at, form, value):
    """Overwrite bytes of the file."""
    def change(_image):
        return lambda data: struct.pack_into("<" + form, data, at, value)
    return change


def phdr(number, field, value):
    """Overwrite a field of a program header."""
    return at_byte(elf.PHDRS_AT + 32 * number + 4 * elf.PHDR_FIELDS.index(field),
                   "I", value)


def extra(**fields):
    """One more PT_LOAD, a page in size."""
    def change(image):
        image.add_load(**{"data": bytes(PAGE), **fields})
    return change


def both(*changes):
    """Several changes."""
    def change(image):
        after = [step(image) for step in changes]

        def change_bytes(data):
            for step in after:
                if callable(step):
                    step(data)
        return change_bytes
    return change


def stub(word, value):
    """Change a word of the stub's header."""
    return lambda image: image.put_stub(word, value(image))


def set_note(index, **parts):
    """Change a note."""
    return lambda image: image.set_note(index, **parts)


def move(delta):
    """Move the image in memory."""
    return lambda image: image.move(delta)


def split(size):
    """Cut the PT_LOAD in two."""
    return lambda image: image.split(size)


def multiboot(at, flags=3):
    """The multiboot header is elsewhere, or says something else."""
    def change(image):
        image.multiboot_at = None
        return lambda data: elf.put_multiboot(data, at, flags)
    return change


def multiboot2(header, at=0x220):
    """Another multiboot 2 header, perhaps elsewhere."""
    def change(image):
        image.multiboot2_at = None

        def change_bytes(data):
            data[at:at + len(header)] = header
        return change_bytes
    return change


def tags2(*tags, **fields):
    """Another multiboot 2 header, with these tags and an end."""
    return multiboot2(elf.multiboot2(*tags, END_TAG, **fields))


def notes_end(end):
    """Lengthen the version so that the notes end there."""
    def change(image):
        now = elf.PHDRS_AT + 32 * (1 + len(image.loads)) + sum(
            len(elf.note(*part)) for part in image.notes)
        old = image.notes[2][2].rstrip(b"\0").ljust(3, b"x")
        image.set_note(2, desc=old.ljust(len(old) // 4 * 4 + end - now + 3,
                                         b"x") + b"\0")
    return change


def grow_notes(by):
    """Let the PT_NOTE's size be another than that of the notes."""
    def change(_image):
        def change_bytes(data):
            at = elf.PHDRS_AT + 16
            elf.put32(data, at, elf.get32(data, at) + by)
            elf.put32(data, at + 4, elf.get32(data, at))
        return change_bytes
    return change


def swap_notes(image):
    """Xen's note is not the first."""
    image.notes[:2] = image.notes[1::-1]


def swap_phdrs(a, b):
    """Exchange two program headers."""
    def change(_image):
        def change_bytes(data):
            a_at, b_at = (elf.PHDRS_AT + 32 * i for i in (a, b))
            data[a_at:a_at + 32], data[b_at:b_at + 32] = \
                data[b_at:b_at + 32], data[a_at:a_at + 32]
        return change_bytes
    return change


def phdrs_elsewhere(_image):
    """The program headers are not behind the ELF header."""
    def change_bytes(data):
        data[0x300:0x340] = data[elf.PHDRS_AT:elf.PHDRS_AT + 64]
        elf.put32(data, 28, 0x300)
    return change_bytes


def short_file(_image):
    """All that is loaded is where the section header would be."""
    def change_bytes(data):
        at = elf.PHDRS_AT + 32 * LOAD
        elf.put32(data, at + 4, elf.SECTION_AT)
        elf.put32(data, at + 16, 16)
        del data[0x500:]
    return change_bytes


def header_only(_image):
    """No PT_LOAD."""
    return lambda data: struct.pack_into("<H", data, 44, 1)


def second_note(image):
    """A PT_NOTE in front of the PT_LOAD, in memory too."""
    first = image.loads[0]
    image.loads.insert(0, dict(first, type=PT_NOTE, data=b"", memsz=PAGE,
                               paddr=first["paddr"] - PAGE,
                               vaddr=first["paddr"] - PAGE))
    return phdr(1, "offset", END_OF_NOTES)(image)


def load_the_head(image):
    """The PT_LOAD begins with the page of headers."""
    first = image.loads[0]
    paddr = first["paddr"] - PAGE

    def change_bytes(data):
        at = elf.PHDRS_AT + 32 * LOAD
        struct.pack_into("<6I", data, at + 4, 0, paddr, paddr,
                         PAGE + len(first["data"]), PAGE + first["memsz"], 7)
    return change_bytes


def many_loads(count):
    """That many PT_LOADs, and the notes behind all of them."""
    def change(image):
        while len(image.loads) < count:
            image.add_load(bytes(PAGE))
        image.notes_at = elf.PHDRS_AT + 32 * (1 + count)
        image.multiboot_at = 0x800
        image.multiboot2_at = 0x840
    return change


def stray_multiboot(_image):
    """A second multiboot header, in front of the first."""
    return lambda data: elf.put_multiboot(data, 0x204, 0)


def stub_at_end(image):
    """A PT_LOAD of just the stub's header."""
    data, at = image.stub_header()
    image.add_load(data[at:at + elf.STUB_HEADER_SIZE])
    image.set_note(0, desc=struct.pack("<I", image.loads[-1]["paddr"]))


BSS = 0x9000                    # behind the file's bytes


def relocated(contents=bytes(7), at=BSS, bss=BSS, size=None):
    """Relocations of an i386 kernel; at: None for no place."""
    def change(image):
        start, load = image_start(image), image.loads[0]
        load["data"] = load["data"].ljust(BSS, b"\0") + contents
        image.put_stub(elf.STUB_FLAGS, elf.STUB_FLAG_KASLR)
        image.put_stub(elf.STUB_BSS, start + bss)
        image.put_stub(elf.STUB_ALIGN, 0x200000)
        image.put_stub(elf.STUB_RELOCS, 0 if at is None else start + at)
        image.put_stub(elf.STUB_RELOCS_SIZE,
                       len(contents) if size is None else size)
    return change


def composed(kind, word, at, size, desc=None):
    """A command line or an initrd, or what is to pass for one."""
    def change(image):
        image.put_stub(word, at)
        image.put_stub(word + 4, size)
        image.notes.insert(3, ("Linux", kind, struct.pack("<2I", at, size)
                               if desc is None else desc))
    return change


def image_end(image):
    """End of the image in memory."""
    return image.end()


def image_start(image):
    """Start of the image in memory."""
    return image.loads[0]["paddr"]


XEN_AT_THE_END = 0x1000000 + 0x8ffd - elf.STUB_HEADER_SIZE

# Rule, how it is broken. The good image: PT_NOTE; one PT_LOAD from 16 MiB
# with .bss; Xen's note, name, version, checksum; multiboot header at 0x210,
# multiboot 2 header at 0x220.
BROKEN = (
    (1, "for x86_64", at_byte(18, "H", 62)),
    (1, "EI_VERSION 0", at_byte(6, "B", 0)),
    (1, "e_version 0", at_byte(20, "I", 0)),
    (1, "e_version 2", at_byte(20, "I", 2)),
    (1, "ET_DYN", at_byte(16, "H", 3)),
    (1, "ET_REL", at_byte(16, "H", 1)),
    (1, "e_flags 1", at_byte(36, "I", 1)),
    (1, "e_ehsize 64", at_byte(40, "H", 64)),
    (1, "program headers elsewhere", phdrs_elsewhere),
    (2, "program headers end behind byte 512", many_loads(15)),
    (2, "notes end at byte 516", notes_end(516)),
    (2, "notes end at byte 528", notes_end(528)),
    (3, "HdrS at 0x202", at_byte(0x202, "4s", b"HdrS")),
    (4, "virtual address of the PT_LOAD", phdr(LOAD, "vaddr", 0xc1000000)),
    (4, "virtual address of the PT_NOTE", phdr(NOTE, "vaddr", 0)),
    (4, "address 0", both(phdr(NOTE, "vaddr", 0), phdr(NOTE, "paddr", 0))),
    (5, "PT_NOTE comes last", swap_phdrs(NOTE, LOAD)),
    (5, "no PT_NOTE", phdr(NOTE, "type", PT_LOAD)),
    (5, "PT_PHDR", extra(type=PT_PHDR)),
    (5, "PT_INTERP", extra(type=PT_INTERP)),
    (5, "PT_DYNAMIC", extra(type=PT_DYNAMIC)),
    (5, "PT_TLS", extra(type=PT_TLS)),
    (5, "PT_GNU_STACK", extra(type=PT_GNU_STACK)),
    (5, "p_memsz 0", extra(data=b"")),
    (5, "p_memsz less than p_filesz", extra(memsz=PAGE - 1)),
    (5, "p_flags 0", extra(flags=0)),
    (5, "ends above 4 GiB", phdr(LOAD, "memsz", 0xff000001)),
    (5, "descending in memory",
     both(extra(), extra(), swap_phdrs(2, 3))),
    (5, "overlap in memory", extra(at=-1)),
    (5, "descending in the file",
     both(extra(), phdr(2, "offset", END_OF_NOTES))),
    (5, "overlap in the file", both(extra(), phdr(2, "offset", 0x9ffc))),
    (6, "p_align 0", phdr(NOTE, "align", 0)),
    (6, "p_align 1", phdr(NOTE, "align", 1)),
    (6, "p_align 8", phdr(NOTE, "align", 8)),
    (6, "p_offset 0", phdr(NOTE, "offset", 0)),
    (6, "two PT_NOTEs", second_note),
    (6, "notes inside a PT_LOAD", load_the_head),
    (6, "Xen's note is the second", swap_notes),
    (6, "Xen's note is of another type", set_note(0, kind=17)),
    (6, "Xen's note has another name", set_note(0, name="Xem")),
    (6, "Xen's note has 8 bytes", set_note(0, desc=bytes(8))),
    (6, "the NUL of Xen's name is not counted", at_byte(128, "I", 3)),
    (6, "two notes of Xen's", lambda image: image.notes.insert(
        1, ("Xen", 18, bytes(4)))),
    (6, "no notes", phdr(NOTE, "filesz", 0)),
    (6, "4 bytes behind the notes", grow_notes(4)),
    (6, "8 bytes behind the notes", grow_notes(8)),
    (6, "last note without its contents", grow_notes(-4)),
    (6, "last note without its name", grow_notes(-12)),
    (6, "last note with half a header", grow_notes(-16)),
    (6, "name longer than the notes", at_byte(128, "I", 0x1000)),
    (6, "contents longer than the notes", at_byte(132, "I", 0xfffffffd)),
    (6, "a later note's name is too long", at_byte(148, "I", 0xffffffff)),
    (6, "a later note's contents too", at_byte(152, "I", 0x7fffffff)),
    (7, "PT_NOTE a page below 1 MiB",
     both(phdr(NOTE, "vaddr", 0xff000), phdr(NOTE, "paddr", 0xff000))),
    (7, "PT_LOAD a page below 1 MiB", move(0xff000 - 0x1000000)),
    (8, "five PT_LOADs", many_loads(5)),
    (8, "nine PT_LOADs", many_loads(9)),
    (8, "begins within a page", move(0x800)),
    (8, "two in one page", split(0x8800)),
    (9, "a page is missing", extra(at=1)),
    (9, "a megabyte is missing", extra(at=256)),
    (14, "entry below the image", at_byte(24, "I", 0xffffff)),
    (14, "entry 0", at_byte(24, "I", 0)),
    (14, "entry behind the file's bytes", at_byte(24, "I", 0x1008ffd)),
    (14, "entry in the second PT_LOAD", split(0x4000)),
    (14, "not executable", phdr(LOAD, "flags", 6)),
    (14, "no PT_LOAD", header_only),
    (10, "Xen's note leads elsewhere",
     lambda image: image.set_note(0, desc=struct.pack("<I",
                                                      image.stub() + 4))),
    (10, "Xen's note leads below the image",
     set_note(0, desc=struct.pack("<I", 0xfffffe))),
    (10, "Xen's note leads into .bss",
     set_note(0, desc=struct.pack("<I", 0x1008ffd))),
    (10, "Xen's note leads to the last bytes",
     set_note(0, desc=struct.pack("<I", XEN_AT_THE_END + 1))),
    (10, "the stub's magic is damaged",
     stub(elf.STUB_MAGIC_AT, lambda image: 0x42464c44)),
    (10, "p_memsz ends below the kernel", phdr(LOAD, "memsz", 0x26fff)),
    (10, "the kernel ends behind p_memsz",
     stub(elf.STUB_END, lambda image: image.end() + 1)),
    (10, "a command line in the stub alone",
     stub(elf.STUB_CMDLINE, lambda image: image.end() - 4)),
    (10, "an initrd's size in the stub alone",
     stub(elf.STUB_INITRD + 4, lambda image: 1)),
    (10, "the kernel begins below the image",
     stub(elf.STUB_START, lambda image: image_start(image) - 1)),
    (10, "scratch memory ends behind p_memsz",
     stub(elf.STUB_SCRATCH,
          lambda image: image.end() - elf.STUB_SCRATCH_SIZE + 1)),
    (10, "scratch memory at the end of 4 GiB",
     stub(elf.STUB_SCRATCH, lambda image: 0xfffffff0)),
    (10, "scratch memory below the image",
     stub(elf.STUB_SCRATCH, lambda image: image_start(image) - 1)),
    (10, "the note of the command line says another address",
     composed(0x201, elf.STUB_CMDLINE, 0x1000000, 4,
              struct.pack("<2I", 0x1000001, 4))),
    (10, "the note of the command line says another size",
     composed(0x201, elf.STUB_CMDLINE, 0x1000000, 4,
              struct.pack("<2I", 0x1000000, 3))),
    (10, "the note of the command line has 4 bytes",
     composed(0x201, elf.STUB_CMDLINE, 0x1000000, 4, bytes(4))),
    (10, "the note of the command line has 12 bytes",
     composed(0x201, elf.STUB_CMDLINE, 0x1000000, 4,
              struct.pack("<3I", 0x1000000, 4, 0))),
    (10, "the command line's note for the initrd",
     composed(0x201, elf.STUB_INITRD, 0x1000000, 4)),
    (10, "the note of the initrd says another address",
     composed(0x202, elf.STUB_INITRD, 0x1000000, 4,
              struct.pack("<2I", 0, 4))),
    (10, "the command line begins below the image",
     composed(0x201, elf.STUB_CMDLINE, 0xffffff, 4)),
    (10, "the initrd ends behind the file's bytes",
     composed(0x202, elf.STUB_INITRD, 0x1000000, 0x8ffe)),
    (10, "the initrd is larger than 4 GiB minus its address",
     composed(0x202, elf.STUB_INITRD, 0x1000000, 0xffffffff)),
    (15, "multiboot flags 0", multiboot(0x210, 0)),
    (15, "multiboot flags 1", multiboot(0x210, 1)),
    (15, "multiboot flags 7", multiboot(0x210, 7)),
    (15, "multiboot flags 0x10003", multiboot(0x210, 0x10003)),
    (15, "another multiboot header before the good one",
     stray_multiboot),
    (15, "multiboot header at 8144", multiboot(8144)),
    (15, "multiboot header at 8180", multiboot(8180)),
    (16, "multiboot 2 header for MIPS", tags2(arch=4)),
    (16, "multiboot 2 header of 0 bytes", tags2(size=0)),
    (16, "multiboot 2 header of 15 bytes", tags2(size=15)),
    (16, "multiboot 2 header of 32 KiB", tags2(size=ZONE2)),
    (16, "multiboot 2 header of 4 GiB", tags2(size=2 ** 32 - 1)),
    (16, "multiboot 2 header ends behind byte 32768",
     multiboot2(elf.multiboot2(elf.multiboot2_tag(6), END_TAG), ZONE2 - 24)),
    (16, "multiboot 2 header begins with the last 16 bytes of 32 KiB",
     multiboot2(elf.multiboot2(END_TAG), ZONE2 - 16)),
    (16, "multiboot 2 header without a tag", multiboot2(ENDLESS)),
    (16, "multiboot 2 header without an end",
     multiboot2(elf.multiboot2(elf.multiboot2_tag(6)))),
    (16, "multiboot 2 header with half an end", tags2(size=20)),
    (16, "multiboot 2 header ends in a tag's padding",
     tags2(elf.multiboot2_tag(4, 1, bytes(4)), size=30)),
    (16, "multiboot 2 tag of 0 bytes", tags2(elf.multiboot2_tag(6, size=0))),
    (16, "multiboot 2 tag of 7 bytes", tags2(elf.multiboot2_tag(6, size=7))),
    (16, "multiboot 2 tag longer than the header",
     tags2(elf.multiboot2_tag(6, size=17))),
    (16, "multiboot 2 tag of 4 GiB",
     tags2(elf.multiboot2_tag(6, size=2 ** 32 - 1))),
    (16, "multiboot 2 tag with the end in it",
     tags2(elf.multiboot2_tag(6, size=16))),
    (16, "multiboot 2 end of 9 bytes",
     multiboot2(elf.multiboot2(elf.multiboot2_tag(0, 0, size=9)))),
    (16, "multiboot 2 request that is not optional",
     tags2(elf.multiboot2_tag(1, 0, bytes(4)))),
    (16, "multiboot 2 addresses",
     tags2(elf.multiboot2_tag(2, 1, bytes(16)))),
    (16, "multiboot 2 entry", tags2(elf.multiboot2_tag(3, 1, bytes(4)))),
    (16, "multiboot 2 entry behind what is harmless",
     tags2(elf.multiboot2_tag(1, 1, bytes(4)), elf.multiboot2_tag(6),
           elf.multiboot2_tag(3, 1, bytes(4)))),
    (16, "multiboot 2 EFI boot services", tags2(elf.multiboot2_tag(7))),
    (16, "multiboot 2 EFI entry",
     tags2(elf.multiboot2_tag(9, 1, bytes(4)))),
    (16, "multiboot 2 relocatable",
     tags2(elf.multiboot2_tag(10, 1, bytes(16)))),
    (16, "another multiboot 2 header before the good one",
     at_byte(0x200, "16s", ENDLESS)),
    (1, "program headers at 52", at_byte(28, "I", 52)),
    (18, "e_shoff", at_byte(32, "I", 64)),
    (18, "no section header", both(at_byte(32, "I", 0),
                                   at_byte(48, "H", 0))),
    (18, "e_shoff alone", at_byte(48, "H", 0)),
    (18, "e_shentsize 64", at_byte(46, "H", 64)),
    (18, "two section headers", at_byte(48, "H", 2)),
    (18, "a file that ends before a page", short_file),
    (18, "a string table", at_byte(50, "H", 1)),
    (19, "checksum note has 4 bytes", set_note(3, desc=bytes(4))),
    (19, "checksum note has 1 byte", set_note(3, desc=bytes(1))),
    (22, "SHA-256 note has 8 bytes", lambda image: image.notes.insert(
        3, ("Linux", 0x203, bytes(8)))),
    (6, "two notes PHYS32_RELOC", lambda image: image.notes.extend(
        [("Xen", 19, bytes(12))] * 2)),
    (24, "an image that must not be elsewhere", lambda image:
     image.notes.insert(1, ("Xen", 19, bytes(12)))),
    (22, "SHA-256 of nothing", lambda image: image.notes.insert(
        3, ("Linux", 0x203, bytes(32)))),
)

# Not to be put right again: what is read as ELF64.
WRONG_ELF64 = (
    (18, "a section with a type", at_byte(elf.SECTION_AT + 4, "I", 8)),
    (18, "a section with contents", at_byte(elf.SECTION_AT + 20, "I", 4)),
    (18, "ELF64: the first is no PT_NULL",
     at_byte(elf.SECTION_AT + 48, "I", 1)),
    (18, "ELF64: e_ehsize", at_byte(52, "H", 52)),
    (18, "ELF64: e_phentsize", at_byte(54, "H", 32)),
    (18, "ELF64: e_phnum", at_byte(56, "H", 2)),
    (18, "ELF64: e_shnum", at_byte(60, "H", 1)),
    (18, "ELF64: another address",
     at_byte(elf.SECTION_AT + 112 + 24, "Q", 0x1001000)),
    (18, "ELF64: 4 GiB more", at_byte(elf.SECTION_AT + 112 + 44, "I", 1)),
    (18, "ELF64: p_align", at_byte(elf.SECTION_AT + 112 + 48, "Q", 4096)),
    (18, "ELF64: the PT_NOTE elsewhere",
     at_byte(elf.SECTION_AT + 56 + 8, "Q", 0x200)),
)

# Relocations: rules.py's own image has none.
WRONG_RELOCS = (
    (23, "a size, but no place", relocated(at=None)),
    (23, "they begin below .bss", relocated(at=BSS - 16)),
    (23, "they end behind the file's bytes", relocated(at=BSS + 1)),
    (23, "they are of 4 GiB", relocated(size=0xffffffff)),
    (23, ".bss begins below the kernel", relocated(bss=-16)),
    (23, "they end in scratch memory",
     both(relocated(), stub(elf.STUB_SCRATCH,
                            lambda image: image_start(image) + BSS + 6))),
    (23, "they have no end", relocated(b"\1" + bytes(6))),
    (23, "a place outside the kernel",
     relocated(bytes(3) + struct.pack("<I", BSS - 2) + bytes(7))),
    (23, "something behind them", relocated(bytes(8))),
    (23, "align 0", both(relocated(), stub(elf.STUB_ALIGN, lambda image: 0))),
    (23, "align 2048",
     both(relocated(), stub(elf.STUB_ALIGN, lambda image: 2048))),
    (23, "align 3 MiB",
     both(relocated(), stub(elf.STUB_ALIGN, lambda image: 0x300000))),
    (23, "align 32 MiB",
     both(relocated(), stub(elf.STUB_ALIGN, lambda image: 0x2000000))),
)

# Not to be put right again: the checksum of the good image, or none.
WRONG_SUM = (
    (19, "checksum 0", lambda data: struct.pack_into(
        "<H", data, elf.checksum_note(data)[0], 0)),
    (19, "checksum not inverted", lambda data: struct.pack_into(
        "<H", data, elf.checksum_note(data)[0],
        elf.checksum(data) ^ 0xffff)),
    (19, "first byte changed", lambda data: flip(data, PAGE)),
    (19, "second byte changed", lambda data: flip(data, PAGE + 1)),
    (19, "last byte changed", lambda data: flip(data, len(data) - 1)),
    (19, "last but one byte changed", lambda data: flip(data, len(data) - 2)),
    (19, "ELF header changed", lambda data: flip(data, 24)),
    (19, "padding of e_ident changed", lambda data: flip(data, 15)),
    (19, "program header of the PT_LOAD changed",
     lambda data: flip(data, elf.PHDRS_AT + 32 + 28)),
    (19, "p_flags of the PT_NOTE changed", lambda data: (
        flip(data, elf.PHDRS_AT + 24), elf.put_elf64(data))),
    (19, "two words swapped with a byte between them",
     lambda data: rotate(data, PAGE, 3)),
)

# What is allowed, close to what is not.
GOOD = (
    ("as it is", lambda image: None),
    ("relocations, of no place", relocated()),
    ("relocations, of the last place",
     relocated(bytes(3) + struct.pack("<I", BSS - 3) + bytes(7))),
    ("no relocations, but a stub that knows them",
     relocated(b"", None, size=0)),
    ("words of relocations, but a stub that knows none",
     stub(elf.STUB_RELOCS_SIZE, lambda image: 7)),
    ("notes end at byte 512", notes_end(512)),
    ("HdrS at 0x203", at_byte(0x203, "4s", b"HdrS")),
    ("HdrS at 0x201", at_byte(0x201, "4s", b"HdrS")),
    ("at 1 MiB", move(0x100000 - 0x1000000)),
    ("in the last page of 4 GiB", move(0xfffff000 - 0x1027000)),
    ("two PT_LOADs", split(0x8000)),
    ("the stub fills the last PT_LOAD", stub_at_end),
    ("two PT_LOADs, entry in the first's last byte",
     both(split(0x5000), at_byte(24, "I", 0x1004fff))),
    ("four PT_LOADs", many_loads(4)),
    ("a PT_LOAD of .bss only", extra(data=b"", memsz=1)),
    ("odd p_memsz before another PT_LOAD",
     both(extra(memsz=PAGE + 1), extra(data=b"\x81" * 4095))),
    ("odd bytes before odd bytes before odd bytes",
     both(extra(data=b"\x81" * 4095), extra(data=b"\x82" * 4093),
          extra(data=b"\x83" * 77))),
    ("entry in the first byte", at_byte(24, "I", 0x1000000)),
    ("entry in the last byte", at_byte(24, "I", 0x1008ffc)),
    ("scratch memory ends with p_memsz",
     stub(elf.STUB_SCRATCH,
          lambda image: image.end() - elf.STUB_SCRATCH_SIZE)),
    ("scratch memory begins the image", stub(elf.STUB_SCRATCH, image_start)),
    ("the kernel ends with p_memsz", stub(elf.STUB_END, image_end)),
    ("a command line", composed(0x201, elf.STUB_CMDLINE, 0x1000000, 1)),
    ("an initrd that is all of the file's bytes",
     composed(0x202, elf.STUB_INITRD, 0x1000000, 0x8ffd)),
    ("an unknown note of ours", lambda image: image.notes.insert(
        3, ("Linux", 0x204, bytes(8)))),
    ("multiboot header at 8140", multiboot(8140)),
    ("multiboot header at 0x200", lambda image: setattr(
        image, "multiboot_at", 0x200)),
    ("no multiboot header", lambda image: setattr(
        image, "multiboot_at", None)),
    ("a multiboot header that does not add up",
     at_byte(0x204, "I", elf.MULTIBOOT_MAGIC)),
    ("a multiboot header behind byte 8192",
     both(multiboot(0x210), at_byte(8192, "12s", struct.pack(
         "<3I", elf.MULTIBOOT_MAGIC, 0, 2 ** 32 - elf.MULTIBOOT_MAGIC)))),
    ("multiboot 2 header in the last 24 bytes of 32 KiB",
     multiboot2(elf.multiboot2(END_TAG), ZONE2 - 24)),
    ("multiboot 2 header at 0x300",
     lambda image: setattr(image, "multiboot2_at", 0x300)),
    ("ELF32 alone", lambda image: setattr(image, "elf64", False)),
    ("no multiboot 2 header",
     lambda image: setattr(image, "multiboot2_at", None)),
    ("multiboot 2 header behind byte 32768", multiboot2(ENDLESS, ZONE2)),
    ("multiboot 2 header 4 bytes off", multiboot2(ENDLESS, 0x304)),
    ("multiboot 2 header 1 byte off", multiboot2(ENDLESS, 0x301)),
    ("a multiboot 2 header that does not add up",
     multiboot2(ENDLESS[:-1])),
    ("multiboot 2 header that is nothing but an end", tags2()),
    ("multiboot 2 header longer than its tags",
     multiboot2(elf.multiboot2(END_TAG, bytes(8)))),
    ("multiboot 2 header: screen, console, modules, not optional",
     tags2(elf.multiboot2_tag(4, 0, bytes(4)),
           elf.multiboot2_tag(5, 0, bytes(12)), elf.multiboot2_tag(6, 0))),
    ("no checksum note", lambda image: image.notes.pop()),
    ("read-only PT_LOAD behind", extra(flags=4)),
)


def flip(data, at):
    """Change one byte."""
    data[at] ^= 1


def rotate(data, at, size):
    """Move bytes by one: the order of bytes counts, that of words does not."""
    data[at:at + size] = data[at + 1:at + size] + data[at:at + 1]


class Judge:
    """Runs the tool and keeps the score."""

    def __init__(self, tool, directory):
        self.tool = tool
        self.path = directory + "/broken.elf"
        self.output = set()
        self.failed = False

    def result(self, good, name, detail):
        """One subtest."""
        if not good:
            print("  " + detail.strip().replace("\n", "\n  "))
            self.failed = True
        print("ok" if good else "not ok", name)

    def verify(self, data, rule, name, path=None):
        """A file must break this rule, or none."""
        if path is None:
            path = self.path
            with open(path, "wb") as file:
                file.write(data)
        run = subprocess.run([self.tool, "--verify", path],
                             capture_output=True, text=True, check=False,
                             timeout=60)
        if rule is None:
            good = (run.returncode, run.stdout, run.stderr) == (0, "", "")
        else:
            start = f"mkelfImage: {path}: rule {rule}: "
            good = (run.returncode == 1 and run.stdout == "" and
                    run.stderr.startswith(start) and
                    run.stderr.count("\n") == 1)
            self.output.add(run.stderr[len(start):].strip())
        self.result(good, name,
                    f"exit status {run.returncode}: {run.stderr}")


def changed(original, change, right=True):
    """The bytes of a changed image; right: what is read as ELF64 says the
    same, where there is room for that."""
    image = elf.Image(original)
    after = change(image)
    data = image.pack()
    if image.elf64 and not right:
        elf.put_elf64(data)
    if callable(after):
        after(data)
    if (image.elf64 and right and elf.get32(data, 28) == elf.PHDRS_AT and
            len(elf.read_phdrs(data)) < 16):
        elf.put_elf64(data)
    if image.checksum_at:
        struct.pack_into("<H", data, image.checksum_at, elf.checksum(data))
    return data


def known_flags(path):
    """STUB_FLAG_* as the stub has them."""
    with open(path, encoding="ascii") as file:
        return {name: int(value, 16) for name, value in
                re.findall(r"#define (STUB_FLAG_\w+)\s+(0x\w+)", file.read())}


def known_refusals(path):
    """What verify.c can say, and the numbers of its rules."""
    with open(path, encoding="ascii") as file:
        source = file.read()
    rules = source[:source.index("rules[]")]
    messages = {text.replace('\\"', '"') for text in
                re.findall(r'(?:return|[?:])\s+"((?:[^"\\]|\\.)+)"', rules)}
    numbers = {int(n) for n in
               re.findall(r"\{ (\d+), rule_\d+ \}", source)}
    return messages, numbers


def main():
    """As the usage says."""
    if len(sys.argv) != 6:
        sys.exit(__doc__.strip())
    tool, image, vmlinux, source, directory = sys.argv[1:]
    judge = Judge(tool, directory)
    with open(image, "rb") as file:
        original = bytearray(file.read())

    for name, change in GOOD:
        judge.verify(changed(original, change), None, "allowed: " + name)
    judge.verify(None, 1, "rule 1: ELFCLASS64", vmlinux)
    for rule, name, change in BROKEN + WRONG_RELOCS:
        judge.verify(changed(original, change), rule, f"rule {rule}: {name}")
    for rule, name, change in WRONG_ELF64:
        judge.verify(changed(original, change, False), rule,
                     f"rule {rule}: {name}")
    judge.verify(elf.layout_3_0(original), 18,
                 "rule 18: the layout of mkelfImage 3.0")
    judge.result(any("mkelfImage 3.0" in line for line in judge.output),
                 "it is named", str(judge.output))
    for rule, name, change in WRONG_SUM:
        data = bytearray(original)
        change(data)
        judge.verify(data, rule, f"rule {rule}: {name}")

    flags = known_flags(source.replace("tools/verify.c", "stub.h"))
    ours = {name: getattr(elf, name) for name in dir(elf)
            if name.startswith("STUB_FLAG_")}
    judge.result(ours and ours.items() <= flags.items(),
                 "the stub's flags are the same here", f"{ours}, {flags}")

    messages, numbers = known_refusals(source)
    tested = {rule for rule, _, _ in BROKEN + WRONG_RELOCS + WRONG_SUM}
    judge.result(numbers and numbers == tested, "every rule was broken",
                 f"not broken: {sorted(numbers - tested)}")
    judge.result(messages and messages <= judge.output,
                 "every refusal was seen",
                 f"not seen: {sorted(messages - judge.output)}")
    sys.exit(judge.failed)


main()
