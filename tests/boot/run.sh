#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Boot tests: real kernels by real loaders under emulation. The guest's own
# report decides (init.c, judge.py). matrix has the loaders that must boot,
# fatal.sh what must stop with a message. Over 200 lines, because a boot from the
# list to its verdict is one flow through variables that all of it shares.

boot=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# shellcheck source-path=SCRIPTDIR source=../lib/build.sh
. "$boot/../lib/build.sh"
# shellcheck source-path=SCRIPTDIR source=rows.sh
. "$boot/rows.sh"
# shellcheck source-path=SCRIPTDIR source=initrd.sh
. "$boot/initrd.sh"
# shellcheck source-path=SCRIPTDIR source=loaders.sh
. "$boot/loaders.sh"
# shellcheck source-path=SCRIPTDIR source=grub.sh
. "$boot/grub.sh"
# shellcheck source-path=SCRIPTDIR source=disks.sh
. "$boot/disks.sh"
# shellcheck source-path=SCRIPTDIR source=hypervisors.sh
. "$boot/hypervisors.sh"
# shellcheck source-path=SCRIPTDIR source=efi.sh
. "$boot/efi.sh"
# shellcheck source-path=SCRIPTDIR source=efi-callers.sh
. "$boot/efi-callers.sh"
# shellcheck source-path=SCRIPTDIR source=efi-secure.sh
. "$boot/efi-secure.sh"
# shellcheck source-path=SCRIPTDIR source=efi-protected.sh
. "$boot/efi-protected.sh"
# shellcheck source-path=SCRIPTDIR source=coreboot.sh
. "$boot/coreboot.sh"
# shellcheck source-path=SCRIPTDIR source=testloader.sh
. "$boot/testloader.sh"
# shellcheck source-path=SCRIPTDIR source=debian.sh
. "$boot/debian.sh"
# shellcheck source-path=SCRIPTDIR source=fatal.sh
. "$boot/fatal.sh"
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$boot/expect.sh"
# shellcheck source-path=SCRIPTDIR source=resident.sh
. "$boot/resident.sh"
# shellcheck source-path=SCRIPTDIR source=kaslr.sh
. "$boot/kaslr.sh"
# shellcheck source-path=SCRIPTDIR source=kaslr-loaders.sh
. "$boot/kaslr-loaders.sh"
# shellcheck source-path=SCRIPTDIR source=kaslr-hibernate.sh
. "$boot/kaslr-hibernate.sh"
# shellcheck source-path=SCRIPTDIR source=untouched.sh
. "$boot/untouched.sh"
# shellcheck source-path=SCRIPTDIR source=../netboot/netboot.sh
. "$boot/../netboot/netboot.sh"

patience=$(patient 240)		# seconds until a boot has failed

# A test and the same one spoiled may run at the same time.
boots=$build/boot${SPOIL:+/spoiled}

# Other ways to build a kernel (kconfig/variant-*.config), as ARCH/KERNEL-NAME,
# and by what each is booted.
variants="x86_64/6.1-llvm i386/6.1-nohighmem i386/6.1-highmem4g
	x86_64/6.1-distro x86_64/7.2-distro x86_64/6.1-kasan
	x86_64/6.1-norelocatable x86_64/6.1-start64m i386/6.1-tiny
	x86_64/6.1-allno"
variant_loaders="qemu-multiboot qemu-pvh vmlinux-pvh ipxe-elf bzimage-on"

