#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Put GRUB into a disk image, as grub-bios-setup does with a disk.

usage: put-grub.py BOOT.IMG CORE.IMG DISK SECTOR

boot.img goes into the first sector, all but the partition table; it loads the first
sector of core.img, from SECTOR, and that has a list of where the rest is
(grub-core/boot/i386/pc/boot.S and diskboot.S).
"""
import struct
import sys

SECTOR = 512
CODE_SIZE = 440			# then the disk's signature and the partition table
KERNEL_SECTOR = 0x5c		# in boot.img: where core.img begins
DRIVE_CHECK = 0x66		# and a jump around what a floppy needs
BLOCKLIST_END = SECTOR - 12	# in core.img: sector, count, segment
SEGMENT = 0x820			# the rest of core.img runs at 0x8200


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def main():
    first = int(sys.argv[4])
    boot, core = bytearray(read(sys.argv[1])), bytearray(read(sys.argv[2]))
    struct.pack_into('<Q', boot, KERNEL_SECTOR, first)
    boot[DRIVE_CHECK:DRIVE_CHECK + 2] = b'\x90\x90'
    sectors = -(-len(core) // SECTOR)
    struct.pack_into('<QHH', core, BLOCKLIST_END, first + 1, sectors - 1, SEGMENT)
    with open(sys.argv[3], 'r+b') as disk:
        disk.write(boot[:CODE_SIZE])
        disk.seek(first * SECTOR)
        disk.write(core)


if __name__ == '__main__':
    main()
