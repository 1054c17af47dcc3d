# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of run.sh
#
# elfboot.efi, by more of those that start UEFI programs: GRUB's chainloader, QEMU; a
# 64-bit kernel on 32-bit firmware; twice, and a variable in between. Sourced by run.sh.

# GRUB on the same volume, whose words behind the file's name are the options.
start_efi_grub_chain() {
	local program=${efi_program[$arch]} words

	need_efi || return
	efi_expect
	words="chainloader /$program ${image##*/} initrd=initrd $cmdline"
	efi_told "$words"
	printf '%s\n' "$words" boot > "$dir/grub.cfg"
	grub-mkimage -O "${efi_grub[$arch]}" -p / -c "$dir/grub.cfg" \
		-o "$dir/grub.efi" fat chain &&
		efi_volume "EFI/BOOT/${efi_default[$arch]}=$dir/grub.efi" \
			"$build/efi/$program" "$image" "initrd=$initrd" &&
		efi_run -nic none
}

# QEMU gives the program to the firmware, which passes it the command line. (An
# initrd QEMU takes for a bzImage only.)
start_efi_qemu_kernel() {
	need_efi || return
	efi_expect
	efi_told "qemu-system-x86_64 ... -kernel composed.efi -append '$cmdline'"
	composed_of "$dir/composed.efi" "linux=$image" "initrd=$initrd" &&
		qemu_efi -nic none -kernel "$dir/composed.efi" -append "$cmdline"
}

# Without CONFIG_EFI_MIXED the kernel has no runtime services, and all else.
start_efi_mixed() {
	local -A efi_program=([x86_64]=elfbootia32.efi)
	local -A efi_code=([x86_64]=OVMF32_CODE_4M.secboot.fd)
	local -A efi_variables=([x86_64]=OVMF32_VARS_4M.fd)
	local -A efi_bits=([x86_64]=32)
	local service

	start_efi_shell || return
	grep -q '^CONFIG_EFI_MIXED=y' "$images/kbuild/.config" && return
	for service in "${!also[@]}"; do
		[[ ${also[service]} != "~boot-order "* ]] || unset "also[service]"
	done
	more_checks=has_no_runtime_services
}

has_no_runtime_services() {
	! grep "^boot-order " "$dir/report"
}

# By runtime services one kernel leaves a variable in the firmware's flash, and the
# next one finds it there.
fatal_efi_variable() {
	local image=$images/elfImage cpus=1 mib=256 screen='' modules=()
	local cmdline=$cmdline turn

	for turn in elfboot-remember again; do
		cmdline+=" $turn"
		rm -f "$dir/report" "$dir/volume"
		start_efi_variable || return
		fatal_check "$turn: a report" wait_for_report
		fatal_check "$turn: no error" \
			check_variable "$turn" "$(sed -n 's/^efi-variable //p' "$dir/report")"
		cmdline=${cmdline% *}
	done
}

# Only a firmware that has SMM can write to the flash here.
start_efi_variable() {
	local -A efi_code=([x86_64]=OVMF_CODE_4M.secboot.fd
		[i386]=OVMF32_CODE_4M.secboot.fd)
	local words="${efi_program[$arch]} ${image##*/} $cmdline"

	need_efi || return
	printf '%s\r\n' "fs0:" "$words" > "$dir/startup.nsh"
	efi_volume "$build/efi/${efi_program[$arch]}" "$image" \
		"$dir/startup.nsh" && efi_run -nic none
}

# check_variable TURN FOUND
check_variable() {
	local want=

	[ "$1" != again ] || want=${SPOIL:+spoiled }remembered
	[ "$2" = "$want" ] || { echo "\"$2\", expected \"$want\""; return 1; }
}
