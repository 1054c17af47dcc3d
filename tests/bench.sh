#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Instructions executed from reset to init and inside the stub. QEMU's
# "-icount shift=0,sleep=off" makes the time stamp counter count them, so the
# figures repeat exactly: each is what three runs agree on. Then what is measured
# in seconds: netboot, and mkelfImage against cp. The figures go into
# tests/bench/figures, and from there into Documentation/figures.md
# (bench/tables.py).

tests=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# shellcheck source-path=SCRIPTDIR source=firmware/rom.sh
. "$tests/firmware/rom.sh"
# shellcheck source-path=SCRIPTDIR source=bench/debian.sh
. "$tests/bench/debian.sh"
# shellcheck source-path=SCRIPTDIR source=bench/measure.sh
. "$tests/bench/measure.sh"

export ELFBOOT_RUN=${ELFBOOT_RUN:-$$-$EPOCHSECONDS}	# build once
kernel=6.1
arch=x86_64
dir=$build/bench

# Files that coreboot 26.06 for QEMU has in its flash before a user adds one:
# each is looked at on the way to the command line.
neighbour=$dir/neighbour
neighbours=()
for name in fallback/romstage fallback/ramstage fallback/postcar config revision \
	build_info fallback/dsdt.aml cmos_layout.bin etc/sercon-port \
	etc/show-boot-menu img/coreinfo img/nvramcui; do
	neighbours+=("$name=$neighbour")
done

# What is measured: title, variant of the build, file, and where from: QEMU's
# -kernel, perhaps with a word for the command line, or the payload slot of the
# test firmware, with that compression. All kernels have KASLR; with
# "movable_node" the stub leaves the physical place as it is. "debian" is Debian's
# kernel by QEMU's -kernel, with an initrd.
# The first of each way is what the others are compared with: mainline's PVH
# entry, without ELF_BOOT, and a bzImage by cbfstool's trampoline. There is no bzImage
# in lz4: cbfstool 4.15 writes zeros for a segment that does not become smaller, which
# the trampoline is.
rows() {
	cat <<-'END'
	vmlinux,mainline_PVH	pvh	vmlinux				kernel
	vmlinux,PVH		-	vmlinux				kernel
	elfImage,multiboot	-	elfImage			kernel
	elfImage,nokaslr	-	elfImage			kernel:nokaslr
	elfImage,virtual_only	-	elfImage			kernel:movable_node
	elfImage,PVH		-	elfImage-without-multiboot	kernel
	bzImage,lz4		lz4	bzImage				kernel
	bzImage,gzip		-	bzImage				kernel
	zelfImage,gzip		-	zelfImage			kernel
	bzImage,zstd		zstd	bzImage				kernel
	bzImage,payload		-	bzImage				none
	elfImage,payload	-	elfImage			none
	elfImage,payload_lz4	-	elfImage			lz4
	bzImage,payload_lzma	-	bzImage				lzma
	elfImage,payload_lzma	-	elfImage			lzma
	bzImage,Debian's_own	debian	bzImage				debian
	zelfImage		debian	zelfImage			debian
	unpacked_elfImage	debian	elfImage			debian
	END
}

# What the figures belong to.
put_facts() {
	local kbuild=$build/$kernel/$arch/kbuild

	echo "# What \"make bench\" has measured; Documentation/figures.md is made of it."
	printf '%s\t%s\n' \
		kernel "$(cat "$kbuild/include/config/kernel.release")" \
		emulator "$(qemu-system-x86_64 --version |
			sed -n 's/.*emulator version \([0-9.]*\).*/QEMU \1/p')" \
		commit "$(git -C "$top" rev-parse --short=12 HEAD)" \
		compiler "$(compiler_of "$kbuild")" \
		stub "$(stat -c %s "$kbuild/arch/x86/boot/elf/elfboot.bin")"
}

# path_of VARIANT FILE: built, if it has to be
path_of() {
	if [ "$1" = debian ]; then
		debian_path "$2"
		return
	fi
	need_kernel "$kernel" "$arch" "$1" >&2 || return
	echo "$build/$kernel/$arch${1:+-$1}/$2"
}

# table_of WAY: in bench/tables.py
table_of() {
	case $1 in
	kernel*)	echo boot ;;
	debian)		echo debian ;;
	*)		echo payload ;;
	esac
}

mkdir -p "$dir"
head -c 1000 /dev/zero > "$neighbour"
need_kernel "$kernel" "$arch" >&2 && need_debian_forms >&2 || exit 1
export ELFBOOT_FIGURES=$dir/figures
put_facts > "$ELFBOOT_FIGURES"
previous_way=
# For scripts/elfboot-report --bench.
results=$dir/results
printf '# file\tway\tbytes\tentry\tkernel\tinit\n' > "$results"
printf '%-24s %12s %14s %10s %9s\n' \
	file bytes instructions ratio "in stub"
while read -r title variant file way; do
	[ "$variant" = - ] && variant=
	path=$(path_of "$variant" "$file") || exit 1
	if ! prepare "$path" "$way" || ! figures=$(measure "$path"); then
		say "$path: no figures"
		exit 1
	fi
	read -r total entry left <<< "$figures"
	stub=$((left - entry))
	[ "${way%:*}" = "$previous_way" ] || baseline=$total
	previous_way=${way%:*}
	title=${title//,/, }
	title=${title//_/ }
	printf '%-24s %12d %14d %10s %9s\n' "$title" \
		"$bytes" "$total" \
		"$(awk "BEGIN { printf \"%.4f\", $total / $baseline }")" \
		"$([ "$stub" -gt 0 ] && echo "$stub" || echo -)"
	printf '%s\t%s\t%d\t%d\t%d\t%d\n' "$title" "$way" \
		"$bytes" "$entry" "$left" "$total" >> "$results"
	printf '%s\t%s\t%d\t%d\t%s\n' \
		"$(table_of "$way")" \
		"$title" "$bytes" "$total" \
		"$([ "$stub" -gt 0 ] && echo "$stub" || echo -)" \
		>> "$ELFBOOT_FIGURES"
done < <(rows)
echo
"$tests/netboot/bench.sh" || exit
echo
"$tests/tool/speed.sh" || exit
echo
"$tests/kexec/bench.sh" || exit
cp "$ELFBOOT_FIGURES" "$tests/bench/figures" &&
	"$tests/bench/tables.py" --write "$tests/bench/figures" \
		"$top/Documentation/figures.md" &&
	echo "these figures are in tests/bench/figures and Documentation/figures.md now"
