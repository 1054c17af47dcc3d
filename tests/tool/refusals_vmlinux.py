# SPDX-License-Identifier: GPL-2.0
"""
What is no kernel, for refusals.py: a vmlinux in which something is changed, and
files of other kinds. A change is a function of the bytes.
"""

import struct

import elf

PHDR64 = {"type": (0, "I"), "offset": (8, "Q"), "paddr": (24, "Q"),
          "filesz": (32, "Q"), "memsz": (40, "Q")}
TEXT, DATA, INIT, NOTE = 0, 1, 3, 4
MANY = 2 ** 64 - 1


def put(at, form, *values):
    """Overwrite bytes."""
    return lambda data: struct.pack_into("<" + form, data, at, *values)


def phdr(number, **fields):
    """Overwrite fields of a program header."""
    def change(data):
        for field, value in fields.items():
            at, form = PHDR64[field]
            struct.pack_into("<" + form, data, 64 + 56 * number + at, value)
    return change


def replace(old, new):
    """Overwrite a string that is there once."""
    def change(data):
        if data.count(old) != 1 or len(old) != len(new):
            raise ValueError(old)
        at = data.index(old)
        data[at:at + len(new)] = new
    return change


def note(name, kind, desc, new_name=None, new_kind=None, new_desc=None):
    """Change a note in its place."""
    return replace(elf.note(name, kind, desc),
                   elf.note(new_name or name, new_kind or kind,
                            desc if new_desc is None else new_desc))


def cut(size):
    """Truncate."""
    def change(data):
        del data[size:]
    return change


def long_version(data):
    """A version of 400 characters; the notes move to the end."""
    notes = (elf.note("ELFBoot", 2, b"x" * 400 + b"\0") + STUB_NOTE)
    phdr(NOTE, offset=len(data), filesz=len(notes))(data)
    data += notes


def many_loads(data):
    """Seventeen PT_LOADs; the program headers move to the end."""
    head = bytes(data[64:64 + 56 * 5])
    struct.pack_into("<Q", data, 32, len(data))
    struct.pack_into("<H", data, 56, 17)
    data += head + 12 * struct.pack("<2I6Q", elf.PT_LOAD, 6, 0x1000, 0,
                                    0x1030000, 1, 1, 4096)


def starts(magic):
    """Another kind of file, by its first bytes."""
    return lambda data: data.__setitem__(slice(0, len(magic)), magic)


STUB_DESC = struct.pack("<I", 0x1007000)
STUB_NOTE = elf.note("Linux", 0x200, STUB_DESC)
VERSION = b"6.1.0-test\0"
STUB_AT = 0x6000                # of its header, in the file

