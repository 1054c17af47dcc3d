#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""What a panic says of where the kernel is, and what its init has said before.

usage: kaslr-panic.py KIND ARCH REPORT CONSOLE

KIND is random or nokaslr: it is elsewhere than it was linked to, and says how
far, or it says that it does not choose addresses. The latter is what i386
always says, whoever has moved it: kaslr_enabled() in
arch/x86/include/asm/setup.h asks for CONFIG_RANDOMIZE_MEMORY, too.
"""
import re
import sys

import kaslr

OFFSET = re.compile(r'Kernel Offset: (?:0x([0-9a-f]+) from 0x([0-9a-f]+) |'
                    r'(disabled))')


def main():
    kind, arch, report, console = sys.argv[1:5]
    text = kaslr.number(kaslr.read(report), 'text')
    with open(console, errors='replace', encoding='utf-8') as file:
        said = OFFSET.findall(file.read())
    link = kaslr.LINK[arch]
    want = [('', '', 'disabled')]
    if kind == 'random' and arch != 'i386':
        want = [(f'{text - link:x}', f'{link:x}', '')]
    kaslr.result(said == want, f'{kind}: what a panic says of {text:#x}',
                 f'{said}, expected {want}')
    kaslr.result((text != link) == (kind == 'random'),
                 f'{kind}: _text is where it should be', hex(text))
    return kaslr.failed


if __name__ == '__main__':
    sys.exit(main())
