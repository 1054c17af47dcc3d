#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Instructions executed from reset to init and inside the stub. QEMU's
# "-icount shift=0,sleep=off" makes the time stamp counter count them, so the
# figures repeat exactly: each is measured three times and must agree.

tests=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# shellcheck source-path=SCRIPTDIR source=lib/build.sh
. "$tests/lib/build.sh"

export ELFBOOT_RUN=${ELFBOOT_RUN:-$$-$EPOCHSECONDS}	# build once
kernel=6.1
arch=x86_64
dir=$build/bench

# What is measured: title, variant of the build, file. The first is what the
# others are compared with: mainline's PVH entry, without ELF_BOOT.
rows() {
	cat <<-'END'
	vmlinux,mainline_PVH	pvh	vmlinux
	vmlinux,PVH		-	vmlinux
	elfImage,multiboot	-	elfImage
	elfImage,PVH		-	elfImage-without-multiboot
	bzImage,lz4		lz4	bzImage
	bzImage,gzip		-	bzImage
	bzImage,zstd		zstd	bzImage
	END
}

# value KEY: of the last report
value() {
	sed -n "s/^$1 //p" "$dir/report"
}

# Prints "TOTAL STUB".
boot_once() {
	local entry left

	rm -f "$dir/report"
	timeout 300 qemu-system-x86_64 -accel tcg -icount shift=0,sleep=off \
		-rtc base=2002-01-01,clock=vm \
		-nodefaults -no-reboot -display none -m 256 \
		-serial "file:$dir/console" -serial "file:$dir/report" \
		-kernel "$1" -append quiet > "$dir/emulator" 2>&1
	grep -qs '^end' "$dir/report" || return 1
	entry=$(value tsc-entry)
	left=$(value tsc-kernel)
	echo "$(value tsc-init) $((${left:-0} - ${entry:-0}))"
}

measure() {
	local first again

	first=$(boot_once "$1") || return
	for again in 2 3; do
		again=$(boot_once "$1")
		[ "$again" = "$first" ] || {
			say "$1: $first, then $again: not repeatable"
			return 1
		}
	done
	echo "$first"
}

mkdir -p "$dir"
baseline=
printf '%-24s %12s %14s %10s %9s\n' \
	file bytes instructions ratio "in stub"
while read -r title variant file; do
	[ "$variant" = - ] && variant=
	need_kernel "$kernel" "$arch" "$variant" >&2 || exit 1
	path=$build/$kernel/$arch${variant:+-$variant}/$file
	figures=$(measure "$path") || {
		say "$path: no figures"
		exit 1
	}
	read -r total stub <<< "$figures"
	: "${baseline:=$total}"
	printf '%-24s %12d %14d %10s %9s\n' "${title//_/ }" \
		"$(stat -c %s "$path")" "$total" \
		"$(awk "BEGIN { printf \"%.4f\", $total / $baseline }")" \
		"$([ "$stub" -gt 0 ] && echo "$stub" || echo -)"
done < <(rows)
