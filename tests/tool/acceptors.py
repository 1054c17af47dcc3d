#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: acceptors.py KERNELS DIRECTORY

What loaders of virtual machines that cannot run here would do with our files:
Firecracker and cloud-hypervisor (linux-loader), and Xen with a PVH domain.
KERNELS has an x86_64 and an i386 directory with vmlinux, elfImage and
elfImage-without-multiboot; DIRECTORY has small ones, vmlinux.x86_64 and
vmlinux.i386 of make-vmlinux.py, which are changed to break every rule once.
Where Xen's own library is installed, it is asked about every file as well.
"""

import ctypes
import platform
import re
import struct
import subprocess
import sys

import elf
from elf import PT_LOAD, PT_NOTE

SHT_NOTE = 7
XEN_PHYS32_ENTRY = 18
ELF32, ELF64 = 1, 2             # EI_CLASS
MIB, GIB = 1 << 20, 1 << 30
XEN_LIBRARY = "libxenguest.so.4.17"

# Offset and size of the fields that somebody reads or changes, by EI_CLASS.
EHDR = {
    ELF32: {"machine": (18, 2), "entry": (24, 4), "phoff": (28, 4),
            "shoff": (32, 4), "phentsize": (42, 2), "phnum": (44, 2),
            "shentsize": (46, 2), "shnum": (48, 2)},
    ELF64: {"machine": (18, 2), "entry": (24, 8), "phoff": (32, 8),
            "shoff": (40, 8), "phentsize": (54, 2), "phnum": (56, 2),
            "shentsize": (58, 2), "shnum": (60, 2)},
}
PHDR = {
    ELF32: {"type": (0, 4), "offset": (4, 4), "vaddr": (8, 4),
            "paddr": (12, 4), "filesz": (16, 4), "memsz": (20, 4),
            "flags": (24, 4), "align": (28, 4)},
    ELF64: {"type": (0, 4), "flags": (4, 4), "offset": (8, 8),
            "vaddr": (16, 8), "paddr": (24, 8), "filesz": (32, 8),
            "memsz": (40, 8), "align": (48, 8)},
}
SHDR = {
    ELF32: {"type": (4, 4), "offset": (16, 4), "size": (20, 4)},
    ELF64: {"type": (4, 4), "offset": (24, 8), "size": (32, 8)},
}
EHDR_SIZE, PHDR_SIZE = {ELF32: 52, ELF64: 64}, {ELF32: 32, ELF64: 56}
SHDR_SIZE = {ELF32: 40, ELF64: 64}

# Why a file is refused: linux-loader's names of its errors, cloud-hypervisor's
# of its own, and what Xen's messages say.
REASONS = (
    "ReadElfHeader", "InvalidElfMagicNumber", "BigEndianElfOnLittle",
    "InvalidProgramHeaderSize", "InvalidProgramHeaderOffset",
    "InvalidEntryAddress", "SeekProgramHeader", "ReadProgramHeader",
    "SeekKernelStart", "Align", "ReadKernelImage", "MemoryOverflow",
    "SeekNoteHeader", "ReadNoteHeader", "Overflow", "InvalidPvhNote",
    "KernelMissingPvhHeader",
    "not an ELF image", "phdr overflow", "shdr overflow", "no ELF notes",
    "no PHYS32_ENTRY", "out of bounds", "segment not page aligned",
    "segment too large",
)


class Refused(Exception):
    """A loader does not take the file."""

    def __init__(self, reason):
        assert reason in REASONS, reason
        super().__init__(reason)


def guest_ram(size):
    """Memory of a Firecracker or cloud-hypervisor machine: the last GiB below
    4 GiB is a hole (arch_memory_regions() of both, in
    src/vmm/src/arch/x86_64/mod.rs and arch/src/x86_64/mod.rs)."""
    low = min(size, 3 * GIB)
    return ((0, low), (4 * GIB, 4 * GIB + size - low))


# linux-loader 0.14, src/loader/elf/mod.rs. It neither looks at EI_CLASS nor
# at e_machine, e_type, section headers, p_vaddr, p_flags, and never asks
# whether an entry lies inside of anything, or p_memsz inside of memory.


class LoaderFile:
    """A file as Rust's Read and Seek see it."""

    def __init__(self, data):
        self.data = data

    def read(self, at, size, seek, read):
        """Bytes from an offset, or one of two errors: lseek() takes signed
        offsets, and is content with those behind the end."""
        if at >= 1 << 63:
            raise Refused(seek)
        if at + size > len(self.data):
            raise Refused(read)
        return self.data[at:at + size]


