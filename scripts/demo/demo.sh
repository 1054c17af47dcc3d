#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Netboot with the stock iPXE ROM in QEMU, by TFTP: first a kernel that exists,
# Debian's own, as mkelfImage makes an ELF file of it; then one from its source:
# fetch a kernel, patch it, build its elfImage.

demo=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# shellcheck source-path=SCRIPTDIR source=../../tests/lib/build.sh
. "$demo/../../tests/lib/build.sh"
# shellcheck source-path=SCRIPTDIR source=progress.sh
. "$demo/progress.sh"

kernel=6.1
arch=x86_64
log_lines=1650			# of its build, on a new machine
dir=$build/demo

step() {
	echo "==> $*"
}

fail() {
	echo "demo: failed: $*" >&2
	exit 1
}

make_initrd() {
	rm -rf "$dir/root" "$dir/tftp"
	mkdir -p "$dir/root/bin" "$dir/tftp"
	cp /bin/busybox "$dir/root/bin/"
	ln -s busybox "$dir/root/bin/sh"
	install -m 755 "$demo/init" "$dir/root/init"
	(cd "$dir/root" && find . | cpio -o -H newc --quiet) |
		gzip > "$dir/tftp/initrd"
}

# The release that this machine has, or oldstable's.
suite() {
	sed -n 's/^VERSION_CODENAME=//p' /etc/os-release |
		grep -x 'bookworm\|trixie' || echo bookworm
}

need_debian_kernel() {
	[ -f "$dir/vmlinuz" ] ||
		"$top/scripts/fetch-kernel.sh" "$(suite)" amd64 \
			linux-image-amd64 "$dir/vmlinuz" > "$dir/version"
}

# netboot IMAGE: userland must say that iPXE has booted it by multiboot
netboot() {
	rm -f "$dir/report"
	cp "$1" "$dir/tftp/elfImage"
	cat > "$dir/tftp/boot.ipxe" <<-'END'
	#!ipxe
	kernel tftp://10.0.2.2/elfImage console=ttyS0 quiet panic=-1 demo=1
	initrd tftp://10.0.2.2/initrd
	boot
	END
	timeout 300 qemu-system-x86_64 -accel tcg -m 512 -smp 2 -nodefaults \
		-no-reboot -display none -serial stdio \
		-serial "file:$dir/report" \
		-netdev "user,id=net,tftp=$dir/tftp,bootfile=boot.ipxe" \
		-device e1000,netdev=net -boot n < /dev/null |
		tr -d '\r' | sed -u 's/\x1b\[[0-9;?]*[A-Za-z]//g'
	grep -qs '^userland protocol=multiboot loader=iPXE' "$dir/report" ||
		fail "userland did not report; what it said: $(
			cat "$dir/report" 2>/dev/null)"
}

demo_existing_kernel() {
	step "Debian's kernel: fetch it"
	need_debian_kernel || fail "Debian's kernel could not be fetched"
	step "make mkelfImage"
	make -C "$top" mkelfImage O="$dir/mkelfImage" > "$dir/build.log" 2>&1 ||
		fail "the build; see $dir/build.log"
	step "mkelfImage vmlinuz elfImage"
	"$dir/mkelfImage/tools/mkelfImage" "$dir/vmlinuz" "$dir/elfImage" ||
		fail "mkelfImage"
	stat -c '    %n: %s bytes' "$dir/vmlinuz" "$dir/elfImage"
	step "netboot: QEMU, iPXE, TFTP"
	netboot "$dir/elfImage"
	echo "demo: your kernel: ok"
}

demo_own_kernel() {
	local built=$build/$kernel/$arch

	step "Linux $kernel: unpack a copy, patch it, build it and its elfImage" \
		"(once)"
	with_progress "$built/build.log" "$log_lines" \
		need_kernel "$kernel" "$arch" ||
		fail "the build; see $built/build.log"
	stat -c '    %n: %s bytes' "$built/elfImage"
	step "netboot: QEMU, iPXE, TFTP"
	netboot "$built/elfImage"
	echo "demo: ok"
}

step "packages"
"$top/scripts/packages.sh" build boot demo ||
	fail "a package could not be installed"
mkdir -p "$dir"
make_initrd || fail "the initrd"
demo_existing_kernel
demo_own_kernel
