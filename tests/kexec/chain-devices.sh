# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034,SC2317 # variables of run.sh
#
# What the machine of a chain has besides CPUs: networks in full flight, interrupts
# that cannot be masked. Sourced by run.sh.

# Two networks, with a server that QEMU starts for each connection, and what
# they and the disk must give.
add_devices() {
	local net

	mkdir "$dir/http"
	head -c 4194304 "$dir/disk" > "$dir/http/data"
	for net in e1000:10.0.2 virtio-net-pci:10.0.3; do
		options+=(-device "${net%:*},netdev=${net%:*}" -netdev "user,$(
			)id=${net%:*},net=${net#*:}.0/24,$(
			)guestfwd=tcp:${net#*:}.100:80-cmd:busybox httpd -i -h $dir/http")
	done
}

expect_devices() {
	printf "device-%s $(digest "$dir/http/data")\n" e1000 virtio_net ahci
}

# Non-maskable interrupts, all the time, to all CPUs that let them through:
# from when the first kernel, which has an IDT, has reported.
add_nmis() {
	local several

	mapfile -t several < <(yes nmi | head -n 20)
	while kill -0 "$emulator" 2> /dev/null; do
		! grep -qsa '^end' "$dir/report" ||
			"$boot/monitor.py" "$dir/monitor" "${several[@]}"
		sleep 0.1
	done > /dev/null 2>&1 &
}