def find_pvh_note(file, offset, size):
    """parse_elf_note(): the entry that the first of Xen's notes in a PT_NOTE
    names, or None. 4-byte padding whatever p_align says; the name's size is
    compared too; of a longer descriptor the first 4 bytes count."""
    seek, read = "SeekNoteHeader", "ReadNoteHeader"
    at = 0
    while at < size:
        namesz, descsz, kind = struct.unpack(
            "<3I", file.read(offset + at, 12, seek, read))
        name_at = offset + at + 12
        if (kind == XEN_PHYS32_ENTRY and namesz == 4 and
                file.read(name_at, 4, seek, read) == b"Xen\0"):
            if descsz < 4:
                raise Refused("InvalidPvhNote")
            return elf.get32(file.read(name_at + 4, 4, seek, read), 0)
        namesz, descsz = elf.up(namesz, 4), elf.up(descsz, 4)
        if max(namesz, descsz) >= 1 << 32:
            raise Refused("Overflow")
        at += 12 + namesz + descsz
    return None


def linux_loader(data, ram, aligned):
    """Elf::load() without a kernel_offset: e_entry, and the PVH entry or
    None. aligned: it looks at p_align, as it does since pull request 227
    (commit 0b82095cc5bf, after 0.14)."""
    file = LoaderFile(data)
    ehdr = file.read(0, EHDR_SIZE[ELF64], "ReadElfHeader", "ReadElfHeader")
    # validate_header()
    if ehdr[:4] != b"\x7fELF":
        raise Refused("InvalidElfMagicNumber")
    if ehdr[5] != 1:
        raise Refused("BigEndianElfOnLittle")
    head = fields(ehdr, 0, EHDR[ELF64])
    if head["phentsize"] != PHDR_SIZE[ELF64]:
        raise Refused("InvalidProgramHeaderSize")
    if head["phoff"] < EHDR_SIZE[ELF64]:
        raise Refused("InvalidProgramHeaderOffset")
    # Both callers pass 1 MiB as highmem_start_address.
    if head["entry"] < MIB:
        raise Refused("InvalidEntryAddress")
    phdrs = [fields(file.read(head["phoff"] + i * PHDR_SIZE[ELF64],
                              PHDR_SIZE[ELF64], "SeekProgramHeader",
                              "ReadProgramHeader"), 0, PHDR[ELF64])
             for i in range(head["phnum"])]
    pvh = None
    for phdr in phdrs:
        if phdr["type"] == PT_NOTE:
            # Whatever an earlier PT_NOTE said is forgotten.
            pvh = find_pvh_note(file, phdr["offset"], phdr["filesz"])
        if phdr["type"] == PT_LOAD and phdr["filesz"]:
            load_segment(file, phdr, ram, aligned)
    return head["entry"], pvh


def load_segment(file, phdr, ram, aligned):
    """The part of Elf::load() for a PT_LOAD: the bytes of the file go to
    p_paddr. Those behind them are zero because all memory still is."""
    if phdr["offset"] >= 1 << 63:
        raise Refused("SeekKernelStart")
    if aligned and phdr["align"] % (2 * MIB):
        raise Refused("Align")
    end = phdr["paddr"] + phdr["filesz"]
    if not any(low <= phdr["paddr"] and end <= high for low, high in ram):
        raise Refused("ReadKernelImage")
    file.read(phdr["offset"], phdr["filesz"], "SeekKernelStart",
              "ReadKernelImage")
    if phdr["paddr"] + phdr["memsz"] >= 1 << 64:
        raise Refused("MemoryOverflow")


def firecracker(data, size, aligned=False):
    """load_kernel() in src/vmm/src/arch/x86_64/mod.rs: PVH if there is a note,
    else the 64-bit protocol of Linux at e_entry, as Firecracker did always
    before it knew PVH."""
    entry, pvh = linux_loader(data, guest_ram(size), aligned)
    return f"64-bit {entry:#x}" if pvh is None else f"PVH {pvh:#x}"


def firecracker_next(data, size):
    """The same with a linux-loader after 0.14."""
    return firecracker(data, size, True)


def cloud_hypervisor(data, size):
    """load_kernel() in vmm/src/vm.rs: PVH or nothing. What is refused as an
    ELF file it tries as a bzImage, which ours must not look like (layout rule
    3): the reasons here are those from before that."""
    _, pvh = linux_loader(data, guest_ram(size), False)
    if pvh is None:
        raise Refused("KernelMissingPvhHeader")
    return f"PVH {pvh:#x}"


