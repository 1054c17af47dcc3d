# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of cluster.sh
#
# A node whose firmware is UEFI: Debian's OVMF, which has a driver for virtio's network
# card and none for the e1000, while the test kernel knows the e1000 only. Where iPXE's
# ROM is the e1000's driver one card is enough; else there are two. Sourced by cluster.sh.

ovmf=/usr/share/OVMF

# make_tap NAME
make_tap() {
	ip tuntap add dev "$1" mode tap && ip link set "$1" master br0 up
}

# uefi_card TAP DEVICE[,OPTION]... MAC-END
uefi_card() {
	make_tap "$1" && options+=(
		-netdev "tap,id=$1,ifname=$1,script=no,downscript=no"
		-device "$2,netdev=$1,mac=52:54:00:00:$3")
}

# Those that faults.conf has, before the good one.
bad_cards() {
	local number

	for number in 1 2 3 4 5; do
		uefi_card "bad$number" \
			"virtio-net-pci,romfile=,bootindex=$number" \
			"79:0$number" || return
	done
}

# start_uefi_node: by the variables of start_node
start_uefi_node() {
	local options=() tap=t$mac feature

	cp "$ovmf/OVMF_VARS_4M.fd" "$dir/$name/variables" || return
	[ "$by" != uefi-bad ] || bad_cards || return
	case $by in
	uefi-rom)
		uefi_card "$tap" \
			"e1000,romfile=/usr/lib/ipxe/qemu/efi-e1000.rom" "77:$mac" ;;
	*)
		uefi_card "$tap" "virtio-net-pci,romfile=,bootindex=9" "77:$mac" &&
			uefi_card "linux$mac" "e1000,romfile=" "78:$mac" ;;
	esac || return
	# Else it would try these first.
	case $by in
	uefi-http|uefi-bad)
		for feature in IPv4PXESupport IPv6PXESupport IPv6Support; do
			options+=(-fw_cfg
				"name=opt/org.tianocore/$feature,string=n")
		done ;;
	esac
	start_qemu -machine q35 -device virtio-rng-pci \
		-drive "if=pflash,format=raw,unit=0,readonly=on,file=$ovmf/OVMF_CODE_4M.fd" \
		-drive "if=pflash,format=raw,unit=1,file=$dir/$name/variables" \
		"${options[@]}"
}
