# busybox and the initramfs; the floor's initramfs.

BUSYBOX := $(B)/busybox
# What a person finds at the prompt, in /root: exercises and the article's program.
WORKSHOP_FILES := $(sort $(wildcard $(TOP)/rootfs/workshop/* $(TOP)/rootfs/workshop/*/*))
INITRAMFS_FILES := $(wildcard $(TOP)/rootfs/etc/*) $(TOP)/rootfs/clang $(WORKSHOP_FILES)
BUSYBOX_ARGS = -C $(BUSYBOX) HOSTCC=$(HOSTCC) CC=$(LAB_CC) AR=llvm-ar STRIP=llvm-strip \
	KCONFIG_NOTIMESTAMP=1 CONFIG_EXTRA_CFLAGS='$(LAB_CFLAGS)'

# busybox's kconfig knows no KCONFIG_ALLCONFIG: each line of ours replaces the one of allnoconfig, and
# oldconfig settles the rest. What got lost on the way fails the build.
$(BUSYBOX)/busybox: $(OUT)/lock/busybox $(TOP)/rootfs/busybox.config $(SYSROOT)/.kernel-headers
	$(call step,busybox,$(call version,busybox),3400)
	$(TOP)/tools/unpack busybox $(BUSYBOX)
	$(MAKE) $(BUSYBOX_ARGS) allnoconfig
	cd $(BUSYBOX)
	grep '^CONFIG_' $(TOP)/rootfs/busybox.config >wanted
	sed 's/=.*//; s/.*/^&=|^# & is not set/' wanted | grep -v -E -f - .config >rest
	cat rest wanted >.config
	yes '' | $(MAKE) $(BUSYBOX_ARGS) oldconfig
	$(TOP)/tools/check-config $(TOP)/rootfs/busybox.config .config
	$(MAKE) $(BUSYBOX_ARGS) busybox busybox.links
	touch $@

$(B)/host/gen_init_cpio: $(LINUX)/.unpacked
	@mkdir -p $(@D)
	$(HOSTCC) -O2 -o $@ $(LINUX)/usr/gen_init_cpio.c

# The lists are sorted by hand and by C's collation: same bytes wherever they are made.
list = sed 's|@B@|$(B)|; s|@TOP@|$(TOP)|' $<
$(B)/initramfs.list: $(TOP)/rootfs/initramfs.list $(BPF_OBJECTS)
	@{
		$(list)
		for object in $(sort $(BPF_OBJECTS)); do echo "file /bpf/$${object##*/} $$object 0644 0 0"; done
	} >$@

$(B)/busybox.list: $(TOP)/rootfs/shell.list $(BUSYBOX)/busybox $(WORKSHOP_FILES)
	@{
		$(list)
		for file in $(WORKSHOP_FILES); do
			name=/root/$${file#$(TOP)/rootfs/workshop/}
			if [ -d $$file ]; then echo "dir $$name 0755 0 0"; else echo "file $$name $$file 0644 0 0"; fi
		done
		sed 's|.*/||; s|.*|slink /bin/& busybox 0777 0 0|' $(BUSYBOX)/busybox.links | sort -u
	} >$@

$(B)/initramfs.cpio: $(B)/init/init $(BPF_OBJECTS)
$(B)/busybox.cpio: $(BUSYBOX)/busybox
$(B)/%.cpio: $(B)/%.list $(B)/host/gen_init_cpio $(INITRAMFS_FILES)
	@$(B)/host/gen_init_cpio -t $(SOURCE_DATE_EPOCH) $< >$@

compress = zstd -q -19 -f --no-check $< -o $@
$(B)/initramfs.cpio.zst: $(B)/initramfs.cpio
	$(call step,initramfs)
	$(compress)
$(B)/busybox.cpio.zst: $(B)/busybox.cpio
	@$(compress)

# The kernel unpacks archives laid end to end.
$(B)/shell.cpio.zst: $(B)/initramfs.cpio.zst $(B)/busybox.cpio.zst
	@cat $^ >$@

$(B)/init/floor: $(TOP)/tools/floor.c $(SYSROOT)/.kernel-headers
	@mkdir -p $(@D)
	$(LAB_CC) $(LAB_CFLAGS) -s -o $@ $<

$(B)/floor.cpio.zst: $(B)/init/floor $(B)/host/gen_init_cpio
	@printf '%s\n' 'dir /dev 0755 0 0' 'nod /dev/console 0600 0 0 c 5 1' 'file /init $< 0755 0 0' >$(B)/floor.list
	$(B)/host/gen_init_cpio -t $(SOURCE_DATE_EPOCH) $(B)/floor.list >$(B)/floor.cpio
	zstd -q -19 -f --no-check $(B)/floor.cpio -o $@