class Libelf:
    """
    Xen 4.17's xen/common/libelf, with an HVM container in mind. A read from
    outside of the file gives 0 (elf_access_unsigned() in libelf-tools.c).
    """

    def __init__(self, data):
        """elf_init() in libelf-loader.c; its layout is by EI_CLASS, its byte
        order by EI_DATA."""
        if len(data) < EHDR_SIZE[ELF32] or data[:4] != b"\x7fELF":
            raise Refused("not an ELF image")
        self.data = data
        self.kind = data[4]
        self.layout = ELF64 if self.kind == ELF64 else ELF32
        self.order = "little" if data[5] == 1 else "big"
        self.head = self.fields(0, EHDR[self.layout])
        for table in "ph", "sh":
            end = (self.head[table + "off"] +
                   self.head[table + "entsize"] * self.head[table + "num"])
            if end % (1 << 64) > len(data):
                raise Refused(table + "dr overflow")

    def get(self, at, size):
        """A number, or 0."""
        if at + size > len(self.data):
            return 0
        return int.from_bytes(self.data[at:at + size], self.order)

    def fields(self, at, table):
        """The fields of a header."""
        return {name: self.get(at + offset, size)
                for name, (offset, size) in table.items()}

    def phdrs(self):
        """Program headers, e_phentsize bytes apart."""
        for i in range(self.head["phnum"]):
            yield self.fields(self.head["phoff"] +
                              i * self.head["phentsize"], PHDR[self.layout])

    def shdrs(self):
        """Section headers but for the first."""
        number = min(self.head["shnum"], len(self.data) // SHDR_SIZE[ELF32])
        for i in range(1, number):
            yield self.fields(self.head["shoff"] +
                              i * self.head["shentsize"], SHDR[self.layout])

    def memory(self):
        """elf_parse_binary() in libelf-loader.c: one range from the lowest to
        the highest address of any PT_LOAD that has a flag
        (elf_phdr_is_loadable() in libelf-tools.c)."""
        low, high = (1 << 64) - 1, 0
        for phdr in self.phdrs():
            if phdr["type"] == PT_LOAD and phdr["flags"] & 7:
                low = min(low, phdr["paddr"])
                high = max(high, (phdr["paddr"] + phdr["memsz"]) % (1 << 64))
        return low, high

    def string(self, at):
        """elf_strval() in libelf-tools.c; None if it has no end."""
        end = self.data.find(b"\0", at, at + 4097)
        return None if end < 0 else bytes(self.data[at:end])

    def xen_notes(self, at, end):
        """elf_xen_parse_notes() and elf_xen_parse_note() in libelf-dominfo.c:
        type and value of those notes whose name, as a string, is Xen's; what
        n_namesz says matters for the padding only. A value has 1, 2, 4 or 8
        bytes, or is 0 (elf_note_numeric() in libelf-tools.c)."""
        while at < min(end, len(self.data) + 1):
            namesz, descsz, kind = (self.get(at + i, 4) for i in (0, 4, 8))
            # (size + 3) & ~3 in 32 bits
            padded = [elf.up(size, 4) % (1 << 32) for size in
                      (namesz, descsz)]
            if self.string(at + 12) == b"Xen":
                yield kind, (self.get(at + 12 + padded[0], descsz)
                             if descsz in (1, 2, 4, 8) else 0)
            at += 12 + sum(padded)

    def note_ranges(self):
        """elf_xen_parse() in libelf-dominfo.c: every PT_NOTE but for those at
        offset 0, and the sections for want of a note of Xen's in them."""
        for phdr in self.phdrs():
            if phdr["type"] == PT_NOTE and phdr["offset"]:
                yield False, phdr["offset"], phdr["filesz"]
        for shdr in self.shdrs():
            if shdr["type"] == SHT_NOTE:
                yield True, shdr["offset"], shdr["size"]

    def pvh_entry(self):
        """elf_xen_parse() in libelf-dominfo.c, with elf_xen_note_check() and
        elf_xen_addr_calc_check(). The last PHYS32_ENTRY counts; the end of
        memory is still inside."""
        entry, found, noted = None, 0, False
        in_segments = 0
        for section, offset, size in self.note_ranges():
            if section and in_segments:
                continue
            noted = True
            for kind, value in self.xen_notes(offset, offset + size):
                # FEATURES and INIT_P2M have rules of their own. A kernel
                # without CONFIG_XEN has neither.
                assert kind not in (10, 15), kind
                found += 1
                if kind == XEN_PHYS32_ENTRY:
                    entry = value % (1 << 32)
            if not section:
                in_segments = found
        if not noted:
            raise Refused("no ELF notes")
        if entry in (None, 0xffffffff):
            raise Refused("no PHYS32_ENTRY")
        low, high = self.memory()
        if not low <= entry <= high:
            raise Refused("out of bounds")
        return entry


def xen(data, size):
    """xc_dom_find_loader() and after it in tools/libs/guest/xg_dom_core.c, in
    an HVM container. Nobody minds if the bytes of a segment are not in the
    file (elf_memcpy_safe() in libelf-tools.c)."""
    image = Libelf(data)
    try:
        entry, how = image.pvh_entry(), "PVH"
    except Refused:
        # xg_dom_hvmloader.c, which is tried before xg_dom_elfloader.c, takes
        # any ELF32 file that has no good note for a guest's firmware, and
        # 64-bit ones only to say that they are not 32-bit.
        if image.kind != ELF32:
            raise
        entry, how = image.head["entry"], "firmware"
    # xc_dom_alloc_segment() in xg_dom_core.c: xc_dom_alloc_pad() and
    # xc_dom_chk_alloc_pages()
    low, high = image.memory()
    if low % elf.PAGE:
        raise Refused("segment not page aligned")
    if elf.up(high, elf.PAGE) > size:
        raise Refused("segment too large")
    return f"{how} {entry:#x}"


PROGRAMS = {"Firecracker": firecracker,
            "linux-loader after 0.14": firecracker_next,
            "cloud-hypervisor": cloud_hypervisor,
            "Xen": xen}

LOG = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_bool,
                       ctypes.c_char_p, ctypes.c_void_p)


