#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Type lines at a firmware's prompt, over a serial port that is a socket.

usage: typist.py SOCKET PROMPT LINE...

A key stops what would boot by itself; then each line is typed when the prompt
is there. Goes on reading until the other end is closed: somebody has to.
"""
import socket
import sys
import time

PATIENCE = 60
KEY_EVERY = 0.3


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


def wait_for(port, prompt, press_keys):
    """Read up to the prompt."""
    seen = b''
    end = time.monotonic() + PATIENCE
    port.settimeout(KEY_EVERY)
    while not seen.endswith(prompt):
        if time.monotonic() > end:
            sys.exit(f'no prompt; the last of it: {seen[-200:]}')
        try:
            more = port.recv(4096)
        except socket.timeout:
            if press_keys:
                port.sendall(b'\r')
            continue
        if not more:
            sys.exit('closed before the prompt')
        seen += more


def main():
    port = connect(sys.argv[1])
    prompt = sys.argv[2].encode()
    press_keys = True
    for line in sys.argv[3:]:
        wait_for(port, prompt, press_keys)
        press_keys = False
        port.sendall(line.encode() + b'\r')
    port.settimeout(None)
    while port.recv(4096):
        pass


if __name__ == '__main__':
    main()
