# The workshop's guide: one page and a PDF, out of one text, with what a run of this very lab has shown.

GUIDE := $(B)/guide
GUIDE_RUNS := $(addprefix $(GUIDE)/,checks cost unknown-flag)
GUIDE_TEXT := $(wildcard $(TOP)/rootfs/guide/* $(TOP)/rootfs/workshop/*/page.md $(TOP)/tools/guide/*) $(TOP)/tools/techniques.jq

.PHONY: guide
guide: $(B)/guide.html $(B)/guide.pdf

# With a seed and without KVM a run is the same every time. Its result is there or the run failed.
guide_run = rm -rf $(@D) && $(TOP)/run-qemu.sh --arch $(ARCH) --seed 7 --output $(@D)
GUIDE_IMAGE := $(B)/$(KERNEL_IMAGE) $(B)/initramfs.cpio.zst $(TOP)/rootfs/guide.mk

$(GUIDE)/checks/result.json: $(GUIDE_IMAGE)
	$(call step,guide-checks)
	$(guide_run)
$(GUIDE)/cost/result.json: $(GUIDE_IMAGE)
	$(call step,guide-cost)
	$(guide_run) --cost
$(GUIDE)/unknown-flag/result.json: $(GUIDE)/unknown-flag.bpf.o $(GUIDE_IMAGE)
	$(call step,guide-object)
	$(guide_run) --object $< --expect dropped

# The article's program with a flag that bpf_redirect() does not know.
$(GUIDE)/unknown-flag.bpf.o: $(TOP)/rootfs/workshop/packet_redirect.bpf.c $(B)/bpf/vmlinux.h $(SYSROOT)/.libbpf
	@mkdir -p $(@D)
	sed 's/bpf_redirect(TARGET_INTF, 0)/bpf_redirect(TARGET_INTF, 2)/' $< >$(@:.o=.c)
	! cmp -s $< $(@:.o=.c)
	$(CLANG) $(BPF_CFLAGS) -c $(@:.o=.c) -o $@

$(OUT)/.tools-guide: $(TOP)/tools/deps
	@mkdir -p $(@D)
	$< --list-missing guide || { echo 'install them with: tools/deps --install guide'; exit 1; } >&2
	touch $@

edition = python3 -B $(TOP)/tools/guide --edition $1 $(GUIDE_RUNS) >$@
$(B)/guide.html: $(GUIDE_TEXT) $(GUIDE_RUNS:%=%/result.json) | $(OUT)/.tools-guide
	$(call edition,screen)
$(GUIDE)/print.html: $(GUIDE_TEXT) $(GUIDE_RUNS:%=%/result.json) | $(OUT)/.tools-guide
	$(call edition,print)

# Chromium dates what it prints, and numbers what it tags from where its parser happened to be: both are put right,
# in as many bytes.
define from_the_first
import re, sys
pdf = open(sys.argv[1], "rb").read()
rank = {name: b"node%08d" % at for at, name in enumerate(sorted(set(re.findall(rb"node\d{8}", pdf))), 1)}
open(sys.argv[1], "wb").write(re.sub(rb"node\d{8}", lambda found: rank[found[0]], pdf))
endef
$(B)/guide.pdf: $(GUIDE)/print.html
	$(call step,guide-pdf)
	rm -rf $(GUIDE)/browser
	chromium --headless --no-sandbox --disable-gpu --user-data-dir=$(GUIDE)/browser --no-pdf-header-footer \
		--generate-pdf-document-outline --print-to-pdf=$@ file://$<
	rm -rf $(GUIDE)/browser
	now=$$(date -u -d @$(SOURCE_DATE_EPOCH) +%Y%m%d%H%M%S)
	sed -i "s/^\(\/\(Creation\|Mod\)Date (D:\)[0-9]\{14\}/\1$$now/" $@
	python3 -B -c '$(from_the_first)' $@
