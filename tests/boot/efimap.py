# SPDX-License-Identifier: GPL-2.0
"""UEFI's memory map as E820 (UEFI 2.10, section 7.2.6; ACPI 6.4, 15.4).

What boot services and the loader have used is RAM when they are gone.
"""
import struct

PAGE = 4096
KINDS = {1: 'System RAM', 2: 'System RAM', 3: 'System RAM', 4: 'System RAM',
         7: 'System RAM', 8: 'Unusable memory', 9: 'ACPI Tables',
         10: 'ACPI Non-volatile Storage'}
HOLE = (0xa0000, 0x100000)


def ranges(data, size):
    """[(start, end, kind)] of descriptors of that many bytes each."""
    for at in range(0, len(data) - size + 1, size):
        kind, start, _, pages = struct.unpack_from('<I4xQQQ', data, at)
        end = start + pages * PAGE
        name = KINDS.get(kind, 'Reserved')
        if name == 'System RAM' and start < HOLE[1] and end > HOLE[0]:
            if start < HOLE[0]:
                yield start, HOLE[0], name
            start = HOLE[1]
        if start < end:
            yield start, end, name
