# The workshop: what the article's commands need besides busybox, static against the sysroot, in an archive of its
# own that is laid behind the shell's where it is there. A plain run never unpacks it.

WORKSHOP := $(B)/workshop
WORKSHOP_MAKE = CC=$(LAB_CC) LD=ld.lld AR=llvm-ar HOSTCC=$(HOSTCC)

# Sources that rest on make's own rules must not inherit that ours does without.
own_rules = MAKEFLAGS=$$(echo "$$MAKEFLAGS" | sed 's/^\([a-qs-zA-Z]*\)r/\1/; s/--no-builtin-rules//')

workshop: $(B)/workshop.cpio.zst

# Its configure would ask the host. libgen.h: without it musl has no basename() declared, and tc crashes.
define IPROUTE2_CONFIG
TC_CONFIG_NO_XT := y
HAVE_ELF := y
HAVE_LIBBPF := y
CFLAGS += -DHAVE_ELF -DHAVE_LIBBPF -DHAVE_LIBBPF_SECTION_NAME -DHAVE_SETNS -DHAVE_HANDLE_AT -DLIBBPF_VERSION='"$(call version,libbpf)"' -include libgen.h
LDLIBS += -lbpf -lelf -lz
YACC := bison
%.o: %.c ; $$(CC) $$(CFLAGS) $$(EXTRA_CFLAGS) -c -o $$@ $$<
endef
$(WORKSHOP)/.iproute2: $(OUT)/lock/iproute2 $(SYSROOT)/.libbpf
	$(call step,iproute2,$(call version,iproute2))
	$(TOP)/tools/unpack iproute2 $(WORKSHOP)/iproute2
	cd $(WORKSHOP)/iproute2
	cat >config.mk <<'END'
	$(IPROUTE2_CONFIG)
	END
	$(MAKE) $(WORKSHOP_MAKE) SHARED_LIBS=n SUBDIRS='lib ip tc misc' LIBDIR=/lib CCOPTS='$(LAB_CFLAGS)' LDFLAGS=-static
	mkdir -p $(WORKSHOP)/bin
	cp ip/ip tc/tc misc/ss $(WORKSHOP)/bin/
	touch $@

# Debian's tree has no doc/, and the Makefile wants it.
$(WORKSHOP)/.make: $(OUT)/lock/make $(SYSROOT)/.kernel-headers
	$(call step,make,$(call version,make))
	$(TOP)/tools/unpack make $(WORKSHOP)/make
	cd $(WORKSHOP)/make
	mkdir -p doc
	: >doc/Makefile.in
	./configure --host=$(TARGET) --disable-nls --without-guile CC=$(LAB_CC) AR=llvm-ar CFLAGS='$(LAB_CFLAGS)'
	$(MAKE) -C lib
	$(MAKE) make
	mkdir -p $(WORKSHOP)/bin
	cp make $(WORKSHOP)/bin/
	touch $@

$(WORKSHOP)/.libpcap: $(OUT)/lock/libpcap $(SYSROOT)/.kernel-headers
	$(call step,libpcap,$(call version,libpcap))
	$(TOP)/tools/unpack libpcap $(WORKSHOP)/libpcap
	cd $(WORKSHOP)/libpcap
	./configure --host=$(TARGET) --with-pcap=linux --disable-shared --disable-usb --disable-dbus --disable-rdma \
		--disable-bluetooth --without-libnl CC=$(LAB_CC) AR=llvm-ar RANLIB=llvm-ranlib CFLAGS='$(LAB_CFLAGS)'
	$(own_rules) $(MAKE) libpcap.a
	touch $@

# It looks for libpcap in the directory beside its own.
$(WORKSHOP)/.tcpdump: $(OUT)/lock/tcpdump $(WORKSHOP)/.libpcap
	$(call step,tcpdump,$(call version,tcpdump))
	$(TOP)/tools/unpack tcpdump $(WORKSHOP)/tcpdump
	cd $(WORKSHOP)/tcpdump
	./configure --host=$(TARGET) --without-crypto --without-cap-ng --without-smi CC=$(LAB_CC) AR=llvm-ar \
		RANLIB=llvm-ranlib CFLAGS='$(LAB_CFLAGS)'
	$(own_rules) $(MAKE) tcpdump
	mkdir -p $(WORKSHOP)/bin
	cp tcpdump $(WORKSHOP)/bin/
	touch $@

