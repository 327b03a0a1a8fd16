#!/bin/bash
# Kernels that were not built here: taken apart by tools/kernel, and booted.
# shellcheck disable=SC2317,SC2154,SC2094 # tests are called by their names
. "$(dirname "$0")/part.bash" || exit

fake() { "$top/tests/fake-kernel" "$@"; }
take() { run ${shell-} "$top/tools/kernel" --arch x86_64 --into parts "$@"; }
nothing_left() { [ ! -e parts/.work ] || fail "left: $(ls -A parts/.work)"; }
loaded() { cpio_list parts/modules.cpio | sed -n 's,^modules/,,p' | grep -v '^order$' | tr '\n' ' '; }
cpio_list() { busybox cpio -t <"$1" 2>/dev/null; }
cpio_open() { mkdir -p opened && (cd opened && busybox cpio -id <../parts/modules.cpio 2>/dev/null); }

# --- what a kernel is packed in ----------------------------------------------------------------------------------

compressors='gzip xz zstd lz4 bzip2 lzma lzop'
every_compression() {
	local with
	fake vmlinux 6.1.0-lab >vmlinux
	for with in cat $compressors; do
		command -v "$with" >/dev/null || { echo "no $with here"; continue; }
		fake bzimage "$with" 6.1.0-lab >"bzImage.$with"
		take "bzImage.$with"
		expect_status 0; expect_no_err
		cmp parts/kernel vmlinux || fail "$with: another payload"
		[ ! -s parts/modules.cpio ] || fail "modules from nowhere"
	done
}
test_every_compression() { shell=dash; every_compression; }
test_every_compression_under_busybox() { shell='busybox ash'; every_compression; }

test_a_payload_that_is_damaged() {
	local with
	for with in $compressors; do
		command -v "$with" >/dev/null || continue
		fake bzimage "$with" >bzImage
		length=$(wc -c <bzImage)
		printf 'broken' | dd of=bzImage bs=1 seek=$((length / 2)) conv=notrunc 2>/dev/null
		take bzImage
		expect_status 3
		expect_last_err "bzImage is damaged: $with opens"
		head -c $((length - 1000)) bzImage >short
		take short
		expect_status 3
		expect_last_err 'short is cut short'
		nothing_left
		[ ! -e parts/kernel ] || fail "a kernel was left"
	done
}

test_a_compression_that_the_host_lacks() { # it still boots, only slower
	local tool
	fake bzimage xz >bzImage
	mkdir tools
	for tool in sh od tr head tail wc cut awk sed find readlink dirname mkdir rm mv ln cat cp uname grep; do ln -s "$(command -v "$tool")" tools; done
	PATH=$scratch/tools take bzImage
	expect_status 0
	expect_last_err 'lacks xz'
	cmp parts/kernel bzImage || fail "not the bzImage"
}
test_an_unknown_compression_and_no_pvh() {
	printf '#!/bin/sh\nexec rev\n' >mangle
	chmod +x mangle
	fake bzimage ./mangle >bzImage
	take bzImage
	expect_status 0
	cmp parts/kernel bzImage || fail "not the bzImage"
	PVH=no fake bzimage gzip >bzImage
	take bzImage
	expect_status 0
	cmp parts/kernel bzImage || fail "not the bzImage"
	PVH=no fake vmlinux >vmlinux
	take vmlinux
	expect_status 3
	expect_last_err 'no PVH entry .CONFIG_PVH.'
	MACHINE=183 fake vmlinux >arm64
	take --arch aarch64 arm64
	expect_status 3
	expect_last_err 'arm64 is a vmlinux, which QEMU does not boot for aarch64: take its arch/arm64/boot/Image'
}

