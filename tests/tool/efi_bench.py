# SPDX-License-Identifier: GPL-2.0
"""
mkelfImage --efi as its tests run it. Part of efi-compose.py.
"""

import os
import subprocess

import elf
from elf import read
from subtest import result

CMDLINE = "console=ttyS0,115200 quiet"
OS_RELEASE = b'ID=test\nVERSION_ID=1\nPRETTY_NAME="Test 1"\n'
SBAT = b"sbat,1,SBAT Version,sbat,1,url\nuki.test,3,Test,uki,1,url\n"
MACHINES = {"x64": 0x8664, "ia32": 0x14c}
READ_ONLY = 0x40000040
OURS = [".sbat", ".osrel", ".cmdline", ".uname", ".linux", ".initrd"]


class Bench:
    """The tool and its files."""

    def __init__(self, tool, efi, directory):
        self.tool = tool
        self.efi = efi
        self.directory = directory
        self.output = directory + "/compose.efi"
        self.initrds = [self.write(f"efi.initrd.{i}", elf.some_bytes(size))
                        for i, size in enumerate((12345, 1 << 16))]
        self.osrel = self.write("efi.os-release", OS_RELEASE)
        self.sbat = self.write("efi.sbat", SBAT)

    def write(self, name, data):
        """A file of that name, its path."""
        path = f"{self.directory}/{name}"
        with open(path, "wb") as file:
            file.write(data)
        return path

    def stub(self, arch):
        """The path of elfboot.efi."""
        return f"{self.efi}/elfboot{arch}.efi"

    def run(self, *options):
        """With these options."""
        return subprocess.run([self.tool, *options], capture_output=True,
                              text=True, check=False, timeout=120)

    def make(self, *options, arch="x64", quiet=True, osrel=True):
        """A program, or nothing with a message; the kernel is an option, too."""
        more = [f"--efi={arch}" if arch else "--efi",
                f"--efi-stub={self.stub(arch or 'x64')}"]
        more += ["--os-release=" + self.osrel] * osrel + ["--quiet"] * quiet
        run = self.run(*more, *options, self.output)
        if run.returncode or run.stdout or (quiet and run.stderr):
            print("  " + run.stdout + run.stderr)
            return b""
        return read(self.output)

    def image(self, *options):
        """What the tool makes without --efi."""
        path = self.directory + "/compose.elf"
        run = self.run("--quiet", *options, path)
        return b"" if run.returncode else read(path)

    def refuses(self, name, message, *options, status=1):
        """No output, a message, this exit status."""
        with open(self.output, "wb") as file:
            file.write(b"old")
        run = self.run(*options)
        result(run.returncode == status and message in run.stderr and
               not run.stdout and read(self.output) == b"old" and
               not [name for name in os.listdir(self.directory)
                    if name.startswith(".mkelfImage")],
               "refused: " + name, f"exit status {run.returncode}: {run.stderr}")

    def verify(self, name, data, message=""):
        """Whether --verify takes it, or says what is wrong."""
        path = self.write("verify.efi", data)
        run = self.run("--verify", path)
        result(run.returncode == bool(message) and message in run.stderr and
               bool(run.stderr) == bool(message), f"--verify: {name}", run.stderr)
