#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A module outside of the tree is built against what a distribution's package
# of headers has: the files that the tree's own packaging script copies, and
# nothing of ours among them. The argument is a kernel of kernels.list.

# shellcheck disable=SC2317 # functions are called by name
# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

kernel=$1
source=$build/$kernel/src
dir=$build/tool/extmod-$kernel
objtree=$dir/O
headers=$dir/headers
module=$dir/module
release=0.0.0-extmod

# shellcheck source-path=SCRIPTDIR source=module.sh
. "$root/tests/tool/module.sh"

# A configuration that has modules, and objtool to look at them.
configure() {
	rm -rf "$dir"
	mkdir -p "$objtree" &&
		quiet_make -C "$source" O="$objtree" tinyconfig &&
		"$source/scripts/config" --file "$objtree/.config" \
			-e 64BIT -e MODULES -e ELF_BOOT -e UNWINDER_ORC &&
		quiet_make -C "$source" O="$objtree" olddefconfig &&
		grep -x CONFIG_ELF_BOOT=y "$objtree/.config" &&
		grep -x CONFIG_MODULES=y "$objtree/.config"
}

prepare() {
	quiet_make -C "$source" O="$objtree" modules_prepare &&
		touch "$objtree/Module.symvers"
}

# Kernels before 6.7 have it as a function of builddeb.
function_of_builddeb() {
	echo "set -e"
	sed -n '/^is_enabled *()/,/^}/p; /^deploy_kernel_headers *()/,/^}/p' \
		"$source/scripts/package/builddeb"
	echo "deploy_kernel_headers debian/package"
}

# As the tree's make calls it.
copy_headers() {
	export srctree=$source SRCARCH=x86 KCONFIG_CONFIG=.config
	export version=$release CC=gcc HOSTCC=gcc MAKE=make

	cd "$objtree" && mkdir -p debian || return
	if [ -f "$source/scripts/package/install-extmod-build" ]; then
		"$source/scripts/package/install-extmod-build" "$headers"
		return
	fi
	sh -c "$(function_of_builddeb)" &&
		mv "debian/package/usr/src/linux-headers-$release" "$headers"
}

want_source "$kernel" || { fail "$kernel: its source"; exit 1; }
check "$kernel: make olddefconfig" configure
check "$kernel: make modules_prepare" prepare
check "$kernel: its own list of headers" copy_headers
check "$kernel: nothing of ours is in it" nothing_of_ours
# Neither the sources nor what was built is there any more.
rm -rf "$objtree"
check "$kernel: a module" write_module
check "$kernel: make M=" build_module
check "$kernel: make M= clean" clean_module
check "$kernel: make kernelrelease" quiet_make -C "$headers" kernelrelease
[ -n "$failed" ] || rm -rf "$dir"
[ -z "$failed" ]
