# SPDX-License-Identifier: GPL-2.0
"""
Who may read the output where a mode does not tell: access control lists, of the output,
of what it is made of and of its directory, and a file system without modes. Part of
outputs.py.
"""

import os
import shutil
import struct
import subprocess

from subtest import result

NAME = "system.posix_acl_access"
DEFAULT = "system.posix_acl_default"
USER_OBJ, USER, GROUP_OBJ, GROUP, MASK, OTHER = 1, 2, 4, 8, 16, 32
NOBODY = 0xffffffff

# FAT, as fat_setattr() of the kernel has it: what cannot be kept is done all the same,
# and a mount with "umask=022" makes all files 0755.
PRELOAD = r"""
#define _GNU_SOURCE
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int fchmod(int fd, mode_t mode)
{
	(void)mode;
	return syscall(SYS_fchmod, fd, 0755);
}
"""


def acl(*entries):
    """As the kernel has it: tag, permissions, number."""
    return struct.pack("<I", 2) + b"".join(
        struct.pack("<HHI", tag, perm, number) for tag, perm, number in
        sorted(entries))


def some_acl(group, mask, other, *more):
    """With an owner who may read and write."""
    return acl((USER_OBJ, 6, NOBODY), (GROUP_OBJ, group, NOBODY),
               (MASK, mask, NOBODY), (OTHER, other, NOBODY), *more)


def put(path, mode, entries=None):
    """A file."""
    if os.path.exists(path):
        os.unlink(path)
    with open(path, "wb") as file:
        file.write(b"key")
    os.chmod(path, mode)
    if entries:
        os.setxattr(path, NAME, entries)


def state(path):
    """Its list, if it has one, and its mode."""
    try:
        entries = os.getxattr(path, NAME)
    except OSError:
        entries = None
    return entries, os.stat(path).st_mode & 0o7777


# Of an output that is replaced and the initrd in it: mode, list; then what the output
# has to be. In a list's mode the group is its mask.
READER = (USER, 4, 1234)
ROWS = (
    ("the list stays where everybody reads all",
     (0o640, some_acl(0, 6, 0, (USER, 6, 1234))), (0o644, None),
     (some_acl(0, 6, 0, (USER, 6, 1234)), 0o660)),
    ("a private initrd: no list, and the mask is not the group's",
     (0o640, some_acl(0, 6, 0, (USER, 6, 1234))), (0o600, None), (None, 0o600)),
    ("an initrd of the group: the list's group, and no more",
     (0o640, some_acl(4, 6, 0, READER)), (0o640, None), (None, 0o640)),
    ("an initrd of the group: whom the list keeps out",
     (0o644, some_acl(4, 4, 4, (USER, 0, 1234))), (0o640, None), (None, 0o600)),
    ("an initrd whose list keeps the group out",
     (0o644, None), (0o644, some_acl(0, 4, 4, READER)), (None, 0o600)),
    ("an initrd whose list keeps one out",
     (0o644, None), (0o644, some_acl(4, 4, 4, (USER, 0, 1234))), (None, 0o600)),
    ("an initrd whose list keeps a group out",
     (0o644, None), (0o644, some_acl(4, 4, 4, (GROUP, 0, 1234))), (None, 0o640)),
    ("an initrd whose mask keeps one out",
     (0o644, None), (0o604, some_acl(4, 0, 4, READER)), (None, 0o600)),
    ("an initrd whose list keeps nobody out",
     (0o664, None), (0o644, some_acl(4, 6, 4, (USER, 6, 1234))), (None, 0o664)),
)


def check_lists(bench, kernel, directory):
    """Nobody may read the output who may not read what it is made of."""
    output, initrd = directory + "/parts.mode", directory + "/parts.secret"
    for name, old, secret, wanted in ROWS:
        put(output, *old)
        put(initrd, *secret)
        run = bench.run("--initrd=" + initrd, kernel, output)
        got = state(output)
        said = b"its access control list is left out" in run.stderr
        result(not run.returncode and got == wanted and
               said == bool(old[1] and not wanted[0]), "list: " + name,
               f"{got} {run.stderr}")
    os.unlink(output)
    os.unlink(initrd)


def check_in_place(bench, kernel, directory):
    """Its own kernel's list is one that the output may have."""
    output, copy = directory + "/parts.mode", directory + "/parts.kernel"
    entries = some_acl(0, 4, 0, READER)
    shutil.copy(kernel, copy)
    os.setxattr(copy, NAME, entries)
    put(output, 0o640, entries)
    run = bench.run(copy, output)
    result(not run.returncode and state(output) == (None, 0o600),
           "list: the same list of another file", f"{state(output)} {run.stderr}")
    os.unlink(output)
    os.unlink(copy)


def check_default(bench, kernel, directory):
    """A directory's list is for new files, if everybody may read them anyway."""
    where, initrd = directory + "/parts.acl", directory + "/parts.secret"
    output = where + "/output"
    shutil.rmtree(where, ignore_errors=True)
    os.mkdir(where)
    put(initrd, 0o640)
    os.setxattr(where, DEFAULT, some_acl(4, 6, 4, (USER, 6, 1234)))
    run = bench.run(kernel, output)
    entries, mode = state(output)
    result(not run.returncode and entries and mode == 0o644,
           "list: of the directory, for a new file", f"{mode:o} {run.stderr}")
    os.unlink(output)
    run = bench.run("--initrd=" + initrd, kernel, output)
    result(not run.returncode and state(output) == (None, 0o640),
           "list: of the directory, not for a private file",
           f"{state(output)} {run.stderr}")
    os.unlink(output)
    put(output, 0o640)
    os.removexattr(output, NAME)
    os.chmod(output, 0o640)
    run = bench.run(kernel, output)
    result(not run.returncode and state(output) == (None, 0o640),
           "list: of the directory, not for a file that has had none",
           f"{state(output)} {run.stderr}")
    shutil.rmtree(where)
    os.unlink(initrd)


def check_without_modes(plain, kernel, directory):
    """On FAT a mode is what the mount says: who made that should know."""
    source, library = directory + "/fat.c", directory + "/fat.so"
    output, initrd = directory + "/parts.mode", directory + "/parts.secret"
    with open(source, "w", encoding="ascii") as file:
        file.write(PRELOAD)
    subprocess.run(["gcc", "-shared", "-fPIC", "-w", "-o", library, source],
                   check=True)
    for mode, env, said in ((0o600, {}, False), (0o644, {"LD_PRELOAD": library},
                                                 False),
                            (0o600, {"LD_PRELOAD": library}, True)):
        put(initrd, mode)
        if os.path.exists(output):
            os.unlink(output)
        run = subprocess.run([plain, "--initrd=" + initrd, kernel, output],
                             env={**os.environ, **env}, check=False,
                             capture_output=True)
        result(not run.returncode and
               (b"its file system does not keep modes" in run.stderr) == said,
               f"no modes: initrd {mode:o}, {'FAT' if env else 'another'}",
               run.stderr)
    os.unlink(output)
    os.unlink(initrd)


def check_access(bench, plain, kernel, directory):
    """All of it, where there are lists."""
    put(directory + "/parts.mode", 0o644)
    try:
        os.setxattr(directory + "/parts.mode", NAME, some_acl(4, 4, 4, READER))
    except OSError as problem:
        print(f"skip access control lists # {problem.strerror}")
    else:
        check_lists(bench, kernel, directory)
        check_in_place(bench, kernel, directory)
        check_default(bench, kernel, directory)
    check_without_modes(plain, kernel, directory)
