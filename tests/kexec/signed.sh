# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034,SC2317 # variables of run.sh
#
# Kernels that look at signatures: chains of signed images, and what such a kernel
# says of files that are not signed as they should be. Sourced by run.sh.

signer=$build/kexec/signer/tools/mkelfImage

build_signer() {
	make -s -C "$top" mkelfImage "O=${signer%/tools/*}" > /dev/null &&
		"$signer" --version | grep -qx 'signs: PKCS#7'
}

need_signer() {
	locked "${signer%/tools/*}.lock" build_signer
}

# By this program, and by the kernel's own. Files that have other names as well are
# not changed.
sign_images() {
	local key=$keys/trusted

	need_signer &&
		"$signer" "--sign=$key.key,$key.pem" "$dir/images/elfImage" &&
		"$signer" "--sign=$key.key,$key.pem" "$dir/images/vmlinux" &&
		"$images/kbuild/scripts/sign-file" sha256 "$key.key" "$key.pem" \
			"$dir/images/zelfImage"
}

test_signed_chain() {
	test_chain signed
}

# The files, and what the guest must say of each (signed.told).
test_signed() {
	local mib=512 first=elfImage name text way=signed_force

	[ "$1" = signed-force ] || way=signed_lockdown
	guest_root && need_signer || return
	mkdir "$dir/root/files"
	make_hello 32 0x2000000 4096 "$dir/hello" &&
		"$here/signed.py" "$dir/hello" "$keys" "$signer" \
			"$images/kbuild/scripts/sign-file" \
			"$dir/root/files" || return
	cp "$keys/vouched.der" "$dir/root/"
	echo "$way hello -" > "$dir/root/hops"
	cp "$dir/hello" "$dir/root/hello"
	guest_archive || return
	start_guest
	wait_for 1 '^end-told' "$dir/report"
	tr -d '\r' < "$dir/report" > "$dir/told"
	result "a key is added to a keyring" grep -qx 'key ' "$dir/told"
	while read -r name text; do
		result "$name" grep -qxE "told-$name $text" "$dir/told"
	done < <(sed -n "s/SAYS:/elfkexec: the kernel says:/g; s/^$1: //p" \
		"$here/signed.told")
}
