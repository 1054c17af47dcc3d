# SPDX-License-Identifier: GPL-2.0
#
# Front door. The kernel side is built in a kernel tree, by "make elfImage".

O	?= build/mkelfImage
EFI	?= build/efi
KIT	?= build/conformance
PREFIX	?= /usr/local

# A name for the shell, whatever is in it.
quoted	= '$(subst ','\'',$(1))'

prefix	= $(DESTDIR)$(PREFIX)
bin	= $(call quoted,$(prefix)/bin)
sbin	= $(call quoted,$(prefix)/sbin)
lib	= $(call quoted,$(prefix)/lib/mkelfimage)
man8	= $(call quoted,$(prefix)/share/man/man8)
doc	= $(call quoted,$(prefix)/share/doc/mkelfimage)
complete = $(call quoted,$(prefix)/share/bash-completion/completions)

# make itself has no name with a blank for what it builds.
ifneq ($(word 2,$(O)),)
$(error O=$(O): there is a blank in it)
endif

help:
	@echo 'One ELF file that is a Linux kernel and boots from any ELF loader.'
	@echo ''
	@echo '  demo          netboot Debian'"'"'s kernel as an ELF file (a minute);'
	@echo '                then fetch and patch Linux 6.1, build elfImage, netboot it'
	@echo '  check         the tests of every change (35 minutes on two cores)'
	@echo '  check-all     all tests that have not passed yet for these files'
	@echo '                (RUN="--minutes 150": as many as fit, go on next time)'
	@echo '  last-run      write down which loaders booted last (tests/boot/last-run, and'
	@echo '                Documentation/loaders.md)'
	@echo '  bench         instructions from reset to init, elfImage and bzImage'
	@echo '  clean         remove build/'
	@echo ''
	@echo 'Into a kernel tree, which then has "make elfImage":'
	@echo '  install-tree  make install-tree KDIR=<kernel tree>'
	@echo '  uninstall-tree'
	@echo ''
	@echo 'The tool alone, for kernels that exist already:'
	@echo '  mkelfImage    build $(O)/tools/mkelfImage (CC=, CFLAGS=, O=, V=1)'
	@echo '  elfkexec      build $(O)/elfkexec, which loads such kernels by kexec'
	@echo '  elfboot.efi   build $(EFI)/elfbootx64.efi and elfbootia32.efi, which'
	@echo '                load ELF files from UEFI firmware (EFI=)'
	@echo '  conformance   build $(KIT)/conformance*.elf, which test a loader: they'
	@echo '                tell what it did (Documentation/conformance.txt; KIT=)'
	@echo '  install       install the first three, below PREFIX ($(PREFIX)), DESTDIR='
	@echo '  uninstall'
	@echo '  deb           build/deb/mkelfimage_*.deb'
	@echo ''
	@echo 'Single tests: tests/run.sh -l "*", tests/run.sh "boot/ipxe*"'
	@echo 'Everything else: README.md, Documentation/elf-boot.txt'

demo:
	@scripts/demo/demo.sh

check:
	@scripts/packages.sh build unit lint boot netboot bochs grub secure syslinux uboot coreboot unpack deb fuzz spec
	@tests/run.sh --check '*'

check-all:
	@scripts/packages.sh build unit lint boot netboot bochs grub secure syslinux uboot coreboot bench llvm unpack deb debian fuzz spec
	@tests/run.sh --missing $(RUN) '*'

last-run:
	@tests/boot/last_run.py build/ledger
	@tests/boot/table.py --write Documentation/loaders.md

bench:
	@scripts/packages.sh build boot coreboot bench unpack
	@tests/bench.sh

install-tree uninstall-tree:
	@$(if $(KDIR),,echo >&2 'usage: make $@ KDIR=<kernel tree>'; exit 2)
	@scripts/install.sh $(if $(filter un%,$@),--remove) $(call quoted,$(KDIR))

mkelfImage:
	@$(MAKE) --no-print-directory -f scripts/Makefile.standalone O=$(O) obj=$(O) \
		$(O)/tools/mkelfImage
	@echo 'mkelfImage: $(O)/tools/mkelfImage is ready'

elfkexec:
	@$(MAKE) --no-print-directory -f tools/elfkexec/Makefile O=$(O)
	@echo 'elfkexec: $(O)/elfkexec is ready'

# Names for make, with its own quotes.
efi_programs := $(addprefix $(EFI)/,elfbootx64.efi elfbootia32.efi)

elfboot.efi:
	@$(MAKE) --no-print-directory -f scripts/Makefile.standalone O=$(EFI) obj=$(EFI) \
		src=arch/i386/boot/efi $(efi_programs)
	@echo 'elfboot.efi: $(efi_programs) are ready'

# ELF32 with multiboot headers and without, ELF64.
kit := $(addprefix $(KIT)/,conformance.elf conformance-pvh.elf conformance64.elf)

conformance: mkelfImage
	@$(MAKE) --no-print-directory -f scripts/Makefile.standalone O=$(KIT) obj=$(KIT) \
		src=tests/conformance MKELFIMAGE=$(O)/tools/mkelfImage $(kit)
	@echo 'conformance: $(kit) are ready'

# It used to be the name of install-tree.
ifeq ($(origin KDIR),command line)
install uninstall:
	@echo >&2 'make $@ is for mkelfImage; for a kernel tree:' \
		make $@-tree KDIR=$(call quoted,$(call quoted,$(KDIR)))
	@exit 2
else
documents := README.md Documentation/elf-boot.txt Documentation/loaders.md

# What has been built is installed, by whatever compiler.
install: $(if $(wildcard $(O)/tools/mkelfImage),,mkelfImage) \
		$(if $(wildcard $(O)/elfkexec),,elfkexec) \
		$(if $(filter-out $(wildcard $(efi_programs)),$(efi_programs)),elfboot.efi)
	install -d $(bin) $(sbin) $(lib) $(man8) $(doc) $(complete)
	install $(O)/tools/mkelfImage $(bin)
	install $(O)/elfkexec $(sbin)
	install -m 644 $(efi_programs) $(lib)
	install -m 644 Documentation/mkelfImage.8 Documentation/elfkexec.8 $(man8)
	install -m 644 tools/elfkexec/elfkexec.bash $(complete)/elfkexec
	install -m 644 $(documents) $(doc)

uninstall:
	rm -f $(bin)/mkelfImage $(man8)/mkelfImage.8
	rm -f $(sbin)/elfkexec $(man8)/elfkexec.8 $(complete)/elfkexec
	rm -f $(addprefix $(doc)/,$(notdir $(documents)))
	rm -f $(addprefix $(lib)/,$(notdir $(efi_programs)))
	rmdir $(doc) $(lib) 2>/dev/null || true
endif

# In a copy: dpkg-buildpackage puts files into its sources and beside them.
deb:
	@command -v dh > /dev/null || scripts/packages.sh unpack deb
	rm -rf build/deb
	mkdir -p build/deb/mkelfimage
	tar -c --exclude=./build --exclude=./.git . | tar -x -C build/deb/mkelfimage
	cd ./build/deb/mkelfimage && dpkg-buildpackage -us -uc -b
	@ls build/deb/*.deb

clean:
	rm -rf build

.PHONY: help demo check check-all last-run bench install-tree uninstall-tree \
	mkelfImage elfkexec elfboot.efi conformance install uninstall deb clean
