#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Replay a TPM's event log, and look at what a loader has measured.

usage: tcglog.py REPORT MEASURE [NAME=FILE]...

REPORT is a guest's: "tpm-log" is the log as the kernel has it, and "tpm-pcr-BANK-N" the
registers as they are. In each bank, every register that no program resets, nor the
kernel extends, must be what the log leads to; the events of type EV_EVENT_TAG must be NAMEs in this order,
all in register 9, each of FILE's bytes. The log's format is that of "TCG PC Client
Platform Firmware Profile", section 10. Exits with 1 if there is any difference.
"""
import hashlib
import struct
import sys

BANKS = {0x4: 'sha1', 0xb: 'sha256', 0xc: 'sha384', 0xd: 'sha512'}
NO_ACTION, EVENT_TAG, ACTION = 3, 6, 0x80000007
PROGRAM = 0x80000003            # EV_EFI_BOOT_SERVICES_APPLICATION
# 10 is IMA's; those from 16 on can be reset.
PCRS = [pcr for pcr in range(16) if pcr != 10]
SPEC_ID = b'Spec ID Event03\0'


def events(log):
    """Lines of (register, type, bank -> digest, event)."""
    size, = struct.unpack_from('<I', log, 28)
    if log[32:48] != SPEC_ID:
        sys.exit('tcglog.py: not a log of format 2')
    count, = struct.unpack_from('<I', log, 56)
    sizes = dict(struct.unpack_from('<HH', log, 60 + 4 * i)
                 for i in range(count))
    at = 32 + size
    while at < len(log):
        pcr, kind, count = struct.unpack_from('<III', log, at)
        at += 12
        digests = {}
        for _ in range(count):
            bank, = struct.unpack_from('<H', log, at)
            digests[bank] = log[at + 2:at + 2 + sizes[bank]]
            at += 2 + sizes[bank]
        size, = struct.unpack_from('<I', log, at)
        yield pcr, kind, digests, log[at + 4:at + 4 + size]
        at += 4 + size


def replay(log):
    """(bank, register) -> value."""
    values = {(bank, pcr): bytes(hashlib.new(name).digest_size)
              for bank, name in BANKS.items() for pcr in PCRS}
    for pcr, kind, digests, _ in log:
        if kind == NO_ACTION:
            continue
        for bank, digest in digests.items():
            if bank in BANKS:
                values[bank, pcr] = hashlib.new(
                    BANKS[bank], values[bank, pcr] + digest).digest()
    return values


def check_registers(log, report):
    """Each difference between the log and the TPM."""
    banks = 0
    for (bank, pcr), value in replay(log).items():
        have = report.get(f'tpm-pcr-{BANKS[bank]}-{pcr}')
        banks += have is not None and pcr == 0
        if have is not None and have.lower() != value.hex():
            yield f'{BANKS[bank]}, PCR {pcr}: {have}, the log leads to {value.hex()}'
    print(f'{banks} banks')
    if not banks:
        yield 'no registers'
    # What the firmware logs when boot services have ended is in another table.
    if not any(pcr == 5 and kind == ACTION and b'Exit Boot Services Returned' in
               event for pcr, kind, _, event in log):
        yield 'the log ends too early'


def check_tags(log, words):
    """Each difference between what is logged and what was to be measured."""
    tagged = [event for event in log if event[1] == EVENT_TAG]
    for (pcr, _, digests, event), word in zip(tagged, words):
        name, _, path = word.partition('=')
        with open(path, 'rb') as file:
            data = file.read()
        text = event[8:].rstrip(b'\0').decode()
        print(f'PCR {pcr}: {text}')
        if text != name or pcr != 9:
            yield f'PCR {pcr}: "{text}", expected "{name}"'
        for bank, digest in digests.items():
            if bank in BANKS and digest != hashlib.new(BANKS[bank],
                                                       data).digest():
                yield f'"{text}": not the {BANKS[bank]} of {path}'
    if len(tagged) != len(words):
        yield f'{len(tagged)} events, expected {len(words)}'


def foretold(path):
    """Rows of what mkelfImage has said: bank -> list of digests, bank -> value."""
    extend, value = {}, {}
    with open(path, encoding='utf-8') as file:
        for line in file:
            kind, _, pcr, bank, digest, *_ = line.split()
            if kind == 'extend':
                extend.setdefault(bank, []).append((int(pcr), digest))
            else:
                value[bank, int(pcr)] = digest
    return extend, value


def check_foretold(log, report, path):
    """Each difference between what has been foretold and the log, and the TPM."""
    extend, value = foretold(path)
    programs = [event for event in log if event[1] == PROGRAM]
    measured = programs[-1:] + [event for event in log if event[1] == EVENT_TAG]
    if len(extend) != len(BANKS):
        yield f'foretold for {len(extend)} banks'
    for bank, name in BANKS.items():
        have = [(pcr, digests[bank].hex()) for pcr, _, digests, _ in measured
                if bank in digests]
        if have and have != extend.get(name):
            yield f'{name}: {have}, foretold: {extend.get(name)}'
        register = report.get(f'tpm-pcr-{name}-9', '').lower()
        if register and value.get((name, 9), '0' * len(register)) != register:
            yield f'{name}: PCR 9 is {register}, foretold: {value.get((name, 9))}'
    print(f'{len(measured)} events, as foretold')


def main():
    """As the usage says."""
    with open(sys.argv[1], encoding='utf-8', errors='replace') as file:
        report = dict(line.rstrip('\n').partition(' ')[::2] for line in file)
    if 'tpm-log' not in report:
        sys.exit('tcglog.py: no log')
    log = list(events(bytes.fromhex(report['tpm-log'])))
    differences = [*check_registers(log, report),
                   *check_tags(log, sys.argv[3:])]
    if sys.argv[2] != '-':
        differences += check_foretold(log, report, sys.argv[2])
    for difference in differences:
        print(difference)
    sys.exit(bool(differences))


main()