# Curses for the editor. It knows these terminals by heart: the machine has no terminfo files.
TERMINALS := vt100 vt220 linux xterm xterm-256color screen screen-256color tmux tmux-256color
comma := ,
$(WORKSHOP)/.ncurses: $(OUT)/lock/ncurses $(SYSROOT)/.kernel-headers
	$(call step,ncurses,$(call version,ncurses))
	$(TOP)/tools/unpack ncurses $(WORKSHOP)/ncurses
	cd $(WORKSHOP)/ncurses
	./configure --host=$(TARGET) --with-build-cc=$(HOSTCC) --prefix=/usr --enable-widec --disable-database \
		--with-fallbacks=$(subst $() ,$(comma),$(TERMINALS)) --without-ada --without-cxx --without-cxx-binding \
		--without-debug --without-manpages --without-progs --without-tests --disable-pc-files \
		CC=$(LAB_CC) AR=llvm-ar RANLIB=llvm-ranlib CFLAGS='$(LAB_CFLAGS)'
	$(own_rules) $(MAKE) -C include
	$(own_rules) $(MAKE) -C ncurses
	touch $@

# What a line of text and a C file want, and no more.
NANO_WITHOUT := browser color comment extra formatter histories justify libmagic linter mouse nanorc nls operatingdir speller
$(WORKSHOP)/.nano: $(OUT)/lock/nano $(WORKSHOP)/.ncurses
	$(call step,nano,$(call version,nano))
	$(TOP)/tools/unpack nano $(WORKSHOP)/nano
	cd $(WORKSHOP)/nano
	./configure --host=$(TARGET) gl_cv_func_strcasecmp_works=yes $(addprefix --disable-,$(NANO_WITHOUT)) NCURSESW_CFLAGS=-I$(WORKSHOP)/ncurses/include \
		NCURSESW_LIBS='-L$(WORKSHOP)/ncurses/lib -lncursesw' CC=$(LAB_CC) AR=llvm-ar RANLIB=llvm-ranlib \
		CFLAGS='$(LAB_CFLAGS)'
	$(own_rules) $(MAKE) -C lib
	$(own_rules) $(MAKE) -C src nano
	mkdir -p $(WORKSHOP)/bin
	cp src/nano $(WORKSHOP)/bin/
	touch $@

# The kernel's own; a feature that it finds on the host would not be in the sysroot.
$(WORKSHOP)/.bpftool: $(LINUX)/.unpacked $(SYSROOT)/.libbpf
	$(call step,guest-bpftool)
	mkdir -p $(WORKSHOP)/bpftool-objects
	$(MAKE) -C $(LINUX)/tools/bpf/bpftool OUTPUT=$(WORKSHOP)/bpftool-objects/ $(WORKSHOP_MAKE) \
		EXTRA_CFLAGS='$(LAB_CFLAGS) -w' EXTRA_LDFLAGS=-static \
		feature-clang-bpf-co-re=0 feature-llvm=0 feature-libcap=0 feature-libbfd=0 feature-libbfd-liberty=0 \
		feature-libbfd-liberty-z=0 feature-disassembler-four-args=0 feature-disassembler-init-styled=0 \
		$(WORKSHOP)/bpftool-objects/bpftool
	mkdir -p $(WORKSHOP)/bin
	cp $(WORKSHOP)/bpftool-objects/bpftool $(WORKSHOP)/bin/
	touch $@

WORKSHOP_PROGRAMS := $(addprefix $(WORKSHOP)/.,iproute2 make tcpdump bpftool nano)
$(B)/workshop.list: $(TOP)/rootfs/workshop.list $(WORKSHOP_PROGRAMS)
	@cd $(WORKSHOP)/bin
	$(LLVM_STRIP) -s *
	$(list) >$@

$(B)/workshop.cpio: $(wildcard $(TOP)/rootfs/bin/*)
$(B)/workshop.cpio.zst: $(B)/workshop.cpio
	$(call step,workshop)
	$(compress)
