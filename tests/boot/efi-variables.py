#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Put shim's variables into the variables of an OVMF that does not run.

usage: efi-variables.py STORE NAME=FILE...

MokList gets FILE, a certificate (DER), as the one owner's key that shim believes;
SbatLevel gets FILE, lines of components and the least generation of each. shim
looks at neither unless boot services alone can write it. The store is that of EDK2
(MdeModulePkg/Include/Guid/VariableFormat.h): what is added is behind the last
variable that is there.
"""
import struct
import sys
import uuid

SHIM = uuid.UUID('605dab50-e046-4300-abb6-3dd810dd8b23').bytes_le
X509 = uuid.UUID('a5c059a1-94e4-4aa7-87b5-ab155c2bf072').bytes_le
AUTHENTICATED = uuid.UUID('aaf32c78-947b-439a-a180-2e144ec37792').bytes_le
STORE_HEADER = struct.Struct('<16sIBB6x')
VARIABLE = struct.Struct('<HBxIQ16xIII16s')
START, ADDED, ERASED = 0x55aa, 0x3f, 0xff
NON_VOLATILE, BOOT_SERVICES = 1, 2


def aligned(value):
    """To the next multiple of 4."""
    return value + 3 & ~3


def signature_list(certificate):
    """A list of one certificate, whose owner is nobody."""
    size = 16 + len(certificate)
    return X509 + struct.pack('<III', 28 + size, 0, size) + bytes(16) + certificate


def variable(name, data):
    """A variable of shim's as it is in the store."""
    text = (name + '\0').encode('utf-16-le')
    return VARIABLE.pack(START, ADDED, NON_VOLATILE | BOOT_SERVICES, 0, 0,
                         len(text), len(data), SHIM) + text + data


def find_end(store, at):
    """Where the first variable could be added, and how much room there is."""
    guid, size, _, _ = STORE_HEADER.unpack_from(store, at)
    if guid != AUTHENTICATED:
        sys.exit('efi-variables.py: not a store of authenticated variables')
    end = at + size
    at += STORE_HEADER.size
    while struct.unpack_from('<H', store, at)[0] == START:
        *_, name, data, _ = VARIABLE.unpack_from(store, at)
        at = aligned(at + VARIABLE.size + name + data)
    return at, end - at


def main():
    """As the usage says."""
    path, words = sys.argv[1], sys.argv[2:]
    with open(path, 'rb') as file:
        store = bytearray(file.read())
    at, room = find_end(store, struct.unpack_from('<H', store, 48)[0])
    added = b''
    for word in words:
        name, _, source = word.partition('=')
        with open(source, 'rb') as file:
            data = file.read()
        if name == 'MokList':
            data = signature_list(data)
        added += variable(name, data)
        added += bytes([ERASED]) * (aligned(len(added)) - len(added))
    if len(added) > room:
        sys.exit('efi-variables.py: no room')
    store[at:at + len(added)] = added
    with open(path, 'wb') as file:
        file.write(store)


main()
