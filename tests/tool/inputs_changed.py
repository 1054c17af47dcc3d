# SPDX-License-Identifier: GPL-2.0
"""
A kernel that another user cuts to nothing while it is read. Part of inputs.py.
"""

import os
import subprocess

import elf
from inputs_common import write
from subtest import result

# Whoever maps a file for himself gets it, and then it is cut: at the worst time.
PRELOAD = r"""
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

void *mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
	if (fd >= 0 && getenv("CUT") && truncate(getenv("CUT"), 0))
		abort();
	return (void *)syscall(SYS_mmap, at, size, protection, flags, fd, offset);
}

void *mmap64(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
	return mmap(at, size, protection, flags, fd, offset);
}
"""


def test_changed(judge, plain, directory):
    """What others may write to is not what is mapped."""
    source = write(directory + "/cut.c", PRELOAD.encode())
    library, kernel = directory + "/cut.so", directory + "/cut.kernel"
    subprocess.run(["gcc", "-shared", "-fPIC", "-w", "-o", library, source],
                   check=True)
    data = elf.read(directory + "/bzImage.i386")
    subprocess.run([plain, "-q", directory + "/bzImage.i386", judge.output],
                   check=True)
    wanted = elf.read(judge.output)
    rows = [("everybody may write to", -1, 0o666), ("a group may write to", -1, 0o664)]
    if os.geteuid():
        print("skip another user's kernel # not root")
    else:
        rows.append(("is another user's", 65534, 0o644))
    for name, owner, mode in rows:
        for source in (kernel, "-"):
            write(kernel, data)
            os.chmod(kernel, mode)
            os.chown(kernel, owner, -1)
            with open(kernel, "rb") as file:
                file.seek(100)
                run = subprocess.run(
                    [plain, "-q", source, judge.output], check=False,
                    capture_output=True, stdin=file,
                    env={**os.environ, "LD_PRELOAD": library, "CUT": kernel})
            result(not run.returncode and elf.read(judge.output) == wanted and
                   not os.path.getsize(kernel),
                   f"a kernel that {name}, and that is cut" +
                   ", as standard input" * (source == "-"),
                   f"{run.returncode} {run.stderr}")
            os.unlink(kernel)
