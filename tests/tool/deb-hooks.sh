# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# The hooks that write an ELF file for each kernel. Sourced by deb.sh.

# shellcheck disable=SC2154,SC2034 # variables of deb.sh and common.sh

# Behind what makes the initrd, in front of what reads /boot.
test_order() {
	mkdir "$dir/order"
	touch "$dir/order"/{initramfs-tools,zz-mkelfimage,zz-update-grub,dkms}
	chmod +x "$dir/order"/*
	check "behind initramfs-tools, before update-grub" \
		diff <(run-parts --list "$dir/order" | sed 's|.*/||' |
			tail -n 3) \
		<(printf '%s\n' initramfs-tools zz-mkelfimage zz-update-grub)
}

test_off() {
	new_kernel "$version"
	check "off: a kernel is installed" installed "$version"
	check "off: nothing is said" nothing_said
	check "off: nothing is written" no_image "$version"
	check "off: the initrd changes" initrd_changed "$version"
	check "off: the kernel is removed" removed "$version"
	check "off: nothing is said" nothing_said
}

test_on() {
	configure ELFIMAGE=yes
	check "on: a kernel is installed" installed "$version"
	check "on: its image is there" has_image "$version"
	check "on: it is said" said "writing .*elfImage-$version"
	configure ELFIMAGE=yes "ELFIMAGE_CMDLINE='root=/dev/a b=\"c d\" e=*'" \
		ELFIMAGE_INITRD=yes "ELFIMAGE_OPTIONS='--without-multiboot'"
	chmod 600 "$top/boot/initrd.img-$version"
	check "on: again, with everything" installed "$version"
	check "on: everything is in it" everything_in "$version"
	check "on: nobody reads it who may not read the initrd" \
		has_mode "$version" 600
	chmod 644 "$top/boot/initrd.img-$version"
	chmod 600 "$top/boot/vmlinuz-$version"
	check "on: the kernel is root's alone" installed "$version"
	check "on: nobody reads it who may not read the kernel" \
		has_mode "$version" 600
	chmod 644 "$top/boot/vmlinuz-$version"
	check "on: all may read both" installed "$version"
	check "on: all may read it" has_mode "$version" 644
	new_initrd "$version" another
	check "on: the initrd changes" initrd_changed "$version"
	check "on: the image has the other" everything_in "$version"
	check "on: of another kernel" initrd_changed 5.0
	check "on: nothing is said" nothing_said
	check "on: no package at work" \
		hooks kernel/postinst.d - "$version" "$top/boot/vmlinuz-$version"
	check "on: only the version" hooks kernel/postinst.d - "$version"
	check "on: it is written" said writing
}

everything_in() {
	has_image "$1" --without-multiboot "--initrd=$top/boot/initrd.img-$1" \
		--append='root=/dev/a b="c d" e=*'
}

test_remove() {
	local action

	for action in "upgrade 6.2" "failed-upgrade 6.2" disappear; do
		check "postrm $action: it stays" \
			unchanged "$version" removed "$version" "$action"
	done
	for action in "abort-upgrade 6.2" abort-remove; do
		check "postinst $action: it stays" unchanged "$version" \
			hooks kernel/postinst.d "$action" "$version"
	done
	configure ELFIMAGE=no
	check "remove: also if the hook is off now" removed "$version"
	check "remove: the image is gone" no_image "$version"
	check "remove: it is said" said "removing .*elfImage-$version"
	check "remove: the kernel is not ours" \
		test -e "$top/boot/vmlinuz-$version"
	check "purge after that" removed "$version" purge
	check "purge after that: nothing is said" nothing_said
}

test_failures() {
	configure ELFIMAGE=yes ELFIMAGE_INITRD=yes
	rm "$top/boot/initrd.img-$version"
	check "no initrd: a kernel is installed" installed "$version"
	check "no initrd: it is said" said WARNING
	check "no initrd: no image" no_image "$version"
	check "no initrd and INITRD=No: a kernel is installed" \
		env_installed INITRD=No "$version"
	check "no initrd and INITRD=No: its image is there" \
		has_image "$version"
	new_initrd "$version" there
	installed "$version"
	echo 'not a kernel' > "$top/boot/vmlinuz-$version"
	check "not a kernel: the old image stays" \
		unchanged "$version" installed "$version"
	check "not a kernel: it is said" said 'WARNING: .* is the old one'
	new_kernel "$version"
	configure ELFIMAGE=yes 'ELFIMAGE_CMDLINE="'
	check "wrong configuration: the old image stays" \
		unchanged "$version" installed "$version"
	check "wrong configuration: it is said" said WARNING
	configure ELFIMAGE=perhaps
	check "neither on nor off: taken for off" \
		unchanged "$version" installed "$version"
	check "neither on nor off: it is said" said 'ELFIMAGE=perhaps'
	rm "$top/etc/default/mkelfimage"
	check "no configuration: taken for off" \
		unchanged "$version" installed "$version"
	check "no configuration: nothing is said" nothing_said
	removed "$version"
}

odd_names() {
	cat <<-'END'
	6.1 with blanks
	6.1"quoted'$(touch oops)`touch oops`
	-o
	6.1;*?[a]\n
	6.1+~rc1:2
	END
}

test_names() {
	local name

	configure ELFIMAGE=yes ELFIMAGE_INITRD=yes
	while read -r name; do
		new_kernel "$name"
		check "$name: installed" installed "$name"
		check "$name: its image" has_image "$name" \
			"--initrd=$top/boot/initrd.img-$name"
		check "$name: removed" removed "$name"
		check "$name: the image is gone" no_image "$name"
	done < <(odd_names)
	check_not "nothing in a name is run" test -e oops
	for name in "" ../6.1 6/1; do
		check "'$name': no kernel" hooks kernel/postinst.d - "$name"
		check "'$name': it is said" said 'not the version of a kernel'
	done
}

test_foreign() {
	configure ELFIMAGE=yes
	new_kernel 1.0
	echo theirs > "$(image 1.0)"
	check "somebody's image stays" unchanged 1.0 installed 1.0
	check "somebody's image: it is said" said 'not mine'
	check "somebody's image stays when the kernel goes" \
		unchanged 1.0 removed 1.0
}

# without_sums COMMAND...: with a sha256sum that fails
without_sums() {
	local bin=$dir/bin

	rm -rf "$bin"
	mkdir "$bin"
	printf '%s\n' '#!/bin/sh' 'exit 1' > "$bin/sha256sum"
	chmod +x "$bin/sha256sum"
	PATH=$bin:$PATH "$@"
}

# Nothing is known of an image without its sum: it is not made, not replaced and
# not given up.
test_sums() {
	configure ELFIMAGE=yes
	new_kernel 7.0
	check "no sums: installed" without_sums installed 7.0
	check "no sums: it is said" said 'WARNING: .* could not be written'
	check "no sums: no image, no mark" no_image 7.0
	check "no sums: again, with sums" installed 7.0
	check "no sums: the image" has_image 7.0
	check "no sums: it stays when the kernel is installed again" \
		unchanged 7.0 without_sums installed 7.0
	check "no sums: it stays when the kernel goes" \
		unchanged 7.0 without_sums removed 7.0
	check "no sums: it is said" said 'WARNING: .* has no SHA-256'
	check "no sums: removed, with sums" removed 7.0
	check "no sums: the image is gone" no_image 7.0
}
