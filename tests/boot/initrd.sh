# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of run.sh
#
# Archives for a kernel to be given. Sourced by the run.sh of boot and kexec.

# An archive that is not trivial, the same each time.
need_initrd() {
	initrd=$build/boot/initrd
	locked "$build/boot/lock" make_initrd
}

make_initrd() {
	local work=$build/boot/initrd.d

	[ -f "$initrd" ] && return
	mkdir -p "$work"
	: > "$work/initrd-marker"
	python3 -c 'import random, sys
random.seed(1)
sys.stdout.buffer.write(random.randbytes(3 << 20))' > "$work/filling"
	(cd "$work" && printf '%s\n' initrd-marker filling |
		cpio -o -H newc --quiet) > "$initrd.new" &&
		mv "$initrd.new" "$initrd"
}

# cpio_of FILE: an archive with that in it
cpio_of() {
	(cd "${1%/*}" && cpio -o -H newc --quiet <<< "${1##*/}")
}

# The same in three archives, and as the kernel must get them. The first is one
# after which the kernel's decoder wants four zeros, and three would be there.
need_modules() {
	local initrd

	need_initrd && locked "$build/boot/lock" make_modules
}

make_modules() {
	local work=$build/boot/initrd.d new=$build/boot/modules.new
	local built=$build/boot/modules-lz4 size=400001

	[ -d "$built" ] && return
	rm -rf "$new"
	mkdir -p "$new"
	while :; do
		head -c "$size" "$work/filling" > "$work/more"
		cpio_of "$work/more" | lz4 -l -q -c > "$new/1" || return
		[ $(($(wc -c < "$new/1") % 4)) -ne 1 ] || break
		size=$((size + 1))
	done
	cpio_of "$work/filling" > "$new/2"
	cpio_of "$work/initrd-marker" | gzip -n > "$new/3"
	join_modules "$new"/[123] > "$new/joined" && mv "$new" "$built"
}

# join_modules FILE...: as the kernel must get them
join_modules() {
	python3 -c 'import sys
joined = b""
for name in sys.argv[1:]:
    if joined:
        joined += bytes(4)
        joined += bytes(-len(joined) % 4)
    joined += open(name, "rb").read()
sys.stdout.buffer.write(joined)' "$@"
}

# make_many_modules NUMBER DIRECTORY: archives of odd sizes, 001 and so on, and
# "joined"
make_many_modules() {
	local i name

	need_initrd || return
	mkdir -p "$2"
	cpio_of "$build/boot/initrd.d/initrd-marker" | gzip -n > "$2/001"
	for ((i = 2; i <= $1; i++)); do
		printf -v name %s/file-%03d "$2" "$i"
		printf "%${i}s" "" > "$name"
		cpio_of "$name" | gzip -n > "${name/file-/}"
		rm "$name"
	done
	join_modules "$2"/[0-9]* > "$2/joined"
}

# digest FILE: its SHA-256
digest() {
	sha256sum < "$1" | cut -d' ' -f1
}
