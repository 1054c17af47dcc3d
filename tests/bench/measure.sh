# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of bench.sh
#
# Time stamps of a boot in QEMU, as instructions. Sourced by bench.sh.

# value KEY: of the last report
value() {
	sed -n "s/^$1 //p" "$dir/report"
}

# prepare FILE WAY: sets what QEMU is to be told, and how many bytes there are
prepare() {
	local append

	if [ "$2" = debian ]; then
		machine=(-kernel "$1" -append quiet -initrd "$debian/initrd")
		bytes=$(stat -c %s "$1")
		return
	fi
	if [[ $2 == kernel* ]]; then
		append=quiet${2#kernel}
		machine=(-kernel "$1" -append "${append/:/ }")
		bytes=$(stat -c %s "$1")
		return
	fi
	# Both are told the same, each in its own way.
	if [[ $1 == *bzImage ]]; then
		make_rom -C quiet "$1" "$dir/rom" "$2" "${neighbours[@]}" ||
			return
	else
		echo quiet > "$dir/cmdline"
		make_rom "$1" "$dir/rom" "$2" "${neighbours[@]}" \
			"elfboot/cmdline=$dir/cmdline" || return
	fi
	machine=(-bios "$dir/rom")
	bytes=$(cbfstool "$dir/rom" print |
		awk '$1 == "fallback/payload" { print $(NF - 1) }')
}

# stamp NAME: a time stamp of the stub's; below a kernel of ours it is in sysfs
stamp() {
	local told

	told=$(value "sysfs-tsc_$1")
	echo $((${told:-$(value "tsc-$1")}))
}

# Prints "INIT ENTRY KERNEL", time stamps; without a stub the last two are 0.
boot_once() {
	rm -f "$dir/report"
	timeout 300 qemu-system-x86_64 -accel tcg -icount shift=0,sleep=off \
		-rtc base=2002-01-01,clock=vm \
		-nodefaults -no-reboot -display none -m 512 \
		-serial "file:$dir/console" -serial "file:$dir/report" \
		"${machine[@]}" > "$dir/emulator" 2>&1
	grep -qs '^end' "$dir/report" || return 1
	echo "$(value tsc-init)" "$(stamp entry)" "$(stamp kernel)"
}

# The figures that three runs agree on. On a loaded host one run in some dozens
# differs by a few hundred instructions, in which the emulator served a timer
# later: such a run is said and done again, twice at most.
measure() {
	local run figures
	local -A seen=()

	for run in 1 2 3 4 5; do
		figures=$(boot_once) || return
		seen[$figures]=$((${seen[$figures]:-0} + 1))
		[ "${seen[$figures]}" -lt 3 ] || break
	done
	[ ${#seen[@]} -eq 1 ] ||
		say "$1: not all of $run runs agree: ${!seen[*]}"
	[ "${seen[$figures]}" -eq 3 ] && echo "$figures"
}
