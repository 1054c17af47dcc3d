# SPDX-License-Identifier: GPL-2.0
"""
What models say of changed files; what is not in here is taken, all of it goes
to its place, and the entry is right.
"""

import re

import says_disk
import says_firmware
import says_kexec
import says_qemu

# Nothing is expected: what happens depends on garbage, or was not modelled.
ANY = "whatever"
ENTRY, MEMORY = "another entry", "other memory"
TABLES = (says_disk.TABLES + says_kexec.TABLES + says_firmware.TABLES +
          says_qemu.TABLES)


def says(model):
    """By name of the change, of all tables for models of such a name; the
    last one counts."""
    found = {}
    for names, table in TABLES:
        if re.match(names, model.name):
            found.update({change: reason for reason, changes in table.items()
                          for change in changes})
    return found
