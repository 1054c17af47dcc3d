# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of boot/run.sh
#
# boot/dnsmasq-pxe, boot/dnsmasq-uefi: nodes of a cluster boot from dnsmasq and nginx,
# all at once, and report to the server. What it has received decides. Sourced by
# boot/run.sh.

netboot=$top/tests/netboot

# Rows of the nodes that this test has.
nodes() {
	awk -v test="${loader#dnsmasq-}" \
		'!/^#/ && ($2 == test || $2 == "both")' "$netboot/nodes.list"
}

# A root file system that no compression makes small, with init in it.
need_squashfs() {
	squashfs=$images/root.squashfs
	locked "$squashfs.lock" make_squashfs
}

make_squashfs() {
	local root=$images/squashfs.d

	[ "$squashfs" -nt "$images/init" ] && return
	rm -rf "$root" "$squashfs.new"
	mkdir -p "$root"/{dev,proc,sys,sbin}
	: > "$root/initrd-marker"
	cp "$images/init" "$root/sbin/init" &&
		python3 -c 'import random, sys
random.seed(2)
sys.stdout.buffer.write(random.randbytes(64 << 20))' > "$root/filling" &&
		mksquashfs "$root" "$squashfs.new" -quiet -no-progress \
			-all-root -noI -noD -noF -noX > "$images/squashfs.log" &&
		mv "$squashfs.new" "$squashfs"
}

# What dnsmasq and nginx serve, as it is in the recipe.
fill_srv() {
	local srv=$dir/srv/boot

	mkdir -p "$srv/report" "$srv/faults" "$dir/log" &&
		cp -r "$netboot/nodes" "$netboot"/*.ipxe "$srv/" &&
		cp /usr/lib/ipxe/{undionly.kpxe,snponly.efi} "$srv/" &&
		ln "$images/elfImage" "$images/bzImage" "$initrd" "$squashfs" \
			"$srv/" &&
		"$images/kbuild/arch/x86/boot/elf/tools/mkelfImage" \
			--without-multiboot --append="$(words elf)" \
			--initrd="$initrd" "$images/vmlinux" "$srv/elfImage-elf" &&
		{ [ "$loader" != dnsmasq-uefi ] || fill_uefi; }
}

# For machines with UEFI: what iPXE starts, and what firmware does.
fill_uefi() {
	need_efi && cp "$build/efi/elfbootx64.efi" "$srv/" &&
		"$images/kbuild/arch/x86/boot/elf/tools/mkelfImage" --efi \
			--efi-stub="$build/efi/elfbootx64.efi" \
			--append="$(words -)" --initrd="$initrd" \
			"$images/elfImage" "$srv/elf.efi" &&
		head -c 100K "$images/elfImage" > "$srv/other.efi" &&
		composed_of "$srv/damaged.efi" "linux=$initrd"
}

# words NODE: its command line; "-": of any
words() {
	local node=" node=$1"

	echo "retain_initrd quiet ip=dhcp${node% node=-}"
}

# Network interfaces and mounts, although nobody else sees them, are for root.
run_cluster() {
	local sudo=()

	[ "$(id -u)" -eq 0 ] || sudo=(sudo)
	"${sudo[@]}" unshare --net --pid --fork --kill-child --mount-proc \
		"$netboot/cluster.sh" "$dir" "$@"
	"${sudo[@]}" chown -R "$(id -u):$(id -g)" "$dir"
}

expect_node() {
	local also=("node $name") prefix='' corrupt=0 firmware_log=''
	local map_name=qemu-pc map_of='' map_path='' map_above=''
	local cpus_found=${machine%x*} mib=${machine#*x}
	local initrd=$dir/srv/boot/$file
	local modules=("$initrd") cmdline

	case $words in
	-)	cmdline=$(words -) ;;
	*)	cmdline=$(words "$name")${words:+ $words} ;;
	esac
	[[ $by != uefi-* ]] || map_of=efi

	[ "$file" != root.squashfs ] || also+=("root squashfs")
	expect
	# The ROM stays in memory below undionly.kpxe; how much it has left is
	# what the kernel's own setup code (bzImage, from the menu) says.
	if [ "$by" = undionly ]; then
		grep '^map ' "$dir/srv/boot/report/menu"
	else
		expect_map
	fi
}

# What the server has received from a node.
judge_node() {
	local report=$dir/srv/boot/report/$name expected=$dir/$name/expected
	local seconds

	if [ ! -e "$report" ]; then
		echo "no report; the last lines of the console:"
		tail -n 15 "$dir/$name/console" | tr -d '\r\033'
		echo
		echo "not ok $name"
		return
	fi
	seconds=$(($(stat -c %Y "$report") - began))
	echo "complaints $(dir=$dir/$name complaints)" >> "$report"
	expect_node > "$expected"
	[ -z "$SPOIL" ] || sed -i "s/^node .*/node spoiled/" "$expected"
	if "$boot/judge.py" "$report" "$expected"; then
		echo "ok $name, $seconds s"
	else
		echo "not ok $name"
	fi
}

