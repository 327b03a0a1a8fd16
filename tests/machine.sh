#!/bin/bash
# run-qemu.sh with the real QEMU, kernel and init. Everything runs under TCG: what KVM does to a host that only
# seems to have it is played in tests/harness.sh.
# shellcheck disable=SC2317,SC2154,SC2016 # tests are called by their names
. "$(dirname "$0")/part.bash" || exit

checks() { cut -f 1 "$image/checks"; }
every_check_passed() { # every_check_passed [TIMES]: in the console of the last run
	local name
	expect_status 0
	while read -r name; do
		[ "$(grep -cE "^ok [0-9]+ $name( |$)" "$scratch/out")" = "${1-1}" ] || fail "not ${1-1} times ok: $name"
	done < <(checks)
	refuse_out '^not ok'
	refuse_out '# SKIP'
	tail -n 1 "$scratch/out" | grep -qE '^# verdict [0-9a-f]{16} pass$' || fail "the last line is not the verdict"
}

test_the_image_is_built() { make_target image; expect_status 0; }

test_list_in_a_fresh_checkout() { # it makes the list alone, with the real Makefile
	git -C "$top" ls-files -z | (cd "$top" && xargs -0 cp --parents -t "$scratch")
	run ./run-qemu.sh --list
	expect_status 0
	expect_out '^redirect '
	[ ! -e "build/$arch/vmlinux" ] || fail "a kernel was built to name the checks"
}

test_every_check_passes() {
	lab
	every_check_passed
	expect_no_err
	[ "$(head -n 2 out | tr '\n' ' ')" = "KTAP version 1 1..$(checks | wc -l) " ] || fail "not KTAP with its plan"
	refuse_out '^\[ *[0-9]+\.[0-9]+\] '
}

# What the article leaves unsaid, on the lines that a person reads.
test_the_lines_carry_their_witnesses() {
	lab
	expect_out '^ok [0-9]+ control-routed # .*TTL 63.* 1/1.*instructions'
	expect_out '^ok [0-9]+ redirect # .*TTL 64.* 0/0.*TC_ACT_REDIRECT.*instructions'
	expect_out '^ok [0-9]+ redirect-not-returned # .*TTL 63.* 1/1.*TC_ACT_OK'
	expect_out '^ok [0-9]+ redirect-no-mac # not delivered.*veth2@2 otherhost 1'
	expect_out '^ok [0-9]+ redirect-ingress # not delivered.*veth2@1 otherhost 1'
	expect_out '^ok [0-9]+ redirect-ingress-repaired # .*TTL 63'
}

test_auto_passes_whatever_kvm_does() { # the one run that does not ask for TCG
	run "$top/run-qemu.sh"
	every_check_passed
	[ "$(wc -l <err)" -le 1 ] || fail "more than one line"
}

test_same_seed_same_console() {
	lab --seed 42
	every_check_passed
	mv out first
	lab --seed 42
	cmp first out || fail "two boots with one seed differ"
	lab --seed 43
	! cmp -s first out || fail "another seed, the same console: the seed fixes nothing"
}

# What is unlike IPv4 in the twin, on the lines that a person reads.
test_the_ipv6_twins() {
	lab --check topology6 control-routed6 redirect6 redirect-ingress-repaired6 xdp-half-checksum6 control-unresolved6 --verbose
	expect_status 0
	expect_out '^ok 2 control-routed6 # delivered, TTL 63, netns_1 IP 1/1, .*instructions'
	expect_out '^ok 3 redirect6 # delivered, TTL 64, netns_1 IP 0/0, program 1x TC_ACT_REDIRECT'
	expect_out '^ok 4 redirect-ingress-repaired6 # delivered, TTL 63'
	expect_out '^# +request: .*ICMPv6 redirect'
	expect_out '^ok 5 xdp-half-checksum6 # not delivered.*netns_2 InCsumErrors 1'
	expect_out '^ok 6 control-unresolved6 # not delivered, neighbour failed, netns_1 IP 3/0'
}
# Of ICMP the kernel sends six in a second: no round may find what another left of them.
test_many_rounds_of_what_the_kernel_limits() {
	lab --check control-not-assigned path-control-not-assigned control-not-assigned6 redirect-ingress-repaired6 --repeat 8
	expect_status 0
	expect_out '^# 32 passed, 0 failed'
}
test_more_names_than_fit() {
	# shellcheck disable=SC2046 # the names are words
	lab --check $(checks)
	expect_status 2
	expect_last_err 'so many names do not fit'
}

