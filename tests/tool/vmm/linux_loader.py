# SPDX-License-Identifier: GPL-2.0
"""What Firecracker and cloud-hypervisor do with a file, by linux-loader."""

import struct

import elf
from elf import PT_LOAD, PT_NOTE
from vmm.headers import (EHDR, EHDR_SIZE, ELF64, GIB, MIB, PHDR, PHDR_SIZE,
                         XEN_PHYS32_ENTRY, Refused, fields)


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
