# SPDX-License-Identifier: GPL-2.0
"""
The setup_header of a bzImage, for tests. Written from the kernel's
Documentation/x86/boot.rst, "The Real-Mode Kernel Header".
"""

import struct

# Field: offset in the file, form.
FIELDS = {
    "setup_sects": (0x1f1, "B"),
    "syssize": (0x1f4, "I"),
    "boot_flag": (0x1fe, "H"),
    "jump": (0x200, "H"),
    "header": (0x202, "4s"),
    "version": (0x206, "H"),
    "kernel_version": (0x20e, "H"),
    "loadflags": (0x211, "B"),
    "code32_start": (0x214, "I"),
    "initrd_addr_max": (0x22c, "I"),
    "kernel_alignment": (0x230, "I"),
    "relocatable_kernel": (0x234, "B"),
    "min_alignment": (0x235, "B"),
    "xloadflags": (0x236, "H"),
    "cmdline_size": (0x238, "I"),
    "payload_offset": (0x248, "I"),
    "payload_length": (0x24c, "I"),
    "pref_address": (0x258, "Q"),
    "init_size": (0x260, "I"),
}
START, SECTOR = 0x1f1, 512


def put(data, **fields):
    """Write fields of the setup_header."""
    for name, value in fields.items():
        at, form = FIELDS[name]
        struct.pack_into("<" + form, data, at, value)


def get(data, name):
    """Read one."""
    at, form = FIELDS[name]
    return struct.unpack_from("<" + form, data, at)[0]


def is_bzimage(data):
    """Whether it is one."""
    return get(data, "boot_flag") == 0xaa55 and get(data, "header") == b"HdrS"


def header(data):
    """All of the setup_header."""
    return bytes(data[START:0x202 + data[0x201]])


def code(data):
    """The protected-mode code."""
    at = (get(data, "setup_sects") + 1) * SECTOR
    return bytes(data[at:at + get(data, "syssize") * 16])
