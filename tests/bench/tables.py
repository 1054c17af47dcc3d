#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Documentation/figures.md's tables, out of what "make bench" has measured.

usage: tables.py [--write] FIGURES DOCUMENT [STUB COMPILER]

Without --write: exits with 1 if DOCUMENT has other tables, or if STUB
(elfboot.bin) has another size than the one that was measured, by more than 1 %,
and is made by the same compiler.
"""
import os
import sys

BEGIN = '<!-- tests/bench/tables.py: {} -->\n'
END = '<!-- end of figures -->'


def read_figures(path):
    """What was measured on, and the rows of each table."""
    facts, tables = {}, {}
    with open(path, encoding='utf-8') as file:
        for line in file:
            if line.startswith('#') or not line.strip():
                continue
            name, *fields = line.rstrip('\n').split('\t')
            if len(fields) == 1:
                facts[name] = fields[0]
            else:
                tables.setdefault(name, []).append(fields)
    return facts, tables


def ratio(number, base):
    """To three digits; the base itself is 1."""
    return '1' if number == base else f'{int(number) / int(base):.3f}'


def millions(number):
    """Of instructions."""
    return f'{int(number) / 1e6:.2f}'


def thousands(number):
    """With commas; nothing for what was not measured."""
    return '' if number == '-' else f'{int(number):,}'


def boot_table(rows):
    """Instructions from reset to init."""
    yield '| file, way in | million instructions | ratio | in the stub |'
    yield '| --- | --- | --- | --- |'
    base = rows[0][2]
    for title, _, total, stub in rows:
        yield (f'| {title} | {millions(total)} | {ratio(total, base)} | '
               f'{thousands(stub)} |')


def sized_table(file, size, rows):
    """The same with bytes; every bzImage is the base of what follows it."""
    yield f'| {file} | {size} | million instructions | ratio | in the stub |'
    yield '| --- | --- | --- | --- | --- |'
    base = None
    for title, size, total, stub in rows:
        if title.startswith('bzImage'):
            base = total
        yield (f'| {title} | {thousands(size)} | {millions(total)} | '
               f'{ratio(total, base)} | {thousands(stub)} |')


def payload_table(rows):
    """Out of flash, in each compression."""
    return sized_table('payload', 'bytes in flash', rows)


def debian_table(rows):
    """Debian's own kernel."""
    return sized_table('file', 'bytes', rows)


def netboot_table(rows):
    """Milliseconds from the first request to init; every bzImage is the base of
    what follows it."""
    yield '| file | bytes | ratio | ms | ratio |'
    yield '| --- | --- | --- | --- | --- |'
    size = time = None
    for title, its_size, its_time in rows:
        if title.startswith('bzImage'):
            size, time = its_size, its_time
        yield (f'| {title} | {thousands(its_size)} | {ratio(its_size, size)} '
               f'| {its_time} | {ratio(its_time, time)} |')


def kexec_table(rows):
    """Instructions from reboot to init."""
    yield '| file | million instructions | ratio |'
    yield '| --- | --- | --- |'
    base = rows[0][1]
    for title, total in rows:
        yield f'| {title} | {millions(total)} | {ratio(total, base)} |'


def measured_on(facts):
    """One line above the first table."""
    return (f'Measured with Linux {facts["kernel"]} (x86_64) on '
            f'{facts["emulator"]}, at commit {facts["commit"]}.')


def stub_has_changed(facts, stub, compiler):
    """What there is to say if the figures are those of another stub."""
    size, then = os.path.getsize(stub), int(facts['stub'])
    if compiler != facts['compiler'] or abs(size - then) * 100 <= then:
        return []
    return [f'elfboot.bin had {then} bytes when the figures were measured and '
            f'has {size}; run "make bench" and commit the figures']


TABLES = {'boot': boot_table, 'debian': debian_table,
          'payload': payload_table,
          'netboot': netboot_table, 'kexec': kexec_table}


def put_tables(text, facts, tables):
    """The document with these tables."""
    for name, make in TABLES.items():
        begin = text.index(BEGIN.format(name)) + len(BEGIN.format(name))
        end = text.index(END, begin)
        lines = list(make(tables[name]))
        if name == 'boot':
            lines = [measured_on(facts), ''] + lines
        text = text[:begin] + '\n' + '\n'.join(lines) + '\n\n' + text[end:]
    return text


def main():
    """As the usage says."""
    write = sys.argv[1:2] == ['--write']
    figures, document, *stub = sys.argv[2 if write else 1:]
    facts, tables = read_figures(figures)
    with open(document, encoding='utf-8') as file:
        text = file.read()
    new = put_tables(text, facts, tables)
    wrong = []
    if write:
        with open(document, 'w', encoding='utf-8') as file:
            file.write(new)
    elif new != text:
        wrong.append(f'{document}: other figures; tests/bench/tables.py '
                     '--write puts those of the last "make bench" there')
    if stub:
        wrong += stub_has_changed(facts, *stub)
    print('\n'.join(wrong), end='\n' if wrong else '')
    return bool(wrong)


if __name__ == '__main__':
    sys.exit(main())