test_what_is_no_kernel() {
	local what words
	: >empty
	echo '#!/bin/sh' >script
	MACHINE=183 fake vmlinux >arm64
	MACHINE=3 fake vmlinux >i386
	{ head -c 56 /dev/zero; printf 'ARM\144'; } >Image
	fake vmlinux >whole
	head -c 130 whole >short
	{ head -c 144 whole; echo and no more; } >versionless
	mkdir void
	mkdir -p many/boot
	fake vmlinux >many/boot/vmlinuz-1
	fake vmlinux >many/boot/vmlinuz-2
	while IFS='|' read -r what words; do
		take "$what"
		expect_status 3
		expect_last_err "^kernel: $words"
		[ "$(wc -l <err)" = 1 ] || fail "more than one line"
		nothing_left
	done <<'END'
nowhere|nowhere: no such file
empty|empty is neither an ELF vmlinux nor a bzImage
script|script is neither an ELF vmlinux nor a bzImage
arm64|arm64 is for aarch64, not for x86_64
i386|i386 is for i386, not for x86_64
Image|Image is for aarch64, not for x86_64
short|short is cut short
versionless|versionless does not tell its version
void|void has no kernel in it .looked for: boot/vmlinuz
many|many has several kernels, boot/vmlinuz-1 and boot/vmlinuz-2 among them
END
}

# --- packages ----------------------------------------------------------------------------------------------------

stage_tree() { # a package's files in tree/, for release 6.1.0-lab
	local modules=tree/lib/modules/6.1.0-lab/kernel
	mkdir -p tree/boot "$modules/net" "$modules/drivers"
	fake bzimage gzip 6.1.0-lab >tree/boot/vmlinuz-6.1.0-lab
	fake vmlinux 6.1.0-lab >vmlinux
	fake module veth '' 6.1.0-lab >"$modules/net/veth.ko"
	fake module cls_bpf '' 6.1.0-lab >"$modules/net/cls_bpf.ko"
	fake module virtio '' 6.1.0-lab >"$modules/drivers/virtio.ko"
	fake module virtio_ring virtio 6.1.0-lab >"$modules/drivers/virtio-ring.ko"
	fake module virtio_mmio virtio_ring,virtio 6.1.0-lab >"$modules/drivers/virtio-mmio.ko"
	fake module unwanted '' 6.1.0-lab >"$modules/drivers/unwanted.ko"
}
all='veth.ko cls_bpf.ko virtio.ko virtio-ring.ko virtio-mmio.ko '
all_taken() { # in the order in which they need one another
	expect_status 0; expect_no_err
	cmp parts/kernel vmlinux || fail "another kernel"
	[ "$(loaded)" = "$all" ] || fail "modules: $(loaded)"
	nothing_left
}

test_modules_by_dependency() {
	stage_tree
	take tree
	all_taken
	cpio_open
	[ "$(tr '\n' ' ' <opened/modules/order)" = "$all" ] || fail "order: $(cat opened/modules/order)"
	for module in $all; do cmp "opened/modules/$module" "$(find tree -name "$module")" || fail "$module is another"; done
}
test_modules_under_busybox() { shell='busybox ash'; stage_tree; take tree; all_taken; }
test_modules_by_modules_dep() { # it is believed, even where the modules say less
	stage_tree
	echo 'kernel/net/veth.ko: kernel/drivers/unwanted.ko kernel/net/cls_bpf.ko' >tree/lib/modules/6.1.0-lab/modules.dep
	take tree
	expect_status 0
	[ "$(loaded)" = "cls_bpf.ko unwanted.ko veth.ko virtio-mmio.ko " ] || fail "modules: $(loaded)"
}
test_modules_compressed() {
	local with ending module
	while read -r with ending; do
		command -v "$with" >/dev/null || continue
		rm -rf tree
		stage_tree
		find tree -name '*.ko' | while read -r module; do "$with" -c <"$module" >"$module.$ending" && rm "$module"; done
		take tree
		all_taken
		module=$(find tree -name "veth.ko.$ending")
		head -c 60 "$module" >short
		mv short "$module"
		take tree
		expect_status 3
		expect_last_err "veth.ko.$ending is damaged or cut short: $with"
	done <<'END'
gzip gz
xz xz
zstd zst
END
}
test_modules_that_only_the_kernel_can_open() {
	stage_tree
	module=$(find tree -name veth.ko)
	{ printf '\211LZO'; cat "$module"; } >"$module.lzo"
	rm "$module"
	! command -v lzop || skip "this host has lzop"
	take tree
	expect_status 3
	expect_last_err 'veth.ko.lzo is compressed with lzop, which this host lacks, and there is no modules.dep'
	echo 'kernel/net/veth.ko.lzo:' >tree/lib/modules/6.1.0-lab/modules.dep
	take tree
	expect_status 0
	[ "$(loaded)" = "veth.ko.lzo cls_bpf.ko virtio-mmio.ko " ] || fail "modules: $(loaded)"
}
test_a_module_that_is_missing() {
	stage_tree
	rm "$(find tree -name virtio-ring.ko)"
	take tree
	expect_status 3
	expect_last_err 'the module virtio_mmio needs virtio_ring, which is not among the modules in .*/6.1.0-lab'
}
test_modules_of_another_kernel() {
	stage_tree
	fake module veth '' 6.1.1-lab >"$(find tree -name veth.ko)"
	take tree
	expect_status 3
	expect_last_err 'are of 6.1.1-lab, and the kernel is 6.1.0-lab'
	echo nonsense >"$(find tree -name veth.ko)"
	take tree
	expect_status 3
	expect_last_err 'veth.ko is no module'
}

