# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of run.sh
#
# elfboot.efi where it has to be proven what is booted: Secure Boot, shim, a TPM.
# The kernel is Debian's, which locks itself down by Secure Boot and knows TPMs. Sourced
# by run.sh.

# "NAME TIER" lines.
uefi_tests() {
	printf '%s/x86_64/debian-bookworm check\n' efi-sb efi-tpm
	printf '%s/x86_64/debian-bookworm all\n' efi-sb-shim efi-sb-options efi-sb-initrd \
		efi-tpm-composed
	printf '%s/x86_64/6.1 all\n' efi-sb-refused efi-sb-shim-refused efi-protected
	echo "efi-mixed/x86_64/6.1-mixed all"
}

# need_efi_keys: $build/boot/keys has KEY.key, .pem and .der, of the firmware's owner
# (Debian's OVMF has variables with that key in db), of whoever owns the machine
# (enrolled with shim), and of a stranger
need_efi_keys() {
	keys=$build/boot/keys
	locked "$build/boot/lock" make_efi_keys > "$dir/keys.log" 2>&1 ||
		{ cat "$dir/keys.log"; return 1; }
}

make_efi_keys() {
	local new=$keys.new name from=/usr/share/ovmf/PkKek-1-snakeoil

	[ ! -d "$keys" ] || return 0
	rm -rf "$new"
	mkdir -p "$new"
	openssl rsa -passin pass:snakeoil -in "$from.key" \
		-out "$new/firmware.key" && cp "$from.pem" "$new/firmware.pem" ||
		return
	for name in owner stranger; do
		openssl req -x509 -newkey rsa:2048 -nodes -days 3650 \
			-subj "/CN=$name of a test" -keyout "$new/$name.key" \
			-out "$new/$name.pem" || return
	done
	for name in firmware owner stranger; do
		openssl x509 -in "$new/$name.pem" -outform DER \
			-out "$new/$name.der" || return
	done
	mv "$new" "$keys"
}

# signed_by KEY FILE RESULT
signed_by() {
	sbsign --key "$keys/$1.key" --cert "$keys/$1.pem" --output "$3" "$2" \
		> "$dir/sbsign.log" 2>&1 || { cat "$dir/sbsign.log"; return 1; }
}

