# One program a technique: NAME.bpf.c becomes an object, and a skeleton for init to embed.

BPF_SOURCES := $(wildcard $(TOP)/bpf/*.bpf.c)
BPF_OBJECTS := $(BPF_SOURCES:$(TOP)/bpf/%.c=$(B)/bpf/%.o)
BPF_SKELETONS := $(BPF_OBJECTS:.bpf.o=.skel.h)
BPF_CFLAGS := --target=bpf -D__TARGET_ARCH_$(BPF_ARCH) -O2 -g -Wall -Wextra -Werror \
	-I$(B)/bpf -I$(TOP)/bpf -isystem $(SYSROOT)/include -fno-ident \
	-ffile-prefix-map=$(TOP)/= -ffile-prefix-map=$(B)/= -fdebug-compilation-dir=.

# -g is for BTF; the DWARF that comes with it is taken off again.
$(B)/bpf/%.bpf.o: $(TOP)/bpf/%.bpf.c $(B)/bpf/vmlinux.h $(SYSROOT)/.libbpf $(TOP)/bpf/bpf.mk
	@mkdir -p $(@D)
	$(CLANG) $(BPF_CFLAGS) -MMD -MP -c $< -o $@
	$(LLVM_STRIP) -g $@

$(B)/bpf/%.skel.h: $(B)/bpf/%.bpf.o $(BPFTOOL)
	@$(BPFTOOL) gen skeleton $< name $(subst -,_,$*) >$@

-include $(BPF_OBJECTS:.o=.d)

.SECONDARY: $(BPF_SKELETONS)