# Name of the subtest, change, what the message has to have in it.
DAMAGED = (
    ("empty file", cut(0), "empty"),
    ("one byte", cut(1), "neither"),
    ("text", lambda data: data.__setitem__(slice(None), b"text\n" * 99),
     "neither"),
    ("gzip", starts(b"\x1f\x8b\x08"), "without zlib: unpack"),
    ("xz", starts(b"\xfd7zXZ\0"), "without liblzma: unpack"),
    ("zstd", starts(b"\x28\xb5\x2f\xfd"), "without libzstd: unpack"),
    ("lz4, legacy", starts(b"\x02\x21\x4c\x18"), "without liblz4: unpack"),
    ("lz4", starts(b"\x04\x22\x4d\x18"), "without liblz4: unpack"),
    ("bzip2", starts(b"BZh9"), "without libbz2: unpack"),
    ("lzma", starts(b"\x5d\0\0\x80"), "without liblzma: unpack"),
    ("uImage", starts(b"\x27\x05\x19\x56"), "uImage"),
    ("FIT image", starts(b"\xd0\x0d\xfe\xed"), "FIT image"),
    ("initrd", starts(b"070701"), "an initrd"),
    ("arm64 Image", lambda data: data.__setitem__(
        slice(0, 0x3c), b"MZ" + bytes(0x36) + b"ARM\x64"), "arm64"),
    ("EFI program", starts(b"MZ\x90\0"), "section .linux"),
    ("EFI zboot image", lambda data: data.__setitem__(
        slice(0, 8), b"MZ\0\0zimg"), "zboot"),
    ("RISC-V Image", lambda data: data.__setitem__(
        slice(0, 0x3c), b"MZ" + bytes(0x36) + b"RSC\5"), "RISC-V"),
    ("LoongArch Image", lambda data: data.__setitem__(
        slice(0, 0x3c), b"MZ" + bytes(0x36) + b"\xcd\x23\x82\x81"),
     "LoongArch"),
    ("ARM zImage", lambda data: data.__setitem__(
        slice(0, 0x28), bytes(0x24) + b"\x18\x28\x6f\1"), "ARM zImage"),
    ("Android boot image", starts(b"ANDROID!"), "Android"),
    ("ISO 9660", lambda data: data.__setitem__(
        slice(None), bytes(0x8001) + b"CD001" + bytes(9)), "ISO 9660"),
    ("squashfs", starts(b"hsqs"), "squashfs"),
    ("disk image", starts(b"QFI\xfb"), "disk image"),
    ("tar archive", lambda data: data.__setitem__(
        slice(None), b"boot/vmlinuz".ljust(257, b"\0") + b"ustar\0" + b"00" +
        bytes(999)), "tar archive"),
    ("zip archive", starts(b"PK\3\4"), "zip archive"),
    ("7z archive", starts(b"7z\xbc\xaf\x27\x1c"), "7z archive"),
    ("lzip", starts(b"LZIP"), "lzip"),
    ("compress", starts(b"\x1f\x9d"), "compress(1)"),
    ("a file of debug information", lambda data: [
        phdr(number, filesz=0)(data) for number in range(4)],
     "use the vmlinux"),
    ("a PT_LOAD 1 GiB away", phdr(TEXT, paddr=0x50000000), "spread over"),
    ("big-endian", put(5, "B", 2), "little-endian"),
    ("no byte order", put(5, "B", 0), "little-endian"),
    ("class 0", put(4, "B", 0), "little-endian"),
    ("class 3", put(4, "B", 3), "little-endian"),
    ("class 1 with headers of class 2", put(4, "B", 1), "headers"),
    ("for ARM", put(18, "H", 40), "x86"),
    ("no program headers", put(56, "H", 0), "program headers"),
    ("33 program headers", put(56, "H", 33), "program headers"),
    ("65535 program headers", put(56, "H", 0xffff), "program headers"),
    ("program headers of 32 bytes", put(54, "H", 32), "headers"),
    ("program headers at the end", lambda data: struct.pack_into(
        "<Q", data, 32, len(data)), "truncated"),
    ("program headers beyond 2^64", put(32, "Q", MANY - 8), "truncated"),
    ("contents beyond the end", phdr(TEXT, offset=0x100000), "truncated"),
    ("contents beyond 2^64", phdr(TEXT, offset=MANY), "truncated"),
    ("more contents than 2^64", phdr(TEXT, filesz=MANY), "truncated"),
    ("no stub note", note("Linux", 0x200, STUB_DESC, new_kind=0x201),
     "CONFIG_ELF_BOOT"),
    ("stub note of another name", note("Linux", 0x200, STUB_DESC, "Lunix"),
     "CONFIG_ELF_BOOT"),
    ("no notes", phdr(NOTE, type=0), "CONFIG_ELF_BOOT"),
    ("notes of no bytes", phdr(NOTE, filesz=0), "CONFIG_ELF_BOOT"),
    ("first note without end", put(0x1200, "I", MANY % 2 ** 32),
     "CONFIG_ELF_BOOT"),
    ("stub note of 3 bytes", replace(
        STUB_NOTE, STUB_NOTE[:4] + b"\3" + STUB_NOTE[5:]),
     "CONFIG_ELF_BOOT"),
    ("stub elsewhere", note("Linux", 0x200, STUB_DESC, new_desc=bytes(4)),
     "damaged"),
    ("stub in .bss", note("Linux", 0x200, STUB_DESC,
                          new_desc=struct.pack("<I", 0x1009000)), "damaged"),
    ("stub header beyond the file's bytes",
     note("Linux", 0x200, STUB_DESC,
          new_desc=struct.pack("<I", 0x1008ffd -
                                      elf.STUB_HEADER_SIZE + 1)), "damaged"),
    ("stub magic", put(STUB_AT + elf.STUB_MAGIC_AT, "I", 0), "damaged"),
    ("stub base", put(STUB_AT + elf.STUB_BASE, "I", 0x1000000), "damaged"),
    ("no version", note("ELFBoot", 2, VERSION, new_kind=4), "version"),
    ("version without NUL", note("ELFBoot", 2, VERSION,
                                 new_desc=b"6.1.0-testx"), "version"),
    ("version of 400 characters", long_version, "rule 2"),
    ("segment at 4 GiB", phdr(DATA, paddr=2 ** 32), "makes no sense"),
    ("segment across 4 GiB", phdr(INIT, memsz=0xff000000), "makes no sense"),
    ("segment larger than 2^64", phdr(INIT, memsz=MANY), "makes no sense"),
    ("segment smaller than its contents", phdr(DATA, memsz=1),
     "makes no sense"),
    ("nothing to load", lambda data: [phdr(i, memsz=0, filesz=0)(data)
                                      for i in (0, 1, 2)] + [
        phdr(INIT, type=0)(data)], "damaged"),
    ("segments overlap", phdr(DATA, paddr=0x1001000), "overlap"),
    ("segments are the same", phdr(DATA, paddr=0x1000000), "overlap"),
    ("more segments than usable", many_loads, "segments"),
    ("below 1 MiB", phdr(TEXT, paddr=0xf0000), "rule 7"),
    ("at address 0", phdr(TEXT, paddr=0), "rule 4"),
    ("begins within a page", phdr(TEXT, paddr=0x1000010), "rule 8"),
    ("scratch memory elsewhere", put(STUB_AT + elf.STUB_SCRATCH, "I",
                                     0x2000000), "rule 10"),
    ("scratch memory at 0", put(STUB_AT + elf.STUB_SCRATCH, "I", 0),
     "rule 4"),
    ("scratch memory below 1 MiB", put(STUB_AT + elf.STUB_SCRATCH, "I",
                                       0x9000), "rule 7"),
    ("scratch memory below the kernel",
     put(STUB_AT + elf.STUB_SCRATCH, "I", 0x200000), "rule 10"),
    ("ends elsewhere", put(STUB_AT + elf.STUB_END, "I", 0x2000000),
     "rule 10"),
)
