# SPDX-License-Identifier: GPL-2.0
"""coreboot's table, read once more and by other means than the stub's.

From Documentation/elf-boot.txt alone: where ranges overlap the highest type
wins; coreboot's own types are reserved memory; 0xa0000-0xfffff is never RAM;
the table itself is reserved.
"""
import struct

TAG_MEMORY = 1
KINDS = {1: 'System RAM', 2: 'Reserved', 3: 'ACPI Tables',
         4: 'ACPI Non-volatile Storage', 5: 'Unusable memory',
         0xefffffff: 'Soft Reserved'}
HOLE = (0xa0000, 0x100000)


def checksum(data):
    """The Internet checksum (RFC 1071) of little-endian words."""
    if len(data) % 2:
        data += b'\0'
    total = sum(struct.unpack(f'<{len(data) // 2}H', data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def records(table):
    """(tag, contents) of each; ValueError if the table is not intact."""
    signature, head, _, size, body_sum, count = struct.unpack_from(
        '<4s5I', table)
    body = table[head:head + size]
    if signature != b'LBIO' or len(body) != size:
        raise ValueError('no table')
    if checksum(table[:head]) or checksum(body) != body_sum:
        raise ValueError('wrong checksum')
    at = 0
    for _ in range(count):
        tag, length = struct.unpack_from('<2I', body, at)
        yield tag, body[at + 8:at + length]
        at += length


def ranges(table, table_at):
    """[(start, end, kind)] of the memory that the table describes."""
    raw = [(table_at, table_at + len(table), 2)]
    for tag, contents in records(table):
        if tag == TAG_MEMORY:
            for start, size, kind in struct.iter_unpack('<QQI', contents):
                kind = kind if kind in KINDS else 2
                raw.append((start, start + size, kind))
    borders = sorted({border for start, end, _ in raw
                      for border in (start, end)} | set(HOLE))
    for low, high in zip(borders, borders[1:]):
        kinds = [kind for start, end, kind in raw if start <= low < end]
        if low >= HOLE[0] and high <= HOLE[1]:
            kinds = [kind for kind in kinds if kind != 1]
        if kinds:
            yield low, high, KINDS[max(kinds)]
