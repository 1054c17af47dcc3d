# SPDX-License-Identifier: GPL-2.0
"""
Changes that many loaders refuse for the same reason.
"""

NOT_THERE = ("e_phoff behind the file", "program headers behind the end")
TOO_MANY = ("e_phnum 65535", "e_phnum 65535, no e_shoff")
BEHIND_4_GIB = ("PT_LOAD up to 4 GiB", "PT_LOAD behind 4 GiB")
OVERLAP = ("PT_LOADs overlap", "PT_LOAD in the .bss of another")
NOT_RAM = ("PT_LOAD at 0", "PT_LOAD in the hole below 1 MiB",
           "PT_LOAD from there to 1 MiB", "PT_LOAD outside of RAM",
           *BEHIND_4_GIB)
SHORT_FILES = ("file of 63 bytes", "file of 51 bytes")
SHORTER_FILES = ("file of 31 bytes", "file of 15 bytes",
                 "multiboot header in 15 bytes")
