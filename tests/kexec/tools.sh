# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034,SC2317 # variables of run.sh
#
# What a guest is made of, and how it runs. Sourced by run.sh.

# Programs and libraries of a package for i386, as PACKAGE PATTERN NAME; this
# machine need not be able to install them.
i386_files='busybox-static */bin/busybox bin/busybox
kexec-tools */sbin/kexec bin/kexec
zlib1g */libz.so.1.* lib/libz.so.1
liblzma5 */liblzma.so.5.* lib/liblzma.so.5
libc6 */i386-linux-gnu/libc.so.6 lib/libc.so.6
libc6 */i386-linux-gnu/ld-linux.so.2 lib/ld-linux.so.2'

fetch_i386_tools() {
	local package pattern name

	# shellcheck source-path=SCRIPTDIR source=../../scripts/debian.sh
	. "$top/scripts/debian.sh"
	debian_open bookworm i386
	mkdir -p "$1/bin" "$1/lib"
	while read -r package pattern name; do
		debian_file "$package" "$pattern" > "$1/$name" &&
			chmod 755 "$1/$name" || return
	done <<< "$i386_files"
}

need_i386_tools() {
	[ ! -d "$1" ] || return 0
	rm -rf "$1.new"
	(fetch_i386_tools "$1.new") && mv "$1.new" "$1"
}

# tools_i386 ROOT
tools_i386() {
	local tools=$build/kexec-tools/i386

	locked "$tools.lock" need_i386_tools "$tools" || return
	cp -a "$tools/." "$1/" &&
		gcc -m32 -O2 -static "-DSTUB_BIN=\"${tool%/*}/../elfboot.bin\"" \
			-o "$1/bin/mkelfImage" \
			"$top"/arch/i386/boot/elf/tools/*.c
}

tools_x86_64() {
	local library program

	mkdir -p "$1/bin" "$1/lib" "$1/lib64"
	cp /bin/busybox /sbin/kexec "$tool" "$1/bin/"
	for library in $(ldd /sbin/kexec "$tool" | grep -o '/[^ ]*\.so[^ ]*'); do
		cp --parents "$library" "$1/"
	done
	for program in load vmcore; do
		gcc -O2 -static -Wall -Wextra -D_GNU_SOURCE \
			-o "$1/bin/$program" "$here/$program.c" || return
	done
	make -s -f "$top/tools/elfkexec/Makefile" "O=$1/bin" \
		CFLAGS='-O2 -static' CC=gcc >&2
}

# guest_root: $dir/root has what every guest needs
guest_root() {
	local root=$dir/root

	rm -rf "$root"
	mkdir -p "$root"
	"tools_$arch" "$root" || return
	ln -s busybox "$root/bin/sh"
	: > "$root/initrd-marker"
	cp "$images/init" "$root/bin/report"
	install -m 755 "$here/guest" "$root/init"
}

# guest_archive: $dir/initrd, a whole number of pages
guest_archive() {
	(cd "$dir/root" && find . | cpio -o -H newc --quiet) > "$dir/initrd" &&
		truncate -s %4096 "$dir/initrd" &&
		rm -r "$dir/root"
}

# guest_disk FILE...: $dir/disk, an archive of them
guest_disk() {
	tar -chf "$dir/disk" --transform='s|.*/||' --absolute-names "$@"
}

# start_guest [WORDS [QEMU-OPTION...]]: the first kernel, of $first
start_guest() {
	local words=${1-} disk=()

	[ $# -eq 0 ] || shift

	[ ! -f "$dir/disk" ] ||
		disk=(-device "ahci,id=ahci"
			-device "ide-hd,drive=disk,bus=ahci.0"
			-drive "if=none,id=disk,format=raw,file=$dir/disk")
	qemu -kernel "$images/$first" -initrd "$dir/initrd" \
		-append "retain_initrd quiet hop=0${words:+ $words}" \
		"${disk[@]}" "$@"
}

# wait_for COUNT REGEX FILE: so many such lines, or the emulator has ended
wait_for() {
	local tick count

	touch "$3"
	for ((tick = 0; tick < patience * 5; tick++)); do
		count=$(grep -acE "$2" "$3")
		[ "$count" -lt "$1" ] || break
		kill -0 "$emulator" 2> /dev/null || break
		sleep 0.2
	done
	kill "$emulator" 2> /dev/null
	wait "$emulator" 2> /dev/null
}

show_console() {
	echo "the last lines of the console:"
	tail -n 15 "$dir/console" 2> /dev/null | tr -d '\r\033'
	tail -n 5 "$dir/emulator"
}

builtin_cmdline() {
	sed -n 's/^CONFIG_CMDLINE="\(.*\)"$/\1/p' "$images/kbuild/.config"
}
