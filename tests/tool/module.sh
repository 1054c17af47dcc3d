# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of who sources it
#
# A module outside of the tree, built against $headers. Sourced by extmod.sh and
# bindeb.sh.

# What an outer make has said is not for these.
unset MAKEFLAGS MFLAGS

# quiet_make ARGUMENT...: what it says explains a failure
quiet_make() {
	make -s ARCH=x86_64 "$@"
}

# Nothing but what includes them has the name.
nothing_of_ours() {
	[ -f "$headers/arch/x86/Makefile" ] || return
	! find "$headers" -path '*/boot/elf*' -o -path '*/kernel/elf*' | grep .
}

write_module() {
	mkdir -p "$module"
	cat > "$module/two.c" <<-'END'
	#include <linux/module.h>
	MODULE_LICENSE("GPL");
	END
	echo 'obj-m := two.o' > "$module/Makefile"
}

build_module() {
	quiet_make -C "$headers" M="$module" && [ -f "$module/two.ko" ]
}

clean_module() {
	quiet_make -C "$headers" M="$module" clean &&
		[ ! -e "$module/two.ko" ] && [ ! -e "$module/two.o" ]
}