test_three_rounds_in_one_boot() {
	lab --repeat 3
	every_check_passed 3
}

test_one_check() {
	lab --check redirect
	expect_status 0
	expect_out '^1\.\.1$'
	expect_out '^ok 1 redirect #'
	lab --check control-routed redirect-no-mac
	expect_status 0
	expect_out '^1\.\.2$'
}

test_each_check_alone() { # none stands on another's leavings; as many boots at a time as there are processors
	local name
	checks | xargs -P "$(nproc)" -I NAME sh -c '"$0" --accel tcg --check NAME >NAME.out 2>&1 </dev/null || echo "NAME: exit status $?"' \
		"$top/run-qemu.sh" >ended
	[ ! -s ended ] || fail "$(cat ended)"
	while read -r name; do
		grep -qE "^ok 1 $name( |$)" "$name.out" || fail "$name: $(cat "$name.out")"
	done < <(checks)
}

test_list_is_what_runs() {
	lab --list
	expect_status 0
	[ "$(sed 's/ .*//' out)" = "$(checks)" ] || fail "--list and the image's checks differ"
}

test_q35() { lab --machine q35; every_check_passed; }
test_64_mib() { lab --memory 64; every_check_passed; }
test_64_mib_on_q35_with_output() { lab --memory 64 --machine q35 --output o; every_check_passed; jq -e .guest.checks o/result.json >/dev/null || fail "no results"; }
test_two_processors() { # real time, and no price
	lab --cpus 2
	every_check_passed
	refuse_out 'instructions'
}

# --break NAME: the lab's own sabotage, and what must come of it.
# name              exit  the last line on standard error                       the console
breaks() { cat <<'END'
wrong-ifindex	1	a check failed	^not ok [0-9]+ redirect #
small-ring	1	a check failed	^# [0-9]+ sightings were lost$
no-features	1	a check failed	^not ok [0-9]+ xdp-alone # .*veth1@2 dropped 1
panic	4	crashed: Kernel panic - not syncing	Kernel panic
warn	4	crashed: Kernel panic - not syncing: .*panic_on_warn	WARNING: 
oops	4	crashed: Kernel panic - not syncing	Oops|BUG:
killed	4	crashed: Kernel panic - not syncing: Attempted to kill init	Kernel panic
hang	5	no verdict within 15 s	^KTAP
no-verdict	6	the guest gave none	^KTAP
two-verdicts	6	the guest gave 2	# verdict
wrong-nonce	6	not in the words of this run	# verdict
channels-disagree	6	the console says	# verdict
no-veth	3	refused: .*CONFIG_VETH	# verdict .* refused
END
}
test_breaks() {
	local name want words console
	while IFS='	' read -r name want words console; do
		echo "break $name"
		case $name in hang) set -- --timeout 15 ;; *) set -- ;; esac
		lab --break "$name" --output "o-$name" "$@"
		expect_status "$want"
		expect_last_err "^run-qemu.sh: .*$words"
		expect_out "$console"
		xmllint --noout "o-$name/junit.xml" || fail "junit.xml"
		jq -e ".host.exit_status == $want" "o-$name/result.json" >/dev/null || fail "result.json"
	done < <(breaks)
}

