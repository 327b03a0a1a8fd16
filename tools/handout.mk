# make handout: what a person without network unpacks and runs; beside it the sources that its licences ask for, and
# the solutions, which are the instructor's.

LAB_VERSION := $(shell git -C $(TOP) describe --tags --always --dirty 2>/dev/null || echo unversioned)
HANDOUT := redirect-lab-$(LAB_VERSION)
HANDOUT_FILES := $(addprefix $(B)/,$(KERNEL_IMAGE) checks initramfs.cpio.zst shell.cpio.zst workshop.cpio.zst $(if $(SMALL),,$(if $(COMPILER_ROWS),compiler.squashfs)))
HANDOUT_GUIDE := $(B)/guide.html $(B)/guide.pdf
HANDOUT_TREE := $(addprefix $(TOP)/,LICENSE run-qemu.sh rootfs/handout.md tools/archive tools/class.sh tools/components tools/deps tools/handout tools/kernel tools/sources.lock)

.PHONY: handout
handout: $(B)/$(HANDOUT)-$(ARCH)$(if $(SMALL),-small).tar.gz $(OUT)/$(HANDOUT)-solutions.tar.gz $(OUT)/$(HANDOUT)-sources.tar

$(B)/$(HANDOUT)-$(ARCH)$(if $(SMALL),-small).tar.gz: $(HANDOUT_FILES) $(HANDOUT_GUIDE) $(HANDOUT_TREE) $(TOP)/tools/icu/LICENSE $(WORKSHOP_FILES)
	$(call step,handout,$(LAB_VERSION))
	$(TOP)/tools/handout pack $(ARCH) $(@F:.tar.gz=) $(B) $(HANDOUT_FILES) $(HANDOUT_GUIDE)

$(OUT)/$(HANDOUT)-solutions.tar.gz: $(TOP)/tools/handout $(wildcard $(TOP)/rootfs/solutions/*/*)
	@$(TOP)/tools/handout solutions $(@F:.tar.gz=) $(@D)

# All that git knows as it lies there: what was built, and not what was committed.
$(OUT)/$(HANDOUT)-sources.tar: $(if $(filter handout,$(MAKECMDGOALS)),$(addprefix $(TOP)/,$(shell git -C $(TOP) ls-files 2>/dev/null)))
	$(call step,sources,$(LAB_VERSION))
	$(TOP)/tools/handout sources $(@F:.tar=) $(@D)
