# SPDX-License-Identifier: GPL-2.0
"""
Conditions that several loaders have: functions that make predicates over a
view of a file, and some of those.
"""

import itertools

from common import PT_LOAD, RAM


def ident(at, *values):
    """A byte of e_ident is none of these."""
    return lambda view: view.read(at, 1)[0] not in values


def head(field, *values):
    """A field of the ELF header is none of these."""
    return lambda view: getattr(view.head, field) not in values


def some(kinds, test):
    """It holds for a program header of these types; of any, if of none."""
    def broken(view):
        return any(test(view, phdr) for phdr in view.phdrs
                   if not kinds or phdr.type in kinds)
    return broken


def outside(view, phdr):
    """Bytes of a program header are not in the file."""
    return phdr.offset + phdr.filesz > view.size


def phdrs_end(view):
    """Where the program headers end, by what the ELF header says of them."""
    return view.head.phoff + view.head.phnum * view.head.phentsize


def in_ram(start, end):
    """A range is in one range of RAM."""
    return any(low <= start and end <= high for low, high in RAM)


def not_in_ram(_view, phdr):
    """Memory of a program header."""
    return not in_ram(phdr.paddr, phdr.paddr + phdr.memsz)


def overlap(kinds=(PT_LOAD,), page=1):
    """Two program headers share memory, in whole pages of that size."""
    def broken(view):
        ranges = sorted((phdr.paddr,
                         phdr.paddr + -(-phdr.memsz // page) * page)
                        for phdr in view.of_type(*kinds) if phdr.memsz)
        return any(first[1] > second[0] for first, second in
                   itertools.pairwise(ranges))
    return broken


def size_of(item):
    """Bytes of a program header, or of a section."""
    return getattr(item, "filesz", 0) or getattr(item, "size", 0)


def lost(view, items):
    """The first of them that is not in the file, or None."""
    return next((item for item in items(view)
                 if item.offset > view.size or
                 item.offset + size_of(item) > view.size), None)


def seeks(items):
    """It begins behind the end."""
    def broken(view):
        item = lost(view, items)
        return item and item.offset > view.size
    return broken


def reads(items):
    """There is one."""
    return lambda view: lost(view, items)


def with_bytes(view):
    """PT_LOADs that have any."""
    return [load for load in view.loads if load.filesz]
