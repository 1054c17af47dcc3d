# SPDX-License-Identifier: GPL-2.0
"""ELF headers as the models of loaders read them, and why one refuses a file."""

SHT_NOTE = 7
XEN_PHYS32_ENTRY = 18
ELF32, ELF64 = 1, 2             # EI_CLASS
MIB, GIB = 1 << 20, 1 << 30

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


def fields(data, at, table):
    """The fields of a header that is there."""
    return {name: int.from_bytes(data[at + offset:at + offset + size],
                                 "little")
            for name, (offset, size) in table.items()}