# "NAME TIER" lines.
list() {
	local kernel tier arches arch loader variant when

	[ -r "$boot/../kernels.list" ] && [ -r "$boot/matrix" ] || return

	while read -r kernel _ _ _ tier arches; do
		for arch in ${arches//,/ }; do
			for loader in $(rows | cut -d' ' -f1) $(fatal_tests "$arch"); do
				when=$(tier_of "$loader/$arch" "$tier") &&
					echo "$loader/$arch/$kernel $when"
			done
			while read -r loader when; do
				echo "$loader/$arch/$kernel ${when/#-/$tier}"
			done < <(kaslr_tests)
			[[ " $untouched_kernels " != *" $kernel "* ]] ||
				echo "untouched/$arch/$kernel all"
		done
	done < <(grep -v '^#' "$boot/../kernels.list")
	printf "%s\n" "dnsmasq-pxe/x86_64/6.1 check" "dnsmasq-pxe/i386/6.1 all" \
		"dnsmasq-uefi/x86_64/6.1 all"
	echo "kaslr-hibernate/x86_64/6.1-hibernate all"
	debian_tests
	uefi_tests
	hypervisor_tests
	version_tests
	for variant in $variants; do
		for loader in $variant_loaders; do
			echo "$loader/$variant all"
		done
	done
}

# Lines "NAME TIER": those of later.list are for make check-all
postpone() {
	local name tier pattern later

	mapfile -t later < <(sed '/^#/d; s/[[:blank:]].*//' "$boot/later.list")
	while read -r name tier; do
		for pattern in "${later[@]}"; do
			# shellcheck disable=SC2053 # it is a pattern
			[[ $name != $pattern ]] || tier=all
		done
		echo "$name $tier"
	done
}

dash() {
	[ "$1" = - ] || echo "${1//_/ }"
}

builtin_cmdline() {
	is_debian || sed -n 's/^CONFIG_CMDLINE="\(.*\)"$/\1/p' \
		"$images/kbuild/.config"
}

# Built with minimal.config: one CPU.
is_minimal() {
	[[ $kernel == *-tiny || $kernel == *-allno ]]
}

# Built with CONFIG_STRICT_DEVMEM: init cannot read the initrd in memory.
hides_memory() {
	is_debian || [[ $kernel == *-distro ]]
}

# What init has drawn must be on the screen.
check_screen() {
	"$boot/monitor.py" "$dir/monitor" "screendump \"$dir/screen.ppm\"" \
		> /dev/null
	if "$boot/screen.py" "$dir/screen.ppm" "$screen"; then
		echo "ok $1, screen"
	else
		echo "not ok $1, screen"
	fi
}

# Until the guest has said "end", or the emulator has.
wait_for_report() {
	local tick

	for ((tick = 0; tick < patience * 5; tick++)); do
		grep -qs '^end' "$dir/report" && break
		kill -0 "$emulator" 2>/dev/null || break
		sleep 0.2
	done
	if is_debian; then
		debian_efi_map
	elif [ -n "$screen" ]; then
		check_screen "${dir##*/}"
	fi
	kill "$emulator" 2>/dev/null
	wait "$emulator" 2>/dev/null
	grep -qs '^end' "$dir/report"
}

show_console() {
	echo "no report; the last lines of the console:"
	tail -n 15 "$dir/console" 2>/dev/null | tr -d '\r\033'
	tail -n 5 "$dir/emulator"
}

# Documentation/loaders.md tells what this loader was told.
check_commands() {
	diff <(sed -n "s/^$loader\t//p" "$boot/commands") "$dir/commands"
}

# boot_machine CPUSxMIB[:VARIANT]
boot_machine() {
	local machine=${1%%:*} variant=${1#*:} seconds=$SECONDS
	local cpus=${machine%x*} mib=${machine#*x} cpus_found=${machine%x*}
	local prefix='' corrupt=0 screen='' firmware_log='' also=()
	local map_name=qemu-pc map_of='' map_path='' map_above='' map_hidden=''
	local modules=("$initrd") cmdline=$cmdline initrd=$initrd
	local more_checks=true

	! is_minimal || cpus_found=1
	dir=$boots/$loader${loader_suite:+@$loader_suite}/$arch/$kernel/${1/:/-}
	rm -rf "$dir"
	mkdir -p "$dir"
	: > "$dir/commands"
	"start_$start" || {
		echo "not ok $1"
		return
	}
	if ! wait_for_report; then
		show_console
		echo "not ok $1"
		return
	fi
	echo "complaints $(complaints)" >> "$dir/report"
	{ expect; expect_map; } > "$dir/expected"
	! is_debian || debian_knows "$dir/expected"
	[ -z "$SPOIL" ] || sed -i "s/^cpus .*/cpus spoiled/" "$dir/expected"
	if "$boot/judge.py" "$dir/report" "$dir/expected" && check_commands &&
		$more_checks
	then
		echo "ok $1, $((SECONDS - seconds)) s"
	else
		echo "not ok $1"
	fi
}

# A spoiled run needs one machine only, and so does a kernel of Debian's or
# another release's loader in make check, which leaves the slow ones out. On i386
# one loader shows there what stub and kernel do with much memory and four CPUs.
# A variant FIRST-LAST is that many machines.
pick_machines() {
	local all=${1//\//,} machine

	[ -z "$CHECK" ] || all=${1%%/*}
	[ -z "$SPOIL" ] || all=${all%%,*}
	if [ -n "$CHECK" ] && { is_debian || [ -n "$loader_suite" ]; }; then
		all=${all%%,*}
	fi
	if [ -n "$CHECK" ] && [ "$arch" = i386 ] &&
	   [ "$loader" != qemu-multiboot ]; then
		all=$(sed -E 's/,4x[0-9]+(,|$)/\1/' <<< "$all")
	fi
	for machine in ${all//,/ }; do
		if [[ $machine =~ ^(.*:)([0-9]+)-([0-9]+)$ ]]; then
			seq -f "${BASH_REMATCH[1]}%g" \
				"${BASH_REMATCH[2]}" "${BASH_REMATCH[3]}"
		else
			echo "$machine"
		fi
	done
}

run() {
	local loader arch kernel images start image machines machine
	local protocol map_source cmdline_source initrd_source firmware
	local type loader_name release
	local loader_key=- loader_suite='' loader_root='' loader_version=''
	local cmdline="retain_initrd quiet word=1"

	IFS=/ read -r loader arch kernel <<< "$1"
	[[ $loader != *@* ]] || loader_suite=${loader#*@}
	loader=${loader%@*}
	release="${kernel%%-*}\\..*"
	if [ "$loader" = untouched ]; then
		untouched_test
		return
	fi
	if [[ $loader == dnsmasq-* ]]; then
		netboot_test
		return
	fi
	if is_debian; then
		need_debian || return
	else
		need_kernel_named "$kernel" "$arch" && need_initrd || return
		images=$build/${kernel%%-*}/$arch
		[ "$kernel" = "${kernel%%-*}" ] || images+=-${kernel#*-}
	fi
	if [ "$loader" = unpacked-bytes ]; then
		unpacked_bytes
		return
	fi
	if is_kaslr "$loader"; then
		kaslr_test "$loader"
		return
	fi
	if is_fatal "$loader"; then
		fatal_test "$loader"
		return
	fi
	read_row && need_loader || return
	image=$images/$image
	! is_debian || debian_row
	for machine in $(pick_machines "$machines"); do
		boot_machine "$machine"
	done
}

case $1 in
list)	set -o pipefail; list | postpone; exit ;;
run)	run "$2"; exit ;;	# whatever becomes of this file meanwhile
esac
