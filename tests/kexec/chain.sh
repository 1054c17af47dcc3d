# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034,SC2317 # variables of run.sh
#
# Chains of kernels: what each hop is, and what its kernel must say. Sourced by
# run.sh.

# Of kernels of 32 bits.
expect_narrow() {
	local image

	for image in elfImage vmlinux; do
		printf "of $image-i386 %s\n" "machine i686" \
			"initrd-sha256 $(digest "$initrd")"
	done
}

# What each kernel of a chain must say.
expect_chain() {
	local map=$here/map-$mib

	echo "cpus $cpus"
	echo "~kernel ${kernel}\\..*"
	echo "machine ${arch/i386/i686}"
	echo "initrd-unpacked yes"
	echo "builtin-cmdline $(builtin_cmdline)"
	echo "initrd-sha256 $(digest "$dir/initrd")"
	[ -z "$initrd" ] || expect_narrow
	[ -z "$debian" ] || expect_debian
	[ ! -d "$dir/http" ] || expect_devices
	[ -f "$dir/disk" ] || map=$boot/maps/qemu-pc-$mib
	cat "$map"
}

# The ways take turns.
hops_all() {
	cat <<-END
	bare elfImage word=1
	args_elf elfImage -
	bare zelfImage -
	args_linux elfImage word=2
	bare vmlinux -
	END
}

# The same, and what there is no way back from.
hops_short() {
	hops_all
	echo "other elfImage-i386 -"
}

# What is not signed is not taken.
hops_signed() {
	cat <<-END
	bare elfImage word=1
	bare zelfImage -
	elfkexec_force vmlinux word=2
	bare elfImage -
	END
}

# To a kernel of 32 bits that is as the linker has left it.
hops_narrow() {
	echo "other vmlinux-i386 -"
}

# take_turns HOPS IMAGE WORDS: the number of the hop is added to those
take_turns() {
	local ways=(bare args_elf bare args_linux) hop

	for ((hop = 0; hop < $1; hop++)); do
		echo "${ways[hop % 4]} $2 $3$hop"
	done
}

# Until the counter is at 100.
hops_long() {
	take_turns 100 elfImage word=
}

# The jump is asked for on each CPU in turn while all are busy, and the kernel
# told that it should be done there.
hops_cpus() {
	local way cpu

	take_turns $((2 * cpus)) elfImage - |
		while read -r way _ cpu; do
			cpu=$((${cpu#-} % cpus))
			echo "$way elfImage busy,cpu=$cpu,reboot=s$cpu"
		done
}

# Each of six chooses its own place.
hops_kaslr() {
	take_turns 6 elfImage word=
}

expect_kaslr() {
	echo "of elfImage random 7"
	echo "different kernel-at text direct-map"
}

# By the command for people.
hops_elfkexec() {
	cat <<-END
	elfkexec_force elfImage word=1
	elfkexec_exec zelfImage -
	elfkexec_join vmlinux word=2
	END
}

# The hook has run, and who was there has had SIGTERM; archives are joined as the
# stub and mkelfImage join them: zeros between two.
expect_elfkexec() {
	printf 'of elfImage %s\n' "hook kexec" "terminated yes"
	echo "of vmlinux initrd-sha256 $({
		cat "$dir/initrd"
		head -c 4 /dev/zero
		cat "$initrd"
	} | digest /dev/stdin)"
}

# With non-maskable interrupts all the time.
hops_nmi() {
	take_turns 8 elfImage word=
}

# Each kernel uses the devices that the one before has left in full flight.
hops_devices() {
	cat <<-END
	bare elfImage devices
	args_linux elfImage devices
	args_elf elfImage devices
	bare vmlinux devices
	END
}

# kexec-tools of 32 bits; this kernel has no disks.
hops_i386() {
	cat <<-END
	args_elf elfImage word=1
	args_linux elfImage -
	args_elf zelfImage -
	args_linux vmlinux word=2
	END
}

# The images that the hops name: where each of them is built.
chain_images() {
	local name directory

	mkdir -p "$dir/images"
	while read -r name; do
		directory=$images
		[[ $name != *-i386 ]] || directory=$build/$kernel/i386
		ln "$directory/${name%-i386}" "$dir/images/$name" || return
	done < <(cut -d' ' -f2 "$dir/hops" | sort -u)
	[[ $variant != signed* ]] || sign_images || return
	# Most kernels have no driver for a disk.
	if [ "$variant" != kexec-devices ]; then
		cp "$dir/images"/* "$dir/root/"
	fi
	need_initrd && cp "$initrd" "$dir/root/other" || return
}

test_chain() {
	local mib=512 first=bzImage seconds=$SECONDS hops last lifetime
	local options=() initrd

	guest_root || return
	"hops_$1" > "$dir/hops"
	hops=$(wc -l < "$dir/hops")
	cp "$dir/hops" "$dir/root/"
	chain_images || return
	guest_archive && guest_disk "$dir/images"/* || return
	last=$((hops + 1))
	patience=$((patience + hops * 20))
	lifetime=$((patience + 60))
	[ "$1" != devices ] || add_devices
	start_guest "" "${options[@]}"
	[ "$1" != nmi ] || add_nmis
	# The last one has something to say behind its report.
	[ "$1" != devices ] || last=$((last + 1))
	wait_for "$last" '^end' "$dir/report"
	expect_chain > "$dir/expected"
	[ "$1" != kaslr ] || expect_kaslr >> "$dir/expected"
	[ "$1" != elfkexec ] || expect_elfkexec >> "$dir/expected"
	spoil
	if "$here/chain.py" "$dir/report" "$dir/hops" "$dir/expected"; then
		echo "ok $hops hops, $((SECONDS - seconds)) s"
	else
		show_console
		echo "not ok $hops hops"
	fi
}
