# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034,SC2317 # variables of run.sh
#
# What kexec_file_load() must refuse, and what must not be left of it. Sourced by
# run.sh.

# What only the running kernel can tell: name, bits, address.
beyond='outside-ram 32 0x40000000
far-outside-ram 64 0x900000000
into-the-rom 32 0xe8000
over-the-gap 32 0x90000'

# refused_files DIRECTORY: fill it; prints a line for each
refused_files() {
	local name bits address

	gcc -O2 -Wall -Wextra -Wno-unused-function -I"$top/tests/include" \
		-I"$top/arch/i386/kernel" -o "$dir/refuse" "$here/refuse.c" &&
		"$dir/refuse" "$1" || return
	while read -r name bits address; do
		make_hello "$bits" "$address" 4096 "$1/$name" || return
		echo "$name"
	done <<< "$beyond"
}

# All of them have been tried, and the kernel has said what it thinks.
fuzzed_files() {
	sort "$dir/fuzzed" | diff - <(tr -d '\r' < "$dir/report" |
		sed -nE 's/^load-([^ ]+) (ok|E[A-Z0-9]+)$/\1/p' |
		grep -xFf "$dir/fuzzed" | sort)
}

# Whatever is no good gets an errno; the kernel stays as it was, and has all of
# its memory: it says nothing worse than that (panic_on_warn).
test_refuse() {
	local mib=512 first=elfImage name text files lost other

	guest_root && mkdir "$dir/root/refuse" "$dir/root/corpus" &&
		tar -xJf "$top/tests/fuzz/corpus/elf-plan.tar.xz" \
			-C "$dir/root/corpus" &&
		find "$dir/root/corpus" -type f -printf '%f\n' \
			> "$dir/fuzzed" &&
		refused_files "$dir/root/refuse" > "$dir/names" || return
	printf '%s\n' "refuse hello -" > "$dir/root/hops"
	cp "$dir/root/hops" "$dir/"
	make_hello 32 0x2000000 4096 "$dir/root/hello" && guest_archive ||
		return
	start_guest log_buf_len=1M
	wait_for 1 '^end-loads' "$dir/report"
	files=$(wc -l < "$dir/names")
	while read -r name text; do
		result "$name${text:+: $text}" \
			grep -qxE "load-$name E[A-Z0-9]*" "$dir/report"
	done < "$dir/names"
	result "an initrd of half the memory" \
		grep -qx 'load-large-initrd load: .*' "$dir/report"
	result "a command line that would be cut" \
		grep -qx 'load-long-cmdline load: Invalid argument' \
		"$dir/report"
	result "the longest that is not" grep -qx 'load-longest-cmdline ' \
		"$dir/report"
	# Of what is no ELF file another loader has told.
	other=$(sed -n 's/^not-elf //p' "$dir/report" | tr -d '\r')
	result "one error message each" \
		grep -qx "reasons $((files + 2 - other))" "$dir/report"
	# Of what a fuzzer has found some may even be good.
	result "fuzzed files" fuzzed_files
	result "1000 loads" grep -qx 'loads 1000' "$dir/report"
	lost=$(sed -n 's/^lost-kib //p' "$dir/report")
	echo "lost $lost KiB"
	result "no memory is lost" test "${lost:-99999}" -lt 512
	result "no complaint" not grep -aE 'WARNING|BUG|Oops|panic' \
		"$dir/console"
}
