# The sysroot: musl, the kernel's headers, zlib, libelf, libbpf; static all of it, and nothing of the host's.
# A stamp .NAME in it says that NAME is installed.

SYSROOT := $(B)/sysroot
TARGET  := $(ARCH)-linux-musl

# The compiler for everything that runs in the guest; with compiler-rt no file of the host's gcc gets in. A cross
# compiler has no compiler-rt on most distributions, but libgcc, in the first of these directories. There it lies
# beside glibc: only these three files of it are looked at.
LAB_CC := $(B)/host/cc
RUNTIME = --rtlib=compiler-rt
ifneq ($(CROSS),)
LIBGCC  = $(firstword $(wildcard $(patsubst %,/usr/%/$(ARCH)-linux-gnu/*/libgcc.a,lib/gcc-cross lib/gcc lib64/gcc)))
RUNTIME = --rtlib=libgcc -B$(B)/host/libgcc -L$(B)/host/libgcc
endif
LAB_CFLAGS := -O2 -g -fdebug-compilation-dir=. -Werror=implicit-function-declaration \
	-ffile-prefix-map=$(TOP)/= -ffile-prefix-map=$(B)/= -ffile-prefix-map=$(OUT)/=

$(LAB_CC): $(TOP)/rootfs/sysroot.mk
	@mkdir -p $(@D) $(CROSS:%=$(@D)/libgcc)
	$(CROSS:%=ln -sf $(addprefix $(dir $(LIBGCC)),libgcc.a crtbeginT.o crtend.o) $(@D)/libgcc)
	cat >$@ <<'END'
	#!/bin/sh
	exec $(CLANG) --target=$(TARGET) --sysroot=$(SYSROOT) -fuse-ld=lld $(RUNTIME) --unwindlib=none \
		-static -Wl,--build-id=none -Wno-unused-command-line-argument "$$@"
	END
	chmod +x $@

$(SYSROOT)/.musl: $(OUT)/lock/musl $(LAB_CC)
	$(call step,musl,$(call version,musl),1740)
	$(TOP)/tools/unpack musl $(B)/musl
	cd $(B)/musl
	./configure --target=$(TARGET) --prefix= --disable-shared CC=$(LAB_CC) AR=llvm-ar RANLIB=llvm-ranlib \
		CFLAGS='$(LAB_CFLAGS)' LIBCC="$$($(LAB_CC) -print-libgcc-file-name)"
	$(MAKE)
	$(MAKE) DESTDIR=$(SYSROOT) install
	touch $@

$(SYSROOT)/.kernel-headers: $(KERNEL_HEADERS)/.installed $(SYSROOT)/.musl
	@cp -R $(KERNEL_HEADERS)/. $(SYSROOT)/include/
	touch $@

$(SYSROOT)/.zlib: $(OUT)/lock/zlib $(SYSROOT)/.musl
	$(call step,zlib,$(call version,zlib))
	$(TOP)/tools/unpack zlib $(B)/zlib
	cd $(B)/zlib
	CC=$(LAB_CC) AR=llvm-ar RANLIB=llvm-ranlib CFLAGS='$(LAB_CFLAGS)' ./configure --static --prefix=$(SYSROOT)
	$(MAKE) libz.a
	cp libz.a $(SYSROOT)/lib/
	cp zlib.h zconf.h $(SYSROOT)/include/
	touch $@

# libelf alone: its sources need neither elfutils' configure nor argp, fts and obstack, which musl lacks.
define LIBELF_CONFIG
#define HAVE_ERR_H 1
#define HAVE_MREMAP 1
#define HAVE_VISIBILITY 1
#define HAVE_STDATOMIC_H 1
#define HAVE_FALLTHROUGH 1
#define HAVE_DECL_POWEROF2 1
#define HAVE_DECL_MEMPCPY 1
#define HAVE_DECL_REALLOCARRAY 1
#define HAVE_DECL_MEMRCHR 1
#define HAVE_DECL_RAWMEMCHR 0
#include <eu-config.h>
endef
$(SYSROOT)/.libelf: $(OUT)/lock/elfutils $(SYSROOT)/.zlib
	$(call step,libelf,$(call version,elfutils))
	$(TOP)/tools/unpack elfutils $(B)/elfutils
	cd $(B)/elfutils
	cat >config.h <<'END'
	$(LIBELF_CONFIG)
	END
	mkdir objects
	for source in libelf/*.c lib/eu-search.c; do
		object=$${source##*/}
		$(LAB_CC) -std=gnu99 -D_GNU_SOURCE -DHAVE_CONFIG_H -I. -Ilib -Ilibelf $(LAB_CFLAGS) -w \
			-c $$source -o objects/$${object%.c}.o
	done
	rm -f $(SYSROOT)/lib/libelf.a
	llvm-ar rcsD $(SYSROOT)/lib/libelf.a objects/*.o
	cp libelf/libelf.h libelf/gelf.h libelf/nlist.h $(SYSROOT)/include/
	touch $@

$(SYSROOT)/.libbpf: $(OUT)/lock/libbpf $(SYSROOT)/.libelf $(SYSROOT)/.kernel-headers
	$(call step,libbpf,$(call version,libbpf))
	$(TOP)/tools/unpack libbpf $(B)/libbpf
	$(MAKE) -C $(B)/libbpf/src CC=$(LAB_CC) AR=llvm-ar CFLAGS='$(LAB_CFLAGS)' BUILD_STATIC_ONLY=1 NO_PKG_CONFIG=1 \
		DESTDIR=$(SYSROOT) PREFIX= LIBDIR=/lib INCLUDEDIR=/include UAPIDIR=/include install
	touch $@
