#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Is on the screen what init/draw.c has drawn?

usage: screen.py SCREENDUMP WIDTHxHEIGHT

Prints what is wrong; exits with 1 if anything is.
"""
import sys

# The colours of draw.c, and where a pixel of each must be, in 1/64 of a side.
SPOTS = {'upper left': ((0, 0), (255, 0, 0)),
         'upper right': ((64, 0), (0, 255, 0)),
         'lower right': ((64, 64), (0, 0, 255)),
         'lower left': ((0, 64), (255, 255, 0)),
         'centre': ((32, 32), (255, 0, 255))}
INSET = 4


def read_ppm(path):
    with open(path, 'rb') as ppm:
        data = ppm.read()
    magic, width, height, top, pixels = data.split(None, 4)
    if magic != b'P6' or top != b'255':
        raise ValueError('not a screendump')
    return int(width), int(height), pixels


def pixel(pixels, width, height, spot):
    x, y = (min(max(side * part // 64, INSET), side - INSET - 1)
            for side, part in zip((width, height), spot))
    return tuple(pixels[(y * width + x) * 3:][:3])


def main():
    width, height, pixels = read_ppm(sys.argv[1])
    errors = []
    if f'{width}x{height}' != sys.argv[2]:
        errors.append(f'the screen is {width}x{height}, not {sys.argv[2]}')
    for name, (spot, want) in SPOTS.items():
        have = pixel(pixels, width, height, spot)
        if have != want:
            errors.append(f'{name}: {have}, expected {want}')
    print('\n'.join(errors))
    return bool(errors)


if __name__ == '__main__':
    sys.exit(main())
