#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: signed.py FILE KEYS MKELFIMAGE SIGN-FILE DIRECTORY

FILE, an ELF file, signed in all ways that are right or wrong, each as a file of
DIRECTORY. KEYS has the keys (tests/lib/build.sh), SIGN-FILE is the kernel's program
for modules.
"""

import os
import shutil
import struct
import subprocess
import sys

MARKER = b"~Module signature appended~\n"
INFO = struct.Struct(">BBBBB3xI")
PKCS7 = 2


def read(path):
    """All bytes of a file."""
    with open(path, "rb") as file:
        return file.read()


class Files:
    """What is made of one file."""

    def __init__(self, file, keys, mkelfimage, sign_file, directory):
        self.plain = read(file)
        self.file, self.keys, self.directory = file, keys, directory
        self.mkelfimage, self.sign_file = mkelfimage, sign_file

    def write(self, name, *parts):
        """A file of these bytes."""
        path = os.path.join(self.directory, name)
        with open(path, "wb") as file:
            file.write(b"".join(parts))
        return path

    def key(self, who):
        """Names of a key and its certificate."""
        path = os.path.join(self.keys, who)
        return path + ".key", path + ".pem"

    def signed_by(self, who, name):
        """By mkelfImage; returns the bytes."""
        path = os.path.join(self.directory, name)
        shutil.copy(self.file, path)
        subprocess.run([self.mkelfimage, "--sign=" + ",".join(self.key(who)),
                        path], check=True)
        return read(path)

    def with_attributes(self):
        """A message that no module has: it signs the time as well."""
        key, certificate = self.key("trusted")
        return subprocess.run(
            ["openssl", "cms", "-sign", "-binary", "-outform", "DER",
             "-nocerts", "-nosmimecap", "-md", "sha256", "-in", self.file,
             "-signer", certificate, "-inkey", key],
            check=True, capture_output=True).stdout

    def info(self, size, kind=PKCS7, first=0):
        """What is between message and marker, and that."""
        return INFO.pack(first, 0, kind, 0, 0, size) + MARKER


def flip(data, at):
    """One bit of a byte."""
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def end_of_segments(data):
    """Where the last one's contents end, in an ELF32 file."""
    phoff, phentsize, phnum = (*struct.unpack_from("<I", data, 28),
                               *struct.unpack_from("<HH", data, 42))
    headers = [struct.unpack_from("<8I", data, phoff + i * phentsize)
               for i in range(phnum)]
    return max(offset + filesz
               for kind, offset, _, _, filesz, *_ in headers if kind == 1)


def main():
    """As the usage says."""
    if len(sys.argv) != 6:
        sys.exit(__doc__.strip())
    files = Files(*sys.argv[1:])
    plain = files.plain
    files.write("unsigned", plain)
    for who in "trusted", "stranger", "vouched":
        files.signed_by(who, who)
    good = read(os.path.join(files.directory, "trusted"))
    size = len(good) - len(plain) - INFO.size - len(MARKER)
    message = good[len(plain):][:size]

    # One bit: of a segment, of the first and of the last byte of the signature
    # proper, of the message around it.
    files.write("flipped-image", flip(good, end_of_segments(plain) - 1))
    files.write("flipped-header", flip(good, 7))
    files.write("flipped-signature", flip(good, len(plain) + size - 1))
    files.write("flipped-signature-begin", flip(good, len(plain) + size - 256))
    files.write("flipped-message", flip(good, len(plain)))
    files.write("other-type", plain, message, files.info(size, kind=1))
    files.write("other-algorithm", plain, message, files.info(size, first=1))
    files.write("too-long", plain, message, files.info(2 ** 32 - 1))
    files.write("too-short", plain, message, files.info(size - 1))
    files.write("no-message", plain, files.info(0))
    files.write("trailing", good, b"\0")
    attributes = files.with_attributes()
    files.write("attributes", plain, attributes,
                files.info(len(attributes)))

    # Its last segment would end in the signature; mkelfImage would not sign it.
    path = files.write("cut", plain[:end_of_segments(plain) - 64])
    subprocess.run([files.sign_file, "sha256", *files.key("trusted"), path],
                   check=True)


main()
