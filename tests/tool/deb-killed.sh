# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# Hooks that are killed, images that somebody has replaced, and what dpkg leaves. Sourced by deb.sh.

# shellcheck disable=SC2154,SC2034 # variables of deb.sh and common.sh

# killed_at PROGRAM N VERSION: the hook and all that it has started are killed when
# it calls that for the Nth time; mkelfImage with its temporary file there
killed_at() {
	local program bin=$dir/bin real status temporary=

	program=$(PATH=$top/usr/bin:$PATH type -P "$1")
	real=$program
	rm -rf "$bin"
	mkdir "$bin"
	if [ "$1" = mkelfImage ]; then
		real=$dir/$1.real
		mv "$program" "$real"
		# shellcheck disable=SC2016 # for the script
		temporary='eval "last=\${$#}"; : > "${last%/*}/.mkelfImage.abcdef"'
	fi
	cat > "$bin/$1" <<-END
	#!/bin/sh
	echo >> "$bin/calls"
	$temporary
	[ "\$(wc -l < "$bin/calls")" -ne $2 ] || kill -9 0
	exec "$real" "\$@"
	END
	chmod +x "$bin/$1"
	[ "$1" != mkelfImage ] || cp "$bin/$1" "$program"
	set -m
	PATH=$bin:$PATH installed "$3" > /dev/null 2>&1 &
	set +m
	wait $! 2> /dev/null
	status=$?
	[ "$1" != mkelfImage ] || mv "$real" "$program"
	[ "$status" -ne 0 ]
}

# Whenever the hook is killed: what it has made is its own, what somebody else
# has put there is not.
test_killed() {
	local point

	configure ELFIMAGE=yes
	for point in mkelfImage:1 mv:1 mv:2 mv:3; do
		new_kernel 3.0
		check "killed ($point), first" \
			killed_at "${point%:*}" "${point#*:}" 3.0
		check "killed ($point), first: removed" removed 3.0
		check "killed ($point), first: nothing is left" nothing_left
		killed_at "${point%:*}" "${point#*:}" 3.0
		check "killed ($point), first: again" installed 3.0
		check "killed ($point), first: nothing is left" nothing_left
		check "killed ($point), first: the image" has_image 3.0
		new_kernel 3.0
		configure ELFIMAGE=yes 'ELFIMAGE_CMDLINE=other'
		check "killed ($point), then" \
			killed_at "${point%:*}" "${point#*:}" 3.0
		check "killed ($point), then: again" installed 3.0
		check "killed ($point), then: the image" \
			has_image 3.0 --append=other
		check "killed ($point), then: nothing is left" nothing_left
		configure ELFIMAGE=yes
		check "killed ($point): removed" removed 3.0
		check "killed ($point): the image is gone" no_image 3.0
		check "killed ($point), somebody's image" \
			killed_at "${point%:*}" "${point#*:}" 3.0
		echo theirs > "$(image 3.0)"
		check "killed ($point), somebody's image: installed" \
			unchanged 3.0 installed 3.0
		check "killed ($point), somebody's image stays" \
			unchanged 3.0 removed 3.0
		rm "$(image 3.0)"
		removed 3.0
	done
}

# Somebody has put another in the place of the hook's.
test_replaced() {
	configure ELFIMAGE=yes
	new_kernel 4.0
	installed 4.0
	echo theirs > "$dir/theirs"
	mv "$dir/theirs" "$(image 4.0)"
	check "replaced: it stays" unchanged 4.0 installed 4.0
	check "replaced: it is said" said 'not mine'
	check "replaced: it stays when the kernel goes" \
		unchanged 4.0 removed 4.0
	check "replaced: it is said" said 'not mine: it stays'
	rm "$(image 4.0)"
	installed 4.0
	mv "$(image 4.0)" "$dir/theirs"
	ln -s "$dir/theirs" "$(image 4.0)"
	check "replaced by a link: it stays" removed 4.0
	check "replaced by a link: it is there" test -L "$(image 4.0)"
	rm "$(image 4.0)"
	# What 3.1 has left.
	installed 4.0
	: > "$marks/elfImage-4.0"
	check "an upgrade" dpkg_there -i "$deb"
	check "an upgrade: the mark has its sum" \
		cmp "$marks/elfImage-4.0" \
		<(sha256sum < "$(image 4.0)" | cut -d ' ' -f 1)
	check "an upgrade: removed" removed 4.0
	check "an upgrade: the image is gone" no_image 4.0
	installed 4.0
	echo theirs > "$(image 4.0)"	# for test_dpkg
}

test_dpkg() {
	new_kernel 2.0
	installed 2.0
	new_kernel 5.0
	check "a hook is killed" killed_at mkelfImage 1 5.0
	check "dpkg -r" dpkg_there -r mkelfimage
	check "dpkg -r: the image stays" test -e "$(image 2.0)"
	check "dpkg -r: what is left of the hooks" installed 2.0
	check "dpkg -r: they say nothing" nothing_said
	check "dpkg -r: the UEFI program stays" test -e "$(efi_image 8.0)"
	check "dpkg -P" with_esp dpkg_there -P mkelfimage
	check "dpkg -P: the UEFI program is gone" no_efi 8.0
	check "dpkg -P: what the hooks have made is gone" no_image 2.0
	check "dpkg -P: it is said" \
		grep -q 'removing .*elfImage-2.0' "$dir/dpkg.log"
	check "dpkg -P: nothing is left of the killed hook" nothing_left
	check "dpkg -P: somebody's image stays" test -e "$(image 1.0)"
	check "dpkg -P: what somebody has replaced stays" \
		test -e "$(image 4.0)"
	check "dpkg -P: no file of the package is left" \
		diff /dev/null <(find "$top" -path "$top/var/lib/dpkg" -prune \
			-o -iname '*mkelfimage*' -print)
}
