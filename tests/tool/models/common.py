# SPDX-License-Identifier: GPL-2.0
"""
What all models of loaders share: a view of an ELF file as they read it, the
machine that they load it into, and the form of a model.

A model is a table of reasons to refuse a file, in the order in which the
loader finds them, each with a predicate over the view; behind it what the
loader puts where, and where it jumps. The conditions were written anew after
reading the sources that each module names.
"""

import collections
import functools
import struct
import types

PT_LOAD, PT_INTERP, PT_NOTE, PT_PHDR = 1, 3, 4, 6
SHT_PROGBITS, SHT_SYMTAB, SHT_RELA, SHT_DYNAMIC = 1, 2, 4, 6
SHT_NOTE, SHT_NOBITS, SHT_REL, SHF_ALLOC = 7, 8, 9, 2
ET_REL, ET_EXEC, ET_DYN, ET_CORE = 1, 2, 3, 4
EM_386, EM_486, EM_X86_64 = 3, 6, 62
EI_CLASS, EI_DATA, EI_VERSION = 4, 5, 6
CLASS, DATA, VERSION = (EI_CLASS, 1), (EI_DATA, 1), (EI_VERSION, 1)
ELF32, ELF64 = 1, 2
MIB = 1 << 20

# The machine: RAM of a small PC with 128 MiB.
RAM = ((0x1000, 0x9f000), (MIB, 128 * MIB))
WORD = 1 << 32                  # the end of addresses

MULTIBOOT, MULTIBOOT2 = 0x1badb002, 0xe85250d6
ZONE, ZONE2 = 8192, 32768       # where their headers are searched for
KLUDGE = 1 << 16                # of a multiboot header's flags
UNSUPPORTED = 0xfff8            # those that no loader knows

# By EI_CLASS: form and names of the fields behind e_ident; of headers.
EHDR = {ELF32: "HHIIIIIHHHHHH", ELF64: "HHIQQQIHHHHHH"}
EHDR_NAMES = ("type", "machine", "version", "entry", "phoff", "shoff", "flags",
              "ehsize", "phentsize", "phnum", "shentsize", "shnum", "shstrndx")
PHDR = {ELF32: "8I", ELF64: "2I6Q"}
PHDR_NAMES = {
    ELF32: ("type", "offset", "vaddr", "paddr", "filesz", "memsz", "flags",
            "align"),
    ELF64: ("type", "flags", "offset", "vaddr", "paddr", "filesz", "memsz",
            "align")}
SHDR = {ELF32: "10I", ELF64: "2I4Q2I2Q"}
SHDR_NAMES = ("name", "type", "flags", "addr", "offset", "size", "link",
              "info", "addralign", "entsize")
EHDR_SIZE = {ELF32: 52, ELF64: 64}


class Refused(Exception):
    """A loader does not take the file; row: the number of the reason."""

    def __init__(self, reason, row):
        super().__init__(reason)
        self.row = row


Load = collections.namedtuple("Load", "paddr offset filesz memsz")


class View:
    """A file's headers by EI_CLASS, or by the class that is given; whatever
    is outside of the file is zeroes. stride: the headers are e_phentsize
    apart, and not as far as they are long; swap: by EI_DATA."""

    def __init__(self, data, kind=None, stride=False, swap=False):
        self.data = data
        self.size = len(data)
        self.kind = kind or (ELF64 if data[4:5] == b"\2" else ELF32)
        self.order = ">" if swap and data[5:6] == b"\2" else "<"
        self.stride = stride
        self.head = self.header(16, EHDR[self.kind], EHDR_NAMES)

    def read(self, at, size):
        """Bytes."""
        return bytes(self.data[at:at + size]).ljust(size, b"\0")

    def words(self, at, number):
        """32-bit words, whatever EI_DATA says."""
        return struct.unpack(f"<{number}I", self.read(at, 4 * number))

    def word(self, at):
        """A 32-bit word."""
        return struct.unpack(self.order + "I", self.read(at, 4))[0]

    def header(self, at, form, names):
        """A header by its fields."""
        form = self.order + form
        values = struct.unpack(form, self.read(at, struct.calcsize(form)))
        return types.SimpleNamespace(**dict(zip(names, values)))

    def phdr(self, number):
        """A program header."""
        form = PHDR[self.kind]
        size = self.head.phentsize if self.stride else \
            struct.calcsize("=" + form)
        return self.header(self.head.phoff + number * size, form,
                           PHDR_NAMES[self.kind])

    @functools.cached_property
    def phdrs(self):
        """Program headers."""
        return [self.phdr(i) for i in range(self.head.phnum)]

    @functools.cached_property
    def loads(self):
        """The PT_LOADs."""
        return self.of_type(PT_LOAD)

    def of_type(self, *kinds):
        """Program headers of some types."""
        return [phdr for phdr in self.phdrs if phdr.type in kinds]

    @functools.cached_property
    def sections(self):
        """Section headers."""
        return [self.section(i) for i in range(self.head.shnum)]

    def section(self, number):
        """One of them, whatever their number."""
        form = SHDR[self.kind]
        return self.header(self.head.shoff + number * struct.calcsize(
            "=" + form), form, SHDR_NAMES)

    def magic(self):
        """Whether it is ELF."""
        return self.read(0, 4) == b"\x7fELF"

    def multiboot(self, zone=ZONE, room=12):
        """Offset of the multiboot header, of which so many bytes have to be
        in the zone, or None."""
        for at in range(0, min(zone, self.size) - room + 1, 4):
            words = self.words(at, 3)
            if words[0] == MULTIBOOT and not sum(words) % WORD:
                return at
        return None

    def multiboot2(self, align=8, room=16):
        """The same of multiboot 2, in its zone."""
        for at in range(0, min(ZONE2, self.size) - room + 1, align):
            words = self.words(at, 4)
            if words[0] == MULTIBOOT2 and not sum(words) % WORD:
                return at
        return None

    def flags(self, *where):
        """Flags of the multiboot header, 0 without one."""
        at = self.multiboot(*where)
        return 0 if at is None else self.words(at + 4, 1)[0]


class Model:
    """A loader. rows: reasons and predicates; loads and entry are functions
    of the view. multiboot: it wants a header of that kind. never: what it says
    of every image of ours."""

    def __init__(self, name, rows, *, loads=None, entry=None,
                 multiboot=False, never=None, **view):
        self.name, self.rows, self.multiboot = name, tuple(rows), multiboot
        self.loads = loads or (lambda view: plain(view.loads))
        self.entry = entry or (lambda view: view.head.entry)
        self.never, self.view = never, view

    def load(self, data):
        """What goes where, and the entry."""
        view = View(data, **self.view)
        for row, (reason, refuses) in enumerate(self.rows):
            if refuses(view):
                raise Refused(reason, row)
        return self.loads(view), self.entry(view)


def plain(phdrs):
    """Program headers as they are."""
    return [Load(phdr.paddr, phdr.offset, phdr.filesz, phdr.memsz)
            for phdr in phdrs]


def clipped(phdrs):
    """The same without those that are empty, p_filesz at most p_memsz."""
    return [Load(phdr.paddr, phdr.offset, min(phdr.filesz, phdr.memsz),
                 phdr.memsz) for phdr in phdrs if phdr.memsz]
