# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034,SC2317 # variables of run.sh
#
# The proof programs (tests/hello) by kexec, and what they must say. Sourced by
# run.sh.

# Proof programs: name, tier, bits, address, alignment of the second segment.
hellos='32 all 32 0x2000000 4096
64 all 64 0x2000000 4096
32-packed check 32 0x2000010 16
64-packed all 64 0x2000010 16
32-over-the-kernel check 32 0x1000000 4096
64-high check 64 0x108000000 4096'

# What every proof program must say that a kexec has started.
expect_any_hello() {
	cat <<-END
	hello-report 1
	class $bits
	bss-cleared yes
	checksum right
	notes-whole yes
	cmdline $cmdline
	ticks 10
	stray-interrupts 0
	wrong-words 0
	apic-mode xapic
	apic-bsp yes
	ioapic-unmasked 0
	cpus-early 0
	cpus $cpus
	END
}

# By kexec-tools: no memory map, and other CPUs halt as mainline leaves them,
# where they would die if all memory was tested.
expect_hello_args_elf() {
	expect_any_hello | grep -v stray
	cat <<-END
	loader kexec
	~loader-version 2\\..*
	ranges 0
	tested-pages 0
	END
	[ "$bits" = 64 ] || printf '%s 0x0\n' ax bx cx dx si di bp
}

expect_hello_args_elf64() {
	expect_hello_args_elf
}

# By kexec_file_load(): all there is, and all other CPUs wait to be started.
expect_hello() {
	expect_any_hello
	cat <<-END
	loader kexec_file_load
	~loader-version $kernel\\..*
	firmware PCBIOS
	initrd-size $(stat -c %s "$dir/initrd")
	initrd-sum $(checksum "$dir/initrd")
	seed-size 32
	seed-varies yes
	cpus-parked $((cpus - 1))
	map-of-kernel $(($(stat -c %s "$dir/initrd") / 4096 + 64))
	END
	if [ "$bits" = 32 ]; then
		printf '%s\n' "ax 0xe1fb007" "@bx notes-at" \
			"@argument notes-at" "cr4 0x0" "efer 0x0"
	else
		echo "@di notes-at"
	fi
}

# checksum FILE: as the notes have it, of bytes that end in zeroes
checksum() {
	python3 -c 'import struct, sys
data = open(sys.argv[1], "rb").read()
total = sum(struct.unpack(f"<{len(data) // 2}H", data))
while total >> 16:
    total = (total & 0xffff) + (total >> 16)
print(hex(total ^ 0xffff))' "$1"
}

# hello_once WAY NAME
hello_once() {
	local way=$1 name=$2 seconds=$SECONDS
	local first=elfImage mib=512 parent=$dir bits address step
	local cmdline="retain_initrd quiet hop=1"

	read -r _ _ bits address step \
		< <(awk -v name="$name" '$1 == name' <<< "$hellos")
	dir=$parent/$name
	mkdir -p "$dir"
	guest_root &&
		make_hello "$bits" "$address" "$step" "$dir/root/hello" ||
		return
	echo "$way hello -" > "$dir/root/hops"
	guest_archive || return
	start_guest "" -machine max-ram-below-4g=256M
	wait_for 2 '^end' "$dir/report"
	"expect_$way" > "$dir/expected"
	spoil
	if "$here/hello.py" "$dir/report" "$dir/expected"; then
		echo "ok $name, $((SECONDS - seconds)) s"
	else
		show_console
		echo "not ok $name"
	fi
	dir=$parent
}

test_hello_args_elf() {
	hello_once hello_args_elf 32
	hello_once hello_args_elf64 64
}

# A spoiled run needs one of them only.
test_hello() {
	local name tier

	while read -r name tier _; do
		[ -z "$CHECK" ] || [ "$tier" = check ] || continue
		[ -z "$SPOIL" ] || [ "$name" = 64-high ] || continue
		hello_once hello "$name"
	done <<< "$hellos"
}