# A technique, another that is at work in its place, and what one of its checks says then. All its checks fail, but
# for those named last: nothing in them depends on which of the two it is.
stand_ins() { cat <<'END'
redirect	redirect-no-mac	request: veth2@2 otherhost is 1, expected 0
redirect-constant	redirect-no-mac	request: veth1@1 otherhost is 0, expected 1	control-unresolved control-unresolved6
redirect-not-returned	redirect-no-mac	request: program answer is TC_ACT_REDIRECT, expected TC_ACT_OK
redirect-no-mac	redirect	request: veth2@2 otherhost is 0, expected 1
redirect-ingress	redirect-ingress-repaired	request: veth2@1 otherhost is 0, expected 1
redirect-ingress-repaired	redirect-ingress	request: netns_1 ForwDatagrams is 0, expected 1
redirect-clone	redirect-mirror	request: second TTL is 63, expected 0
redirect-mirror	redirect-clone	request: second TTL is 0, expected 63
redirect-fib	redirect	second request: veth2@2 otherhost is 1, expected 0
redirect-fib-length	redirect-fib	burst: program FIB lookup is SUCCESS, expected FRAG_NEEDED
redirect-neigh	redirect-no-mac	burst: veth2@2 otherhost is 1, expected 0
redirect-peer	redirect-no-mac	request: veth2@1 tx is 1, expected 0
redirect-tcx	redirect	second request: program answer is TC_ACT_REDIRECT, expected none	burst-tcx
redirect-tcx-watched	redirect-tcx-first	request: second program matched is 0, expected 1
redirect-tcx-first	redirect-tcx-watched	request: second program matched is 1, expected 0
redirect-both	redirect	connection: second program super-packets is 0, expected some
redirect-fib-both	redirect-fib	connection: netns_1 InReceives is [0-9]+, expected 0
redirect-neigh-both	redirect-neigh	connection: netns_1 InReceives is [0-9]+, expected 0
redirect-peer-both	redirect-peer	connection: veth1@2 tx is [0-9]+, expected 0
redirect-tcx-both	redirect-tcx	connection: second program matched is 0, expected [0-9]+
xdp	xdp-alone	request: veth1@2 dropped is 1, expected 0
xdp-alone	xdp	request: second program matched is 1, expected 0
xdp-generic	xdp-alone	request: veth1@2 dropped is 1, expected 0
xdp-devmap	xdp-devmap-empty	request: program answer is XDP_PASS, expected XDP_REDIRECT
xdp-devmap-empty	xdp-devmap	request: program answer is XDP_REDIRECT, expected XDP_PASS
xdp-devmap-generic	xdp-devmap-empty	request: TTL is 63, expected 64
xdp-devmap-hash	xdp-devmap-hash-empty	request: program answer is XDP_PASS, expected XDP_REDIRECT
xdp-devmap-hash-empty	xdp-devmap-hash	request: program answer is XDP_REDIRECT, expected XDP_PASS
sk-assign	look-on	request: netns_1 ForwDatagrams is 1, expected 0
look-on	sk-assign	request: delivered is 1, expected 0
msg-redirect	sk-redirect	stream: veth1@1 tx is 1, expected 0
msg-redirect-hash	sk-redirect	stream: veth1@1 tx is 1, expected 0
sk-redirect	msg-redirect	echo: delivered is 0, expected 1
sk-redirect-hash	msg-redirect	echo: delivered is 0, expected 1
netkit-reply	redirect-neigh-back	reply: veth2@1 rx is 1, expected 0
END
}
notes_of() { # notes_of TECHNIQUE: what the failed checks of the last run that are about it say
	awk -F '\t' -v technique="$1" '
		NR == FNR { about[$1] = $4; next }
		/^(not )?ok / { split($0, word, " "); here = word[1] == "not" && about[word[4]] == technique }
		here && /^# /' "$image/checks" "$scratch/out"
}
test_every_technique_can_fail() { # a dozen broken at once; each check sees its own
	local rows technique says
	stand_ins | cut -f 1 | sort >broken
	cut -f 4 "$image/checks" | grep -vx -e - | sort -u | diff broken - || fail "not the techniques that there are"
	stand_ins | split -l 12 - rows.
	for rows in rows.*; do
		lab --break "$(awk -F '\t' '{ printf "%s%s=%s", NR == 1 ? "" : ",", $1, $2 }' "$rows")"
		expect_status 1
		sed -n 's/^not ok [0-9]* \([a-z0-9-]*\).*/\1/p' out >failed
		awk -F '\t' '
			NR == FNR { broken[$1]; n = split($4, names, " "); for (i = 1; i <= n; i++) spared[names[i]]; next }
			$4 in broken && !($1 in spared) { print $1 }' \
			"$rows" "$image/checks" | diff - failed || fail "other checks failed"
		while IFS='	' read -r technique _ says _; do
			notes_of "$technique" | grep -qE "^# $says\$" || fail "nothing about $technique says: $says"
		done <"$rows"
	done
}
test_break_of_no_technique() {
	lab --break redirec=redirect --check redirect
	expect_status 2
	expect_last_err 'there is no break named redirec=redirect$'
	lab --break redirect=,redirect-peer= --check redirect
	expect_status 2
}
test_break_no_clsact() { # the checks that need it are skipped with the option's name, the others run
	lab --break no-clsact
	expect_status 0
	expect_out '^ok [0-9]+ redirect # SKIP .*CONFIG_NET_(SCH_INGRESS|CLS_ACT|CLS_BPF)'
	expect_out '^ok [0-9]+ control-routed # .*TTL 63'
}
test_break_no_netkit() {
	lab --break no-netkit
	expect_status 0
	expect_out '^ok [0-9]+ netkit # SKIP .*CONFIG_NETKIT'
	expect_out '^ok [0-9]+ redirect # .*TTL 64'
}
test_every_break_of_the_help_is_tried() {
	"$top/run-qemu.sh" --help | sed -n '/^sabotage/,$s/^  \([a-z-]*\) .*/\1/p' | sort >said
	{ breaks | cut -f 1; printf '%s\n' no-clsact no-netkit; } | sort | cmp - said || fail "--help names others than the tests try"
}
test_a_failure_shows_the_black_box() {
	lab --break redirect=redirect-no-mac --check redirect
	expect_status 1
	expect_out '^not ok 1 redirect # not delivered.*veth2@2 otherhost 1'
	expect_out '^# .*expected'
	expect_out '^# .*veth2@2'
	expect_last_err 'same run again: --accel tcg --seed [0-9]+'
}

