# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of boot/run.sh
#
# boot/dnsmasq-pxe: nodes of a cluster boot from dnsmasq and nginx, all at
# once, and report to the server. What it has received decides. Sourced by
# boot/run.sh.

netboot=$top/tests/netboot

nodes() {
	grep -v '^#' "$netboot/nodes.list"
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
		cp /usr/lib/ipxe/undionly.kpxe "$srv/" &&
		ln "$images/elfImage" "$images/bzImage" "$initrd" "$squashfs" \
			"$srv/" &&
		"$images/kbuild/arch/x86/boot/elf/tools/mkelfImage" \
			--without-multiboot --append="$(words elf)" \
			--initrd="$initrd" "$images/vmlinux" "$srv/elfImage-elf"
}

# words NODE: its command line
words() {
	echo "retain_initrd quiet ip=dhcp node=$1"
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

	cmdline=$(words "$name")${words:+ $words}

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

# Whether each node went the way that it is here for.
check_ways() {
	fatal_check "who is not iPXE is offered undionly.kpxe" \
		grep -q 'bootfile name: undionly.kpxe' "$dir/log/dnsmasq"
	fatal_check "pxe: by the card's PXE ROM" \
		console_says pxe 'net0: .* using undionly'
	fatal_check "tftp: nothing by HTTP but the report" \
		test "$(requests 192.168.77.13)" = "PUT /report/tftp"
	fatal_check "cut: the kernel breaks off" \
		console_says cut '/elfImage\.\.\. .*Input/output error'
	fatal_check "cut: the initrd breaks off" \
		console_says cut '/initrd\.\.\. .*Input/output error'
}

netboot_test() {
	local images=$build/$kernel/$arch names began
	local name machine by file protocol map_source cmdline_source
	local initrd_source firmware type loader_name words

	need_kernel "$kernel" "$arch" && need_initrd && need_squashfs ||
		return
	dir=$boots/$loader/$arch/$kernel
	rm -rf "$dir"
	fill_srv || return
	mapfile -t names < <(nodes | cut -d' ' -f1)
	# One is enough to see that it can fail.
	[ -z "$SPOIL" ] || names=(tftp)
	began=$EPOCHSECONDS
	run_cluster "${names[@]}"
	while read -r name _ machine by file protocol map_source \
		cmdline_source initrd_source firmware type loader_name words; do
		[[ " ${names[*]} " != *" $name "* ]] || judge_node
	done < <(nodes)
	[ -n "$SPOIL" ] || check_ways
}
