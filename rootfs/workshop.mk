# The workshop: what a person at the prompt of --shell has besides the lab itself.

.PHONY: workshop
workshop: image $(B)/compiler.squashfs

# The compiler's disk: clang with its loader and libraries, out of the packages that the lock file names for this
# architecture, and the headers of a BPF program. The first package holds clang itself.
COMPILER_ROWS := $(shell awk '/^compiler-$(ARCH)-/ { print $$1 }' $(TOP)/tools/sources.lock)
COMPILER := $(B)/compiler

$(B)/compiler.squashfs: $(COMPILER_ROWS:%=$(OUT)/lock/%) $(B)/bpf/vmlinux.h $(SYSROOT)/.libbpf $(TOP)/tools/elf-closure $(TOP)/rootfs/workshop.mk
	$(call step,compiler,$(call version,$(firstword $(COMPILER_ROWS))))
	$(TOP)/tools/deps --list-missing workshop || { echo 'install them with: tools/deps --install workshop'; exit 1; }
	rm -rf $(COMPILER)
	for row in $(COMPILER_ROWS); do $(TOP)/tools/unpack $$row $(COMPILER)/packages/$$row; done
	$(TOP)/tools/elf-closure clang $(COMPILER)/packages $(COMPILER)/disk/lib
	mkdir -p $(COMPILER)/disk/include/bpf
	cp $(B)/bpf/vmlinux.h $(COMPILER)/disk/include
	cp $(addprefix $(SYSROOT)/include/bpf/,bpf_helpers.h bpf_helper_defs.h bpf_endian.h bpf_tracing.h bpf_core_read.h) \
		$(COMPILER)/disk/include/bpf
	chmod -R u=rwX,go=rX $(COMPILER)/disk
	env -u SOURCE_DATE_EPOCH mksquashfs $(COMPILER)/disk $@ -mkfs-time $(SOURCE_DATE_EPOCH) -all-time $(SOURCE_DATE_EPOCH) \
		-comp zstd -Xcompression-level 15 -all-root -no-xattrs -noappend -no-progress -quiet
	rm -rf $(COMPILER)
