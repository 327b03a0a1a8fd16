#!/bin/bash
# Bytes that do not change: another directory, the same sources, compared with what is in build/. It costs one
# build of everything.
# shellcheck disable=SC2317,SC2154 # tests are called by their names
. "$(dirname "$0")/part.bash" || exit

test_same_bytes_from_another_directory() {
	run make -C "$top" image
	expect_status 0
	run make -C "$top" verify AGAINST=build
	expect_status 0
	for output in vmlinux init/init initramfs.cpio.zst shell.cpio.zst; do expect_out "$output: same bytes"; done
	[ ! -e "$top/build/verify" ] || fail "build/verify was left"
}

run_tests "${1-}"
