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

start_dnsmasq() {
	dnsmasq --keep-in-foreground --conf-file="$netboot/dnsmasq.conf" \
		--log-dhcp --log-facility=- 2> "$dir/log/dnsmasq" &
}

start_nginx() {
	nginx -g 'daemon off;' 2> "$dir/log/nginx" &
	nginx=$!
}

stop_nginx() {
	kill "$nginx"
	wait "$nginx"
}

# serve_beginning FILE PORT BYTES: once, as a server does that then breaks off
serve_beginning() {
	{
		printf 'HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n' \
			"$(stat -c %s "$boot/$1")"
		head -c "$3" "$boot/$1"
	} | busybox nc -l -p "$2" > /dev/null &
}

# start_node NAME: its console can be read and typed at
start_node() {
	local name=$1 mac machine by options=(-boot n)

	read -r _ mac machine by _ \
		< <(awk -v name="$name" '$1 == name' "$netboot/nodes.list")
	[ "$by" != lkrn ] || options=(-kernel /usr/lib/ipxe/ipxe.lkrn)
	mkdir "$dir/$name"
	mkfifo "$dir/$name/keys"
	ip tuntap add dev "$name" mode tap &&
		ip link set "$name" master br0 up || return
	qemu-system-x86_64 -accel tcg -nodefaults -no-reboot -display none \
		-machine graphics=off -vga std -cpu qemu64 \
		-smp "${machine%x*}" -m "${machine#*x}" -serial stdio \
		-netdev "tap,id=net,ifname=$name,script=no,downscript=no" \
		-device "e1000,netdev=net,mac=52:54:00:00:77:$mac" \
		"${options[@]}" 0<> "$dir/$name/keys" \
		> "$dir/$name/console" 2> "$dir/$name/emulator" &
}

has_reported() {
	grep -qs '^end' "$boot/report/$1"
}

all_have_reported() {
	local name

	for name; do
		[ "$name" = faults ] || has_reported "$name" || return
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
	if await says faults "$2"; then
		echo "ok faults: $1"
	else
		echo "not ok faults: $1"
	fi
}

# put NAME: standard input becomes that file of the server's, all at once
put() {
	cat > "$boot/$1.new" && mv "$boot/$1.new" "$boot/$1"
}

# The server goes when it does not harm the others.
play_faults() {
	fault "no such file" 'No such file'
	head -c -1 "$boot/elfImage" | put faults/elfImage
	fault "truncated image" 'Could not boot: Invalid argument'
	# Anything that is smaller it would run as a PXE boot program.
	put faults/elfImage < "$boot/initrd"
	fault "a file of another type" 'Could not select: Exec format error'
	await all_have_reported "$@"
	stop_nginx
	fault "server gone" 'Connection reset'
	put faults/elfImage < "$boot/elfImage"
	start_nginx
	await has_reported faults
}

# The first process of a namespace has to ask for its signals.
trap exit INT TERM
shift
make_places && make_bridge || exit
start_dnsmasq
start_nginx
serve_beginning elfImage 8081 4M
serve_beginning initrd 8082 1M
for name; do
	start_node "$name" || exit
done
[[ " $* " != *" menu "* ]] || choose_from_menu &
if [[ " $* " == *" faults "* ]]; then
	play_faults "$@"
else
	await all_have_reported "$@"
fi
