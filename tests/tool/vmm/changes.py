# SPDX-License-Identifier: GPL-2.0
"""Changes of a small vmlinux that break every rule once, and who minds."""

import struct

import elf
from vmm.headers import (EHDR, ELF64, GIB, MIB, PHDR, PHDR_SIZE, SHDR,
                         SHDR_SIZE, SHT_NOTE, XEN_PHYS32_ENTRY, fields)


class Vmlinux:
    """A file to be changed, in place: header fields, program headers, notes;
    it has a note of Xen's, and p_align is that of a real one."""

    def __init__(self, data):
        self.data = bytearray(data)
        self.layout = data[4]
        head = fields(data, 0, EHDR[self.layout])
        self.phoff, self.phnum = head["phoff"], head["phnum"]
        self.note = self.phnum - 1
        offset, size = (self.get_phdr(self.note)[field]
                        for field in ("offset", "filesz"))
        self.notes = [part[:3] for part in
                      elf.read_notes(data[offset:offset + size])]
        stub = next(desc for name, kind, desc in self.notes
                    if (name, kind) == ("Linux", 0x200))
        self.stub = int.from_bytes(stub, "little")
        self.entry = head["entry"]
        self.xen = len(self.notes)
        self.notes.append(("Xen", XEN_PHYS32_ENTRY, self.address(self.stub)))
        self.put_notes()
        for i in range(self.note):
            self.phdr(i, align=2 * MIB)

    def address(self, value):
        """The contents of a note with an address, as Linux writes it."""
        return value.to_bytes(8 if self.layout == ELF64 else 4, "little")

    def get_phdr(self, number):
        """A program header."""
        return fields(self.data, self.phoff + number * PHDR_SIZE[self.layout],
                      PHDR[self.layout])

    def put(self, at, table, values):
        """Overwrite fields."""
        for name, value in values.items():
            offset, size = table[name]
            self.data[at + offset:at + offset + size] = \
                value.to_bytes(size, "little")

    def ehdr(self, **values):
        """Change the ELF header."""
        self.put(0, EHDR[self.layout], values)

    def phdr(self, number, **values):
        """Change a program header."""
        self.put(self.phoff + number * PHDR_SIZE[self.layout],
                 PHDR[self.layout], values)

    def add_phdr(self, number, **values):
        """One more program header, like that one but for some fields."""
        values = {**self.get_phdr(number), **values}
        self.phdr(self.phnum, **values)
        self.phnum += 1
        self.ehdr(phnum=self.phnum)

    def put_notes(self, notes=None, offset=None):
        """Write notes, those of the PT_NOTE if not others elsewhere; their
        size."""
        packed = b"".join(elf.note(*part) for part in notes or self.notes)
        if offset is None:
            offset = self.get_phdr(self.note)["offset"]
            self.phdr(self.note, filesz=len(packed), memsz=len(packed))
        self.data[offset:offset + len(packed)] = packed
        return len(packed)


# A change is a function of the Vmlinux.


def at_byte(at, value):
    """Overwrite bytes of the file."""
    def change(image):
        image.data[at:at + len(value)] = value
    return change


def cut(size):
    """The file ends there."""
    def change(image):
        del image.data[size:]
    return change


def ehdr(**values):
    """Change the ELF header."""
    return lambda image: image.ehdr(**values)


def phdr(number, **values):
    """Change a program header."""
    return lambda image: image.phdr(number, **values)


def both(*changes):
    """Several changes."""
    def change(image):
        for step in changes:
            step(image)
    return change


def xen_note(name="Xen", kind=XEN_PHYS32_ENTRY, desc=None):
    """Change Xen's note."""
    def change(image):
        old = image.notes[image.xen][2]
        image.notes[image.xen] = (name, kind, old if desc is None else desc)
        image.put_notes()
    return change


def entry_note(value):
    """The entry in Xen's note."""
    return xen_note(desc=struct.pack("<Q", value))


def desc_size(size):
    """Xen's note with the entry in that many bytes."""
    def change(image):
        desc = image.notes[image.xen][2].ljust(size, b"\x55")[:size]
        xen_note(desc=desc)(image)
    return change


def name_size(size):
    """n_namesz of Xen's note, the padding as it is."""
    def change(image):
        at = image.data.rindex(b"Xen\0") - 12
        elf.put32(image.data, at, size)
    return change


def first_note(at, value):
    """Overwrite a word of the first note."""
    def change(image):
        elf.put32(image.data, image.get_phdr(image.note)["offset"] + at,
                  value)
    return change


