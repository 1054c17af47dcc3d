# SPDX-License-Identifier: GPL-2.0
"""
mkelfImage as tests run it, and what must be there after it has refused
something.
"""

import os
import shutil
import subprocess

import subtest
from elf import read, up
from subtest import result

OLD = b"the old output\n"


def joined(paths):
    """Several initrds as one, as the tool has them in a file and elfboot.efi in memory:
    the next one begins at a multiple of 4, behind four zeros or more."""
    data = b""
    for path in paths:
        if data:
            data = data.ljust(up(len(data) + 4, 4), b"\0")
        data += read(path)
    return data


def run_tool(tool, *options, data=None, **more):
    """mkelfImage with these options, and this as standard input."""
    return subprocess.run([tool, *options], input=data, check=False,
                          timeout=60, **{"stdout": subprocess.PIPE,
                                         "stderr": subprocess.PIPE, **more})


class Bench:
    """The tool and what it writes."""

    def __init__(self, tool, directory):
        self.tool = tool
        self.output = directory + "/bench.out"

    def run(self, *options, **more):
        """With these options; what it says are bytes."""
        return run_tool(self.tool, *options, **more)

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


class Judge:
    """Gives the tool what it must refuse, and looks at how it does."""

    def __init__(self, tool, directory):
        self.tool = os.path.abspath(tool)
        self.input = directory + "/input"
        self.output_dir = directory + "/output"
        shutil.rmtree(self.output_dir, ignore_errors=True)
        os.mkdir(self.output_dir)
        self.output = self.output_dir + "/elfImage"

    @property
    def failed(self):
        """Whether any subtest has."""
        return subtest.failed

    def run(self, *args):
        """With these arguments; what it says is text."""
        return run_tool(self.tool, *args, text=True)

    def result(self, name, *wrong):
        """One subtest: wrong has what went wrong, or empty strings."""
        result(not any(wrong), name,
               "\n".join(text.strip() for text in wrong if text))

    def message(self, run, word=""):
        """What is wrong with a refusal, or an empty string."""
        if run.returncode != 1:
            return f"exit status {run.returncode}: {run.stdout}{run.stderr}"
        if run.stdout or run.stderr.count("\n") != 1 or \
           not run.stderr.startswith("mkelfImage: "):
            return f"not one line: {run.stdout}{run.stderr}"
        if word not in run.stderr:
            return f"no \"{word}\" in: {run.stderr}"
        return ""

    def leftovers(self, directory=None):
        """What is wrong with the output's directory."""
        directory = directory or self.output_dir
        found = os.listdir(directory)
        if found != ["elfImage"]:
            return f"in {directory}: {found}"
        if read(directory + "/elfImage") != OLD:
            return "the old output has changed"
        return ""

    def put_old(self, directory=None):
        """An output from an earlier run."""
        with open((directory or self.output_dir) + "/elfImage", "wb") as file:
            file.write(OLD)

    def refuse(self, name, data, word, *options):
        """The tool must refuse this input."""
        with open(self.input, "wb") as file:
            file.write(data)
        self.put_old()
        run = self.run(*options, self.input, self.output)
        self.result(name, self.message(run, word), self.leftovers())

    def truncate(self, path, sizes, *commands):
        """Shorten a file in place, from the longest to the shortest: what is
        wrong with the refusals of all of these arguments."""
        wrong = ""
        for size in sorted(sizes, reverse=True):
            os.truncate(path, size)
            for args in commands:
                problem = self.message(self.run(*args))
                if problem:
                    wrong += f"{args[0]}: {size} bytes: {problem}\n"
        return wrong

    def take_or_refuse(self, data, *options):
        """An input may be refused, or else what is written is good: whether
        it was taken, and what is wrong."""
        with open(self.input, "wb") as file:
            file.write(data)
        self.put_old()
        refused = self.run(*options, self.input, self.output)
        if refused.returncode:
            return False, self.message(refused) + self.leftovers()
        verified = self.run("--verify", self.output)
        return True, ("written, but: " + verified.stderr
                      if verified.returncode else "")