console_says() {
	grep -qaE "$2" "$dir/$1/console"
}

# requests ADDRESS: what nginx was asked for from there
requests() {
	awk -v from="$1" '$1 == from { print $6, $7 }' "$dir/log/access.log" |
		tr -d '"'
}

check_cut() {
	fatal_check "cut: the kernel breaks off" \
		console_says cut '/elfImage\.\.\. .*Input/output error'
	fatal_check "cut: the initrd breaks off" \
		console_says cut '/initrd\.\.\. .*Input/output error'
}

# Whether each node went the way that it is here for.
check_ways_pxe() {
	fatal_check "who is not iPXE is offered undionly.kpxe" \
		grep -q 'bootfile name: undionly.kpxe' "$dir/log/dnsmasq"
	fatal_check "pxe: by the card's PXE ROM" \
		console_says pxe 'net0: .* using undionly'
	fatal_check "tftp: nothing by HTTP but the report" \
		test "$(requests 192.168.77.13)" = "PUT /report/tftp"
	check_cut
}

check_ways_uefi() {
	fatal_check "http: the firmware loads one file by HTTP, and no other" test \
		"$(requests 192.168.77.18 | LC_ALL=C sort -u | tr '\n' ' ')" = \
		"GET /elf.efi HEAD /elf.efi PUT /report/http "
	fatal_check "direct: the same file by TFTP" \
		grep -q 'sent /srv/boot/elf.efi to 192.168.77.19' "$dir/log/dnsmasq"
	fatal_check "direct: nothing by HTTP but the report" \
		test "$(requests 192.168.77.19)" = "PUT /report/direct"
	fatal_check "efi: by the iPXE of the card's ROM" test \
		"$(requests 192.168.77.20 | LC_ALL=C sort | tr '\n' ' ')" = \
		"GET /boot.ipxe GET /elfImage GET /elfbootx64.efi GET /initrd $(
		)GET /nodes/efi.ipxe PUT /report/efi "
	fatal_check "efi-faults: by snponly.efi" \
		console_says efi-faults 'net0: .* using SNP'
	fatal_check "refused: one after the other, and then the one that boots" \
		diff <(printf '%s\n' "Not Found" "Not Found" "Not Found" \
			"Load Error" "Not Found") <(dir=$dir/refused refusals)
	check_cut
}

netboot_test() {
	local images=$build/$kernel/$arch names began
	local name machine by file protocol map_source cmdline_source
	local initrd_source firmware type loader_name words

	need_kernel "$kernel" "$arch" && need_initrd && need_squashfs ||
		return
	dir=$boots/$loader/$arch/$kernel
	rm -rf "$dir"
	mkdir -p "$dir"
	fill_srv || return
	mapfile -t names < <(nodes | cut -d' ' -f1)
	# One is enough to see that it can fail.
	[ -z "$SPOIL" ] || names=("$([ "$loader" = dnsmasq-pxe ] && echo tftp || echo http)")
	began=$EPOCHSECONDS
	run_cluster "${names[@]}"
	while read -r name _ _ machine by file protocol map_source \
		cmdline_source initrd_source firmware type loader_name words; do
		[[ " ${names[*]} " != *" $name "* ]] || judge_node
	done < <(nodes)
	[ -n "$SPOIL" ] || "check_ways_${loader#dnsmasq-}"
}
