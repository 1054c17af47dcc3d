#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Documentation/loaders.md's table, out of what the tests know.

usage: table.py [--write] DOCUMENT

matrix says what each loader passes, commands what it is told (a boot test
compares that with what it has done), loaders.list which tests are one line of
the table, ../loaders.list which versions of a loader are tested, last-run
(last_run.py) which of them has run last, when, and with which image. Without
--write: exits with 1 if DOCUMENT has another table, if a test of the matrix is in
no line of it, or if this machine's loaders are not those of its release.
"""
import os
import re
import subprocess
import sys

import last_run as last_runs

HERE = os.path.dirname(os.path.abspath(__file__))
BEGIN, END = '<!-- tests/boot/table.py', '<!-- end -->'
HEAD = ('| loader | tested | file | told | it passes | tests | last run |',
        '| --- | --- | --- | --- | --- | --- | --- |')
COLUMNS = ('by', 'start', 'image', 'machines', 'protocol', 'map', 'cmdline',
           'initrd')


def lines_of(name):
    """Lines of a file beside this one, without comments."""
    with open(os.path.join(HERE, name), encoding='utf-8') as file:
        return [line.rstrip('\n') for line in file
                if line.strip() and not line.startswith('#')]


def read_versions():
    """Releases, and loader -> its versions in them, its package."""
    rows = [line.split() for line in lines_of('../loaders.list')]
    suites = next(row[1:] for row in rows if row[0] == 'suite')
    count = len(suites)
    return suites, {row[0]: (row[1:count + 1], row[count + 2])
                    for row in rows if row[0] != 'suite'}


def host_suite():
    """This machine's release."""
    with open('/etc/os-release', encoding='utf-8') as file:
        names = dict(line.rstrip('\n').split('=', 1)
                     for line in file if '=' in line)
    return names.get('VERSION_CODENAME')


def read_matrix():
    """Test -> columns."""
    rows = (line.split() for line in lines_of('matrix'))
    return {row[0]: dict(zip(COLUMNS, row[1:])) for row in rows}


def read_commands():
    """Test -> commands."""
    commands = {}
    for line in lines_of('commands'):
        name, command = line.split('\t')
        commands.setdefault(name, []).append(command)
    return commands


def read_loaders():
    """Lines of the table: title, stand-in, what it passes besides, tests."""
    for line in lines_of('loaders.list'):
        title, standin, also, tests = (
            field.strip() for field in line.split('|'))
        yield title, standin, also, tests.split()


def passes(row, also):
    """What a loader passes, by who has supplied it in the test."""
    if row['protocol'] == '-':
        return 'as ever'
    # coreboot's table is coreboot's, whoever calls.
    own = {row['protocol'], 'coreboot', 'cbfs'}
    words = [word for word, column in (('map', 'map'),
                                       ('command line', 'cmdline'),
                                       ('initrd', 'initrd'))
             if row[column] in own]
    words += also.split(', ') if also else []
    text = ', '.join(words) or 'nothing'
    if row['map'].startswith('bios'):
        text += '; the BIOS is asked for the map'
    if row['map'] == 'fw-cfg':
        text += '; QEMU is asked for the map'
    return text


def version_is(package, version):
    """Is that the upstream version that is installed, if any is? (Some are never
    installed: versions.sh.)"""
    have = subprocess.run(
        ['dpkg-query', '-W', '-f', '${source:Upstream-Version}', package],
        capture_output=True, text=True, check=False).stdout
    return not have or re.match(re.escape(version) + r'(?![0-9])', have)


def tested(standin, loader):
    """The versions of a loader, of cbfstool as a tool of a stand-in."""
    versions = ''
    if loader != '-':
        versions = ', '.join(version for version in dict.fromkeys(
            read_versions()[1][loader][0]) if version != '-')
    if not standin:
        return versions
    return f'`{standin}`' + (f', {loader} {versions}' if versions else '')


def last_run(tests):
    """Version, image and day of the last of all runs of some tests."""
    runs = [(day, version, image, kernel) for (test, version), (image, kernel, day)
            in last_runs.read().items() if test in tests]
    if not runs:
        return 'not yet'
    day, version, image, kernel = max(runs, key=lambda run: (
        run[0], [int(digits) for digits in re.findall('[0-9]+', run[1])]))
    return (f'{day}: ' + (f'{version}, ' if version != '-' else '') +
            f'{image} of {kernel.split("/")[1]} {kernel.split("/")[0]}')


def table(matrix, commands):
    """The lines of it."""
    yield from HEAD
    for title, standin, also, tests in read_loaders():
        if title == '-':
            continue
        row = matrix[tests[0]]
        name = row['image'].replace('elfImage-without-multiboot',
                                    'elfImage `--without-multiboot`')
        told = '<br>'.join(f'`{command}`'.replace('|', '\\|')
                           for command in commands.get(tests[0], []))
        names = ', '.join(f'`{test}`' for test in tests)
        yield (f'| {title} | {tested(standin, row["by"])} | {name} | {told} | '
               f'{passes(row, also)} | {names} | {last_run(tests)} |')


def complaints(matrix):
    """What is wrong with the lists themselves."""
    listed = [test for *_, tests in read_loaders() for test in tests]
    for test in sorted(set(matrix) - set(listed)):
        yield f'{test} is in no line of loaders.list'
    for test in sorted(set(listed) - set(matrix)):
        yield f'{test} of loaders.list is not in the matrix'
    suites, loaders = read_versions()
    for loader in sorted({row['by'] for row in matrix.values()} - {'-'}):
        if loader not in loaders:
            yield f'{loader} of the matrix is not in tests/loaders.list'
            continue
        versions, package = loaders[loader]
        version = dict(zip(suites, versions)).get(host_suite())
        if version and not version_is(package, version):
            yield f'{loader}: {package} {version} is not what is installed'


def main():
    write = sys.argv[1:2] == ['--write']
    path = sys.argv[-1]
    matrix = read_matrix()
    wrong = list(complaints(matrix))
    with open(path, encoding='utf-8') as file:
        text = file.read()
    begin = text.index('\n', text.index(BEGIN)) + 1
    end = text.index(END)
    if not wrong:
        new = text[:begin] + '\n' + '\n'.join(
            table(matrix, read_commands())) + '\n\n' + text[end:]
        if write:
            with open(path, 'w', encoding='utf-8') as file:
                file.write(new)
        elif new != text:
            wrong = [f'{path}: another table; table.py --write makes it']
    print('\n'.join(wrong), end='\n' if wrong else '')
    return bool(wrong)


if __name__ == '__main__':
    sys.exit(main())
