#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A test that cannot fail proves nothing: each test of boot and kexec is run again
# with one expectation corrupted, and must then say "not ok".

tests=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# make check spoils each loader once, on x86_64, with a kernel of ours: those of
# a zelfImage and of another release's loader are the same, and so is what a
# bzImage's report is compared with.
list() {
	"$tests/boot/run.sh" list |
		sed 's|^|boot/|
			/x86_64/!s| check$| all|
			/debian-/s| check$| all|
			/@/s| check$| all|
			/^boot\/zelf-/s| check$| all|
			/^boot\/bzimage-[^o]/s| check$| all|'
	"$tests/kexec/run.sh" list | sed 's|^|kexec/|; s| check$| all|'
}

# A boot that has reported nothing, or was not made, has noticed nothing.
run() {
	local output status

	output=$("$tests/run.sh" -j "${ELFBOOT_JOBS:-1}" --spoil "$1" 2>&1)
	status=$?
	if [ "$status" -eq 1 ] && grep -q "^not ok 1 $1" <<< "$output" &&
	   ! grep -qE 'no report;|the build failed' <<< "$output"; then
		echo "ok a corrupted expectation is noticed"
		return
	fi
	echo "$output"
	echo "not ok a corrupted expectation is noticed (exit status $status)"
}

case $1 in
list)	list ;;
run)	run "$2" ;;
esac
