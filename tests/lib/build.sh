# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Kernels for the tests: init, configuration, and when they are built, under
# build/KERNEL/ARCH. Sourced, not run.

lib=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$lib/../.." && pwd)
build=$top/build
jobs=$(nproc)

# shellcheck source-path=SCRIPTDIR source=host.sh
. "$lib/host.sh"
# shellcheck source-path=SCRIPTDIR source=source.sh
. "$lib/source.sh"
# shellcheck source-path=SCRIPTDIR source=images.sh
. "$lib/images.sh"

# The same bytes on every machine and every day.
export KBUILD_BUILD_TIMESTAMP='1 Jan 2002 00:00:00 UTC'
export KBUILD_BUILD_USER=elf KBUILD_BUILD_HOST=boot

say() {
	echo "$*" >&2
}

# locked FILE COMMAND...: one at a time, of all tests that run
locked() {
	local file=$1

	shift
	mkdir -p "${file%/*}"
	(
		flock 7
		"$@" 7>&-
	) 7> "$file"
}

# The guest's init, and the list that puts it into the kernel; /root is where
# the kernel mounts a root file system if it is told not to run init.
build_init() {
	local dir=$1 width=$2

	gcc "-m$width" -O2 -static -Wall -Wextra -I"$top/arch/i386/boot/elf" \
		-o "$dir/init.new" "$top"/tests/boot/init/*.c || return
	# A new file, even with the same bytes, would mean a new kernel.
	if cmp -s "$dir/init.new" "$dir/init"; then
		rm "$dir/init.new"
	else
		mv "$dir/init.new" "$dir/init"
	fi
	cat > "$dir/initramfs.list" <<-END
	dir /dev 0755 0 0
	dir /root 0700 0 0
	nod /dev/console 0600 0 0 c 5 1
	file /init $dir/init 0755 0 0
	END
}

# instead_of NAME: what the variant wants in its place, if anything
instead_of() {
	[ -z "$variant" ] ||
		sed -n "s/^# instead of $1: //p" \
			"$top/tests/kconfig/variant-$variant.config"
}

# The variant that this one has all of, if there is such a one.
other_variant() {
	[ -z "$variant" ] ||
		sed -n 's/^# all of //p' \
			"$top/tests/kconfig/variant-$variant.config"
}

# make_key NAME [OPTION of "openssl req"...]
make_key() {
	local name=$1

	shift
	openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 36500 \
		-subj "/O=elf boot tests/CN=$name" "$@" \
		-addext keyUsage=critical,digitalSignature,keyCertSign \
		-keyout "$keys.new/$name.key" -out "$keys.new/$name.pem"
}

# need_keys: $keys has them; the kernels that look at signatures have the first
# one's certificate in them, who vouches for the last one.
keys=$build/keys
need_keys() {
	locked "$keys.lock" make_keys
}

make_keys() {
	[ ! -d "$keys" ] || return 0
	rm -rf "$keys.new"
	mkdir -p "$keys.new" && make_key trusted && make_key stranger &&
		make_key vouched -CA "$keys.new/trusted.pem" \
			-CAkey "$keys.new/trusted.key" &&
		openssl x509 -in "$keys.new/vouched.pem" -outform DER \
			-out "$keys.new/vouched.der" &&
		mv "$keys.new" "$keys"
}

# wanted_config: what the kernel must have, from the fragments
wanted_config() {
	local fragments=$top/tests/kconfig base other

	base=$(instead_of base.config)
	if [ -n "$base" ]; then
		cat "$fragments/$base"
	else
		cat "$fragments/base.config" "$fragments/$arch.config"
	fi
	for other in $(other_variant) $variant; do
		sed "s|@keys@|$keys|" "$fragments/variant-$other.config"
	done
	echo "CONFIG_INITRAMFS_SOURCE=\"$dir/initramfs.list\""
}

# Without what a fragment calls optional and this kernel does not know.
drop_optional() {
	local fragment symbol

	fragment=$(cat)
	while read -r symbol; do
		grep -rqs --include='Kconfig*' "^config $symbol\$" \
			"$src/arch/x86" "$src/drivers" "$src/kernel" \
				"$src/lib" ||
			fragment=$(grep -vw "CONFIG_$symbol" <<< "$fragment")
	done < <(sed -n 's/^# optional: //p' <<< "$fragment" | tr ' ' '\n')
	echo "$fragment"
}

# Kernels without such a variant are built without openssl(1).
need_keys_for_variant() {
	[[ $variant != signed* ]] || need_keys
}

# Write .config if a fragment has changed.
configure() {
	local wanted=$dir/wanted.config start

	wanted_config | drop_optional > "$wanted.new"
	if [ -f "$dir/kbuild/.config" ] && cmp -s "$wanted.new" "$wanted"; then
		return
	fi
	mkdir -p "$dir/kbuild"
	start=$(instead_of tinyconfig)
	in_tree -s "${start:-tinyconfig}" &&
		(cd "$src" && scripts/kconfig/merge_config.sh -m \
			-O "$dir/kbuild" "$dir/kbuild/.config" "$wanted.new") &&
		in_tree -s olddefconfig || return
	# What Kconfig silently drops is an error here; the last word counts.
	tac "$wanted.new" | awk '
		match($0, /CONFIG_[A-Z0-9_]+/) {
			key = substr($0, RSTART, RLENGTH)
			if (!seen[key]++ && $0 !~ /is not set/) print
		}' | grep -vxFf "$dir/kbuild/.config" && return 1
	mv "$wanted.new" "$wanted"
}

in_tree() {
	local compiler=()

	[ "$variant" != llvm ] || compiler=(LLVM=-19)
	# What kexec says of a file that it refuses is tested.
	make -C "$src" O="$dir/kbuild" ARCH="$arch" "${compiler[@]}" \
		ELFBOOT_DEBUG=y -j"$jobs" "$@"
}

# A variant begins as a copy of the plain build, to have less to do.
start_variant() {
	local plain=$build/$kernel/$arch

	case $variant in
	''|llvm)	return 0 ;;
	esac
	[ -z "$(instead_of base.config)" ] || return 0
	[ ! -d "$dir/kbuild" ] && [ -d "$plain/kbuild" ] || return 0
	rm -rf "$dir/kbuild.new"
	locked "$plain/lock" cp -a "$plain/kbuild" "$dir/kbuild.new" &&
		mv "$dir/kbuild.new" "$dir/kbuild"
}

# How long it took is told; what it prints goes to a log.
build_kernel() {
	local width=64

	[ "$arch" = i386 ] && width=32
	need_source "$kernel" && start_variant && need_keys_for_variant &&
		build_init "$dir" "$width" && configure && build_images &&
		objtool_is_silent && echo "$ELFBOOT_RUN" > "$dir/built"
}

# In this run, by whoever was first.
is_built() {
	[ -n "$ELFBOOT_RUN" ] &&
		[ "$(cat "$dir/built" 2>/dev/null)" = "$ELFBOOT_RUN" ]
}

build_logged() {
	is_built || build_kernel > "$dir/build.log" 2>&1
}

# need_kernel KERNEL ARCH [VARIANT]: build/KERNEL/ARCH[-VARIANT] has vmlinux,
# bzImage, and elfImage and zelfImage with and without multiboot headers. Once
# in a run.
need_kernel() {
	local kernel=$1 arch=$2 variant=${3-} seconds=$SECONDS
	local src=$build/$kernel/src dir=$build/$kernel/$arch${3:+-$3}

	! is_built || return 0
	mkdir -p "$dir"
	locked "$dir/lock" build_logged || {
		tail -n 30 "$dir/build.log"
		say "$dir/build.log: the build failed"
		return 1
	}
	echo "built $kernel $arch${variant:+ ($variant)} in $((SECONDS - seconds)) s"
}

# compiler_of KBUILD: what the kernel built there was compiled by
compiler_of() {
	sed -n 's/^CONFIG_CC_VERSION_TEXT="\(.*\)"/\1/p' "$1/.config"
}

# need_kernel_named KERNEL[-VARIANT] ARCH
need_kernel_named() {
	local name=$1

	if [[ $name == *-* ]]; then
		need_kernel "${name%%-*}" "$2" "${name#*-}"
	else
		need_kernel "$name" "$2"
	fi
}