test_a_directory() { # wherever the kernel and its modules lie in it
	stage_tree
	mkdir fedora suse flat
	cp -r tree/lib fedora
	cp tree/boot/vmlinuz-6.1.0-lab fedora/lib/modules/6.1.0-lab/vmlinuz
	mkdir suse/usr
	cp -r fedora/lib suse/usr
	cp tree/boot/vmlinuz-6.1.0-lab flat/vmlinuz
	cp -r tree/lib/modules/6.1.0-lab/kernel/. flat
	for directory in tree fedora suse flat; do
		echo "$directory"
		take "$directory"
		all_taken
	done
}
test_a_file_and_its_modules() { # those beside it, or those that are named
	stage_tree
	take tree/boot/vmlinuz-6.1.0-lab
	all_taken
	mkdir elsewhere
	cp tree/boot/vmlinuz-6.1.0-lab elsewhere
	for modules in tree tree/lib/modules tree/lib/modules/6.1.0-lab; do
		take elsewhere/vmlinuz-6.1.0-lab --modules "$modules"
		all_taken
	done
	take elsewhere/vmlinuz-6.1.0-lab
	expect_status 0
	[ ! -s parts/modules.cpio ] || fail "modules from nowhere"
	for modules in elsewhere nowhere tree/boot/vmlinuz-6.1.0-lab; do
		take elsewhere/vmlinuz-6.1.0-lab --modules "$modules"
		expect_status 3
		expect_last_err "^kernel: --modules $modules "
	done
}

