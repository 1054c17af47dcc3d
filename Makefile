# SPDX-License-Identifier: GPL-2.0
#
# Front door. The kernel side is built in a kernel tree, by "make elfImage".

help:
	@echo 'One ELF file that is a Linux kernel and boots from any ELF loader.'
	@echo ''
	@echo '  demo       fetch and patch Linux 6.1, build elfImage, netboot it'
	@echo '  check      the tests of every change (30 minutes on two cores)'
	@echo '  check-all  all tests, those that take long included'
	@echo '  bench      instructions from reset to init, elfImage and bzImage'
	@echo '  install    put ELF boot into a kernel tree: make install KDIR=...'
	@echo '  clean      remove build/'
	@echo ''
	@echo 'Single tests: tests/run.sh -l "*", tests/run.sh "boot/ipxe*"'
	@echo 'In a kernel tree: make elfImage. Taking it out: scripts/install.sh'
	@echo '--remove. Everything else: README.md, Documentation/elf-boot.txt'

demo:
	@scripts/demo/demo.sh

check:
	@scripts/packages.sh build unit lint boot netboot bochs grub syslinux uboot coreboot
	@tests/run.sh --check '*'

check-all:
	@scripts/packages.sh build unit lint boot netboot bochs grub syslinux uboot coreboot bench llvm
	@tests/run.sh '*'

bench:
	@scripts/packages.sh build boot coreboot bench
	@tests/bench.sh

install:
ifndef KDIR
	@echo >&2 'usage: make install KDIR=<kernel tree>'; exit 2
else
	@scripts/install.sh $(KDIR)
endif

clean:
	rm -rf build

.PHONY: help demo check check-all bench install clean
