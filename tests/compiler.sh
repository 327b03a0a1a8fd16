#!/bin/bash
# The compiler's disk, and what a person makes with it at the prompt.
# shellcheck disable=SC2317,SC2154 # tests are called by their names
. "$(dirname "$0")/part.bash" || exit

disk=$image/compiler.squashfs
test_make_workshop() {
	run make -C "$top" workshop
	expect_status 0
	[ "$(stat -c %s "$disk")" -lt $((72 * 1024 * 1024)) ] || fail "the disk is larger than 72 MiB"
}

test_the_same_bytes_again() {
	mv "$disk" "$disk.first"
	run make -C "$top" workshop
	expect_status 0
	cmp "$disk.first" "$disk" || fail "made again, the disk is another"
	rm "$disk.first"
}

test_what_clang_needs_is_there_or_named() {
	mkdir packages
	"$top/tools/unpack" compiler-x86_64-clang-14 packages/clang
	run "$top/tools/elf-closure" clang packages lib
	expect_status 1
	expect_err '^elf-closure: (ld-linux-x86-64.so.2|libclang-cpp.so.14), which clang needs, is in none of the packages$'
	run "$top/tools/elf-closure" no-such-program packages lib
	expect_status 1
}

test_a_package_that_is_gone_is_named() {
	sed 's/^\(compiler-x86_64-libmd0 [^ ]* libmd0_\)1.0.4-2/\10.0.1-1/' "$top/tools/sources.lock" >lock
	run env SOURCES_LOCK="$scratch/lock" XDG_CACHE_HOME="$scratch/cache" "$top/tools/fetch" compiler-x86_64-libmd0
	expect_status 1
	expect_err 'libmd0_0.0.1-1_amd64.deb'
	expect_err 'lock-compiler prints the rows'
}

test_the_rows_can_be_had_anew() {
	[ -n "$(apt-cache show libmd0 2>/dev/null)" ] || skip "apt knows no packages here"
	run "$top/tools/lock-compiler" x86_64 libmd0
	expect_status 0
	expect_out '^compiler-x86_64-libmd0 [^ ]+ libmd0_[^ ]+_amd64[.]deb [0-9a-f]{64} libmd -$'
	run "$top/tools/lock-compiler" x86_64 no-such-package
	expect_status 1
	expect_err 'no-such-package'
	run "$top/tools/lock-compiler" vax
	expect_status 2
}

test_only_the_shell_has_the_disk() {
	run "$top/run-qemu.sh" --print-command
	refuse_out squashfs
	for machine in microvm q35; do
		run "$top/run-qemu.sh" --print-command --shell --machine "$machine"
		expect_out 'readonly=on,file=[^ ]*/compiler.squashfs'
	done
}

# One boot: the article's command, the same bytes as outside, clang's errors as they are.
test_clang_in_the_machine() {
	printf '%s\n' 'clang -O2 -target bpf -g3 -c /root/packet_redirect.bpf.c -o p.o && sha256sum p.o' \
		'echo "int x = y;" >wrong.c; clang -target bpf -c wrong.c; echo "status $?"' 'touch /opt/compiler/x' >lines
	typed --timeout 300 <lines
	expect_status 0
	in_machine=$(sed -n 's/^\([0-9a-f]\{64\}\)  p.o$/\1/p' out)
	[ -n "$in_machine" ] || fail "no object was made"
	expect_out "wrong.c:1:9: error: use of undeclared identifier 'y'"
	expect_out '^status 1$'
	expect_out 'Read-only file system'

	# The same clang on the host, under the same paths.
	command -v unsquashfs >/dev/null || skip "unsquashfs is not installed: only inside was seen"
	mkdir -p root/opt root/usr root/root root/tmp
	unsquashfs -q -n -d root/opt/compiler "$disk" >/dev/null
	ln -s /opt/compiler/include root/usr/include
	cp "$top/rootfs/workshop/packet_redirect.bpf.c" root/root
	# shellcheck disable=SC2016 # for the inner shell
	unshare -r sh -c 'cd root && exec chroot . /opt/compiler/lib/ld-linux-x86-64.so.2 --argv0 clang --library-path /opt/compiler/lib \
		/opt/compiler/lib/clang -O2 -target bpf -g3 -c /root/packet_redirect.bpf.c -o /root/outside.o -fdebug-compilation-dir=/root' ||
		fail "clang does not run outside"
	[ "$(sha256sum <root/root/outside.o | cut -d ' ' -f 1)" = "$in_machine" ] || fail "inside and outside differ"
}

test_without_the_disk_clang_says_so() {
	git -C "$top" ls-files -z run-qemu.sh tools | (cd "$top" && xargs -0 cp --parents -t "$scratch")
	mkdir -p "build/$arch"
	for file in vmlinux shell.cpio.zst checks; do ln -s "$image/$file" "build/$arch/$file"; done
	echo clang >lines
	top=$scratch typed --timeout 300 <lines
	expect_status 0
	expect_out 'clang: this machine has no compiler disk; on the host: make workshop'
}

run_tests "${1-}"
