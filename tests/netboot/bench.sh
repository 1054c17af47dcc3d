#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# elfImage and zelfImage against the same kernel's bzImage, by iPXE over HTTP:
# bytes to transfer, and time from iPXE's first request, which is for its
# script, to init's report. Debian's kernel comes with an initrd, over links of two
# speeds: unpacked it is larger, and starts sooner. Time does not repeat as
# instructions do: files take turns, and the medians are compared.

tests=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# shellcheck source-path=SCRIPTDIR source=../lib/build.sh
. "$tests/lib/build.sh"
# shellcheck source-path=SCRIPTDIR source=../bench/debian.sh
. "$tests/bench/debian.sh"

export ELFBOOT_RUN=${ELFBOOT_RUN:-$$-$EPOCHSECONDS}	# build once
arch=x86_64
dir=$build/bench/net

# What is measured: title, whose kernel, file, Mbit/s of the link ("-": as fast as it
# goes), how often. The others are compared with the bzImage before them.
rows() {
	cat <<-'END'
	bzImage			6.1	bzImage		-	7
	elfImage		6.1	elfImage	-	7
	zelfImage		6.1	zelfImage	-	7
	bzImage,Debian's,1_Gbit/s		debian	bzImage		1000	3
	unpacked_elfImage,1_Gbit/s		debian	elfImage	1000	3
	zelfImage,1_Gbit/s			debian	zelfImage	1000	3
	bzImage,Debian's,100_Mbit/s		debian	bzImage		100	3
	unpacked_elfImage,100_Mbit/s		debian	elfImage	100	3
	zelfImage,100_Mbit/s			debian	zelfImage	100	3
	END
}

# path_of WHOSE FILE
path_of() {
	if [ "$1" = debian ]; then
		debian_path "$2"
	else
		echo "$build/$1/$arch/$2"
	fi
}

# boot_once WHOSE FILE RATE: prints ms
boot_once() {
	local http=$dir/http name=kernel-$2

	rm -rf "$http" "$dir/report"
	mkdir "$http"
	ln "$(path_of "$1" "$2")" "$http/$name" &&
		ln "$debian/initrd" "$http/" || return
	{
		printf '#!ipxe\nkernel %s quiet\n' "$name"
		[ "$1" != debian ] || echo "initrd initrd"
		echo boot
	} > "$http/boot.ipxe"
	timeout 300 qemu-system-x86_64 -accel tcg -nodefaults -no-reboot \
		-display none -vga std -m 512 -boot n \
		-serial "file:$dir/console" -serial "file:$dir/report" \
		-netdev "user,id=net,bootfile=http://10.0.2.100/boot.ipxe,$(
		)guestfwd=tcp:10.0.2.100:80-cmd:$tests/netboot/timed-httpd $http $3" \
		-device e1000,netdev=net > "$dir/emulator" 2>&1
	grep -qs '^end' "$dir/report" || return
	echo $((($(date -r "$dir/report" +%s%N) - $(head -n 1 "$http/requests")) / 1000000))
}

# median FILE: of the numbers in it
median() {
	sort -n "$1" | sed -n "$((($(wc -l < "$1") + 1) / 2))p"
}

# ratio NUMBER BASE
ratio() {
	awk "BEGIN { printf \"%.3f\", $1 / $2 }"
}

# measure TURN: all that have not been measured so often yet
measure() {
	local row=0 title whose file rate turns

	while read -r title whose file rate turns; do
		row=$((row + 1))
		[ "$1" -le "$turns" ] || continue
		boot_once "$whose" "$file" "$rate" >> "$dir/$row.ms" || {
			say "$title: no figures"
			return 1
		}
	done < <(rows)
}

print_figures() {
	local row=0 title whose file rate size time base_size base_time

	while read -r title whose file rate _; do
		row=$((row + 1))
		title=${title//,/, }
		title=${title//_/ }
		size=$(stat -c %s "$(path_of "$whose" "$file")")
		time=$(median "$dir/$row.ms")
		if [ "$file" = bzImage ]; then
			base_size=$size
			base_time=$time
		fi
		printf '%-32s %12d %10s %14d %10s\n' "$title" \
			"$size" "$(ratio "$size" "$base_size")" \
			"$time" "$(ratio "$time" "$base_time")"
		printf 'netboot\t%s\t%d\t%d\n' "$title" "$size" "$time" \
			>> "${ELFBOOT_FIGURES:-/dev/null}"
	done < <(rows)
}

need_kernel 6.1 "$arch" >&2 || exit
need_debian_forms >&2 || exit
rm -rf "$dir"
mkdir -p "$dir"
for turn in 1 2 3 4 5 6 7; do
	measure "$turn" || exit
done
printf '%-32s %12s %10s %14s %10s\n' "iPXE, HTTP" bytes ratio ms ratio
print_figures
