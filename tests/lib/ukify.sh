# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # $build
#
# Debian 13's ukify, unpacked and not installed, with this machine's Python.
# Sourced.

ukify=$build/loaders/ukify-trixie

need_ukify() {
	"$(dirname "${BASH_SOURCE[0]}")/../../scripts/fetch-packages.sh" trixie amd64 "$ukify" systemd-ukify
}

# run_ukify ARGUMENT...
run_ukify() {
	PYTHONPATH=$ukify/usr/lib/python3/dist-packages /usr/bin/python3 \
		"$ukify/usr/bin/ukify" "$@"
}