def no_xen_note(image):
    """Without Xen's note."""
    del image.notes[image.xen]
    image.put_notes()


def odd_notes(image):
    """In front of Xen's note, notes of odd sizes."""
    image.notes[image.xen:image.xen] = [("Xenon", 18, b"x"), ("", 18, b"xyz")]
    image.put_notes()


def two_entries(image):
    """A second entry behind the first, in the same PT_NOTE."""
    image.notes.append(("Xen", XEN_PHYS32_ENTRY, image.address(OTHER)))
    image.put_notes()


def second_pt_note(*notes):
    """One more PT_NOTE."""
    def change(image):
        image.add_phdr(image.note, offset=MORE_NOTES,
                       filesz=image.put_notes(notes, MORE_NOTES))
    return change


def entry_in_second(image):
    """Xen's note is in a PT_NOTE of its own, the last."""
    note = image.notes[image.xen]
    no_xen_note(image)
    second_pt_note(note)(image)


def note_section(image):
    """A section header for the notes."""
    at = elf.up(len(image.data), 8)
    size = SHDR_SIZE[image.layout]
    image.data += bytes(at + 2 * size - len(image.data))
    note = image.get_phdr(image.note)
    image.put(at + size, SHDR[image.layout],
              {"type": SHT_NOTE, "offset": note["offset"],
               "size": note["filesz"]})
    image.ehdr(shoff=at, shentsize=size, shnum=2)


def phdrs_at_end(beyond):
    """The program headers are the end of the file, and more."""
    def change(image):
        size = image.phnum * PHDR_SIZE[image.layout]
        image.data += image.data[image.phoff:image.phoff + size]
        image.ehdr(phoff=len(image.data) - size)
        del image.data[len(image.data) - beyond:]
    return change


def no_pt_load(image):
    """The PT_LOADs are nothing."""
    for i in range(image.note):
        image.phdr(i, type=0)


# What make-vmlinux.py makes: four PT_LOADs from 16 MiB, the stub in the last,
# and the PT_NOTE.
LAST, NOTE = 3, 4
START, END = 0x1000000, 0x1027000
OTHER = START + 0x8000          # some address inside
MORE_NOTES = 0x1600             # room in the file
LAST_SIZE = 0x2ffd              # p_filesz

PVH, OTHER_PVH = "PVH {stub:#x}", f"PVH {OTHER:#x}"
LINUX, FIRMWARE = "64-bit {entry:#x}", "firmware {entry:#x}"
MISSING = "KernelMissingPvhHeader"
UNKNOWN = "whatever"            # not to be judged


def all_say(verdict, xen_says=None):
    """What linux-loader makes of it, and Xen."""
    return (verdict, verdict, verdict, xen_says or verdict)


def no_pvh(xen_says):
    """linux-loader sees no entry for PVH, which Firecracker can do
    without."""
    return (LINUX, LINUX, MISSING, xen_says)


BAD_SIZE = all_say("InvalidProgramHeaderSize", PVH)

# Real files, and what the programs do.
IMAGES = (
    ("x86_64", "vmlinux", all_say(PVH)),
    ("x86_64", "elfImage", all_say(PVH)),
    ("x86_64", "elfImage-without-multiboot", all_say(PVH)),
    ("x86_64", "zelfImage", all_say(PVH)),
    ("i386", "vmlinux", BAD_SIZE),
    ("i386", "elfImage", all_say(PVH)),
    ("i386", "elfImage-without-multiboot", all_say(PVH)),
    ("i386", "zelfImage", all_say(PVH)),
)

