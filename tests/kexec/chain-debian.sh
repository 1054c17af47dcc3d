# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034,SC2317 # variables of run.sh
#
# From a kernel of ours to one that Debian has built. Sourced by run.sh.

# It does not let init read memory.
expect_debian() {
	printf 'of debian %s\n' builtin-cmdline initrd-sha256 "~kernel .*-amd64" \
		"sysfs-files 0" \
		"initrd-source composed" "filling-sha256 $(digest "$files")"
}

# A kernel that Debian has built: its modules, init and command line are in the
# image that mkelfImage has made of it, and the command line loses.
test_debian() {
	local mib=512 first=bzImage debian files initrd=

	files=$(debian_image) || return
	read -r debian files <<< "${files##*$'\n'}"
	guest_root || return
	cp "$debian" "$dir/root/debian"
	echo "plain debian console=ttyS0,panic=-1,no_timer_check" > "$dir/hops"
	cp "$dir/hops" "$dir/root/"
	guest_archive || return
	kernel=debian-bookworm start_guest
	wait_for 2 '^end' "$dir/report"
	expect_chain > "$dir/expected"
	spoil
	result "Debian's kernel" "$here/chain.py" "$dir/report" "$dir/hops" \
		"$dir/expected"
}

# Prints the image, and a file that its own initrd has.
debian_image() {
	(
		kernel="debian-bookworm"
		cmdline=
		need_debian && need_initrd &&
			echo "$images/elfImage $build/boot/initrd.d/filling"
	)
}
