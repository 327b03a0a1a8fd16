# redirect-lab: a machine in a file that proves what an eBPF program does to a packet.
#
# This file has what all parts share; the rules are beside what they build:
#   kernel-config/kernel.mk   kernel, its headers, vmlinux.h, bpftool
#   rootfs/sysroot.mk         musl, zlib, libelf, libbpf
#   rootfs/image.mk           busybox, initramfs, the floor's initramfs
#   rootfs/workshop.mk        the compiler's disk
#   rootfs/guide.mk           the workshop's guide
#   tools/handout.mk          all of it in one file
#   bpf/bpf.mk, init/init.mk  the programs and PID 1
#   tests/tests.mk            make test
# `make help` lists the targets.

ARCH ?= $(shell uname -m)
O    ?= build
V    ?=

# What is not the same everywhere, one row an architecture:
#               kernel's ARCH=  __TARGET_ARCH_*  what QEMU boots  kernel's compiler
row_x86_64   := x86_64          x86              vmlinux          native
row_aarch64  := arm64           arm64            Image            llvm

row := $(row_$(ARCH))
KERNEL_ARCH  := $(word 1,$(row))
BPF_ARCH     := $(word 2,$(row))
KERNEL_IMAGE := $(word 3,$(row))
KERNEL_CC    := $(word 4,$(row))
CROSS        := $(if $(filter-out $(shell uname -m),$(ARCH)),cross)

TOP  := $(patsubst %/,%,$(dir $(abspath $(firstword $(MAKEFILE_LIST)))))
OUT  := $(abspath $(O))
B    := $(OUT)/$(ARCH)
LOGS := $(OUT)/logs

HOSTCC ?= cc
CLANG  ?= clang
LLVM_STRIP ?= llvm-strip

ifeq ($(row),)
  $(error ARCH=$(ARCH) is not known here; there is: $(sort $(patsubst row_%,%,$(filter row_%,$(.VARIABLES)))))
endif
ifeq ($(KERNEL_CC)$(CROSS),nativecross)
  $(error ARCH=$(ARCH) is built on $(ARCH) only)
endif
ifneq ($(words $(TOP) $(OUT)),2)
  $(error the kernel does not build in a path with blanks: keep the sources elsewhere, and use make O=/path/without/blanks)
endif

# Nothing of the caller's environment gets into what is built, and the time is always the same.
MAKEOVERRIDES :=
unexport ARCH O V KERNEL KERNELS JOBS COST CC CFLAGS CPPFLAGS CXXFLAGS LDFLAGS LIBRARY_PATH CPATH C_INCLUDE_PATH LD_LIBRARY_PATH \
	CROSS_COMPILE LLVM KCFLAGS KAFLAGS KBUILD_OUTPUT GREP_OPTIONS
export LC_ALL := C
export TZ := UTC
export SOURCE_DATE_EPOCH := 1767225600

.DEFAULT_GOAL := image

# A recipe is one script that ends at its first failure.
.ONESHELL:
.SHELLFLAGS := -ec
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

# make -n runs what mentions $(MAKE): such a recipe begins with this.
dry_run = $(if $(findstring n,$(firstword -$(MAKEFLAGS))),exit 0)

# $(call step,NAME,VERSION,LINES) begins a long recipe (tools/step.sh): its place on the way to the image, where it
# has one, its log, and about how many lines that will have.
STEPS := linux-source kernel-headers musl zlib libelf libbpf bpftool kernel busybox initramfs
index = $(if $(filter $1,$(firstword $2)),$(words $3 x),$(call index,$1,$(wordlist 2,99,$2),$3 x))
define step
@$(dry_run)
step='$(if $(filter $1,$(STEPS)),[$(call index,$1,$(STEPS))/$(words $(STEPS))] )$(strip $1 $2)' log='$(LOGS)/$1.log' lines='$3' V='$(V)'
. '$(TOP)/tools/step.sh'
endef

# What the host lacks is named before anything is built.
TOOLS := $(OUT)/.tools$(CROSS:%=-$(ARCH))
$(TOOLS): $(TOP)/tools/deps
	@mkdir -p $(@D)
	if ! lacks=$$($< --list-missing build --arch $(ARCH)); then
		echo 'The build needs these tools, which this host lacks:'
		echo "$$lacks" | awk -F '\t' '{ printf "    %-16s %s\n", $$1, $$3 }'
		echo "Install them with: make deps$(CROSS:%= ARCH=$(ARCH))   ($$($< --print build --arch $(ARCH)))"
		exit 1
	fi >&2
	touch $@