class XenLibrary:
    """The real libelf, in libxenguest. It is given more memory for its
    structures than they need, and says what it thinks by log messages."""

    SAYS = (("Not a Xen-ELF image", "no ELF notes"),
            ("PHYS32_ENTRY set", "no PHYS32_ENTRY"),
            ("out of bounds", "out of bounds"))
    ROOM = 1 << 16

    def __init__(self):
        self.libelf = ctypes.CDLL(XEN_LIBRARY)
        self.libc = ctypes.CDLL(None)
        self.text = ""
        self.callback = LOG(self.log)

    def log(self, _elf, _data, _is_error, form, arguments):
        """A message; arguments is a va_list."""
        line = ctypes.create_string_buffer(1024)
        self.libc.vsnprintf(line, ctypes.c_size_t(1024), form,
                            ctypes.c_void_p(arguments))
        self.text += line.value.decode(errors="replace")

    def verdict(self, data):
        """What pvh_entry() above says, or raises."""
        binary, parms = (ctypes.create_string_buffer(self.ROOM)
                         for _ in range(2))
        data = bytes(data)
        self.text = ""
        if self.libelf.elf_init(binary, data, ctypes.c_size_t(len(data))):
            # It forgets whom to tell why.
            return "elf_init"
        self.libelf.elf_set_log(binary, self.callback, None,
                                ctypes.c_bool(True))
        self.libelf.elf_parse_binary(binary)
        if self.libelf.elf_xen_parse(binary, parms, ctypes.c_bool(True)):
            return next((reason for text, reason in self.SAYS
                         if text in self.text), self.text)
        found = re.search(r"virt_entry += (0x[0-9a-f]+)", self.text)
        return found[1] if found else self.text

    @staticmethod
    def expected(data):
        """The same by the rules."""
        try:
            image = Libelf(data)
        except Refused:
            return "elf_init"
        try:
            return f"{image.pvh_entry():#x}"
        except Refused as refused:
            return str(refused)


def fields(data, at, table):
    """The fields of a header that is there."""
    return {name: int.from_bytes(data[at + offset:at + offset + size],
                                 "little")
            for name, (offset, size) in table.items()}


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


