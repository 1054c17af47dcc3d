# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# What elfkexec says that it would do (--dry-run). Sourced by elfkexec.sh.

# shellcheck disable=SC2154,SC2034 # variables of elfkexec.sh

# append_message FILE: a signature of 200 bytes that are none
append_message() {
	head -c 200 /dev/zero >> "$1"
	printf '\0\0\2\0\0\0\0\0\0\0\0\310~Module signature appended~\n' >> "$1"
}

# What is loaded ends where the signature begins, though more is in the file.
make_signed() {
	local offset filesz

	cp "$dir/kernel" "$dir/signed"
	append_message "$dir/signed"
	head -c -50 "$dir/signed" > "$dir/damaged"
	printf '\1\0\2\0\0\0\0\0\0\0\0\310~Module signature appended~\n' \
		>> "$dir/damaged"
	read -r _ offset _ _ filesz _ < <(readelf -lW "$dir/kernel" |
		grep ' LOAD ')
	head -c $((offset + filesz - 1)) "$dir/kernel" > "$dir/cut"
	append_message "$dir/cut"
}

# What this machine's own kernel has to say comes last, and decides.
plans() {
	local text=$1

	shift
	"$program" --dry-run "$@" > "$dir/output" 2> "$dir/errors"
	grep -qxE -e "$text" "$dir/output" || { cat "$dir/output"; return 1; }
}

own_cmdline() {
	tr ' ' '\n' < /proc/cmdline |
		grep -vE '^(BOOT_IMAGE|initrd|elfcorehdr)=' | paste -sd ' ' |
		sed 's/[][\.*^$+?(){}|/]/./g; s/  */ /g; s/ $//'
}

test_plan() {
	printf 12345 > "$dir/five"
	printf 123 > "$dir/three"
	: > "$dir/empty"
	check "class" plans 'file +ELF64' "$dir/kernel"
	check "entry" plans 'entry +0x02000000' "$dir/kernel"
	check "part" plans \
		'part +0x02000000 to 0x02001000, 0x1 bytes from the file.*' \
		"$dir/kernel"
	check "no command line" plans 'cmdline +' "$dir/kernel"
	check "command line" plans 'cmdline +a  b=1' -a 'a  b=1' "$dir/kernel"
	check "the running kernel's, and more" \
		plans "cmdline +$(own_cmdline) b=1" --reuse-cmdline \
		--append=b=1 "$dir/kernel"
	check "one initrd" plans 'initrd +0x5 bytes' -i "$dir/five" \
		"$dir/kernel"
	# At a multiple of 4 with four zeros between them.
	check "two" plans 'initrd +0xf bytes' -i "$dir/five" -i "$dir/three" \
		"$dir/kernel"
	check "two with an empty one" plans 'initrd +0xf bytes' \
		-i "$dir/empty" -i "$dir/five" -i "$dir/empty" \
		-i "$dir/three" -i "$dir/empty" "$dir/kernel"
	check "signed" plans 'signature 0xc8 bytes, which is not verified here' \
		"$dir/signed"
	check "cut and then signed" \
		says 1 "elfkexec: $dir/cut: a segment is not in the file" \
		-n "$dir/cut"
	check "a damaged signature" \
		says 1 "elfkexec: $dir/damaged: its signature is damaged: .*" \
		-n "$dir/damaged"
	check "no ELF file" says 1 "elfkexec: $dir/five: not an ELF file" \
		-n "$dir/five"
	check "truncated" \
		says 1 "elfkexec: $dir/truncated: program headers are not in the file" \
		-n "$dir/truncated"
	check "no kernel" says 1 "elfkexec: /missing: No such file or directory" \
		-n /missing
	check "no initrd" says 1 "elfkexec: /missing: No such file or directory" \
		-n -i /missing "$dir/kernel"
	check "a directory" says 1 "elfkexec: $dir: not a file" \
		-n -i "$dir" "$dir/kernel"
	check "nothing in it" \
		says 1 "elfkexec: $dir/empty: not a file with anything in it" \
		-n "$dir/empty"
}

