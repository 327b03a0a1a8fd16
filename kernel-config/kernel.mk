# The kernel: source, exported headers, vmlinux, and what is made from both: vmlinux.h and bpftool.

LINUX  := $(OUT)/src/linux
KBUILD := $(B)/linux
FRAGMENTS := $(addprefix $(TOP)/kernel-config/,lab.config $(ARCH).config)

# Whoever builds it, wherever and whenever: the same bytes. (With a build timestamp set, the kernel also
# calls pahole without -j, whose output differs from run to run.)
KBUILD_REPRODUCIBLE := KBUILD_BUILD_TIMESTAMP='Thu Jan  1 00:00:00 UTC 2026' \
	KBUILD_BUILD_USER=lab KBUILD_BUILD_HOST=redirect-lab KBUILD_BUILD_VERSION=1
KBUILD_MAP = -ffile-prefix-map=$(LINUX)/= -ffile-prefix-map=$(KBUILD)=.
kernel_cc_native := CC=gcc HOSTCC=$(HOSTCC)
kernel_cc_llvm   := LLVM=1
strip_native := strip
strip_llvm   := $(LLVM_STRIP)
# Recipes write $(MAKE) themselves: only then does make hand its job server on.
KERNEL_ARGS = -C $(LINUX) ARCH=$(KERNEL_ARCH) $(kernel_cc_$(KERNEL_CC)) $(KBUILD_REPRODUCIBLE)

$(LINUX)/.unpacked: $(OUT)/lock/linux
	$(call step,linux-source,$(call version,linux))
	$(TOP)/tools/unpack linux $(@D)
	touch $@

# The headers have an object directory of their own: the kernel may be built at the same time.
KERNEL_HEADERS := $(B)/kernel-headers/include
$(KERNEL_HEADERS)/.installed: $(LINUX)/.unpacked
	$(call step,kernel-headers,,1040)
	rm -rf $(B)/kernel-headers
	$(MAKE) $(KERNEL_ARGS) O=$(B)/kernel-headers/build headers
	mkdir -p $(@D)
	cd $(B)/kernel-headers/build/usr/include
	find . -name '*.h' | tar -cf - -T - | tar -xf - -C $(@D)
	touch $@

# allnoconfig over the fragments, and no option of theirs may be lost on the way.
define configure
@$(dry_run)
mkdir -p $(@D)
cat $(FRAGMENTS) >$(@D)/fragments
$(MAKE) $(KERNEL_ARGS) -s O=$(KBUILD) KCONFIG_ALLCONFIG=$(@D)/fragments allnoconfig >$(@D)/allnoconfig.log 2>&1 ||
	{ cat $(@D)/allnoconfig.log; exit 1; }
$(TOP)/tools/check-config $(LACKING) $(FRAGMENTS) $@
touch $@
endef
$(KBUILD)/.config: $(FRAGMENTS) $(LINUX)/.unpacked | $(TOP)/tools/check-config
	$(configure)

# QEMU boots the ELF file itself: nothing to decompress in the guest. Stripping keeps .BTF and the PVH note.
define compile
$(MAKE) $(KERNEL_ARGS) O=$(KBUILD) KCFLAGS='$(KBUILD_MAP)' KAFLAGS='$(KBUILD_MAP)' vmlinux
$(strip_$(KERNEL_CC)) -s -o $@ $(KBUILD)/vmlinux
endef
$(B)/vmlinux: $(KBUILD)/.config $(TOP)/kernel-config/kernel.mk
	$(call step,kernel,$(call version,linux),1700)
	$(compile)

# The catalogue's other kernels that are built, in the same words: make KERNEL=5.10 makes kernels/lab-5.10/vmlinux.
# The image's own is a row of it too.
ROW := $(B)/kernels/lab-%
$(ROW)/linux/.config $(ROW)/vmlinux: private LINUX = $(OUT)/src/lab-$*
$(ROW)/linux/.config $(ROW)/vmlinux: private KBUILD = $(B)/kernels/lab-$*/linux
$(ROW)/linux/.config: private FRAGMENTS += $(wildcard $(TOP)/kernel-config/lab-$*.config)
$(ROW)/linux/.config: private LACKING = --lacking $(TOP)/kernel-config/lacking $*

.PRECIOUS: $(OUT)/lock/kernels/% $(OUT)/src/lab-%/.unpacked $(ROW)/linux/.config
$(OUT)/src/lab-%/.unpacked: $(OUT)/lock/kernels/lab-%
	$(call step,linux-source,$*)
	$(TOP)/tools/unpack "$$($(TOP)/tools/catalogue --files lab-$*)" $(@D)
	touch $@

$(ROW)/linux/.config: $(wildcard $(TOP)/kernel-config/*.config) $(TOP)/kernel-config/lacking $(OUT)/src/lab-%/.unpacked | $(TOP)/tools/check-config
	$(configure)

$(ROW)/vmlinux: $(ROW)/linux/.config $(TOP)/kernel-config/kernel.mk
	$(call step,kernel,$*,1700)
	$(compile)

$(B)/kernels/lab-$(basename $(basename $(firstword $(subst -, ,$(call version,linux)))).0)/vmlinux: $(B)/vmlinux
	@mkdir -p $(@D)
	ln -f $< $@

# The bootstrap bpftool is the part that runs on the build host: BTF dumps and skeletons.
BPFTOOL := $(OUT)/host/bpftool/bootstrap/bpftool
$(BPFTOOL): $(LINUX)/.unpacked
	$(call step,bpftool)
	mkdir -p $(OUT)/host/bpftool
	$(MAKE) -C $(LINUX)/tools/bpf/bpftool OUTPUT=$(OUT)/host/bpftool/ HOSTCC=$(HOSTCC) \
		feature-clang-bpf-co-re=0 feature-llvm=0 feature-libcap=0 feature-libbfd=0 \
		feature-libbfd-liberty=0 feature-libbfd-liberty-z=0 bootstrap
	touch $@

# What arm64's boot loaders take, QEMU among them: the kernel as it lies in memory.
%/Image: %/vmlinux
	@llvm-objcopy -O binary -R .note -R .note.gnu.build-id -R .comment $< $@

# The types of the very kernel that was built.
$(B)/bpf/vmlinux.h: $(B)/vmlinux $(BPFTOOL)
	@mkdir -p $(@D)
	$(BPFTOOL) btf dump file $(B)/vmlinux format c >$@

# A distribution's kernel as a yardstick for `make bench`.
$(B)/stock/vmlinuz: $(OUT)/lock/stock
	@$(TOP)/tools/unpack stock $(@D)
	mv $(@D)/boot/vmlinuz-* $@
	rm -rf $(@D)/boot $(@D)/lib $(@D)/usr
	touch $@
