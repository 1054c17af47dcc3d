#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A network that nothing else sees: one bridge with DHCP, TFTP and HTTP on it,
# and nodes that boot from there. Run by netboot.sh in new network, mount and
# process namespaces, so that all of it ends with this script, however that
# ends, and configuration files find everything where Debian has it.
#
# usage: cluster.sh DIRECTORY NODE...
#
# DIRECTORY/srv becomes /srv. Ends when every node has reported, or not in time.

netboot=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=uefi-node.sh
. "$netboot/uefi-node.sh"
dir=$1
patience=$((150 * ${ELFBOOT_JOBS:-1}))	# seconds until nothing more will come
boot=/srv/boot
address=192.168.77.1

# await COMMAND...: until it succeeds; not longer than all may take
await() {
	until "$@"; do
		[ "$SECONDS" -lt "$patience" ] || return
		sleep 0.2
	done
}

make_places() {
	mount --bind "$dir/srv" /srv &&
		mount --bind "$dir/log" /var/log/nginx &&
		mount -t tmpfs run /run &&
		mount -t tmpfs leases /var/lib/misc &&
		mount -t tmpfs sites /etc/nginx/sites-enabled &&
		cp "$netboot/nginx.conf" "$netboot/cut.conf" \
			/etc/nginx/sites-enabled/ &&
		chown www-data "$boot/report"
}

make_bridge() {
	ip link set lo up &&
		ip link add br0 type bridge &&
		ip address add "$address/24" dev br0 &&
		ip link set br0 up
}

# Of two files it reads the last one first.
start_dnsmasq() {
	dnsmasq --keep-in-foreground --conf-file="$netboot/faults.conf" \
		--conf-file="$netboot/dnsmasq.conf" --log-dhcp \
		--log-facility=- 2> "$dir/log/dnsmasq" &
}

start_nginx() {
	nginx -g 'daemon off;' 2> "$dir/log/nginx" &
	nginx=$!
}

stop_nginx() {
	kill "$nginx"
	wait "$nginx"
}

beginning() {
	printf 'HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n' \
		"$(stat -c %s "$boot/$1")"
	head -c "$2" "$boot/$1"
}

# serve_beginning FILE PORT BYTES TIMES: as a server does that then breaks off
serve_beginning() {
	local turn

	for ((turn = 0; turn < $4; turn++)); do
		beginning "$1" "$3" | busybox nc -l -p "$2" > /dev/null
	done &
}

# start_qemu OPTION...: the rest is the same for all nodes
start_qemu() {
	qemu-system-x86_64 -accel tcg -nodefaults -no-reboot -display none \
		-vga std -smp "${machine%x*}" -m "${machine#*x}" -serial stdio \
		"$@" 0<> "$dir/$name/keys" \
		> "$dir/$name/console" 2> "$dir/$name/emulator" &
}

start_bios_node() {
	local options=(-boot n)

	[ "$by" != lkrn ] || options=(-kernel /usr/lib/ipxe/ipxe.lkrn)
	make_tap "$name" || return
	start_qemu -machine graphics=off -cpu qemu64 \
		-netdev "tap,id=net,ifname=$name,script=no,downscript=no" \
		-device "e1000,netdev=net,mac=52:54:00:00:77:$mac" "${options[@]}"
}

# start_node NAME: its console can be read and typed at
start_node() {
	local name=$1 mac machine by

	read -r _ _ mac machine by _ \
		< <(awk -v name="$name" '$1 == name' "$netboot/nodes.list")
	mkdir "$dir/$name"
	mkfifo "$dir/$name/keys"
	case $by in
	uefi-*)	start_uefi_node ;;
	*)	start_bios_node ;;
	esac
}

has_reported() {
	grep -qs '^end' "$boot/report/$1"
}

all_have_reported() {
	local name

	for name; do
		[[ $name == *faults ]] || has_reported "$name" || return
	done
}

# says NODE REGEX
says() {
	grep -qsaE "$2" "$dir/$1/console"
}

# type_at NODE REGEX KEYS: as soon as the console shows this
type_at() {
	await says "$1" "$2" && printf '%b' "$3" > "$dir/$1/keys"
}

choose_from_menu() {
	type_at menu 'iPXE shell' z
	type_at menu 'Press e' e
	type_at menu 'Command line:' ' typed=yes\r'
}

# fault NAME REGEX: the node says so, and tries again
fault() {
	if await says "$faulty" "$2"; then
		echo "ok $faulty: $1"
	else
		echo "not ok $faulty: $1"
	fi
}

# put NAME: standard input becomes that file of the server's, all at once
put() {
	cat > "$boot/$1.new" && mv "$boot/$1.new" "$boot/$1"
}

# What says so is iPXE with a BIOS, and with UEFI elfboot.efi.
declare -A truncated=([faults]='Could not boot: Invalid argument'
	[efi-faults]='elfboot: elfImage: a segment is not in the file')
declare -A mistyped=([faults]='Could not select: Exec format error'
	[efi-faults]='elfboot: elfImage: not an ELF file: load error')

# The server goes when it does not harm the others.
play_faults() {
	fault "no such file" 'No such file'
	head -c -1 "$boot/elfImage" | put faults/elfImage
	fault "truncated image" "${truncated[$faulty]}"
	# Anything that is smaller iPXE would run as a PXE boot program.
	put faults/elfImage < "$boot/initrd"
	fault "a file of another type" "${mistyped[$faulty]}"
	await all_have_reported "$@"
	stop_nginx
	fault "server gone" 'Connection reset'
	put faults/elfImage < "$boot/elfImage"
	start_nginx
	await has_reported "$faulty"
}

# The first process of a namespace has to ask for its signals.
trap exit INT TERM
shift
make_places && make_bridge || exit
start_dnsmasq
start_nginx
serve_beginning elfImage 8081 4M 1
serve_beginning initrd 8082 1M 1
# UEFI firmware first asks how much it is (HEAD).
[ ! -e "$boot/elf.efi" ] || serve_beginning elf.efi 8083 1M 2
for name; do
	start_node "$name" || exit
done
[[ " $* " != *" menu "* ]] || choose_from_menu &
faulty=$(printf '%s\n' "$@" | grep 'faults$')
if [ -n "$faulty" ]; then
	play_faults "$@"
else
	await all_have_reported "$@"
fi