# qemu_secure VOLUME... -- QEMU-OPTION...: Secure Boot is on; the firmware tries the
# volumes one after the other
qemu_secure() {
	local -A efi_code=([x86_64]=OVMF_CODE_4M.secboot.fd)
	local -A efi_variables=([x86_64]=OVMF_VARS_4M.snakeoil.fd)
	local disks=() number=0

	for (( ; $#; number++)); do
		[ "$1" != -- ] || { shift; break; }
		disks+=(-drive "if=none,id=volume$number,format=raw,file=$1"
			-device "virtio-blk-pci,drive=volume$number,bootindex=$number")
		shift
	done
	qemu_efi -nic none "${disks[@]}" "$@"
}

# What the guest says of it.
expect_secure() {
	efi_expect
	also+=("secure-boot 3" "lockdown integrity")
	also+=("log-secure-boot Secure boot enabled")
	also+=("~log-lockdown Kernel is locked down from EFI Secure Boot; .*")
}

# compose_signed KEY: $dir/signed.efi has kernel, command line and initrd in it
compose_signed() {
	need_efi && need_efi_keys || return
	echo "$cmdline" > "$dir/cmdline"
	composed_of "$dir/composed.efi" "linux=$image" "cmdline=$dir/cmdline" \
		"initrd=$initrd" &&
		signed_by "$1" "$dir/composed.efi" "$dir/signed.efi"
}

told_composed() {
	told "objcopy --add-section .linux=$image $(
		)--add-section .cmdline=$dir/cmdline --add-section .initrd=$initrd ... $(
		)elfbootx64.efi composed.efi" \
		"sbsign --key $1.key --cert $1.pem --output $2 composed.efi"
}

start_efi_sb() {
	expect_secure
	told_composed db BOOTX64.EFI
	compose_signed firmware &&
		efi_volume "EFI/BOOT/BOOTX64.EFI=$dir/signed.efi" &&
		qemu_secure "$dir/volume"
}

# By shim, which the firmware knows; the owner's key is in shim's list.
start_efi_sb_shim() {
	expect_secure
	told_composed MOK grubx64.efi
	compose_signed owner && add_shim_variables MokList="$keys/owner.der" &&
		signed_by firmware /usr/lib/shim/shimx64.efi "$dir/shim.efi" &&
		efi_volume "EFI/BOOT/BOOTX64.EFI=$dir/shim.efi" \
			"EFI/BOOT/grubx64.efi=$dir/signed.efi" &&
		qemu_secure "$dir/volume"
}

# add_shim_variables NAME=FILE...
add_shim_variables() {
	cp /usr/share/OVMF/OVMF_VARS_4M.snakeoil.fd "$dir/variables" &&
		"$boot/efi-variables.py" "$dir/variables" "$@"
}

# start_tpm: a new one, until QEMU ends, which wants ${tpm[@]}
start_tpm() {
	tpm=(-tpmdev "emulator,id=tpm,chardev=tpm"
		-chardev "socket,id=tpm,path=$dir/tpm/socket"
		-device "tpm-tis,tpmdev=tpm")
	mkdir "$dir/tpm" &&
		swtpm socket --tpm2 --tpmstate "dir=$dir/tpm" --terminate \
			--daemon --ctrl "type=unixio,path=$dir/tpm/socket"
}

# with_tpm QEMU-OPTION...
with_tpm() {
	local tpm

	start_tpm && efi_run "${tpm[@]}" "$@"
}

# foretell ARGUMENT...: $dir/foretold is what mkelfImage says will be measured; by one
# with libraries, which knows all banks
foretell() {
	locked "$build/libraries.lock" unpacking_tool &&
		"$build/libraries/tools/mkelfImage" --measure "$@" > "$dir/foretold"
}

# measured [NAME=FILE]...: nothing else may have been, and all of it was foretold
measured() {
	"$boot/tcglog.py" "$dir/report" "$dir/foretold" "$@"
}

measured_initrd() {
	measured "Linux initrd=$initrd"
}

# What the shell passes: all of the line, and a NUL.
measured_files() {
	measured "LOADED_IMAGE::LoadOptions=$dir/options" \
		"elfboot.efi: kernel=$image" "Linux initrd=$initrd"
}

start_efi_tpm() {
	local run_efi=with_tpm

	also+=("tpm yes" "secure-boot 2" "lockdown none")
	more_checks=measured_files
	start_efi_shell
	# Of the script the shell runs the last line.
	tail -n 1 "$dir/startup.nsh" | tr -d '\r\n' | iconv -t UTF-16LE \
		> "$dir/options"
	printf '\0\0' >> "$dir/options"
	foretell --append="$(tail -n 1 "$dir/startup.nsh" | tr -d '\r\n')" \
		--initrd="$initrd" "$build/efi/${efi_program[$arch]}" "$image"
}

start_efi_tpm_composed() {
	also+=("tpm yes" "secure-boot 2" "lockdown none")
	more_checks=measured
	efi_expect
	compose_signed firmware && foretell "$dir/composed.efi" &&
		efi_volume "EFI/BOOT/BOOTX64.EFI=$dir/composed.efi" &&
		with_tpm -nic none
}

# A boot entry of systemd-boot, which the firmware's owner has
# signed, has other options and an initrd: neither counts.
start_efi_sb_options() {
	local entry=("title ELF" "linux /signed.efi" "initrd /startup.nsh"
		"options init=/none")

	expect_secure
	told "${entry[@]:1}"
	printf '%s\n' "${entry[@]}" > "$dir/elf.conf"
	echo "not an initrd" > "$dir/startup.nsh"
	more_checks=options_are_ignored
	compose_signed firmware && signed_sdboot &&
		efi_volume "EFI/BOOT/BOOTX64.EFI=$dir/sdboot.efi" \
			"$dir/signed.efi" "$dir/startup.nsh" \
			"loader/entries/elf.conf=$dir/elf.conf" &&
		qemu_secure "$dir/volume"
}

# The initrd is not signed, and the firmware's caller offers it: it counts as it does
# for Linux's own EFI stub, and is measured.
start_efi_sb_initrd() {
	local entry=("title ELF" "linux /signed.efi" "initrd /initrd") tpm

	expect_secure
	also+=("tpm yes")
	told "${entry[@]:1}"
	printf '%s\n' "${entry[@]}" > "$dir/elf.conf"
	echo "$cmdline" > "$dir/cmdline"
	more_checks=measured_initrd
	need_efi && need_efi_keys && signed_sdboot &&
		composed_of "$dir/composed.efi" "linux=$image" \
			"cmdline=$dir/cmdline" &&
		signed_by firmware "$dir/composed.efi" "$dir/signed.efi" &&
		foretell --initrd="$initrd" "$dir/signed.efi" &&
		efi_volume "EFI/BOOT/BOOTX64.EFI=$dir/sdboot.efi" \
			"$dir/signed.efi" "initrd=$initrd" \
			"loader/entries/elf.conf=$dir/elf.conf" &&
		start_tpm && qemu_secure "$dir/volume" -- "${tpm[@]}"
}

signed_sdboot() {
	signed_by firmware /usr/lib/systemd/boot/efi/systemd-bootx64.efi \
		"$dir/sdboot.efi"
}

options_are_ignored() {
	efi_said "elfboot: load options ignored: Secure Boot is on, and there is a .cmdline" &&
		efi_said "elfboot: Secure Boot is on, and there is a .initrd: no other counts"
}

# efi_said WORDS: the console breaks its lines
efi_said() {
	grep -qaF "${SPOIL:+spoiled }$1" <(tr -d '\r\n' < "$dir/console")
}

# refused_volume NAME FILE: one more of $volumes, which the firmware refuses
refused_volume() {
	names+=("$1")
	efi_volume "EFI/BOOT/BOOTX64.EFI=$2" && keep_volume "$1"
}

# keep_volume NAME: $dir/volume is one more of $volumes
keep_volume() {
	mv "$dir/volume" "$dir/volume-$1" && volumes+=("$dir/volume-$1")
}

# systemd-boot and elfboot.efi are signed, the kernel cannot be.
external_volume() {
	printf '%s\n' "title ELF" "linux /elfbootx64.efi" "options /elfImage" \
		> "$dir/elf.conf"
	signed_sdboot &&
		signed_by firmware "$build/efi/elfbootx64.efi" "$dir/elfbootx64.efi" &&
		efi_volume "EFI/BOOT/BOOTX64.EFI=$dir/sdboot.efi" \
			"$dir/elfbootx64.efi" "$image" \
			"loader/entries/elf.conf=$dir/elf.conf" && keep_volume external
}

# refusals: what the firmware says of each boot option that it does not start
refusals() {
	tr -d '\r' < "$dir/console" |
		sed -n 's/.*BdsDxe: failed to \(load\|start\) Boot.*: //p'
}

# What the firmware does not start: each as the only file of a volume, and the last
# one is what boots in the end. Of what it does start, one has no .linux and loads a
# file, which nobody has signed.
fatal_efi_sb_refused() {
	local image=$images/elfImage cpus=1 mib=512 screen='' modules=()
	local volumes=() names=() name section

	compose_signed firmware || return
	refused_volume unsigned "$dir/composed.efi" || return
	signed_by stranger "$dir/composed.efi" "$dir/stranger.efi" &&
		refused_volume stranger "$dir/stranger.efi" || return
	for section in .text .rodata .sbat .linux .cmdline .initrd append; do
		"$boot/tamper.py" "$dir/signed.efi" "$dir/tampered.efi" "$section" &&
			refused_volume "$section" "$dir/tampered.efi" || return
	done
	external_volume || return
	efi_volume "EFI/BOOT/BOOTX64.EFI=$dir/signed.efi" &&
		qemu_secure "${volumes[@]}" "$dir/volume" || return
	fatal_check "the kernel boots in the end" wait_for_report
	refusals > "$dir/refusals"
	fatal_check "refused by the firmware: ${names[*]}" \
		diff <(printf 'Access Denied\n%.0s' "${names[@]}"
			echo "Security Violation") "$dir/refusals"
	efi_says "/elfImage: Secure Boot is on, and a file is not signed: security violation"
}

# shim_volume NAME FILE: one more of $volumes, on which shim starts FILE, signed by
# the machine's owner unless there is another key
shim_volume() {
	signed_by "${3:-owner}" "$2" "$dir/signed.efi" &&
		efi_volume "EFI/BOOT/BOOTX64.EFI=$dir/shim.efi" \
			"EFI/BOOT/grubx64.efi=$dir/signed.efi" &&
		keep_volume "$1"
}

# Generation 1 of elfboot.efi has been revoked: what boots in the end is generation
# 2. (The file has no other such bytes.)
fatal_efi_sb_shim_refused() {
	local image=$images/elfImage cpus=1 mib=512 screen='' modules=()
	local volumes=()

	compose_signed owner || return
	printf 'sbat,1,2099010100\nelfboot,2\n' > "$dir/revoked"
	sed 's/^elfboot,1,/elfboot,2,/' "$dir/composed.efi" > "$dir/fixed.efi" &&
		objcopy --remove-section .sbat "$dir/fixed.efi" "$dir/without.efi" &&
		add_shim_variables MokList="$keys/owner.der" \
			SbatLevel="$dir/revoked" &&
		signed_by firmware /usr/lib/shim/shimx64.efi "$dir/shim.efi" &&
		shim_volume revoked "$dir/composed.efi" &&
		shim_volume without-sbat "$dir/without.efi" &&
		shim_volume stranger "$dir/fixed.efi" stranger &&
		shim_volume fixed "$dir/fixed.efi" &&
		qemu_secure "${volumes[@]}" || return
	press_ok &
	fatal_check "the kernel boots in the end" wait_for_report
	wait "$!"
	grep -aoE 'Verification failed: \(0x1A\) [A-Za-z ]*n' "$dir/console" |
		sed 's/.*) //' > "$dir/refusals"
	[ -z "$SPOIL" ] || echo spoiled >> "$dir/refusals"
	unset "volumes[-1]"
	fatal_check "refused by shim: ${volumes[*]##*/volume-}" \
		diff <(printf 'Security Violation\n%.0s' 1 2 3) "$dir/refusals"
}

# shim shows a box, and waits until somebody has seen it; another key does no harm.
press_ok() {
	while sleep 2 && kill -0 "$emulator" 2> /dev/null; do
		! grep -qas "Verification failed" "$dir/console" ||
			"$boot/monitor.py" "$dir/monitor" "sendkey ret" ||
			return 0
	done > /dev/null 2>&1
}
