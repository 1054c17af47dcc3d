# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of run.sh
#
# The rows of the matrix. Sourced by the run.sh of boot and conformance.

rows() {
	grep -v '^#' "$boot/matrix"
}

# read_row: the matrix's columns for $loader, each in a variable of that name
read_row() {
	read -r _ loader_key start image machines protocol map_source cmdline_source \
		initrd_source firmware type loader_name \
		< <(rows | awk -v name="$loader" '$1 == name')
	[ -n "$loader_name" ] || {
		echo "no such loader: $loader"
		return 1
	}
}
