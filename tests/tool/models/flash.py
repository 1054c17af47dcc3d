# SPDX-License-Identifier: GPL-2.0
"""
coreboot with cbfstool, LinuxBIOS v2, FILO: loaders out of flash.

Read:
- coreboot 4.15 (Debian 4.15~dfsg-3) and git 01cfecc8: util/cbfstool/
  cbfs-mkpayload.c: parse_elf_to_payload(), elfheaders.c: elf_headers(),
  phdr_read(), shdr_read(); src/lib/selfboot.c: check_payload_segments().
  parse_elf_to_payload() takes shdr[e_shstrndx] without looking at e_shnum:
  with no section header at all that is behind an allocation of 0 bytes.
- LinuxBIOS v2, coreboot git 0dff6e3f: src/boot/elfboot.c: elfboot(),
  elfload(), valid_area(), load_elf_segments(). A header anywhere else than at
  byte 0 and what is bounced are not modelled.
- FILO, codelabs-ch/filo 03be258c: main/elfload.c: elf_load(),
  check_mem_ranges(), load_segments(), verify_image().
LinuxBIOS and FILO do not look at section headers. Reasons are messages, or the
fields that they dislike.
"""

from common import ET_EXEC, MIB, PT_LOAD, PT_NOTE, RAM, Model, clipped, plain
from predicates import in_ram, not_in_ram, outside, phdrs_end, some
from bootnotes import EHSIZE, MAGIC, PHENTSIZE, fields, wrong_checksum

ZONE = 8192                     # LinuxBIOS's ELF_HEAD_SIZE
# LinuxBIOS keeps twice its own size at the end of memory.
BOUNCE = RAM[-1][1] - 0x80000


def bad_extent(at, size, view):
    """check_size() of cbfstool."""
    return size and (at >= view.size or at + size > view.size)


CBFSTOOL = (
    ("not in ELF format", MAGIC[1]),
    ("The file is not large enough for the 'program headers'", lambda view:
     bad_extent(view.head.phoff, phdrs_end(view) - view.head.phoff, view)),
    ("The file is not large enough for the 'segment contents'", some(
        (), lambda view, phdr: bad_extent(phdr.offset, phdr.filesz, view))),
    ("The file is not large enough for the 'section headers'", lambda view:
     bad_extent(view.head.shoff, view.head.shnum * view.head.shentsize,
                view)),
    ("SIGSEGV", lambda view: view.head.shstrndx >= max(view.head.shnum, 1)),
    ("SELF segment doesn't target RAM", some(
        (PT_LOAD,), lambda _, phdr: phdr.memsz and
        phdr.paddr + phdr.memsz > MIB and
        not in_ram(phdr.paddr, phdr.paddr + phdr.memsz))),
)


def by_offset(view):
    """LinuxBIOS's segments as it reads them."""
    return sorted((load for load in view.loads if load.memsz),
                  key=lambda load: load.offset)


def in_order(view):
    """What it loads."""
    return clipped(by_offset(view))


def stream(view):
    """How far each is from where the stream is, and where it ends."""
    at = 0
    for load in by_offset(view):
        size = min(load.filesz, load.memsz)
        start = load.offset if size else at
        if at < ZONE:
            at = min(start, ZONE)
        yield start - at, start + size
        at = start + size


def no_ram(view):
    """It has to touch RAM."""
    return any(all(load.paddr >= high or load.paddr + load.memsz <= low
                   for low, high in RAM)
               for load in view.loads if load.memsz)


def first_notes(view):
    """Only of the first program header, whatever their number is, and within
    the bytes at the start."""
    first = view.phdr(0)
    return [first] if first.type == PT_NOTE and \
        first.offset + first.filesz < ZONE else []


LINUXBIOS = (
    ("Read failed", lambda view: view.size < ZONE),
    *fields(ET_EXEC), EHSIZE,
    ("program headers", lambda view: view.head.phoff >= ZONE or
     view.head.phoff + 32 * view.head.phnum > ZONE),
    ("bounce buffer", some((PT_LOAD,), lambda _, phdr: phdr.memsz and
                           phdr.paddr + phdr.memsz >= BOUNCE)),
    ("No matching ram area found", no_ram),
    ("Skip of bytes", lambda view:
     any(skip < 0 for skip, _ in stream(view))),
    ("Read of bytes", lambda view:
     any(end > view.size for _, end in stream(view))),
    ("Image checksum", wrong_checksum(first_notes, in_order)),
)


def all_notes(view):
    """Notes that can be read."""
    return [phdr for phdr in view.of_type(PT_NOTE) if not outside(view, phdr)]


def in_place(view):
    """As they are."""
    return plain(view.loads)


FILO = (
    ("Can't read ELF header", lambda view: view.size < 52),
    *fields(ET_EXEC), PHENTSIZE,
    ("Can't read program header", lambda view:
     view.head.phoff + 32 * view.head.phnum > view.size),
    ("doesn't fit into memory", some((PT_LOAD,), not_in_ram)),
    ("Can't read program segment", some((PT_LOAD,), outside)),
    ("4 GiB are cleared", some(
        (PT_LOAD,), lambda _, phdr: phdr.filesz > phdr.memsz)),
    ("Verify FAILED", wrong_checksum(all_notes, in_place)),
)


MODELS = (
    Model("coreboot", CBFSTOOL, stride=True, swap=True,
          loads=lambda view: clipped(view.loads)),
    Model("LinuxBIOS", LINUXBIOS,
          loads=in_order),
    Model("FILO", FILO),
)
