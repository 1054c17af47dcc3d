# SPDX-License-Identifier: GPL-2.0
"""
mkelfImage as tests run it, and what must be there after it has refused
something.
"""

import subprocess

from elf import read
from subtest import result


class Bench:
    """The tool and what it writes."""

    def __init__(self, tool, directory):
        self.tool = tool
        self.output = directory + "/bench.out"

    def run(self, *options, data=None, **more):
        """With these options, and this as standard input."""
        return subprocess.run([self.tool, *options], input=data,
                              stderr=subprocess.PIPE, check=False, timeout=60,
                              **{"stdout": subprocess.PIPE, **more})

    def make(self, *options, output=None):
        """The bytes of an image, or nothing."""
        output = output or self.output
        run = self.run(*options, output)
        if run.returncode or run.stdout or run.stderr:
            print("  " + run.stderr.decode())
            return b""
        return read(output)

    def refuses(self, name, *options, status=1, message="", **more):
        """No output, a message, this exit status."""
        with open(self.output, "wb") as file:
            file.write(b"old")
        run = self.run(*options, **more)
        text = run.stderr.decode()
        result(run.returncode == status and message in text and text and
               not run.stdout and read(self.output) == b"old",
               "refused: " + name, f"exit status {run.returncode}: {text}")
