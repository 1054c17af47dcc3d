#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Type lines at a firmware's prompt, over a serial port that is a socket.

usage: typist.py SOCKET PROMPT LINE...

A key stops what would boot by itself; then each line is typed when the prompt
is there and nothing more comes. Prints what is received, and goes on until the
other end is closed: somebody has to read it.
"""
import os
import re
import socket
import sys
import time

PATIENCE = 60 * int(os.environ.get('ELFBOOT_JOBS', 1))
MOMENT = 0.3
# What a U-Boot of 2025 on a busy host says behind its prompt, at any time.
SLOW = re.compile(rb' *cyclic_run\(\) cyclic function [^\n]* max\r?\n')


def connect(path):
    """The emulator may not have got that far."""
    end = time.monotonic() + PATIENCE
    while True:
        port = socket.socket(socket.AF_UNIX)
        try:
            port.connect(path)
            return port
        except OSError:
            port.close()
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def receive(port):
    """What comes within a moment, and is printed."""
    try:
        more = port.recv(4096)
    except socket.timeout:
        return b''
    if not more:
        sys.exit()
    sys.stdout.buffer.write(more)
    sys.stdout.buffer.flush()
    return more


def wait_for(port, prompt, press_keys):
    """Read up to the prompt. More than one may answer the keys."""
    seen = b''
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        more = receive(port)
        seen += more
        if more:
            continue
        if SLOW.sub(b'', seen).rstrip().endswith(prompt.rstrip()):
            return
        if press_keys:
            port.sendall(b'\r')
    sys.exit('no prompt')


def main():
    port = connect(sys.argv[1])
    port.settimeout(MOMENT)
    prompt = sys.argv[2].encode()
    press_keys = True
    for line in sys.argv[3:]:
        wait_for(port, prompt, press_keys)
        press_keys = False
        port.sendall(line.encode() + b'\r')
    while True:
        receive(port)


if __name__ == '__main__':
    main()
