# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034,SC2317 # variables of run.sh
#
# Chains of kernels that hand on what is in memory. Sourced by run.sh.

# handover_chain WORD [WORDS]: so that each kind of image is handed something; WORD is
# what each kernel has to tell, WORDS are for the first one
handover_chain() {
	local word=$1 mib=1536 first=bzImage image

	guest_root || return
	for image in elfImage elfImage zelfImage elfImage vmlinux; do
		echo "bare $image $word"
	done > "$dir/hops"
	cp "$dir/hops" "$dir/root/"
	cp "$images"/{elfImage,zelfImage,vmlinux} "$dir/root/" || return
	guest_archive || return
	patience=$((patience * 2))
	start_guest "$*"
	# What is behind the last report comes before the end.
	wait_for 7 '^end' "$dir/report"
	{
		(mib=512; expect_chain) | sed 's/0x1ff\([def]\)/0x5ff\1/g'
		echo "first qemu $*"
		echo "next keeps yes"
	} > "$dir/expected"
	spoil
	result "five hops" "$here/chain.py" "$dir/report" "$dir/hops" \
		"$dir/expected"
}

# The list of each kernel begins with that of the one before.
test_ima() {
	local initrd='' hop told=''

	handover_chain ima || return
	tr -d '\r' < "$dir/report" > "$dir/told"
	for hop in 0 1 2 3 4 5; do
		[ "$hop" = 0 ] || told+=" hop=$hop"
		result "measured up to kernel $hop" grep -qx \
			"ima-$hop aggregates $((hop + 1))$told" "$dir/told"
	done
}

# Each second kernel finds what the one before has left in its memory.
test_kho() {
	local initrd='' hop

	handover_chain kho kho=on kho_scratch=768M,64M,64M || return
	tr -d '\r' < "$dir/report" > "$dir/told"
	for hop in 1 3 5; do
		result "memory has been handed over to kernel $hop" \
			grep -qx "kho-$hop succeeded" "$dir/told"
	done
}
