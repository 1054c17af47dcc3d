# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of run.sh
#
# fatal_resident: what stays in memory after boot is as little as Kconfig promises,
# known without booting. Sourced by run.sh.

# our_symbols: of Kconfig
our_symbols() {
	sed -n 's/^config //p' "$top/arch/i386/boot/elf/Kconfig"
}

# promised SYMBOL: the bytes that its help text says it takes less than
promised() {
	awk -v symbol="$1" '
		$1 == "config" { here = $2 == symbol }
		here { text = text " " $0 }
		END {
			gsub(/[ \t]+/, " ", text)
			if (match(text, /takes? less than [0-9]+ KiB/)) {
				split(substr(text, RSTART), word, " ")
				print word[4] * 1024
			}
		}' "$top/arch/i386/boot/elf/Kconfig"
}

# objects_with SYMBOL...: what of ours is built if no others of our symbols are
# on, but for ELF_BOOT
objects_with() {
	local symbol off=()

	for symbol in $(our_symbols); do
		[[ " $* " == *" $symbol "* ]] || off+=("CONFIG_$symbol=")
	done
	make -s -f - -C "$images/kbuild" srctree="$build/$kernel/src" \
		"${off[@]}" <<-END | tr ' ' '\n' | sort -u
	include include/config/auto.conf
	include $top/arch/i386/kernel/Makefile
	.DEFAULT_GOAL := list
	objects := \$(filter %.o,\$(obj-y))
	\$(foreach room,\$(filter %/,\$(obj-y)),\$(eval obj-y :=) \
		\$(eval include $top/arch/i386/kernel/\$(room)Makefile) \
		\$(eval objects += \$(addprefix \$(room),\$(obj-y))))
	list: ; @echo \$(objects)
	END
}

# resident_bytes OBJECT...: what is not init memory; .brk is given back
resident_bytes() {
	(cd "$images/kbuild/arch/x86/kernel/elf" && size -Ad "$@") | awk '
		$1 ~ /^\.(text|data|bss|rodata)/ && $1 != ".bss..brk" {
			sum += $2
		}
		END { print sum + 0 }'
}

# Of our objects in the kernel no more stays after boot than Kconfig says of the
# symbol that they are built for (the arena does, which judge.py measures).
fatal_resident() {
	local symbol most bytes stub begin end objects found=()

	for symbol in $(our_symbols); do
		mapfile -t objects < <(comm -13 \
			<([ "$symbol" = ELF_BOOT ] || objects_with ELF_BOOT) \
			<(objects_with ELF_BOOT "$symbol"))
		[ "${objects[*]}" ] || continue
		found+=("${objects[@]}")
		most=$(promised "$symbol")
		[ -z "$SPOIL" ] || most=1
		bytes=$(resident_bytes "${objects[@]}")
		fatal_check "$symbol: $bytes bytes, less than $most" \
			test "$bytes" -lt "$most"
	done
	fatal_check "every object is some symbol's" \
		diff <(printf '%s\n' "${found[@]##*/}" | sort) \
		<(cd "$images/kbuild/arch/x86/kernel/elf" && ar t built-in.a |
			sed 's|.*/||' | sort)
	read -r begin end stub < <(nm "$images/vmlinux" | awk '
		$3 == "__init_begin" { begin = $1 }
		$3 == "__init_end" { end = $1 }
		$3 == "elfboot_stub" { stub = $1 }
		END { print begin, end, stub }')
	fatal_check "the stub is init memory" \
		test "$begin" "<" "$stub" -a "$stub" "<" "$end"
}
