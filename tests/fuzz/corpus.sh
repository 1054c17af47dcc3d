# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of run.sh
#
# How a corpus is made, by hand: seeds from the unit tests, what libFuzzer finds,
# and what is kept of both. Sourced by run.sh.

# build_fuzzer DRIVER: its name tells the program which driver is meant. The
# stub has a main() that clang takes for a wrong one; libFuzzer has its own.
build_fuzzer() {
	local program output=$build/fuzz-$1
	local -a files

	program=$(program_of "$1")
	[ -n "$program" ] || { echo "fuzz/run.sh: no driver $1" >&2; return 2; }
	is_newer "$output" && return
	read -r -d '' -a files < <(sources "$program")
	mkdir -p "$build"
	"${CLANG:-clang}" "${flags[@]}" -fsanitize=fuzzer -Dmain=elfboot_main \
		"$here/$program.c" "$here/driver.c" "${files[@]}" -o "$output"
}

# Where an input is found once, the next run begins.
fuzz() {
	local driver=$1 seconds=$2

	build_fuzzer "$driver" || return
	[ ! -f "$here/corpus/$driver.tar.xz" ] || unpack "$driver" || return
	mkdir -p "$build/corpus/$driver" "$build/seeds/$driver" \
		"$build/replay/$driver" "$build/findings"
	"$build/fuzz-$driver" -max_total_time="$seconds" -timeout=10 \
		-rss_limit_mb=1024 -max_len=16384 -print_final_stats=1 \
		-artifact_prefix="$build/findings/$driver-" \
		"$build/corpus/$driver" "$build/replay/$driver" \
		"$build/seeds/$driver"
}

# Unit test, and what it asks, which is the name of the seeds' driver, too.
harvested='multiboot multiboot_probe
multiboot2 multiboot2_probe
pvh pvh_probe
notes notes_probe
bootparams bootparams_probe
argv argv_probe
cbfs cbfs_probe
coreboot coreboot_probe coreboot_scan'

harvest() {
	local driver=$1

	shift
	set -- "${@/#/-Wl,--wrap=}"
	mkdir -p "$build/seeds/$driver"
	gcc "${flags[@]}" -fno-sanitize=all -static \
		"$tests/unit/test-source-$driver.c" "$here/harvest.c" \
		"$source/sources/source-$driver.c" "$tests/firmware/table.c" \
		"$source"/sources/{handoff,checksum,framebuffer,rsdp}.c \
		"$source"/info/*.c "$source"/machine/ram.c "$@" \
		-o "$build/harvest-$driver" &&
		(cd "$tests" && HARVEST=$build/seeds/$driver \
			"$build/harvest-$driver" > /dev/null)
}

seeds() {
	local driver probes

	mkdir -p "$build"
	while read -r driver probes; do
		# shellcheck disable=SC2086 # they are words
		harvest "$driver" $probes || return
	done <<< "$harvested"
	mkdir -p "$build/seeds/all"
	cp "$build"/seeds/[!akv]*/* "$build/seeds/all"
	"$tests/tool/make-bzimage.py" stub "$build/stub.bin" &&
		gcc -O1 "-DSTUB_BIN=\"$build/stub.bin\"" \
			-o "$build/mkelfImage" "$source"/tools/*.c &&
		"$here/seeds.py" "$build/mkelfImage" "$build/seeds"
}

# Those that reach what no other reaches, and keep-NAME; the same archive of the
# same files.
pack() {
	local driver=$1

	build_fuzzer "$driver" || return
	rm -rf "${build:?}/pack"
	mkdir -p "$build/pack" "$build/corpus/$driver" \
		"$build/seeds/$driver" "$build/replay/$driver" "$here/corpus"
	[ ! -f "$here/corpus/$driver.tar.xz" ] || unpack "$driver" || return
	"$build/fuzz-$driver" -merge=1 -max_len=16384 "$build/pack" \
		"$build/corpus/$driver" "$build/seeds/$driver" \
		"$build/replay/$driver" || return
	find "$build/seeds/$driver" "$build/replay/$driver" -name 'keep-*' \
		-exec cp {} "$build/pack" \;
	tar -C "$build/pack" --sort=name --mtime=@0 --owner=0 --group=0 \
		--numeric-owner --mode=0644 -cf - . | xz -9e > \
		"$here/corpus/$driver.tar.xz"
}
