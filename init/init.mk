# PID 1: init/*.c and the architecture's own file, linked with libbpf and the skeletons of bpf/.

INIT_SOURCES := $(wildcard $(TOP)/init/*.c) $(wildcard $(TOP)/init/arch/$(ARCH).c)
INIT_OBJECTS := $(INIT_SOURCES:$(TOP)/init/%.c=$(B)/init/%.o)
INIT_CFLAGS := -std=gnu11 -D_GNU_SOURCE $(LAB_CFLAGS) -Wall -Wextra -Werror \
	-ffunction-sections -fdata-sections -I$(TOP)/init -I$(B)/bpf -I$(TOP)/bpf

# Which object includes which skeleton is known after the first compilation (-MMD); until then, all are needed.
$(B)/init/%.o: $(TOP)/init/%.c $(SYSROOT)/.libbpf $(TOP)/init/init.mk | $(BPF_SKELETONS)
	@mkdir -p $(@D)
	$(LAB_CC) $(INIT_CFLAGS) -MMD -MP -c $< -o $@

$(B)/init/init.debug: $(INIT_OBJECTS)
	@$(LAB_CC) -Wl,--gc-sections -o $@ $^ -lbpf -lelf -lz

$(B)/init/init: $(B)/init/init.debug
	@$(LLVM_STRIP) -s -o $@ $<

# The names of the checks for run-qemu.sh --list, from the very table that init runs.
$(B)/checks: $(TOP)/tools/list-checks.c $(addprefix $(TOP)/init/,checks.c paths.c testimony.c text.c) $(wildcard $(TOP)/init/*.h)
	@mkdir -p $(B)/host
	$(HOSTCC) -std=gnu11 -D_GNU_SOURCE -I$(TOP)/init -I$(TOP)/bpf -o $(B)/host/list-checks $(filter %.c,$^)
	$(B)/host/list-checks >$@

-include $(INIT_OBJECTS:.o=.d)
