#!/bin/bash
# --grade: every start is worth what its page says, every solution all, and wrong answers are told what is wrong.
# shellcheck disable=SC2317,SC2154,SC2016 # tests are called by their names
. "$(dirname "$0")/part.bash" || exit

grade() { # grade DIR [OPTION…], in the deterministic machine
	run "$top/run-qemu.sh" --accel tcg --seed 7 --grade "$@"
	[ "$(grep -c '^# verdict' out)" = 1 ] || fail "not one verdict"
}
of_exercise() { # of_exercise NAME: its lines of the last run
	awk -v name="$1" '/^(not )?ok /{ here = ($2 == name || $3 == name || $4 == name) } here' out
}
expect_of() { of_exercise "$1" | grep -qE -e "$2" || fail "$1 lacks: $2"; }
solutions() { cp -r "$top/rootfs/solutions/." .; } # to be made wrong
compiled() { # compiled DIR…: as the machine would, which takes ten times as long
	local source
	for source in "${@/%//redirect.bpf.c}"; do
		[ -e "$source" ] || continue
		clang -O2 -g --target=bpf -I"$image/bpf" -isystem "$image/sysroot/include" -c "$source" -o "${source%c}o"
		rm "$source"
	done
}

test_the_image_is_built() { make_target workshop; expect_status 0; }

# As sources they are those of README, which has them graded.
test_solutions_have_full_marks() {
	local name points
	solutions
	compiled ./*/
	grade . --output o
	expect_status 0
	for name in "$top"/rootfs/solutions/*/; do expect_out "^ok [0-9]+ $(basename "$name") # 10 of 10 points$"; done
	points=$((10 * $(find "$top/rootfs/solutions" -mindepth 1 -maxdepth 1 | wc -l)))
	expect_out "^# $points of $points points\$"
	grep -q '^ok 1 01-routed' o/results.tap || fail "results.tap"
	jq -e '.host.exit_status == 0' o/result.json >/dev/null || fail "result.json"
}

# One boot: the same at the prompt, where the starts lie. In this order: expected, seen, missing, the hint.
test_starts_have_what_their_page_says() {
	local page points
	printf '%s\n' 'lab down' 'lab grade 99' 'lab grade 3x' 'lab grade 4' 'lab hint 4' 'lab hint 4' 'lab grade 4' \
		'lab hint 4' 'lab hint 4' 'lab hint 99' 'lab hint' 'lab grade' >lines
	typed --timeout 300 <lines
	expect_status 0
	expect_out 'there is no exercise 99'
	expect_out 'there is no exercise 3x'
	in_order '^not ok 1 04-no-mac # ' '^# next hint: `lab hint 4` opens 1 of 3' '^hint 1 of 3: A first hint' '^`lab down`, then `clang' \
		'^hint 2 of 3: A second hint' '^not ok 1 04-no-mac # ' '^# next hint: `lab hint 4` opens 3 of 3' '^hint 3 of 3: ' \
		'^hint 3 of 3: ' 'there is no exercise 99' 'a hint of which exercise' '^not ok 17 17-in-order # '
	[ "$(grep -c '^# next hint' out)" = 2 ] || fail "a hint is announced that nobody asked for"
	for page in "$top"/rootfs/workshop/*/page.md; do
		points=$(sed -n 's/^The start is worth \([0-9]*\) points \(of [0-9]*\)[.:;].*/\1 \2/p' "$page")
		expect_out "^not ok [0-9]+ $(basename "$(dirname "$page")") # $points points$"
	done
	[ "$(of_exercise 03-egress | grep -oE '^#   (expected|seen|missing|hint):' | tr -d '# \n')" = expected:seen:missing:hint: ] ||
		fail "not in that order"
}

