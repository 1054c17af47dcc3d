# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034,SC2317 # variables of run.sh
#
# A kernel that loads a module and hibernates on a disk, and another boot that is
# somewhere else and brings it back. Sourced by run.sh.

# hibernate_module: $module/two.ko, for that kernel
hibernate_module() {
	local headers=$images/kbuild module=$dir/module

	# shellcheck source-path=SCRIPTDIR source=../tool/module.sh
	. "$boot/../tool/module.sh"
	quiet_make -C "$headers" modules_prepare &&
		touch "$headers/Module.symvers" && write_module && build_module
}

# hibernate_initrd: $dir/initrd, with tests/boot/hibernate as init
hibernate_initrd() {
	local root=$dir/root

	mkdir -p "$root/bin"
	cp /bin/busybox "$root/bin/"
	ln -s busybox "$root/bin/sh"
	cp "$images/init" "$root/bin/report"
	install -m 755 "$boot/hibernate" "$root/init"
	hibernate_module && cp "$dir/module/two.ko" "$root/" || return
	(cd "$root" && find . | cpio -o -H newc --quiet) > "$dir/initrd" &&
		rm -r "$root"
}

# hibernate_boot NAME WORDS: until the machine is off
hibernate_boot() {
	local cpus=1 mib=512

	dir=$parent/$1
	mkdir -p "$dir"
	qemu -kernel "$images/elfImage" -initrd "$parent/initrd" \
		-drive "if=none,id=swap,format=raw,file=$parent/swap" \
		-device virtio-blk-pci,drive=swap \
		-append "elfboot.debug resume=/dev/vda $2"
	wait "$emulator"
	dir=$parent
}

# hibernate_said NAME KEY: the last time
hibernate_said() {
	sed -n "s/^$2 //p" "$parent/$1/report" | tr -d '\r' | tail -n 1
}

# hibernate_put NAME: where that boot's stub has put the kernel
hibernate_put() {
	sed -n 's/.*elfboot: kernel linked to .*, put at \(0x[0-9a-f]*\).*/\1/p' \
		"$parent/$1/console" | head -n 1
}

# Spoiled, there is nothing on the disk any more.
kaslr_hibernate() {
	local key

	truncate -s 512M "$dir/swap" && hibernate_initrd || return
	hibernate_boot first ""
	[ -z "$SPOIL" ] || truncate -s 0 "$dir/swap"
	truncate -s 512M "$dir/swap"
	hibernate_boot second again
	rm -f "$dir/swap"
	fatal_check "resumed" test "$(hibernate_said second resumed)" = yes
	for key in pattern module kernel-at text direct-map; do
		fatal_check "$key: $(hibernate_said first $key)" test \
			"$(hibernate_said second $key)" = \
			"$(hibernate_said first $key)"
	done
	fatal_check "a module is loaded" test -n "$(hibernate_said first module)"
	fatal_check "first put at $(hibernate_put first), it says" test \
		"$(hibernate_put first)" = "$(hibernate_said first kernel-at)"
	fatal_check "then put at $(hibernate_put second)" test \
		"$(hibernate_put second)" != "$(hibernate_put first)"
}