# crash_plans IOMEM TEXT FILE: what it says where /proc/iomem has these lines, and
# /proc/cpuinfo the flags in $flags; mounts of its own put them there.
crash_plans() {
	printf '%b' "$1" > "$dir/iomem"
	printf 'processor\t: 0\nflags\t\t: fpu %s lm\n' "$flags" > "$dir/cpuinfo"
	# shellcheck disable=SC2016 # the inner shell expands it
	unshare "${inside[@]}" sh -c 'mount --bind "$1/iomem" /proc/iomem &&
		mount --bind "$1/cpuinfo" /proc/cpuinfo &&
		exec "$2" --crash --dry-run "$3"' sh "$dir" "$program" \
		"$3" > "$dir/output" 2>&1
	grep -qxE -e "$2" "$dir/output" || { cat "$dir/output"; return 1; }
}

test_crash_plan() {
	local low='1000-ffffffff : System RAM\n  2b100800-32ffffff : Crash kernel\n'
	local high=$low'  220000000-22bffffff : Crash kernel\n'
	local small='1000-ffffffff : System RAM\n  2b100800-2b100fff : Crash kernel\n'
	local behind='1000-ffffffff : System RAM\n  400000-7fffff : Crash kernel\n'
	local inside=(--mount) flags=pae

	[ "$(id -u)" -eq 0 ] || inside=(--user --map-root-user --mount)
	ld -pie --no-dynamic-linker -z max-page-size=0x4000 -z norelro \
		-o "$dir/movable" "$dir/kernel.o" || fail "a movable program"
	{ echo '.globl _start; _start: hlt' | as --32 -o "$dir/kernel.32.o" - &&
		ld -m elf_i386 -pie --no-dynamic-linker -z norelro \
			-o "$dir/movable.32" "$dir/kernel.32.o"; } ||
		fail "a movable program of 32 bits"
	"$root/tests/tool/make-vmlinux.py" x86_64 "$dir/vmlinux" kaslr ||
		fail "a kernel for 4 levels of page tables"
	check "crash: moved to a multiple of its alignment" crash_plans "$low" \
		'moved +by 0x2b104000, a multiple of 0x4000' "$dir/movable"
	check "crash: above 4 GiB, the other range is for devices" \
		crash_plans "$high" \
		'moved +by 0x220000000, a multiple of 0x4000' "$dir/movable"
	check "crash: no room" crash_plans "$small" \
		"elfkexec: no room for 0x[0-9a-f]+ bytes in the crash kernel's memory, 0x2b100800 to 0x2b101000" \
		"$dir/movable"
	check "crash: linked behind that memory" crash_plans "$behind" \
		"elfkexec: it is linked to 0x1000000, and can only be moved up: the crash kernel's memory is 0x400000 to 0x800000" \
		"$dir/vmlinux"
	check "crash: memory above 4 GiB, and a program of 32 bits" \
		crash_plans "$high" \
		"elfkexec: no room for 0x[0-9a-f]+ bytes below 0x100000000, where it has to end, in the crash kernel's memory, 0x220000000 to 0x22c000000" \
		"$dir/movable.32"
	check "crash: for 4 levels of page tables" crash_plans "$low" \
		'moved +by 0x2a200000, a multiple of 0x200000' "$dir/vmlinux"
	flags=la57
	check "crash: for 4 levels of page tables, and there are 5" \
		crash_plans "$low" \
		"elfkexec: it was built for 4 levels of page tables, and this kernel runs with 5" \
		"$dir/vmlinux"
	flags=la5
	check "crash: part of a flag's name is another one" crash_plans "$low" \
		'moved +by 0x2a200000, .*' "$dir/vmlinux"
	flags=pae
	check "crash: what stays where it is" crash_plans "$low" \
		'moved +no: it can only be where it is linked to' "$dir/kernel"
	check "crash: and is elsewhere" crash_plans "$low" \
		'part +0x02000000 to .*: this is not free RAM' "$dir/kernel"
	check "crash: no memory for one" crash_plans '1000-fff : System RAM\n' \
		'elfkexec: there is no memory for a crash kernel .*' \
		"$dir/movable"
}
