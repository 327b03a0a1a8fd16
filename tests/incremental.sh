#!/bin/bash
# After an edit only what depends on it is made again. `make -d`-free: the files' own times and bytes tell.
# shellcheck disable=SC2317,SC2154 # tests are called by their names
. "$(dirname "$0")/part.bash" || exit

build() {
	run make -C "$top" image
	expect_status 0
}
times() { # of everything that is built, but for make's own marks
	find "$image" -type f \( -name '*.o' -o -name '*.h' -o -name '*.zst' -o -name '*.a' -o -name vmlinux -o -name init \
		-o -name checks -o -name busybox \) -not -path '*/linux/*' -printf '%P %T@\n' | sort
}
made_anew() { # the files that differ between the two lists
	join -j 1 before after | awk '$2 != $3 { print $1 }'
}
edit() { # edit FILE: a line more, and back again when the test ends, with what was made of it
	edited=$top/$1
	cp -p "$edited" "$scratch/as-it-was"
	trap 'cp -p "$scratch/as-it-was" "$edited"; touch "$edited"; make -C "$top" image >/dev/null 2>&1' EXIT
	echo "/* an edit */" >>"$edited"
}

test_second_make_does_nothing() {
	build
	times >before
	build
	times >after
	[ -s before ] || fail "nothing was found"
	cmp before after || fail "made again without an edit: $(made_anew | tr '\n' ' ')"
	refuse_out '^\[[0-9]+/'
	run make -C "$top" -q image
	expect_status 0
}

test_edit_of_a_bpf_program() { # its object, its skeleton, who embeds it, and the archives
	build
	times >before
	edit bpf/redirect_no_mac.bpf.c
	build
	times >after
	made_anew >anew
	grep -qx bpf/redirect_no_mac.bpf.o anew || fail "the program was not compiled again"
	! grep '^bpf/.*\.bpf\.o$' anew | grep -vx bpf/redirect_no_mac.bpf.o || fail "other programs were compiled again"
	! grep -E '^(vmlinux|sysroot/|busybox|libbpf/|musl/|elfutils/|zlib/|bpf/vmlinux.h|checks)' anew ||
		fail "that does not depend on it"
}

test_edit_of_a_c_file() {
	build
	times >before
	edit init/netns.c
	build
	times >after
	made_anew >anew
	grep -qx init/netns.o anew || fail "it was not compiled again"
	! grep '^init/.*\.o$' anew | grep -vx init/netns.o || fail "other objects were compiled again"
	! grep -E '^(vmlinux|sysroot/|busybox|bpf/)' anew || fail "that does not depend on it"
}

test_edit_reaches_the_image() { # what is booted is what was edited
	build
	sha256sum "$image/initramfs.cpio.zst" >first
	edit init/init.c
	echo 'const char an_edit[] __attribute__((used, retain)) = "an edit";' >>"$top/init/init.c"
	build
	! sha256sum --status -c first || fail "the archive is as before"
}

test_edit_taken_back() { # and the same source gives the same bytes again
	build
	sha256sum "$image/initramfs.cpio.zst" >first
	edit init/netns.c
	build
	cp -p as-it-was "$top/init/netns.c"
	touch "$top/init/netns.c"
	build
	sha256sum --status -c first || fail "the archive is another one"
}

run_tests "${1-}"