test_output() {
	lab --output o --seed 7
	every_check_passed
	cmp out o/console.log || fail "console.log is not the console"
	xmllint --noout o/junit.xml || fail "junit.xml is not XML"
	[ "$(xmllint --xpath 'count(//testcase)' o/junit.xml)" = "$(checks | wc -l)" ] || fail "junit.xml: not a case a check"
	[ "$(xmllint --xpath 'count(//failure)+count(//error)' o/junit.xml)" = 0 ] || fail "junit.xml: failures"
	jq -e --arg version "$(qemu-system-"$arch" --version | sed -n '1s/.*version \([0-9.]*\).*/\1/p')" '
		.host.exit_status == 0 and .host.accelerator == "tcg" and .host.deterministic and .host.seed == 7 and
		.host.qemu_version == $version and (.guest.kernel | length > 0) and (.guest.phases | length > 1)' \
		o/result.json >/dev/null || fail "result.json: $(jq -c .host o/result.json)"
	[ "$(jq -r '.guest.checks[].name' o/result.json)" = "$(checks)" ] || fail "result.json: other checks"
	jq -e '[.guest.checks[] | select(.name == "redirect") | .passages[].witnesses[] | has("expected") and has("seen")] |
		length > 3 and all' o/result.json >/dev/null || fail "result.json: witnesses without expected and seen"
	tap_is_sound o/results.tap
}
tap_is_sound() { # as prove reads it: a version, a plan, the numbers from 1 in their order
	awk 'NR == 1 && $0 != "KTAP version 1" { exit 1 }
	     /^1\.\.[0-9]+$/ { plan = substr($0, 4); plans++ }
	     /^(not )?ok / { sub(/^not /, ""); if ($2 != ++n) exit 1 }
	     !/^(not )?ok [0-9]+ |^ok |^1\.\.[0-9]+$|^KTAP version 1$|^#|^$/ { exit 1 }
	     END { if (plans != 1 || n != plan) exit 1 }' "$1" || fail "not sound TAP: $(head -n 30 "$1")"
}
test_output_of_three_rounds() {
	lab --output o --repeat 3
	every_check_passed 3
	tap_is_sound o/results.tap
	xmllint --noout o/junit.xml || fail "junit.xml"
}

test_printk() { # the lines of the article's bpf_printk
	lab --printk --check redirect
	expect_status 0
	expect_out 'redirect|Redirect|packet'
	lab --check redirect
	mv out without
	lab --printk --check redirect
	[ "$(wc -l <out)" -gt "$(wc -l <without)" ] || fail "no line more with --printk"
}
test_verbose() {
	lab --verbose --check redirect
	expect_status 0
	expect_out '^\[ *[0-9]+\.[0-9]+\] .*Linux version'
}

test_print_command_boots() { # what it prints can be pasted, from anywhere; the exit channel says pass
	lab --print-command --check redirect
	expect_status 0
	mv out command
	run sh ./command
	expect_status 65
	expect_out '^ok 1 redirect #'
}

