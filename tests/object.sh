#!/bin/bash
# --object: programs of others. They come from one source, tests/objects/redirect.bpf.c, each with another thing
# right or wrong about it.
# shellcheck disable=SC2317,SC2154 # tests are called by their names
. "$(dirname "$0")/part.bash" || exit

compile() { # compile INTO OPTION…
	local into=$1
	shift
	clang -O2 -g --target=bpf -I"$image/bpf" -isystem "$image/sysroot/include" -Wno-unused-variable \
		-c "$top/tests/objects/redirect.bpf.c" -o "$into" "$@" || fail "clang"
}

# outcome            what the witnesses say, and the compiler's options that lead there
outcomes() { cat <<'END'
redirected	delivered, TTL 64, netns_1 IP 0/0, program ran 1x, TC_ACT_REDIRECT in a test run;	-DFLAGS=0
handed-over	delivered, TTL 64, netns_1 IP 0/0, program ran 1x	-DANSWER=bpf_redirect_peer(3,0)
mirrored	delivered 2 times, TTL 64 and 63, netns_1 IP 1/1, program ran 1x, TC_ACT_OK in	-DMIRROR
routed	delivered, TTL 63, netns_1 IP 1/1, program ran 1x, TC_ACT_OK in	-DANSWER=0 -DSAME_MAC
dropped	not delivered, netns_1 IP 0/0, program ran 1x, TC_ACT_REDIRECT in	-DTARGET_INTF=99
dropped	not delivered, netns_1 IP 0/0, program ran 1x, TC_ACT_SHOT in	-DANSWER=2
refused-by-veth2@2	not delivered, .*, veth2@2 otherhost 1	-DSAME_MAC
refused-by-veth2@1	not delivered, .*, veth2@1 otherhost 1	-DFLAGS=BPF_F_INGRESS
refused-by-veth1@1	not delivered, .*, veth1@1 otherhost 1	-DTARGET_INTF=2
unresolved	not delivered, neighbour failed, netns_1 IP 0/0, program ran 3x	-DOTHERWISE=2
refused	load program redirect of section tc: Permission denied	-DUNBOUNDED
END
}
test_every_outcome() { # is seen, passes where it is expected, and fails where another is
	local name words options other=routed
	while IFS='	' read -r name words options; do
		echo "$name $options"
		[ "$name" != "$other" ] || other=routed
		# shellcheck disable=SC2086 # the options are words
		compile x.bpf.o $options
		lab --object x.bpf.o --expect "$name"
		expect_status 0
		expect_out "^ok 1 object # $name: $words"
		lab --object x.bpf.o --expect "$other"
		expect_status 1
		expect_out "^not ok 1 object # $name: $words"
		expect_out "^# the outcome is $name, expected $other$"
		[ "$name" != redirected ] || expect_out '^# request: TTL is 64, expected 63$'
		other=$name
	done < <(outcomes)
}
test_every_outcome_of_the_help_is_tried() {
	"$top/run-qemu.sh" --help | sed -n '/^outcomes/,/^$/s/^  \([a-z0-9@-]*\) .*/\1/p' | sort >said
	outcomes | cut -f 1 | sort -u | cmp - said || fail "--help names others than the tests try"
}

test_without_an_expectation() { # it passes when it is loaded and runs, and the way is shown
	compile x.bpf.o
	lab --object x.bpf.o
	expect_status 0
	expect_no_err
	in_order ' tcf_classify$' ' skb_do_redirect$' "^  -> redirected here: netns_1's IP layer is not entered" \
		'^  -> delivered: the listener has it' '^1\.\.1$' '^ok 1 object # redirected: .* 0 lost$'
	refuse_out 'sk_skb_reason_drop'
	compile dropped.bpf.o -DANSWER=2
	lab --object dropped.bpf.o
	expect_status 0
	in_order '^  -> dropped here: ' '^ok 1 object # dropped: '
}
test_an_outcome_without_a_name() { # delivered twice, and neither time routed
	compile x.bpf.o -DTWICE
	lab --object x.bpf.o
	expect_status 0
	expect_out '^ok 1 object # one without a name: delivered 2 times, TTL 64 and 64'
	lab --object x.bpf.o --expect redirected
	expect_status 1
	expect_out '^# request: delivered is 2, expected 1$'
}
test_no_btf() { # the article's -g3 may be left out
	compile x.bpf.o -g0
	lab --object x.bpf.o --expect redirected
	expect_status 0
}
test_printk() {
	compile x.bpf.o
	lab --object x.bpf.o --printk
	expect_status 0
	expect_out "somebody's own words"
}

test_refused_shows_the_log() {
	compile x.bpf.o -DUNBOUNDED
	lab --object x.bpf.o
	expect_status 1
	expect_last_err 'a check failed'
	in_order '^not ok 1 object # refused: load program redirect of section tc: Permission denied$' \
		'^# invalid access to packet' '^# processed [0-9]+ insns'
	compile long.bpf.o -DLONG -DUNBOUNDED
	lab --object long.bpf.o
	expect_status 1
	expect_out '^# R[0-9] offset is outside of the packet'
	[ "$(grep -c '^# ' out)" -lt 25 ] || fail "not only the log's last lines"
	refuse_out '^# 0: R1=ctx'
	lab --object long.bpf.o --verbose
	in_order '^# 0: .*R1=ctx' '^# R[0-9] offset is outside of the packet'
}

