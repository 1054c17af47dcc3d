# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# install.sh on a disk that becomes full: all or nothing. Sourced by run.sh.

# shellcheck disable=SC2154 # run.sh sets them, and common.sh

# A disk that becomes full on the way: all or nothing.
test_full_disk() {
	local size status room statuses=

	size=$(du -sk "$dir/$kernel" | cut -f 1)
	fresh_tree
	rm -rf "$tree"
	mkdir "$tree"
	for room in 4 40 80 120 4000; do
		mount -t tmpfs -o "size=$((size + room))k,mode=755" \
			none "$tree" || {
			rmdir "$tree"
			echo "skip disk full # cannot mount"
			return
		}
		cp -a "$dir/$kernel/." "$tree"
		"$install" "$tree" > "$dir/err" 2>&1
		status=$?
		statuses+=$status
		if [ "$status" -eq 0 ]; then
			check "disk with $room KiB: complete" has_overlay "$tree"
		else
			check "disk with $room KiB: nothing is left" is_pristine
			check "disk with $room KiB: it says so" \
				grep -F "$tree" "$dir/err"
		fi
		umount "$tree"
	done
	check "disks too small, and large enough ($statuses)" \
		[ -z "${statuses/*1*0/}" ]
}

# fill ROOM: leave so many KiB of the file system that the tree is on
fill() {
	local free

	rm -f "$tree/filler"
	free=$(df --output=avail -k "$tree" | tail -n 1)
	head -c $(((free - $1) * 1024)) /dev/zero > "$tree/filler"
}

# An update for which there is no room leaves what works.
test_full_update() {
	local size room status before statuses=

	size=$(du -sk "$dir/$kernel" | cut -f 1)
	fresh_tree
	rm -rf "$tree"
	mkdir "$tree"
	mount -t tmpfs -o "size=$((size + 8000))k,mode=755" none "$tree" || {
		rmdir "$tree"
		echo "skip full update # cannot mount"
		return
	}
	cp -a "$dir/$kernel/." "$tree"
	"$install" "$tree"
	for room in 0 12 40 120 4000; do
		make_older
		fill "$room"
		before=$(contents "$tree")
		"$install" "$tree" > "$dir/err" 2>&1
		status=$?
		statuses+=$status
		if [ "$status" -eq 0 ]; then
			check "update with $room KiB: complete" \
				has_overlay "$tree"
			continue
		fi
		check "update with $room KiB: all is as it was" \
			diff <(echo "$before") <(contents "$tree")
		check "update with $room KiB: it says so" \
			grep -F "$tree" "$dir/err"
	done
	check "updates without room, and with it ($statuses)" \
		[ -z "${statuses/*1*0/}" ]
	umount "$tree"
}