test_cost() { # instructions, not time: the same table twice, and the short ways cost less than the long one
	lab --cost --seed 3 --output o
	expect_status 0
	expect_out '^redirect +[0-9]+ +-'
	[ -s o/console.log ] || fail "no console.log"
	[ ! -e o/junit.xml ] || fail "a junit.xml, and no checks"
	jq -e '[.lanes[] | {(.name): .prices["16 bytes"]}] | add |
		.peer < .redirect and .redirect < .["routed, no program"] and
		.["routed, no program"] < .["redirect, ingress repaired"]' o/cost.json >/dev/null || fail "$(cat o/cost.json)"
	jq -e '[.lanes[] | {(.name): .functions}] | add |
		.peer < .redirect and .redirect < .["routed, no program"] and
		.["routed, no program"] < .["redirect, ingress repaired"]' o/cost.json >/dev/null || fail "functions: $(cat o/cost.json)"
	jq -e 'all(.lanes[]; (.way | length) == .functions and .way[-1] == {function: "skb_consume_udp", netns: "netns_2"}) and
		([.lanes[] | select(any(.way[]; .netns == "netns_1" and (.function | test("^ip6?_forward$")))).name] ==
			["routed, no program", "redirect, ingress repaired", "IPv6, no program"])' o/cost.json >/dev/null ||
		fail "the ways: $(cat o/cost.json)"
	mv out first
	lab --cost --seed 3 --output o
	cmp first out || fail "two runs differ"
	# Under the tracer a datagram costs four times as much, and so more than a first one, which no cache is warm for.
	lab --check control-routed --seed 3 --output first-one
	jq -e --slurpfile cost o/cost.json '.guest.checks[0].passages[0].instructions > $cost[0].lanes[0].prices["16 bytes"]' \
		first-one/result.json >/dev/null || fail "measured under the tracer: $(cat out first)"
	lab --cost --cpus 2
	expect_status 2
	expect_last_err 'deterministic machine'
}

test_bench() { # emulated here, and so alike each time; what time KVM takes is nobody's to assert
	lab --bench --seed 3 --output o
	expect_status 0
	expect_out '^# packets per second.* EMULATED: the clock counts instructions'
	expect_out '^redirect +[0-9]+ +\+[0-9.]+%( +[0-9]+){3}$'
	jq -e '.clock == "instructions" and .emulated and
		(.lanes | length > 10 and all(.round_trip_ns | 0 < .p50 and .p50 <= .p90 and .p90 <= .p99)) and
		([.lanes[] | {(.name): .packets_per_second}] | add |
			.peer > .redirect and .redirect > .["routed, no program"])' o/bench.json >/dev/null || fail "$(cat o/bench.json)"
	[ "$(ls o)" = "$(printf '%s\n' bench.json console.log result.json)" ] || fail "in --output: $(ls o)"
	mv out first
	lab --bench --seed 3 --output o
	cmp first out || fail "two runs differ"
}
test_bench_with_a_coarse_clock() { # two emulated processors lose their calibration here: no table of zeros then
	lab --bench --cpus 2
	case $status in
	0) expect_out 'EMULATED: the time that QEMU takes' ;;
	*) expect_status 3; expect_last_err 'steps of [0-9]+ ns, too coarse' ;;
	esac
}

test_shell_piped() {
	# The end comes again when `cat` has taken it, in the middle of a quotation and after a line cut short.
	printf '%s\n' 'echo $((6 * 7))' 'ls /run/netns' 'lab send hello' 'uname -r' 'cat & wait' 'sh -c "read x; echo its \$x"' 'own line' \
		'cat <<-E' '	no completion' '	E' |
		{ cat; printf 'cat; echo "no end'; } >lines
	typed --timeout 60 <lines
	expect_status 0
	expect_out '^42$'
	expect_out 'netns_1'
	expect_out '^6\.12'
	expect_out '^its own line$'
	expect_out '^no completion$'
	expect_out 'unterminated quoted string'
}

