# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034,SC2317 # variables of run.sh
#
# What elfkexec says in a guest, of what can be done and of what cannot. Sourced by
# run.sh.

test_elfkexec() {
	local mib=512 first=elfImage name text

	guest_root && make_hello 32 0x2000000 4096 "$dir/root/hello" &&
		make_hello 32 0x40000000 4096 "$dir/root/outside" &&
		head -c 4096 "$dir/root/hello" > "$dir/root/truncated" || return
	echo "elfkexec_tell hello -" > "$dir/root/hops"
	guest_archive || return
	start_guest
	wait_for 1 '^end-told' "$dir/report"
	tr -d '\r' < "$dir/report" > "$dir/told"
	while read -r name text; do
		result "$name" grep -qxE "told-$name $text" "$dir/told"
	done < <(sed '/^#/d; s/SAYS:/elfkexec: the kernel says: kexec-elf:/' \
		"$here/elfkexec.told")
}