ar_member() { printf '%-16s%-12s%-6s%-6s%-8s%-10s`\n' "$1" 0 0 0 100644 "$(wc -c <"$2")"; cat "$2"; [ $(($(wc -c <"$2") % 2)) = 0 ] || echo; }
deb() { # deb FILE DIR COMMAND ENDING
	echo 2.0 >debian-binary
	echo odd! >control
	tar -C "$2" -cf - . | "$3" -c >data
	{ echo '!<arch>'; ar_member debian-binary debian-binary; ar_member control.tar control; ar_member "data.tar$4" data; } >"$1"
}
test_debs() {
	local with ending
	stage_tree
	while read -r with ending; do
		command -v "$with" >/dev/null || continue
		deb all.deb tree "$with" "$ending"
		take all.deb
		all_taken
	done <<'END'
xz .xz
gzip .gz
zstd .zst
END
	mkdir modules
	mv tree/lib modules
	deb kernel.deb tree xz .xz
	deb modules.deb modules xz .xz
	take kernel.deb --modules modules.deb
	all_taken
	take kernel.deb --modules kernel.deb
	expect_status 3
	expect_last_err 'modules kernel.deb has no modules in it'
	take modules.deb
	expect_status 3
	expect_last_err 'modules.deb has no kernel in it'
}
test_debs_that_are_none() {
	stage_tree
	deb whole.deb tree xz .xz
	head -c 3000 whole.deb >short.deb
	head -c 30 whole.deb >shorter.deb
	printf '!<arch>\nand then nonsense, which is longer than the sixty bytes of a header' >nonsense.deb
	head -c 1000 /dev/urandom >control
	sed 's/^data.tar/date.tar/' whole.deb >dataless.deb
	for file in short shorter nonsense dataless; do
		take "$file.deb"
		expect_status 3
		expect_last_err "$file.deb (is cut short|is no Debian package, or cut short)"
		nothing_left
	done
}
test_an_rpm() {
	command -v rpmbuild >/dev/null || skip "there is no rpmbuild"
	command -v bsdtar >/dev/null || command -v rpm2cpio >/dev/null || skip "there is neither bsdtar nor rpm2cpio"
	stage_tree
	mkdir -p rpm
	cat >lab.spec <<-END
		Name: kernel-lab
		Version: 6.1.0
		Release: lab
		Summary: a kernel that is none
		License: GPL-2.0
		BuildArch: noarch
		%description
		For a test.
		%install
		cp -a $scratch/tree/. %{buildroot}
		%files
		/
	END
	HOME=$scratch rpmbuild -bb --quiet --define "_topdir $scratch/rpm" --define '__os_install_post %{nil}' lab.spec >log 2>&1 || fail "$(cat log)"
	mv "$(find rpm -name '*.rpm')" kernel-lab.rpm
	take kernel-lab.rpm
	all_taken
	head -c $(($(wc -c <kernel-lab.rpm) - 2000)) kernel-lab.rpm >short.rpm
	take short.rpm
	expect_status 3
	expect_last_err 'short.rpm cannot be unpacked'
}
test_an_rpm_and_no_tool_for_it() {
	printf '\355\253\356\333 and so on' >lab.rpm
	mkdir tools
	for tool in sh od tr head tail wc awk mkdir rm uname; do ln -s "$(command -v "$tool")" tools; done
	PATH=$scratch/tools take lab.rpm
	expect_status 3
	expect_last_err 'bsdtar, or rpm2cpio and cpio'
}

# --- the kernel that runs here -------------------------------------------------------------------------------------

