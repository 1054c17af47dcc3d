#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# From nothing to a netbooted userland: fetch a kernel, patch it, build its
# elfImage, and let the stock iPXE ROM in QEMU load it by TFTP.

demo=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# shellcheck source-path=SCRIPTDIR source=../../tests/lib/build.sh
. "$demo/../../tests/lib/build.sh"

kernel=6.1
arch=x86_64
dir=$build/demo

step() {
	echo "==> $*"
}

fail() {
	echo "demo: failed: $*" >&2
	exit 1
}

# What the build has come to, every ten seconds.
show_progress() {
	local log=$build/$kernel/$arch/build.log

	while sleep 10; do
		printf '    %6d steps; %s\n' "$(wc -l < "$log")" \
			"$(grep -aE '^  [A-Z]' "$log" | tail -n 1)"
	done 2>/dev/null
}

make_initrd() {
	rm -rf "$dir"
	mkdir -p "$dir/root/bin" "$dir/tftp"
	cp /bin/busybox "$dir/root/bin/"
	ln -s busybox "$dir/root/bin/sh"
	install -m 755 "$demo/init" "$dir/root/init"
	(cd "$dir/root" && find . | cpio -o -H newc --quiet) |
		gzip > "$dir/tftp/initrd"
}

netboot() {
	cp "$build/$kernel/$arch/elfImage" "$dir/tftp/"
	cat > "$dir/tftp/boot.ipxe" <<-'END'
	#!ipxe
	kernel tftp://10.0.2.2/elfImage quiet demo=1
	initrd tftp://10.0.2.2/initrd
	boot
	END
	timeout 180 qemu-system-x86_64 -accel tcg -m 256 -smp 2 -nodefaults \
		-no-reboot -display none -serial stdio \
		-serial "file:$dir/report" \
		-netdev "user,id=net,tftp=$dir/tftp,bootfile=boot.ipxe" \
		-device e1000,netdev=net -boot n < /dev/null |
		tr -d '\r' | sed -u 's/\x1b\[[0-9;?]*[A-Za-z]//g'
}

step "packages"
"$top/scripts/packages.sh" build boot demo ||
	fail "a package could not be installed"
step "Linux $kernel: unpack a copy, patch it, build it and its elfImage" \
	"(10 minutes on two cores, once)"
show_progress &
progress=$!
trap 'kill $progress 2>/dev/null' EXIT
need_kernel "$kernel" "$arch" || fail "the build; see $build/$kernel/$arch/build.log"
kill $progress
wait $progress 2>/dev/null
stat -c '    %n: %s bytes' "$build/$kernel/$arch/elfImage"
step "busybox userland"
make_initrd || fail "the initrd"
step "netboot: QEMU, iPXE, TFTP"
netboot
grep -qs '^userland protocol=multiboot loader=iPXE' "$dir/report" ||
	fail "userland did not report; what it said: $(cat "$dir/report" 2>/dev/null)"
echo "demo: ok"