class Judge:
    """Puts files to the programs and keeps the score."""

    def __init__(self):
        self.failed = False
        self.seen = set()
        self.library = None
        if platform.machine() == "x86_64":
            try:
                self.library = XenLibrary()
            except OSError:
                pass

    def result(self, good, name, *details):
        """One subtest."""
        if not good:
            for detail in details:
                print("  " + str(detail).strip().replace("\n", "\n  "))
            self.failed = True
        print("ok" if good else "not ok", name)

    def file(self, data, name, expected, addresses, size=128 * MIB):
        """What every program does with a file."""
        wrong = []
        for (program, accept), wanted in zip(PROGRAMS.items(), expected):
            try:
                verdict = accept(data, size)
            except Refused as refused:
                verdict = str(refused)
                self.seen.add(verdict)
            wanted = wanted.format(**addresses)
            if verdict != wanted and wanted != UNKNOWN:
                wrong.append(f"{program}: {verdict}, not {wanted}")
        if self.library:
            verdict = self.library.verdict(data)
            wanted = self.library.expected(data)
            if verdict != wanted:
                wrong.append(f"{XEN_LIBRARY}: {verdict}, not {wanted}")
        self.result(not wrong, name, *wrong)

    def changed(self, path, name, change, expected, size=128 * MIB):
        """What they do with a changed file."""
        with open(path, "rb") as file:
            image = Vmlinux(file.read())
        addresses = {"stub": image.stub, "entry": image.entry}
        change(image)
        self.file(bytes(image.data), name, expected, addresses, size)


def output_of(*command):
    """What a program prints."""
    return subprocess.run(command, capture_output=True, text=True,
                          check=True).stdout


def stub_address(path):
    """Physical address of the stub, by nm and by the PT_LOAD that it is
    in."""
    symbols = output_of("nm", path)
    stub = int(re.search(r"^(\w+) . elfboot_stub$", symbols, re.M)[1], 16)
    with open(path, "rb") as file:
        data = file.read()
    image = Libelf(data)
    return next(stub - phdr["vaddr"] + phdr["paddr"]
                for phdr in image.phdrs() if phdr["type"] == PT_LOAD and
                phdr["vaddr"] <= stub < phdr["vaddr"] + phdr["filesz"])


def xen_note_by_readelf(path):
    """Addresses in Xen's notes."""
    found = re.findall(r"^  Xen +0x\w+\s.*\(0x0*12\)\s+"
                       r"description data: ([0-9a-f ]+)$",
                       output_of("readelf", "-nW", path), re.M)
    return [int.from_bytes(bytes.fromhex(text), "little") for text in found]


def check_images(judge, kernels):
    """The real files."""
    stubs = {}
    for arch, name, expected in IMAGES:
        path = f"{kernels}/{arch}/{name}"
        if arch not in stubs:
            stubs[arch] = stub_address(f"{kernels}/{arch}/vmlinux")
        notes = xen_note_by_readelf(path)
        if name == "zelfImage":         # it has a stub of its own
            stubs[arch] = notes[0]
        judge.result(notes == [stubs[arch]],
                     f"{arch}: {name}: one Xen note, with the stub's address",
                     f"stub {stubs[arch]:#x}, notes {notes}")
        entry = re.search(r"Entry point address: +(0x\w+)",
                          output_of("readelf", "-hW", path))[1]
        with open(path, "rb") as file:
            data = file.read()
        verdicts = [verdict.split()[0] for verdict in expected]
        if name != "vmlinux":
            alone = data[:EHDR_SIZE[ELF32]] + bytes(12) + data[64:]
            judge.file(alone, f"{arch}: {name}, ELF32 alone: refused",
                       BAD_SIZE, {"stub": stubs[arch], "entry": 0})
        judge.file(data, f"{arch}: {name}: " + ", ".join(
            f"{program}: {verdict}" for program, verdict in
            zip(PROGRAMS, verdicts)), expected,
                   {"stub": stubs[arch], "entry": int(entry, 16)})


def main():
    """As the usage says."""
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    kernels, directory = sys.argv[1:]
    judge = Judge()
    if not judge.library:
        print(f"skip ask Xen's library # there is no {XEN_LIBRARY}")

    check_images(judge, kernels)
    wide, narrow = (f"{directory}/vmlinux.{arch}" for arch in
                    ("x86_64", "i386"))
    for name, change, expected in CHANGED:
        judge.changed(wide, f"changed: {name}", change, expected)
    for mib, name, paddr, expected in MORE_MEMORY:
        def change(image, paddr=paddr):
            image.add_phdr(1, paddr=paddr)
        judge.changed(wide, f"changed: {mib} MiB, PT_LOAD at {name}", change,
                      expected, mib * MIB)
    for name, change, expected in CHANGED_32:
        judge.changed(narrow, f"changed, i386: {name}", change,
                      all_say("InvalidProgramHeaderSize", expected))
    judge.result(judge.seen == set(REASONS), "every reason was seen",
                 f"not seen: {sorted(set(REASONS) - judge.seen)}")
    sys.exit(judge.failed)


main()
