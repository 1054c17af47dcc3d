# SPDX-License-Identifier: GPL-2.0
"""
What is where in memory, after a loader has put everything in its place.
"""

from common import Load

LOST = b"\xaa"                  # what the file should have had


def contents(data, load, start, end):
    """Memory of a segment from one address to another: bytes of the file, or
    how many were cleared."""
    if start >= load.paddr + load.filesz:
        return end - start
    at = load.offset + start - load.paddr
    return bytes(data[at:at + end - start]).ljust(end - start, LOST)


def memory(data, loads):
    """Runs of memory, in order: address, and what contents() says. Of several
    segments at a place the last one counts."""
    pieces = []
    for load in loads:
        end = load.paddr + load.filesz
        size = max(load.memsz - load.filesz, 0)
        pieces += [load._replace(memsz=load.filesz),
                   Load(end, 0, 0, size)]
    edges = sorted({edge for load in pieces
                    for edge in (load.paddr, load.paddr + load.memsz)})
    runs = []
    for start, end in zip(edges, edges[1:]):
        there = [load for load in pieces
                 if load.paddr <= start and end <= load.paddr + load.memsz]
        if there:
            add(runs, start, end, contents(data, there[-1], start, end))
    return [(start, what) for start, _, what in runs]


def content(data, loads, start, size):
    """That of some addresses."""
    result = bytearray(LOST * size)
    for address, what in memory(data, loads):
        what = what if isinstance(what, bytes) else bytes(what)
        first = max(start, address)
        end = min(start + size, address + len(what))
        if first < end:
            result[first - start:end - start] = \
                what[first - address:end - address]
    return bytes(result)


def add(runs, start, end, what):
    """One more run, or more of the last."""
    if runs and runs[-1][1] == start and \
            isinstance(runs[-1][2], bytes) == isinstance(what, bytes):
        first, _, before = runs.pop()
        runs.append((first, end, before + what))
    else:
        runs.append((start, end, what))