stage_host() { # root/ is the host's
	local release
	release=$(uname -r)
	export REDIRECT_LAB_ROOT=$scratch/root
	mkdir -p root/boot "root/lib/modules/$release"
	fake bzimage gzip "$release" >"root/boot/vmlinuz-$release"
	fake module veth '' "$release" >"root/lib/modules/$release/veth.ko"
	fake vmlinux "$release" >vmlinux
	all='veth.ko '
}
test_host_kernel() {
	stage_host
	take host
	all_taken
	mv root/boot/* "root/lib/modules/$(uname -r)/vmlinuz"
	take host
	all_taken
}
test_host_kernel_that_may_not_be_read() {
	stage_host
	chmod 600 root/boot/*
	command -v setpriv >/dev/null || skip "there is no setpriv"
	chmod 755 . root root/boot
	mkdir parts
	chmod 777 parts
	run setpriv --reuid 65534 --clear-groups "$top/tools/kernel" --arch x86_64 --into parts host
	[ "$(id -u)" = 0 ] || skip "only root can be somebody else"
	expect_status 3
	expect_last_err 'may not be read by you.*sudo chmod a\+r .*/boot/vmlinuz-'
}
test_host_kernel_that_has_no_file() {
	stage_host
	rm root/boot/*
	take host
	expect_status 3
	expect_last_err 'the running kernel, .*, has no file'
}

# --- booted: stock kernels of the catalogue ------------------------------------------------------------------------

stock() { # stock SERIES: parts/, of Debian's
	local files
	files=$("$top/tools/catalogue" --files "debian-$1") || skip "Debian's $1 cannot be had here"
	# shellcheck disable=SC2086 # one or two names, without blanks
	set -- $files
	take "$1" ${2:+--modules "$2"}
	expect_status 0; expect_no_err
}
lab() { run "$top/run-qemu.sh" --accel tcg --kernel parts "$@"; }
skipped() { sed -n 's/^ok [0-9]* \([a-z0-9-]*\) # SKIP the kernel lacks \(.*\) (.*)$/\1\t\2/p' out; }

# Each check passes, or says what it is that the kernel lacks; those that every kernel since 5.10 can do pass.
all_but() { # all_but LACK…: none of these, and nothing else, is lacking
	local name
	expect_status 0
	refuse_out '^not ok'
	[ "$(grep -c SKIP out)" = "$(skipped | wc -l)" ] || fail "skipped without a lack: $(grep SKIP out)"
	for name in topology control-routed redirect redirect-no-mac redirect-ingress redirect-ingress-repaired clone mirror \
		fib neigh peer xdp xdp-alone xdp-devmap xdp-devmap-hash sk-assign msg-redirect redirect-other-traffic \
		control-unresolved teardown; do
		expect_out "^ok [0-9]+ $name # .*(instructions|as in the article|nothing left|kinds of frame)"
	done
	printf '%s\n' "$@" | sed '/^$/d' | sort >allowed
	skipped | grep -v '^path-' | cut -f 2 | sort -u | cmp - allowed || fail "lacking: $(skipped | cut -f 2 | sort | uniq -c)"
}
tcx='tcx, CONFIG_NET_XGRESS'

test_stock_5_10() {
	stock 5.10
	lab
	all_but "$tcx" CONFIG_NETKIT 'tx-udp-segmentation of veth'
	# No rx_otherhost_dropped, no count of what is handed over, no XDP features.
	expect_out '^ok [0-9]+ redirect-no-mac # .*veth2@2 otherhost 1'
	expect_out '^ok [0-9]+ xdp-alone # .*veth2@1 dropped 1'
}
test_stock_6_1() {
	stock 6.1
	lab
	all_but "$tcx" CONFIG_NETKIT
	expect_out '^ok [0-9]+ xdp-alone # .*veth2@1 dropped 1'
}
test_stock_7_3() {
	stock 7.3
	lab
	all_but ''
	expect_out '^ok [0-9]+ xdp-alone # .*veth1@2 dropped 1'
}
test_stock_is_deterministic() {
	stock 6.1
	lab --seed 5 --check topology redirect xdp teardown
	expect_status 0
	mv out first
	lab --seed 5 --check topology redirect xdp teardown
	cmp first out || fail "two boots with one seed differ"
}
test_stock_prices() { # with what it lacks left out, and the functions counted that this kernel has
	stock 6.1
	lab --cost
	expect_status 0
	expect_out '^tcx( +lacking){4} +untraced$'
	expect_out '^redirect( +[0-9]+ +-[0-9.]+%){4} +[0-9]+$'
	expect_out '^xdp, native( +[0-9]+ +\+[0-9.]+%){4} +[0-9]+$'
}
test_stock_with_output() { # where a distribution's kernel finds the ports
	stock 6.1
	lab --output o --check redirect
	expect_status 0
	jq -e '.host.machine == "q35" and (.guest.kernel | startswith("6.1.")) and .guest.checks[0].name == "redirect"' o/result.json ||
		fail "$(cat o/result.json)"
}
test_stock_grades() { # with a compiler's disk, without 9p, and where other functions are inlined
	stock 6.1
	mkdir work
	cp -r "$top/rootfs/solutions/"{01,02,17}-* work
	lab --grade work
	expect_status 1
	for name in work/*; do expect_out "^ok [0-9]+ ${name#work/} # 10 of 10 points"; done
}
test_a_module_that_the_kernel_refuses() { # its version is right, but it is none
	local release
	stock 6.1
	release=$(kernel_release parts/kernel)
	mkdir -p "tree/lib/modules/$release"
	fake module veth '' "$release" >"tree/lib/modules/$release/veth.ko"
	run "$top/run-qemu.sh" --accel tcg --kernel "$(readlink -f parts/kernel)" --modules tree
	expect_status 3
	expect_last_err 'the guest refused: load the module veth.ko: Exec format error'
}
kernel_release() { tr -c '[:print:]' '\n' <"$1" | sed -n '/^Linux version [0-9]/{s/^Linux version \([^ ]*\).*/\1/p;q;}'; }

test_usage() {
	while read -r words; do
		# shellcheck disable=SC2086 # words are words
		run "$top/tools/kernel" $words
		expect_status 2
	done <<'END'

host
--into
--into parts
--into parts one two
--into parts --what
END
	run "$top/tools/kernel" --help
	expect_status 0
	expect_out '^DIR/kernel|DIR/modules.cpio'
}

run_tests "${1-}"
