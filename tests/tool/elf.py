# SPDX-License-Identifier: GPL-2.0
"""
ELF files in parts, for tests: read an elfImage, change it, put it together
again. Written from the ELF specification and from the layout rules, not from
the tool's sources, so that it can judge the tool.
"""

import array
import itertools
import struct

PT_LOAD, PT_NOTE = 1, 4
PAGE = 4096
# Of an image: ELF32 program headers, behind what an ELF64 header would be; the
# null section, which is the first of the ELF64 program headers.
EHDR_SIZE, PHDRS_AT, SECTION_AT = 52, 64, 0x400
PHDR_SIZE, PHDR64_SIZE = 32, 56
PHDR_FIELDS = ("type", "offset", "vaddr", "paddr",
               "filesz", "memsz", "flags", "align")
PHDR64_FIELDS = ("type", "flags", "offset", "vaddr", "paddr",
                 "filesz", "memsz", "align")
ELFCLASS64 = 2

MULTIBOOT_MAGIC = 0x1badb002
MULTIBOOT2_MAGIC = 0xe85250d6
MULTIBOOT2_ZONE = 32768         # the header must be in there

# The stub's entry for loaders of ELF, and words of its header (stub.h).
STUB_AT_ENTRY = 0x08
STUB_BASE, STUB_MAGIC_AT, STUB_SIZE, STUB_ENTRY = 0x0c, 0x18, 0x1c, 0x20
STUB_START, STUB_END, STUB_SCRATCH = 0x24, 0x28, 0x2c
STUB_FLAGS, STUB_SETUP, STUB_CMDLINE, STUB_INITRD = 0x30, 0x34, 0x3c, 0x44
STUB_BSS, STUB_ALIGN, STUB_IMAGE_MAX = 0x4c, 0x50, 0x54
STUB_RELOCS, STUB_RELOCS_SIZE = 0x58, 0x5c
STUB_HEADER_SIZE, STUB_SCRATCH_SIZE = 0x60, 0x10000
STUB_FLAG_KERNEL_64, STUB_FLAG_KASLR, STUB_FLAG_MOVABLE = 0x2, 0x40, 0x80


def read(path):
    """A file."""
    with open(path, "rb") as file:
        return file.read()


def get32(data, at):
    """The 32-bit word at an offset."""
    return struct.unpack_from("<I", data, at)[0]


def put32(data, at, value):
    """Write the 32-bit word at an offset."""
    struct.pack_into("<I", data, at, value & 0xffffffff)