# A row of the lock file is a file of its own that changes when the row does: who bumps one version
# rebuilds that one component. The catalogue of kernels likewise. $(call version,NAME) is for messages.
define split
@mkdir -p $(@D)
awk '!/^[ \t]*(#|$$)/ { print > "$(@D)/" $$1 ".new" }' $<
for new in $(@D)/*.new; do
	row=$${new%.new}
	if cmp -s "$$new" "$$row"; then rm "$$new"; else mv "$$new" "$$row"; fi
done
touch -r $< $@
endef
$(OUT)/lock/.split: $(TOP)/tools/sources.lock | $(TOOLS)
	$(split)
$(OUT)/lock/kernels/.split: $(TOP)/kernel-config/catalogue | $(TOOLS)
	$(split)
$(OUT)/lock/kernels/%: $(OUT)/lock/kernels/.split ;
$(OUT)/lock/%: $(OUT)/lock/.split ;
version = $(word 2,$(file < $(OUT)/lock/$1))

.PHONY: image
image: $(B)/$(KERNEL_IMAGE) $(B)/initramfs.cpio.zst $(B)/shell.cpio.zst $(B)/checks $(KERNEL:%=$(B)/kernels/lab-%/$(KERNEL_IMAGE))

include $(TOP)/kernel-config/kernel.mk
include $(TOP)/rootfs/sysroot.mk
include $(TOP)/bpf/bpf.mk
include $(TOP)/init/init.mk
include $(TOP)/rootfs/image.mk
include $(TOP)/rootfs/workshop.mk
include $(TOP)/rootfs/programs.mk
include $(TOP)/rootfs/guide.mk
include $(TOP)/tools/handout.mk
-include $(TOP)/tests/tests.mk

.PHONY: fetch deps verify bench matrix matrix-report matrix-accept format clean distclean help
fetch:
	@$(TOP)/tools/fetch --all

deps:
	@$(TOP)/tools/deps --install --arch $(ARCH)

verify:
	@V='$(V)' $(TOP)/tools/verify '$(ARCH)' '$(KERNEL_IMAGE)' '$(OUT)' $(if $(AGAINST),'$(abspath $(AGAINST))')

bench: image $(B)/floor.cpio.zst $(B)/stock/vmlinuz
	@$(TOP)/tools/bench

# The rows that KERNELS chooses, each under run-qemu.sh; with nothing of theirs changed, not a second time.
matrix = python3 -B $(TOP)/tools/matrix $(if $(JOBS),--jobs $(JOBS)) $(if $(COST),--cost) $(KERNELS)
matrix: image
	@$(matrix)

matrix-report:
	@$(matrix) --report

matrix-accept:
	@$(matrix) --accept

format:
	@cd $(TOP) && find init bpf tools tests -name '*.[ch]' -exec clang-format -i {} +

clean:
	rm -rf $(B) $(LOGS)

distclean:
	rm -rf $(OUT)

help:
	@cat <<'END'
	make [image]    the kernel, the initramfs and the list of checks, in build/$(ARCH)
	make workshop   the image, and a compiler and the article's tools for its --shell
	make guide      the workshop's guide, a page and a PDF, in build/$(ARCH)
	make handout    the workshop in one file that needs QEMU alone, in build/$(ARCH); its sources and the solutions, in build
	                (SMALL=1: without the compiler's disk; LAB_VERSION=NAME: another name than git's)
	make fetch      all sources into the cache; after it the build needs no network
	make deps       install what the build needs of the host (root or sudo with apt)
	make test       all tests
	make bench      the budgets, each measured beside its yardstick
	make KERNEL=5.10   that kernel of the catalogue as well, in build/$(ARCH)/kernels
	make matrix     the checks on every kernel of the catalogue, and build/matrix/report.html
	                (KERNELS="6.1 7.2": these; JOBS=2: at a time; COST=1: what a packet costs too)
	make matrix-report   that report of what was run; make matrix-accept: expect what it shows
	make verify     build twice in two other directories, compare byte by byte
	                (AGAINST=build: build once, compare with what is in build/)
	make format     clang-format over the C sources
	make clean      remove what was built for $(ARCH); distclean: all of build/
	Variables: ARCH=$(ARCH)  O=build (where all goes)  V=1 (show all)
	END
