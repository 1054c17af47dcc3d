# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of run.sh
#
# What the report of a boot must say (judge.py). Sourced by run.sh.

# Whose memory map it is.
expect_map() {
	if [ -n "$map_of" ]; then
		echo "map-of $map_of"
		return
	fi
	cat "${map_path:-$boot/maps/$map_name-$mib}"
	[ -z "$map_above" ] || echo "map-above $("$map_above")"
	[ -z "$map_hidden" ] || echo "map-hidden $map_hidden"
	[ "$map_source" != pvh ] || echo "map-hole reserved"
}

expect_provenance() {
	if [ "$protocol" = - ]; then
		echo "provenance-nodes 0"
		echo "sysfs-files 0"
		return
	fi
	echo "provenance-nodes 1"
	echo "protocol $protocol"
	echo "~loader $(loader_pattern)"
	echo "firmware $(dash "$firmware")"
	echo "map-source $map_source"
	echo "cmdline-source $(dash "$cmdline_source")"
	echo "initrd-source $(dash "$initrd_source")"
	echo "corrupt $corrupt"
	echo "complaints $(bits "$corrupt")"
	# Debian's own kernels do not know of it.
	echo "sysfs-files $(is_debian && echo 0 || echo 18)"
}

# bits NUMBER: how many are set
bits() {
	local left=$1 count=0

	for ((; left; left >>= 1)); do
		count=$((count + (left & 1)))
	done
	echo "$count"
}

# What the stub has said of what it ignored; the kernel says it once more. (Load
# options are elfboot.efi's.)
complaints() {
	grep -aE 'elfboot: .* (ignored|cut): ' "$dir/console" |
		grep -avcE 'therefore ignored|load options ignored'
}

# Whether a loader passes a field: always when nobody else records it.
passed() {
	[ "$protocol" = - ] || [ "$1" != - ]
}

# What this loader is given, and says of itself.
expect() {
	local arguments=

	[[ $kernel != *-tiny ]] || echo "log none"
	echo "cpus $cpus_found"
	echo "~kernel $release"
	echo "machine ${arch/i386/i686}"
	echo "type-of-loader $type"
	echo "bootloader-type $((type))"
	expect_provenance
	passed "$cmdline_source" && arguments=" $prefix$cmdline"
	arguments=$(builtin_cmdline)$arguments
	echo "cmdline ${arguments# }"
	! is_unpacked || expect_kaslr
	[ ${#also[@]} -eq 0 ] || printf '%s\n' "${also[@]}"
	[ -z "$firmware_log" ] || echo "firmware-log $(coreboot_log)"
	if ! passed "$initrd_source" || [ ${#modules[@]} -eq 0 ]; then
		echo "initrd-sha256 none"
		return
	fi
	echo "initrd-unpacked yes"
	if hides_memory; then
		echo "filling-sha256 $(digest "$build/boot/initrd.d/filling")"
		return
	fi
	# Others may put it where i386 has to move it.
	[ "$protocol" = - ] ||
		echo "initrd-sha256 $(digest "$initrd")"
}