# Change of the small x86_64 vmlinux, and what the programs do then.
CHANGED = (
    ("nothing", lambda image: None, all_say(PVH)),
    # Notes
    ("no Xen note", no_xen_note, no_pvh("no PHYS32_ENTRY")),
    ("name Xem", xen_note(name="Xem"), no_pvh("no PHYS32_ENTRY")),
    ("name xen", xen_note(name="xen"), no_pvh("no PHYS32_ENTRY")),
    ("name Xenon", xen_note(name="Xenon"), no_pvh("no PHYS32_ENTRY")),
    ("name with its NUL not counted", name_size(3), no_pvh(PVH)),
    ("type 17", xen_note(kind=17), no_pvh("no PHYS32_ENTRY")),
    ("type 19", xen_note(kind=19), no_pvh("no PHYS32_ENTRY")),
    ("entry in 0 bytes", desc_size(0),
     all_say("InvalidPvhNote", "out of bounds")),
    ("entry in 2 bytes", desc_size(2),
     all_say("InvalidPvhNote", "out of bounds")),
    ("entry in 2 bytes, memory there",
     both(desc_size(2), lambda image: image.add_phdr(1, paddr=0x7000)),
     all_say("InvalidPvhNote", "PVH 0x7000")),
    ("entry in 3 bytes", desc_size(3),
     all_say("InvalidPvhNote", "out of bounds")),
    ("entry in 4 bytes", desc_size(4), all_say(PVH)),
    ("entry in 5 bytes", desc_size(5), all_say(PVH, "out of bounds")),
    ("entry in 16 bytes", desc_size(16), all_say(PVH, "out of bounds")),
    ("notes of odd sizes before it", odd_notes, all_say(PVH)),
    ("p_align of the PT_NOTE 8", phdr(NOTE, align=8), all_say(PVH)),
    ("p_align of the PT_NOTE 0", phdr(NOTE, align=0), all_say(PVH)),
    ("p_offset of the PT_NOTE 0", phdr(NOTE, offset=0),
     no_pvh("no ELF notes")),
    ("p_offset of the PT_NOTE 0, but a section",
     both(note_section, phdr(NOTE, offset=0)), no_pvh(PVH)),
    ("p_offset of the PT_NOTE behind the file", phdr(NOTE, offset=0x100000),
     all_say("ReadNoteHeader", "no PHYS32_ENTRY")),
    ("p_offset of the PT_NOTE 1 << 63", phdr(NOTE, offset=1 << 63),
     all_say("SeekNoteHeader", "no PHYS32_ENTRY")),
    ("empty PT_NOTE", phdr(NOTE, filesz=0), no_pvh("no PHYS32_ENTRY")),
    ("no PT_NOTE", phdr(NOTE, type=0), no_pvh("no ELF notes")),
    ("two entries in a PT_NOTE", two_entries, all_say(PVH, OTHER_PVH)),
    ("second PT_NOTE without an entry", second_pt_note(("GNU", 3, b"id")),
     no_pvh(PVH)),
    ("second PT_NOTE with another entry",
     second_pt_note(("Xen", 18, struct.pack("<I", OTHER))),
     all_say(OTHER_PVH)),
    ("entry in the second PT_NOTE only", entry_in_second, all_say(PVH)),
    ("name of a note longer than 4 GiB", first_note(0, 0xfffffffd),
     all_say("Overflow", "no PHYS32_ENTRY")),
    ("contents of a note longer than the notes", first_note(4, 0x10000),
     no_pvh("no PHYS32_ENTRY")),
    # Where the note leads
    ("PVH entry at the start of memory", entry_note(START),
     all_say(f"PVH {START:#x}")),
    ("PVH entry below memory", entry_note(START - 1),
     all_say(f"PVH {START - 1:#x}", "out of bounds")),
    ("PVH entry at the end of memory", entry_note(END),
     all_say(f"PVH {END:#x}")),
    ("PVH entry behind memory", entry_note(END + 1),
     all_say(f"PVH {END + 1:#x}", "out of bounds")),
    ("PVH entry 0xffffffff", entry_note(0xffffffff),
     all_say("PVH 0xffffffff", "no PHYS32_ENTRY")),
    ("PVH entry above 4 GiB", entry_note((1 << 32) + OTHER),
     all_say(OTHER_PVH)),
    ("PT_LOAD of the PVH entry without flags", phdr(LAST, flags=0),
     all_say(PVH, "out of bounds")),
    ("another PT_LOAD without flags", phdr(0, flags=0), all_say(PVH)),
    ("no PT_LOAD", no_pt_load, all_say(PVH, "out of bounds")),
    # ELF header
    ("no ELF magic", at_byte(3, b"f"),
     all_say("InvalidElfMagicNumber", "not an ELF image")),
    ("ELFDATA2MSB", at_byte(5, b"\2"),
     all_say("BigEndianElfOnLittle", "phdr overflow")),
    ("ELFCLASS32, but nothing else", at_byte(4, b"\1"),
     all_say(PVH, "segment not page aligned")),
    ("e_machine 0", ehdr(machine=0), all_say(PVH)),
    ("e_phentsize 32", ehdr(phentsize=32),
     all_say("InvalidProgramHeaderSize", "no ELF notes")),
    ("e_phentsize 64", ehdr(phentsize=64),
     all_say("InvalidProgramHeaderSize", "no ELF notes")),
    ("e_phoff 63", ehdr(phoff=63),
     all_say("InvalidProgramHeaderOffset", "no ELF notes")),
    ("e_phoff 0", ehdr(phoff=0),
     all_say("InvalidProgramHeaderOffset", "no ELF notes")),
    ("program headers end with the file", phdrs_at_end(0), all_say(PVH)),
    ("program headers end behind the file", phdrs_at_end(1),
     all_say("ReadProgramHeader", "phdr overflow")),
    ("e_phoff behind the file", ehdr(phoff=0x100000),
     all_say("ReadProgramHeader", "phdr overflow")),
    ("e_phoff 1 << 63", ehdr(phoff=1 << 63),
     all_say("SeekProgramHeader", "phdr overflow")),
    ("e_phnum 65535", ehdr(phnum=0xffff),
     all_say("ReadProgramHeader", "phdr overflow")),
    ("e_phnum 0", ehdr(phnum=0), no_pvh("no ELF notes")),
    ("e_shoff behind the file", ehdr(shoff=0x100000, shentsize=64, shnum=1),
     all_say(PVH, "shdr overflow")),
    ("e_entry below 1 MiB", ehdr(entry=MIB - 1),
     all_say("InvalidEntryAddress", PVH)),
    ("e_entry at 1 MiB", ehdr(entry=MIB), all_say(PVH)),
    ("file of 63 bytes", cut(63), all_say("ReadElfHeader", "phdr overflow")),
    ("file of 51 bytes", cut(51),
     all_say("ReadElfHeader", "not an ELF image")),
    # Segments
    ("file ends within a PT_LOAD", cut(0x5000 + LAST_SIZE - 1),
     all_say("ReadKernelImage", PVH)),
    ("file ends with the PT_LOADs", cut(0x5000 + LAST_SIZE), all_say(PVH)),
    ("p_offset of a PT_LOAD behind the file", phdr(1, offset=0x100000),
     all_say("ReadKernelImage", PVH)),
    ("p_offset of a PT_LOAD 1 << 63", phdr(1, offset=1 << 63),
     all_say("SeekKernelStart", PVH)),
    ("p_offset of an empty PT_LOAD behind the file",
     phdr(1, offset=0x100000, filesz=0, align=1), all_say(PVH)),
    ("p_align of a PT_LOAD 4 KiB", phdr(1, align=0x1000),
     (PVH, "Align", PVH, PVH)),
    ("p_align of a PT_LOAD 0", phdr(1, align=0), all_say(PVH)),
    ("memory begins within a page", phdr(0, paddr=START - 0x800),
     all_say(PVH, "segment not page aligned")),
    ("memory ends behind 1 << 64", phdr(LAST, memsz=(1 << 64) - START),
     all_say("MemoryOverflow", "out of bounds")),
)