# What a person sees of each technique: `lab up` builds what it needs, and it is at work after `lab up` has ended.
test_lab_up_shows_each_technique() {
	local name
	for name in redirect redirect-tcx redirect-tcx-both xdp xdp-devmap xdp-devmap-hash sk-assign netkit redirect-peer-both; do
		printf '%s\n' "lab up $name" 'lab listen >heard & until [ -s heard ]; do lab send '"$name"'; done; head -n 1 heard' \
			'kill $!; rm heard; lab down'
	done >each
	printf '%s\n' 'lab down' "$(cat each)" 'ls -A /sys/fs/bpf /run/netns; echo nothing left' 'lab up msg-redirect' 'lab up nothing' >lines
	typed --timeout 100 <lines
	expect_status 0
	sed -n 's/^lab up //p' each >names
	while read -r name; do expect_out "^from 10\\.0\\.1\\.10:[0-9]+, TTL 64 .*: $name\$"; done <names
	expect_out '^lab up: msg-redirect is for sockets'
	expect_out '^lab up: there is no technique nothing; there are: redirect .* netkit-reply, a check'
	grep -B 3 '^nothing left' out | grep -q '^lab-\|^netns' && fail "something is left"
	return 0
}

test_ctrl_c() { # the real QEMU is gone too
	export TMPDIR=$scratch/tmp
	mkdir "$TMPDIR"
	setsid env --default-signal=INT,QUIT "$top/run-qemu.sh" --accel tcg --break hang >out 2>err </dev/null &
	script=$!
	wait_for grep -q KTAP out
	kill -INT -- "-$script"
	ran="Ctrl-C" status=0
	wait "$script" || status=$?
	expect_status 130
	[ -z "$(ps -o pid= -s "$script")" ] || fail "left: $(ps -o pid=,args= -s "$script")"
	[ -z "$(ls -A "$TMPDIR")" ] || fail "left in the temporary directory"
}
test_kill_9() {
	export TMPDIR=$scratch/tmp
	mkdir "$TMPDIR"
	setsid "$top/run-qemu.sh" --accel tcg --break hang >out 2>err </dev/null &
	script=$!
	wait_for grep -q KTAP out
	kill -KILL "$script"
	gone() { [ -z "$(ps -o pid= -s "$script")" ] && [ -z "$(ls -A "$TMPDIR")" ]; }
	wait_for gone
}

test_several_at_once() {
	local n pids=()
	for n in 1 2 3; do
		"$top/run-qemu.sh" --accel tcg --seed 9 >"out$n" 2>&1 </dev/null &
		pids+=($!)
	done
	for n in "${pids[@]}"; do wait "$n" || fail "one of three did not pass"; done
	cmp out1 out2 || fail "they are not alike"
	cmp out2 out3 || fail "they are not alike"
}

test_from_a_path_with_blanks() {
	mkdir -p "a lab, copied/build"
	cp "$top/run-qemu.sh" "a lab, copied"
	ln -s "$image" "a lab, copied/build/$arch"
	run "a lab, copied/run-qemu.sh" --accel tcg --check redirect --output "o, p"
	expect_status 0
	jq -e .guest.checks "o, p/result.json" >/dev/null || fail "no results"
}

test_kernel_that_is_none() {
	lab --kernel "$image/init/init"
	expect_status 3
	expect_last_err 'it is no Linux kernel'
	lab --kernel "$top/run-qemu.sh"
	expect_status 3
	expect_last_err 'neither an ELF vmlinux nor a bzImage'
}
test_kernel_cut_short() {
	head -c 1000000 "$image/vmlinux" >vmlinux
	lab --kernel vmlinux
	expect_status 3
	expect_last_err 'vmlinux is cut short'
}
test_initramfs_cut_short() {
	mkdir -p lab/build/"$arch"
	cp "$top/run-qemu.sh" lab
	ln -s "$image/vmlinux" "$image/checks" "lab/build/$arch"
	head -c 100000 "$image/initramfs.cpio.zst" >"lab/build/$arch/initramfs.cpio.zst"
	run lab/run-qemu.sh --accel tcg --timeout 20
	expect_status 4
	expect_last_err 'Kernel panic'
}

test_stock_kernel_without_its_modules() { # veth and clsact are among them
	make_target "$image/stock/vmlinuz"
	[ "$status" = 0 ] || skip "the stock kernel cannot be had here"
	lab --kernel "$image/stock/vmlinuz"
	expect_status 3
	expect_last_err 'refused: .*CONFIG_VETH'
}

test_too_little_memory_for_qemu() { # the host refuses it
	export TMPDIR=$scratch
	run sh -c 'ulimit -v 600000; exec "$0" --accel tcg --memory 8192 --check topology' "$top/run-qemu.sh"
	expect_status 3
	expect_last_err 'memory'
}

run_tests "${1-}"
