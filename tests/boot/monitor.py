#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Say something to QEMU's monitor and print what it answers.

usage: monitor.py SOCKET COMMAND...
"""
import socket
import sys

PROMPT = b'(qemu) '


def read_answer(monitor):
    answer = b''
    while not answer.endswith(PROMPT):
        more = monitor.recv(4096)
        if not more:
            break
        answer += more
    return answer


def main():
    monitor = socket.socket(socket.AF_UNIX)
    monitor.settimeout(10)
    monitor.connect(sys.argv[1])
    read_answer(monitor)
    for command in sys.argv[2:]:
        monitor.sendall(command.encode() + b'\n')
        print(read_answer(monitor).decode(errors='replace'))


if __name__ == '__main__':
    main()
