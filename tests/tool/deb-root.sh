# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# A root file system with the package and nothing else, and what a kernel package does
# there. Sourced by deb.sh.

# shellcheck disable=SC2154,SC2034 # variables of deb.sh and common.sh

# The package does not get the libraries that it depends on.
dpkg_there() {
	fakeroot dpkg --root="$top" --force-not-root \
		--force-script-chrootless --force-depends "$@" \
		> "$dir/dpkg.log" 2>&1 || { cat "$dir/dpkg.log"; return 1; }
}

install_there() {
	mkdir -p "$top/var/lib/dpkg"/{info,updates} "$top/boot" &&
		: > "$top/var/lib/dpkg/status" && dpkg_there -i "$deb"
}

# configure LINE...
configure() {
	printf '%s\n' "$@" > "$top/etc/default/mkelfimage"
}

# hooks DIRECTORY ACTION VERSION [FILE]: as a kernel package runs them, or
# without any (ACTION is "-"). What they say is in $dir/said; nothing on the
# standard output, which may be debconf's.
hooks() {
	local which=$1 action=$2

	shift 2
	[ "$action" = - ] || local -x DEB_MAINT_PARAMS=$action
	DPKG_ROOT=$top run-parts --report --exit-on-error "${@/#/--arg=}" \
		"$top/etc/$which" > "$dir/stdout" 2> "$dir/said" ||
		{ cat "$dir/said"; return 1; }
	diff /dev/null "$dir/stdout"
}

installed() {
	hooks kernel/postinst.d "configure 6.1" "$1" "$top/boot/vmlinuz-$1"
}

# env_installed NAME=VALUE VERSION
env_installed() {
	local -x "$1"

	installed "$2"
}

removed() {
	hooks kernel/postrm.d "${2:-remove}" "$1" "$top/boot/vmlinuz-$1"
}

initrd_changed() {
	hooks initramfs/post-update.d - "$1" "$top/boot/initrd.img-$1"
}

# new_kernel VERSION: its files appear
new_kernel() {
	cp "$dir/bzImage" "$top/boot/vmlinuz-$1"
	new_initrd "$1" "initrd of $1"
}

new_initrd() {
	printf '%s' "$2" > "$top/boot/initrd.img-$1"
}

image() {
	echo "$top/boot/elfImage-$1"
}

# has_image VERSION OPTION...: it is what mkelfImage makes with these
has_image() {
	"$top/usr/bin/mkelfImage" "${@:2}" "$top/boot/vmlinuz-$1" \
		"$dir/wanted" && cmp "$dir/wanted" "$(image "$1")"
}

# has_mode VERSION MODE
has_mode() {
	[ "$(stat -c %a "$(image "$1")")" = "$2" ]
}

no_image() {
	[ ! -e "$(image "$1")" ] && [ ! -e "$marks/elfImage-$1" ] &&
		! compgen -G "$top/boot/*elfImage*$1*" &&
		! compgen -G "$top/boot/.*elfImage*$1*"
}

# Neither of the hook nor of mkelfImage.
nothing_left() {
	! find "$top/boot" -name '.*lfImage*' | grep .
}

said() {
	grep -q -e "$1" "$dir/said" || { cat "$dir/said"; return 1; }
}

nothing_said() {
	! grep . "$dir/said"
}

# unchanged VERSION COMMAND...: the image is the same file afterwards
unchanged() {
	local file before

	file=$(image "$1")
	before=$(stat -c '%i %y %s' "$file")
	"${@:2}" || return
	[ "$before" = "$(stat -c '%i %y %s' "$file")" ]
}
