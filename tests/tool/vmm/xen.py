# SPDX-License-Identifier: GPL-2.0
"""What Xen does with a file, by a model and by its own library."""

import ctypes
import re

import elf
from elf import PT_LOAD, PT_NOTE
from vmm.headers import (EHDR, EHDR_SIZE, ELF32, ELF64, PHDR, SHDR, SHDR_SIZE,
                         SHT_NOTE, XEN_PHYS32_ENTRY, Refused)

XEN_LIBRARY = "libxenguest.so.4.17"


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