# Memory of the machine in MiB, and the address of one more page to be loaded.
# Where Xen's machines have their hole was not looked up.
MORE_MEMORY = (
    (128, "the last page", 128 * MIB - 0x1000, all_say(PVH)),
    (128, "half of a page too far", 128 * MIB - 0x800,
     all_say("ReadKernelImage", "segment too large")),
    (128, "the end of memory", 128 * MIB,
     all_say("ReadKernelImage", "segment too large")),
    (128, "32 KiB", 0x8000, all_say(PVH)),
    (6144, "the last page below 3 GiB", 3 * GIB - 0x1000,
     all_say(PVH, UNKNOWN)),
    (6144, "3 GiB", 3 * GIB, all_say("ReadKernelImage", UNKNOWN)),
    (6144, "the last page below 4 GiB", 4 * GIB - 0x1000,
     all_say("ReadKernelImage", UNKNOWN)),
    (6144, "4 GiB", 4 * GIB, all_say(PVH, UNKNOWN)),
    (6144, "the last page", 7 * GIB - 0x1000, all_say(PVH, UNKNOWN)),
    (6144, "the end of memory", 7 * GIB,
     all_say("ReadKernelImage", UNKNOWN)),
)

# Change of the small i386 vmlinux, and what Xen does then.
CHANGED_32 = (
    ("nothing", lambda image: None, PVH),
    ("no Xen note", no_xen_note, FIRMWARE),
    ("name Xem", xen_note(name="Xem"), FIRMWARE),
    ("entry in 2 bytes", desc_size(2), FIRMWARE),
    ("entry in 8 bytes", desc_size(8), PVH),
    ("p_offset of the PT_NOTE 0", phdr(NOTE, offset=0), FIRMWARE),
    ("PVH entry behind memory", xen_note(desc=struct.pack("<I", END + 1)),
     FIRMWARE),
    ("e_phoff behind the file", ehdr(phoff=0x100000), "phdr overflow"),
    ("ELFCLASS64, but nothing else", at_byte(4, b"\2"), "shdr overflow"),
)
