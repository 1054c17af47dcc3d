#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Instructions from the reboot system call through kexec to init: elfImage and
# bzImage, both loaded by kexec_file_load(), without kexec-tools. Each twice, as
# they must agree.

here=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# shellcheck source-path=SCRIPTDIR source=../lib/build.sh
. "$here/../lib/build.sh"
# shellcheck source-path=SCRIPTDIR source=tools.sh
. "$here/tools.sh"

export ELFBOOT_RUN=${ELFBOOT_RUN:-$$-$EPOCHSECONDS}	# build once
kernel=6.1
arch=x86_64

# Title, variant of the build, file.
rows() {
	cat <<-'END'
	bzImage,gzip	-	bzImage
	elfImage	-	elfImage
	bzImage,zstd	zstd	bzImage
	END
}

# make_archive FILE: for the kernel that loads it; the next one gets no more
# than an init
make_archive() {
	rm -rf "$dir"
	mkdir -p "$dir/next"
	guest_root || return
	cp "$1" "$dir/root/image"
	cp "$dir/root/bin/load" "$dir/next/init"
	(cd "$dir/next" && echo init | cpio -o -H newc --quiet) \
		> "$dir/root/other" || return
	echo "other image -" > "$dir/root/hops"
	guest_archive
}

# Prints instructions.
count_once() {
	timeout 300 qemu-system-x86_64 -accel tcg -icount shift=0,sleep=off \
		-rtc base=2002-01-01,clock=vm -nodefaults -no-reboot \
		-display none -m 256 -kernel "$images/elfImage" \
		-initrd "$dir/initrd" -append "retain_initrd quiet hop=0" \
		-serial "file:$dir/console" -serial "file:$dir/report" \
		> "$dir/emulator" 2>&1
	tr -d '\r' < "$dir/report" | sed -n 's/^counted //p'
}

count() {
	local first again

	make_archive "$1" || return
	first=$(count_once)
	again=$(count_once)
	if [ -z "$first" ] || [ "$first" != "$again" ]; then
		say "$1: $first, then $again: no figures"
		return 1
	fi
	echo "$first"
}

need_kernel "$kernel" "$arch" >&2 || exit
images=$build/$kernel/$arch
tool=$images/kbuild/arch/x86/boot/elf/tools/mkelfImage
dir=$build/bench/kexec
baseline=
printf '%-24s %14s %10s\n' "kexec_file_load" instructions ratio
while read -r title variant file; do
	[ "$variant" = - ] && variant=
	need_kernel "$kernel" "$arch" "$variant" >&2 || exit 1
	total=$(count "$build/$kernel/$arch${variant:+-$variant}/$file") || exit
	baseline=${baseline:-$total}
	printf '%-24s %14d %10s\n' "${title//,/, }" "$total" \
		"$(awk "BEGIN { printf \"%.3f\", $total / $baseline }")"
	printf 'kexec\t%s\t%d\n' "${title//,/, }" "$total" \
		>> "${ELFBOOT_FIGURES:-/dev/null}"
done < <(rows)