test_sections() {
	compile classifier.bpf.o '-DSECTION="classifier"'
	lab --object classifier.bpf.o --expect redirected
	expect_status 0
	compile own.bpf.o '-DSECTION="of my own"'
	lab --object own.bpf.o --section redirect --expect redirected
	expect_status 0
	compile two.bpf.o '-DSECOND_SECTION="classifier"'
	lab --object two.bpf.o --expect redirected
	expect_status 0
	lab --object two.bpf.o --section classifier --expect routed
	expect_status 0
	lab --object two.bpf.o --section tx
	expect_status 2
	expect_last_err 'no program for tc called tx; there are: redirect in section tc, second in section classifier$'
	compile same.bpf.o '-DSECOND_SECTION="tc"'
	lab --object same.bpf.o
	expect_status 2
	expect_last_err '2 programs for tc: choose one by --section and its name; there are: redirect .*, second '
	lab --object same.bpf.o --section second --expect routed
	expect_status 0
	compile xdp.bpf.o '-DSECTION="xdp"'
	lab --object xdp.bpf.o
	expect_status 2
	expect_last_err 'no program for tc; there are: redirect in section xdp .not for tc.$'
}

test_not_an_object() {
	echo hello >text
	cp "$image/init/init" elf
	compile big.bpf.o --target=bpfeb
	compile long.bpf.o
	truncate -s 5M long.bpf.o
	head -c 600 long.bpf.o >cut.bpf.o
	while read -r want words file; do
		lab --object "$file"
		echo "$file"
		expect_status "$want"
		expect_err "${words//_/ }"
	done <<-'END'
		3 no_ELF_file text
		3 not_for_BPF elf
		3 of_another_kind big.bpf.o
		3 larger_than_4096 long.bpf.o
		3 no_such_file none.bpf.o
		3 no_such_file .
		1 a_check_failed cut.bpf.o
	END
	expect_out '^not ok 1 object # refused: open the object as libbpf does: '
}
test_usage() {
	compile x.bpf.o
	while read -r words options; do
		# shellcheck disable=SC2086 # the options are words
		lab $options
		expect_status 2
		expect_last_err "${words//_/ }"
	done <<-'END'
		go_with_--object --section tc
		go_with_--object --expect routed
		nearest_is_redirected --object x.bpf.o --expect redirect
		goes_with_none --object x.bpf.o --check redirect
		goes_with_none --object x.bpf.o --cost
		neither --object x.bpf.o --shell --expect routed
		ends_with_the_run --object x.bpf.o --print-command
		cannot_carry --object x.bpf.o --section a,b
		wants_a_value --object
	END
}

test_output() {
	compile x.bpf.o
	lab --object x.bpf.o --expect redirected --seed 7 --output o
	expect_status 0
	cmp out o/console.log || fail "console.log is not the console"
	jq -e '.guest.checks[0] | .name == "object" and .status == "pass" and .outcome == "redirected" and
		(.passages[0].witnesses[] | select(.name == "TTL")) == {name: "TTL", expected: 64, seen: 64}' o/result.json >/dev/null ||
		fail "$(cat o/result.json)"
	xmllint --noout o/junit.xml || fail "junit.xml"
	mv out first
	lab --object x.bpf.o --expect redirected --seed 7
	cmp first out || fail "two runs with one seed differ"
}

test_in_the_shell() {
	compile x.bpf.o
	printf '%s\n' 'lab down' 'lab object /object.bpf.o tc redirected' 'lab up /object.bpf.o' 'lab down' 'lab object /none.o' >lines
	typed --object x.bpf.o --timeout 60 <lines
	expect_status 0
	in_order ' skb_do_redirect$' '^ok 1 object # redirected: ' '^lab:.*lab up' '^not ok 1 object # refused: open the object'
}

# The archive: what cpio makes of it is what went into it.
test_archive_of_any_bytes() {
	local length
	for length in 0 1 2 3 4 5 4095 4097; do dd bs=1 count="$length" if=/dev/urandom of="$length" status=none; done
	mkdir there
	for shell in dash 'bash --posix' 'busybox ash'; do
		# shellcheck disable=SC2086 # a word or two
		$shell "$top/tools/archive" d/ d/a 1 d/bc 2 three 3 x 0 4 4 55 5 l 4095 ll 4097 >archive
		[ $(($(wc -c <archive) % 4)) = 0 ] || fail "its length is no multiple of four"
		(cd there && busybox cpio -idu <../archive) || fail "cpio"
		while read -r name length; do cmp "there/$name" "$length" || fail "$name of $length bytes"; done <<-'END'
			d/a 1
			d/bc 2
			three 3
			x 0
			4 4
			55 5
			l 4095
			ll 4097
		END
	done
}

run_tests "${1-}"