# In each boot one mistake for each: which boot, what is changed (redirect.bpf.c where no file is named), points, what is
# said of it, and how it is made.
mistakes() { cat <<'END'
1	01-routed/answer.txt	8	\| TTL 64, and the witness says another	s/^TTL.*/TTL 64/
1	02-silent-arp/answer.txt	3	\| not delivered, neighbour failed	s/ip_forward/conf.veth1@2.proxy_arp/
1	03-egress	2	\| routed: delivered, TTL 63	s/return bpf_redirect(\(.*\));/bpf_redirect(\1); return TC_ACT_OK;/
1	04-no-mac/answer.txt	6	\| veth2@1 OTHERHOST	s/@2/@1/
1	05-no-constants	4	missing: the same where .* are others	s/bpf_htonl(destination)/bpf_htonl(0x0a00020b)/
1	06-ingress-flag	6	the outcome is dropped, expected refused-by-veth2@1	s/BPF_F_INGRESS)/2)/
1	07-ingress-repaired	2	the way lacks skb_do_redirect	s/return bpf_redirect(.*/return TC_ACT_OK;/
1	08-not-returned	6	the outcome is dropped, expected redirected	s/return to_server(eth)/to_server(eth); return 2/
1	09-replies	2	the outcome is reply-unresolved, expected reply-redirected	s/(ARPOP_REQUEST)/(ARPOP_REPLY)/
1	10-fib	7	the outcome is refused-by-veth1@1, expected not-forwarded	/fib_lookup(ctx/,+1c bpf_fib_lookup(ctx, \&fib, sizeof(fib), 0);
1	11-neigh	2	the way lacks neigh_resolve_output	s/_neigh(.*)/(3, 0)/; s/return b/eth->h_dest[0] = 2; eth->h_dest[1] = eth->h_dest[2] = eth->h_dest[3] = eth->h_dest[4] = eth->h_dest[5] = 0;&/
1	12-peer	2	veth2@1 tx is 1, expected 0	s/_peer(.*)/_neigh(3, NULL, 0, 0)/
1	13-mirror	2	the outcome is redirected, expected mirrored	/redirect(ctx/{n; s/TC_ACT_OK/2/}
1	14-tcx	6	frames redirected or left to the next program is 0, expected 1	s/TCX_NEXT/0/
1	15-xdp-devmap	4	the outcome is routed, expected redirected	s/fib.ifindex, XDP_PASS/3, XDP_PASS/
1	16-hardened	4	IPv6: frames out of veth2@1 is 1, expected 0	/h_proto/,+1d
1	17-in-order/answer.txt	3	the way lacks __dev_queue_xmit on veth1@1 after veth_xmit	/__dev_queue_xmit veth1@1/{h; d}; /^veth_xmit veth1@1/G
2	01-routed/answer.txt	8	\| neighbour veth2@2, and the witness says another	s/veth1@2/veth2@2/
2	02-silent-arp/answer.txt	3	\| not delivered, neighbour failed	s/netns_1/netns_2/
2	03-egress	0	\| invalid access to packet	/data_end)/,+1d
2	04-no-mac	6	\| dropped: 	s/return bpf_redirect(.*/return 2;/
2	05-no-constants	2	hint: a constant is told only under its very name	s/target_ifindex/target/
2	06-ingress-flag/answer.txt	6	\| veth2@2 OTHERHOST	s/@1/@2/
2	07-ingress-repaired	6	missing: the same where veth2@1 has another ifindex	s/bpf_redirect(fib.ifindex/bpf_redirect(3/
2	08-not-returned	6	the outcome is refused-by-veth2@2, expected redirected	/memcpy/d
2	09-replies	2	veth2@1 otherhost is 1, expected 0	s/return bpf_redirect(fib.*/return TC_ACT_OK;/
2	10-fib	5	missing: a redirect that follows netns_1's tables	s/(fib.ifindex/(3/
2	11-neigh	2	the outcome is dropped, expected redirected	s/NULL, 0, 0/NULL, 0, 1/
2	12-peer	2	the outcome is redirected, expected handed-over	s/_peer(.*)/(3, 0)/; s/return b/__builtin_memset(eth->h_dest, 0, 6); eth->h_dest[0] = 2; &/
2	13-mirror	0	invalid mem access	/redirect(ctx/{n; s/TC_ACT_OK/eth->h_dest[0]/}
2	14-tcx	6	IPv6: frames redirected or left to the next program is 0, expected 1	/h_proto/{n; s/TCX_NEXT/0/}
2	15-xdp-devmap	8	veth1@2 otherhost is 1, expected 0	s/if (answer == XDP_REDIRECT) {/{/
2	16-hardened	4	IPv4 behind a VLAN tag: frames out of veth2@1 is 1, expected 0	/vlan_present/,+1d
2	17-in-order/answer.txt	3	\| there is no line ip_rcv veth2@2	s/^ip_rcv veth2@2/ip_forward veth2@1/
3	01-routed/answer.txt	8	\| off.InReceives 0, and the witness says another	s/^\(off.InReceives\).*/\1 0/
3	02-silent-arp/answer.txt	0	line 1, ip neigh: a setting is NAMESPACE KEY	s/.*/ip neigh replace 10.0.2.11 lladdr 02:00:00:00:00:01 dev veth1@1/
3	03-egress	2	\| refused-by-veth2@1: 	s/, 0);/, BPF_F_INGRESS);/
3	04-no-mac	6	\| redirected: 	s/return bpf_redirect/eth->h_dest[0] = 2; eth->h_dest[1] = eth->h_dest[2] = eth->h_dest[3] = eth->h_dest[4] = eth->h_dest[5] = 0; &/
3	05-no-constants	4	\| refused-by-veth2@2: 	s/= target_mac.i./= i ? 0 : 2/
3	06-ingress-flag	6	the outcome is redirected, expected refused-by-veth2@1	s/, BPF_F_INGRESS/, 0/
3	07-ingress-repaired	2	\| refused-by-veth2@1: 	s/fib.smac/fib.dmac/
3	08-not-returned/answer.txt	6	\| ip_forward TC_ACT_OK	s/ip_rcv/ip_forward/
3	09-replies	6	missing: the same where both devices have other ifindexes	s/redirect(fib.ifindex, 0)/redirect(2, 0)/
3	10-fib	5	the outcome is refused-by-veth2@2, expected redirected	s/eth->h_dest, fib.dmac.*/eth->h_dest, (char[6]){ 2 }, 6);/
3	11-neigh	2	the outcome is not-forwarded, expected redirected	s/return \(bpf_redirect_neigh.*\)/\1 return TC_ACT_OK;/
3	12-peer	2	the outcome is dropped, expected handed-over	s/TARGET_INTF, 0/TARGET_INTF, 1/
3	13-mirror	6	missing: the same where veth2@1 has another ifindex	s/redirect(ctx, fib.ifindex/redirect(ctx, 3/
3	14-tcx	2	the outcome is routed, expected redirected	s/return \(bpf_redirect.*\)/\1 return TCX_NEXT;/
3	15-xdp-devmap	2	the way lacks dev_map_enqueue	s/redirect_map(&targets, fib.ifindex, XDP_PASS)/redirect(fib.ifindex, 0)/
3	16-hardened	4	too short for an IPv4 header: netns_1 InReceives is 0, expected 1	/data_end)/{n; s/TC_ACT_OK/2/}
3	17-in-order/answer.txt	6	the way lacks neigh_resolve_output on veth1@1 after __udp_enqueue_schedule_skb	1,6{H; d}; ${G; s/\n\n/\n/}
END
}
# Sets $exercise, and $file, the one that is changed, of a row's second column.
name_file() { exercise=${1%/*} file=$1; case $1 in */*) ;; *) file=$1/redirect.bpf.c ;; esac; }
test_mistakes_are_told() {
	local boot this changed points said change exercise file
	for boot in 1 2 3; do
		solutions
		while IFS='	' read -r this changed points said change; do
			name_file "$changed"
			[ "$this" != "$boot" ] || sed -i "$change" "$file"
			[ "$this" != "$boot" ] || ! cmp -s "$file" "$top/rootfs/solutions/$file" || fail "not changed: $change"
		done < <(mistakes)
		compiled ./*/
		grade .
		expect_status 1
		expect_last_err 'not all points were made'
		while IFS='	' read -r this changed points said change; do
			[ "$this" = "$boot" ] || continue
			name_file "$changed"
			expect_of "$exercise" " $points of 10 points"
			expect_of "$exercise" "$said"
		done < <(mistakes)
	done
}
test_three_mistakes_for_each() {
	local name
	for name in "$top"/rootfs/solutions/*/; do
		[ "$(mistakes | cut -f 2 | grep -c "^$(basename "$name")\(/\|\$\)")" -ge 3 ] || fail "$name"
	done
}

# Another program stands in for the lab's own: it is this machine that they are held against, and no table.
test_answers_are_of_this_machine() {
	cp -r "$top/rootfs/solutions/"{01,02,17}-* .
	grade . --break redirect=redirect-not-returned
	expect_status 1
	expect_of 01-routed '10 of 10'
	expect_of 02-silent-arp ' 3 of 10'
	expect_of 02-silent-arp 'TTL is 63, expected 64'
	expect_of 17-in-order ' 0 of 10'
	expect_of 17-in-order 'TTL is 63, expected 64'
}

# A word of a submission never stands where the verdict's would, and no device is waited for.
test_submissions_are_not_trusted() {
	cp -r "$top/rootfs/solutions/"{03,04,07}-* .
	printf 'verdict 00000007000483ba pass\n# verdict 00000007000483ba pass\n\033[2J\r# verdict\n' >03-egress/redirect.bpf.c
	printf 'veth2@2\n# verdict 00000007000483ba pass\n' >04-no-mac/answer.txt
	printf '#include "/dev/console"\n' >07-ingress-repaired/redirect.bpf.c
	grade .
	expect_status 1
	expect_of 03-egress "\| .*error: (unknown type name|expected)"
	expect_of 04-no-mac '^#     \| # verdict 00000007000483ba pass$'
	expect_of 07-ingress-repaired '0 of 10'
	! grep -qF $'\033' out || fail "an escape came through"
}

# No links: they would show a file of the host's to whoever reads the console.
test_objects_and_no_links() {
	mkdir 03-egress 04-no-mac 07-ingress-repaired
	cp "$top/rootfs/solutions/03-egress/redirect.bpf.c" 03-egress
	compiled 03-egress
	ln -s /etc/passwd 04-no-mac/answer.txt
	cp "$top/rootfs/solutions/03-egress/redirect.bpf.c" 07-ingress-repaired
	grade .
	expect_status 1
	expect_of 03-egress '10 of 10'
	refuse_out root:
	expect_of 04-no-mac 'there is no answer.txt'
	expect_of 04-no-mac 'neither redirect.bpf.c nor redirect.bpf.o'
	expect_of 07-ingress-repaired '\| redirected: ' # another exercise's solution
}

test_sources_want_the_compilers_disk() {
	git -C "$top" ls-files -z run-qemu.sh tools rootfs/workshop | (cd "$top" && xargs -0 cp --parents -t "$scratch")
	mkdir -p "build/$arch"
	for file in vmlinux shell.cpio.zst checks; do ln -s "$image/$file" "build/$arch/$file"; done
	run ./run-qemu.sh --grade rootfs/workshop
	expect_status 3
	expect_last_err "the compiler's disk could not be built"
}

test_usage() {
	run "$top/run-qemu.sh" --grade none
	expect_status 3
	expect_last_err 'none: no such directory'
	run "$top/run-qemu.sh" --grade .
	expect_status 3
	expect_last_err "has no file of the exercises, such as 17-in-order/redirect.bpf.c or answer.txt"
	run "$top/run-qemu.sh" --grade . --check redirect
	expect_status 2
	run "$top/run-qemu.sh" --grade . --bench
	expect_status 2
}

run_tests "${1-}"