def up(value, to):
    """Round up."""
    return -(-value // to) * to


def note(name, kind, desc):
    """One ELF note with 4-byte padding."""
    name = name.encode() + b"\0"
    return (struct.pack("<3I", len(name), len(desc), kind) +
            name.ljust(up(len(name), 4), b"\0") +
            desc.ljust(up(len(desc), 4), b"\0"))


def read_notes(data):
    """The inverse of note(), for a run of them: name, type, desc, desc's
    offset."""
    at = 0
    while at + 12 <= len(data):
        namesz, descsz, kind = struct.unpack_from("<3I", data, at)
        desc_at = at + 12 + up(namesz, 4)
        name = data[at + 12:at + 12 + namesz].rstrip(b"\0")
        name = name.decode(errors="replace")
        yield name, kind, bytes(data[desc_at:desc_at + descsz]), desc_at
        at = desc_at + up(descsz, 4)


def read_phdrs(data):
    """Program headers of an ELF32 file, or of an ELF64 one."""
    if data[4] == ELFCLASS64:
        phoff, = struct.unpack_from("<Q", data, 32)
        number, = struct.unpack_from("<H", data, 56)
        return [dict(zip(PHDR64_FIELDS, struct.unpack_from(
            "<2I6Q", data, phoff + PHDR64_SIZE * i))) for i in range(number)]
    phoff, = struct.unpack_from("<I", data, 28)
    number, = struct.unpack_from("<H", data, 44)
    return [dict(zip(PHDR_FIELDS, struct.unpack_from("<8I", data,
                                                     phoff + 32 * i)))
            for i in range(number)]


def pvh_entry(data):
    """What the Xen note says: the stub's base."""
    phdr = next(phdr for phdr in read_phdrs(data) if phdr["type"] == PT_NOTE)
    notes = data[phdr["offset"]:phdr["offset"] + phdr["filesz"]]
    return next(get32(desc, 0) for name, _, desc, _ in read_notes(notes)
                if name == "Xen")


def put_elf64(data):
    """Let an ELF32 file with program headers at PHDRS_AT be an ELF64 one as
    well: the rest of an ELF64 header, and its program headers, the first one
    PT_NULL."""
    phdrs = read_phdrs(data)
    struct.pack_into("<6H", data, EHDR_SIZE, 64, PHDR64_SIZE,
                     1 + len(phdrs), 64, 0, 0)
    data[SECTION_AT:SECTION_AT + PHDR64_SIZE] = bytes(PHDR64_SIZE)
    for i, phdr in enumerate(phdrs, 1):
        struct.pack_into("<2I6Q", data, SECTION_AT + i * PHDR64_SIZE,
                         *(phdr[field] for field in (
                             "type", "flags", "offset", "vaddr", "paddr",
                             "filesz", "memsz")), 0)


def layout_3_0(data):
    """The same image as mkelfImage 3.0 wrote it: program headers at 52, no
    section header, ELF32 alone."""
    old = bytearray(data)
    phdrs = read_phdrs(data)
    notes = phdrs[0]
    end = notes["offset"] + notes["filesz"]
    moved = PHDRS_AT - EHDR_SIZE
    old[EHDR_SIZE:end - moved] = data[PHDRS_AT:end]
    old[end - moved:end] = bytes(moved)
    size = (1 + len(phdrs)) * PHDR64_SIZE
    old[SECTION_AT:SECTION_AT + size] = bytes(size)
    put32(old, 28, EHDR_SIZE)
    put32(old, 32, 0)
    struct.pack_into("<3H", old, 46, 0, 0, 0)
    put32(old, EHDR_SIZE + 4, notes["offset"] - moved)
    if checksum_note(old):
        struct.pack_into("<H", old, checksum_note(old)[0], checksum(old))
    return bytes(old)


def internet_checksum(data):
    """RFC 1071 over little-endian words."""
    words = array.array("H", bytes(data) + b"\0" * (len(data) % 2))
    total = sum(words)
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total ^ 0xffff


def checksum(data):
    """What the checksum note of an ELF32 file should say: header, program
    headers, and the memory of every PT_LOAD as one run of bytes. Zeroes do not
    change the sum: how many there are only decides which half of a word the
    next byte is."""
    phdrs = read_phdrs(data)
    phoff = get32(data, 28)
    run = bytearray(data[:EHDR_SIZE]) + \
        data[phoff:phoff + PHDR_SIZE * len(phdrs)]
    for phdr in phdrs:
        if phdr["type"] == PT_LOAD:
            contents = data[phdr["offset"]:phdr["offset"] + phdr["filesz"]]
            run += contents + bytes((phdr["memsz"] - len(contents)) % 2)
    return internet_checksum(run)


def checksum_note(data):
    """File offset of the checksum note's contents and what it says, or
    None."""
    first = read_phdrs(data)[0]
    notes = data[first["offset"]:first["offset"] + first["filesz"]]
    for name, kind, desc, at in read_notes(notes):
        if (name, kind) == ("ELFBoot", 3):
            return first["offset"] + at, int.from_bytes(desc, "little")
    return None


def multiboot_header(data):
    """Offset of the multiboot header, or None."""
    for at in range(0, min(8192, len(data)) - 11, 4):
        magic, flags, check = struct.unpack_from("<3I", data, at)
        if magic == MULTIBOOT_MAGIC and not (magic + flags + check) % 2 ** 32:
            return at
    return None


def multiboot2_header(data):
    """Offset and bytes of the multiboot 2 header, or None and none."""
    for at in range(0, min(MULTIBOOT2_ZONE, len(data)) - 15, 8):
        fields = struct.unpack_from("<4I", data, at)
        if fields[0] == MULTIBOOT2_MAGIC and not sum(fields) % 2 ** 32:
            return at, bytes(data[at:at + fields[2]])
    return None, b""


def multiboot2_tags(header):
    """Tags of a multiboot 2 header: type, flags, contents; the last one ends
    it, or this is none."""
    at, tags = 16, []
    while not tags or tags[-1][0]:
        kind, flags, size = struct.unpack_from("<2HI", header, at)
        if size < 8 or at + size > len(header):
            raise ValueError(f"tag of {size} bytes at {at}")
        tags.append((kind, flags, header[at + 8:at + size]))
        at += up(size, 8)
    if at != len(header):
        raise ValueError(f"{len(header)} bytes, but {at} of tags")
    return tags


def multiboot2_tag(kind, flags=1, contents=b"", size=None):
    """One tag with its padding; size: what it says, if that is a lie."""
    data = struct.pack("<2HI", kind, flags,
                       8 + len(contents) if size is None else size)
    return (data + contents).ljust(up(8 + len(contents), 8), b"\0")


def multiboot2(*tags, arch=0, size=None):
    """A multiboot 2 header; size: what it says, if that is a lie."""
    if size is None:
        size = 16 + len(b"".join(tags))
    return struct.pack("<4I", MULTIBOOT2_MAGIC, arch, size,
                       -(MULTIBOOT2_MAGIC + arch + size) % 2 ** 32) + \
        b"".join(tags)


def movable(data):
    """Where a loader is told that an image may be: contents of the multiboot 2
    header's relocatable tag and of Xen's note PHYS32_RELOC, None for none."""
    _, header = multiboot2_header(data)
    tags = [contents for kind, _, contents in
            (multiboot2_tags(header) if header else ()) if kind == 10]
    notes = [desc for name, kind, desc in Image(data).notes
             if (name, kind) == ("Xen", 19)]
    assert len(tags) < 2 and len(notes) < 2
    return tuple(struct.unpack(f"<{len(found[0]) // 4}I", found[0])
                 if found else None for found in (tags, notes))


class Image:
    """
    An elfImage: ELF header, the PT_NOTE, its notes, the PT_LOADs with their
    contents, the multiboot headers. pack() lays them out by the rules.
    """

    def __init__(self, data):
        phdrs = read_phdrs(data)
        self.ehdr = bytearray(data[:EHDR_SIZE])
        self.elf64 = any(data[EHDR_SIZE:PHDRS_AT])
        self.note = phdrs[0]
        end = self.note["offset"] + self.note["filesz"]
        self.notes = [part[:3] for part in
                      read_notes(data[self.note["offset"]:end])]
        self.loads = []
        for phdr in phdrs[1:]:
            at = phdr["offset"]
            contents = bytearray(data[at:at + phdr["filesz"]])
            self.loads.append(dict(phdr, data=contents))
        self.multiboot_at = multiboot_header(data)
        self.multiboot2_at, self.multiboot2 = multiboot2_header(data)
        self.notes_at = None
        self.checksum_at = None

    def end(self):
        """The address behind the last byte in memory."""
        return self.loads[-1]["paddr"] + self.loads[-1]["memsz"]

    def add_load(self, data=b"", memsz=None, at=0, **fields):
        """One more PT_LOAD; at: pages behind the end of the last."""
        paddr = up(self.end(), PAGE) + at * PAGE
        load = {"type": PT_LOAD, "vaddr": paddr, "paddr": paddr,
                "flags": 6, "align": PAGE, "data": bytearray(data),
                "memsz": len(data) if memsz is None else memsz}
        self.loads.append({**load, **fields})

    def split(self, size):
        """Cut the first PT_LOAD in two; only the second has NOBITS."""
        first = self.loads[0]
        second = dict(first, data=first["data"][size:],
                      memsz=first["memsz"] - size,
                      paddr=first["paddr"] + size,
                      vaddr=first["vaddr"] + size)
        first.update(data=first["data"][:size], memsz=size)
        self.loads.insert(1, second)

    def set_note(self, index, name=None, kind=None, desc=None):
        """Change a note."""
        old = self.notes[index]
        new = (name, kind, desc)
        self.notes[index] = tuple(o if n is None else n
                                  for o, n in zip(old, new))

    def stub(self):
        """The stub's address."""
        return int.from_bytes(self.notes[0][2][:4], "little")

    def stub_header(self, offset=0):
        """Where its header is: the PT_LOAD's data, and an offset."""
        at = self.stub() + offset
        for load in self.loads:
            if 0 <= at - load["paddr"] < len(load["data"]):
                return load["data"], at - load["paddr"]
        raise ValueError("no stub")

    def get_stub(self, offset):
        """A word of the stub's header."""
        return get32(*self.stub_header(offset))

    def put_stub(self, offset, value):
        """Change a word of the stub's header."""
        put32(*self.stub_header(offset), value)

    def move(self, delta):
        """Move everything in memory, with all that points to it."""
        for word in (STUB_BASE, STUB_ENTRY, STUB_START, STUB_END,
                     STUB_SCRATCH):
            self.put_stub(word, self.get_stub(word) + delta)
        put32(self.ehdr, 24, get32(self.ehdr, 24) + delta)
        for phdr in [self.note] + self.loads:
            phdr["paddr"] += delta
            phdr["vaddr"] += delta
        self.set_note(0, desc=struct.pack("<I", self.stub() + delta))

    def pack(self):
        """The file, but for the checksum; that belongs at checksum_at."""
        phdrs = [self.note] + self.loads
        notes = b"".join(note(*part) for part in self.notes)
        notes_at = self.notes_at or PHDRS_AT + PHDR_SIZE * len(phdrs)
        data = bytearray(PAGE)
        self.note.update(offset=notes_at, filesz=len(notes),
                         memsz=len(notes))
        for load in self.loads:
            load.update(offset=len(data), filesz=len(load["data"]))
            data += load["data"].ljust(up(len(load["data"]), PAGE), b"\0")
        del data[self.loads[-1]["offset"] + len(self.loads[-1]["data"]):]
        struct.pack_into("<H", self.ehdr, 44, len(phdrs))
        data[:EHDR_SIZE] = self.ehdr
        for i, phdr in enumerate(phdrs):
            struct.pack_into("<8I", data, PHDRS_AT + PHDR_SIZE * i,
                             *(phdr[field] for field in PHDR_FIELDS))
        data[notes_at:notes_at + len(notes)] = notes
        for name, kind, _, at in read_notes(notes):
            if (name, kind) == ("ELFBoot", 3):
                self.checksum_at = notes_at + at
        if self.multiboot_at is not None:
            put_multiboot(data, self.multiboot_at, 3)
        if self.multiboot2_at is not None:
            at = self.multiboot2_at
            data[at:at + len(self.multiboot2)] = self.multiboot2
        return data


def contents():
    """Bytes without a pattern, and without anything's magic number."""
    state = 1
    while True:
        state = (state * 1103515245 + 12345) % 2 ** 31
        yield state >> 16 & 0xff


def some_bytes(size):
    """The first so many of them."""
    return bytes(itertools.islice(contents(), size))


def put_multiboot(data, at, flags):
    """Write a multiboot header."""
    struct.pack_into("<3I", data, at, MULTIBOOT_MAGIC, flags,
                     -(MULTIBOOT_MAGIC + flags) % 2 ** 32)
