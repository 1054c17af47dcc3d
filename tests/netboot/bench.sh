#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# elfImage and zelfImage against the same kernel's bzImage, by iPXE over HTTP:
# bytes to transfer, and time from iPXE's first request, which is for its
# script, to init's report. Time does not repeat as instructions do: they
# take turns, and the medians are compared.

tests=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# shellcheck source-path=SCRIPTDIR source=../lib/build.sh
. "$tests/lib/build.sh"

export ELFBOOT_RUN=${ELFBOOT_RUN:-$$-$EPOCHSECONDS}	# build once
turns=7
files='bzImage elfImage zelfImage'
images=$build/6.1/x86_64
dir=$build/bench/net

# boot_once FILE: prints ms
boot_once() {
	local http=$dir/http

	rm -rf "$http" "$dir/report"
	mkdir "$http"
	ln "$images/$1" "$http/"
	printf '#!ipxe\nkernel %s quiet\nboot\n' "$1" > "$http/boot.ipxe"
	timeout 120 qemu-system-x86_64 -accel tcg -nodefaults -no-reboot \
		-display none -vga std -m 256 -boot n \
		-serial "file:$dir/console" -serial "file:$dir/report" \
		-netdev "user,id=net,bootfile=http://10.0.2.100/boot.ipxe,$(
		)guestfwd=tcp:10.0.2.100:80-cmd:$tests/netboot/timed-httpd $http" \
		-device e1000,netdev=net > "$dir/emulator" 2>&1
	grep -qs '^end' "$dir/report" || return
	echo $((($(date -r "$dir/report" +%s%N) - $(head -n 1 "$http/requests")) / 1000000))
}

# median FILE
median() {
	sort -n "$dir/$1.ms" | sed -n "$((turns / 2 + 1))p"
}

bytes() {
	stat -c %s "$images/$1"
}

# ratio NUMBER BASE
ratio() {
	awk "BEGIN { printf \"%.3f\", $1 / $2 }"
}

need_kernel 6.1 x86_64 >&2 || exit
rm -rf "$dir"
mkdir -p "$dir"
for ((turn = 0; turn < turns; turn++)); do
	for file in $files; do
		boot_once "$file" >> "$dir/$file.ms" || {
			say "$file: no figures"
			exit 1
		}
	done
done
printf '%-24s %12s %10s %14s %10s\n' "iPXE, HTTP" bytes ratio ms ratio
for file in $files; do
	printf '%-24s %12d %10s %14d %10s\n' "$file" \
		"$(bytes "$file")" "$(ratio "$(bytes "$file")" "$(bytes bzImage)")" \
		"$(median "$file")" "$(ratio "$(median "$file")" "$(median bzImage)")"
	printf 'netboot\t%s\t%d\t%d\n' "$file" "$(bytes "$file")" \
		"$(median "$file")" >> "${ELFBOOT_FIGURES:-/dev/null}"
done
