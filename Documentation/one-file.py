#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Draw README.md's picture: one file in the middle, its loaders around it.

usage: one-file.py [--check SVG]

Writes an SVG to standard output; with --check, exits with 1 if SVG is another.
"""
import sys
import xml.etree.ElementTree as ET

WIDTH, HEIGHT = 760, 340
BOX = (190, 62)                 # of a loader
MIDDLE = (200, 110)             # of the file

# Where its middle is, what it is, its loaders, what it stands for.
LOADERS = (
    ((115, 60), 'firmware in flash', 'coreboot, LinuxBIOS', '#4e79a7'),
    ((380, 50), 'network', 'iPXE, Etherboot', '#59a14f'),
    ((645, 60), 'disk, BIOS and UEFI', 'GRUB, syslinux, U-Boot', '#b07aa1'),
    ((115, 280), 'virtual machine', 'QEMU, Xen, qboot', '#e15759'),
    ((645, 280), 'another kernel', 'kexec', '#f28e2b'),
)
FILE_LINES = (('elfImage', 20, 'bold'),
              ('ELF header, PT_LOAD segments', 12, 'normal'),
              ('32-bit entry, boot notes', 12, 'normal'),
              ('the kernel, as it is linked', 12, 'normal'))


def add(parent, tag, text=None, **attributes):
    """A child; underscores in names stand for hyphens."""
    element = ET.SubElement(parent, tag, {
        name.replace('_', '-'): str(value)
        for name, value in attributes.items()})
    element.text = text
    return element


def box(parent, middle, size, color, width):
    """A rectangle around its middle."""
    add(parent, 'rect', x=middle[0] - size[0] // 2, y=middle[1] - size[1] // 2,
        width=size[0], height=size[1], rx=8, fill='#ffffff', stroke=color,
        stroke_width=width)


def label(parent, x, y, text, size, weight):
    """A line of text, centred."""
    add(parent, 'text', text, x=x, y=y, font_size=size, font_weight=weight,
        text_anchor='middle', fill='#222222')


def edge(start, end):
    """The point of the file's box in the direction of a loader."""
    dx, dy = start[0] - end[0], start[1] - end[1]
    scale = min(MIDDLE[0] / 2 / abs(dx) if dx else 1,
                MIDDLE[1] / 2 / abs(dy) if dy else 1)
    return round(end[0] + dx * scale * 1.06), round(end[1] + dy * scale * 1.06)


def draw():
    """The picture as text."""
    svg = ET.Element('svg', {
        'xmlns': 'http://www.w3.org/2000/svg', 'role': 'img',
        'viewBox': f'0 0 {WIDTH} {HEIGHT}', 'width': str(WIDTH),
        'font-family': 'sans-serif'})
    add(svg, 'title', 'Anything that loads ELF boots the same kernel file')
    marker = add(add(svg, 'defs'), 'marker', id='arrow', viewBox='0 0 8 8',
                 refX=7, refY=4, markerWidth=7, markerHeight=7,
                 orient='auto-start-reverse')
    add(marker, 'path', d='M0 0 L8 4 L0 8 z', fill='#555555')
    # A background: the picture is looked at on dark pages, too.
    add(svg, 'rect', width=WIDTH, height=HEIGHT, fill='#fafafa', rx=10)
    middle = (WIDTH // 2, HEIGHT // 2 + 20)
    for at, _, _, _ in LOADERS:
        x, y = edge(at, middle)
        add(svg, 'line', x1=at[0], y1=at[1], x2=x, y2=y, stroke='#555555',
            stroke_width=1.5, marker_end='url(#arrow)')
    for at, what, who, color in LOADERS:
        box(svg, at, BOX, color, 2)
        label(svg, at[0], at[1] - 6, what, 14, 'bold')
        label(svg, at[0], at[1] + 16, who, 13, 'normal')
    box(svg, middle, MIDDLE, '#222222', 3)
    y = middle[1] - MIDDLE[1] // 2 + 30
    for text, size, weight in FILE_LINES:
        label(svg, middle[0], y, text, size, weight)
        y += 22
    ET.indent(svg)
    return ET.tostring(svg, encoding='unicode') + '\n'


def main():
    """As the usage says."""
    if len(sys.argv) == 3 and sys.argv[1] == '--check':
        with open(sys.argv[2], encoding='utf-8') as file:
            same = file.read() == draw()
        if not same:
            print(f'{sys.argv[2]}: another picture; Documentation/one-file.py '
                  'makes it')
        sys.exit(not same)
    if len(sys.argv) != 1:
        sys.exit(__doc__.strip())
    sys.stdout.write(draw())


main()
