# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of run.sh
#
# Debian's own kernels, as mkelfImage makes bootable ELF files of them, by the
# loaders of the matrix: "debian-SUITE" unpacks itself, "debian-SUITE-unpacked" is
# made by --unpack. Command line and initrd are composed into the image: a loader
# that has its own wins. Sourced by run.sh.

debian_loaders="ipxe-elf ipxe-multiboot qemu-multiboot qemu-pvh
	coreboot-payload grub-multiboot2-efi efi-shell kexec-args-elf"

is_debian() {
	[[ $kernel == debian-* ]]
}

# debian_tier LOADER TIER KIND: unpacked ones are in make check once
debian_tier() {
	[ -n "$3" ] && [ "$1" != qemu-multiboot ] && echo all || echo "$2"
}

# An image that chooses its own place, not a decompressor.
is_unpacked() {
	[[ $kernel == *-unpacked ]]
}

# "NAME TIER" lines.
debian_tests() {
	local suite arch tier loader kind

	while read -r suite arch _ _ tier; do
		for loader in $debian_loaders; do
			for kind in '' -unpacked; do
				# These are larger than the flash.
				[[ $suite$kind/$loader =~ (sid|-unpacked)/coreboot ]] &&
					continue
				echo "$loader/$arch/debian-$suite$kind" \
					"$(debian_tier "$loader" "$tier" "$kind")"
			done
		done
		echo "unpacked-bytes/$arch/debian-$suite-unpacked all"
	done < <(grep -v '^#' "$boot/../debian.list")
}

# An unpacked image has in it what the kernel's own decompressor makes.
unpacked_bytes() {
	local seconds=$((patience / 4)) cpus=1 mib=512

	dir=$boots/$loader/$arch/$kernel
	rm -rf "$dir"
	mkdir -p "$dir"
	"$build/6.1/src/scripts/extract-vmlinux" "$images/bzImage" \
		> "$dir/vmlinux" || return
	qemu -S -gdb "unix:$dir/gdb,server=on,wait=off" \
		-kernel "$images/bzImage" -append nokaslr
	for ((; seconds; seconds--)); do
		[ ! -S "$dir/gdb" ] || break
		sleep 1
	done
	timeout "$patience" "$boot/unpacked-bytes.py" "$images/elfImage" \
		"$dir/vmlinux" "$dir/gdb" "$dir/memory" ${SPOIL:+spoilt} ||
		echo "not ok the kernel's memory"
	kill "$emulator" 2> /dev/null
	wait "$emulator" 2> /dev/null
	rm -f "$dir/memory" "$dir/vmlinux"
}

# archive DIRECTORY FILE...: as the kernel unpacks it
archive() {
	(cd "$1" && printf '%s\n' "${@:2}" | cpio -o -H newc --quiet)
}

# As initramfs-tools makes it: an uncompressed archive with what is wanted
# early, microcode, and behind it a compressed one. init is not in the kernel
# here.
debian_initrd() {
	local early=$images/early.d files=$images/initrd.d
	local microcode=kernel/x86/microcode

	mkdir -p "$early/$microcode" "$files/dev" "$files/proc" "$files/sys" &&
		: > "$early/$microcode/.enuineIntel.align.0123456789abc" &&
		cp "$images/init" "$build/boot/initrd.d/filling" \
			"$build/boot/initrd.d/initrd-marker" "$files/" &&
		archive "$early" kernel kernel/x86 "$microcode" \
			"$microcode/.enuineIntel.align.0123456789abc" &&
		archive "$files" dev proc sys init filling initrd-marker |
			zstd -q
}

# Sets $images, which has bzImage, and elfImage with and without multiboot
# headers, which are made of it, and $initrd and $cmdline, which are in them.
need_debian() {
	images=$build/$kernel/$arch
	release=".*-(amd64|686-pae)"
	cmdline+=" console=ttyS0 panic=-1 no_timer_check"
	need_initrd && need_kernel 6.1 x86_64 || return
	initrd=$images/initrd
	locked "$images.lock" make_debian
}

# As it is built outside of a kernel tree, where there are libraries.
unpacking_tool() {
	make -s -C "$top" mkelfImage O="$build/libraries"
}

# Once in a run, by the first of the tests that need it.
make_debian() {
	local suite=${kernel#debian-} width=64 dir=$images compose=()
	local tool=$build/6.1/x86_64/kbuild/arch/x86/boot/elf/tools/mkelfImage
	local architecture package

	! is_built || return 0
	if is_unpacked; then
		suite=${suite%-unpacked}
		locked "$build/libraries.lock" unpacking_tool || return
		tool=$build/libraries/tools/mkelfImage
		compose=(--unpack)
	fi
	[ "$arch" = x86_64 ] || width=32
	read -r _ _ architecture package _ \
		< <(awk -v suite="$suite" -v arch="$arch" \
			'$1 == suite && $2 == arch' "$boot/../debian.list")
	mkdir -p "$images"
	build_init "$images" "$width" || return
	[ -f "$images/bzImage" ] ||
		"$top/scripts/fetch-kernel.sh" "$suite" "$architecture" \
			"$package" "$images/bzImage" || return
	debian_initrd > "$initrd" || return
	compose+=("--append=$cmdline" "--initrd=$initrd" "$images/bzImage")
	"$tool" "${compose[@]}" "$images/elfImage" &&
		"$tool" --without-multiboot "${compose[@]}" \
			"$images/elfImage-without-multiboot" &&
		echo "$ELFBOOT_RUN" > "$images/built"
}

# Where there is room for a second one, its physical place is random, too.
expect_kaslr() {
	local virtual=2

	[ "$protocol" != - ] || return 0
	[ "$arch" = x86_64 ] || virtual=0
	if [ "$mib" -ge 512 ]; then
		echo "random $((1 + 4 + virtual))"
	else
		echo "~random ($((1 + virtual))|$((1 + 4 + virtual)))"
	fi
}

# What a loader does not pass is in the image. iPXE has the files that it has
# downloaded at the end of RAM, and says "Invalid argument" if the kernel does not fit
# below them: sid's, of 60 MiB from 16 MiB on, by one MiB.
debian_row() {
	[ "$loader/$kernel" != ipxe-multiboot/debian-sid-unpacked ] ||
		machines=${machines/1x128/1x512}
	[ "$cmdline_source" != - ] || cmdline_source=composed
	[ "$initrd_source" != - ] || initrd_source=composed
}

# The host reads out of memory what the kernel does not let init see.
debian_efi_map() {
	local at size

	read -r _ at size < <(grep '^efi-map-at ' "$dir/report") || return
	dump_memory efi-map "$at" "$size" &&
		echo "efi-map $(od -An -v -tx1 "$dir/efi-map" | tr -d ' \n')" \
			>> "$dir/report"
}

# debian_knows EXPECTED: leave out what this kernel does not tell, as it does
# not let /dev/mem be read and has its drivers in modules
debian_knows() {
	sed -Ei '/^~?(framebuffers|busy-lines|boot-order|drawn) /d' "$1"
}
