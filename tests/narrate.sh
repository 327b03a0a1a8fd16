#!/bin/bash
# The lab's words for a learner: what each name means, and the commands that do what `lab up` does.
# shellcheck disable=SC2317,SC2154,SC2016 # tests are called by their names; dollars are for the machine's shell
. "$(dirname "$0")/part.bash" || exit

# Every name that there is, of a technique too, whose words tests/unit cannot see.
test_explained() {
	cat >steps <<-'END'
		names="$(lab list | cut -d ' ' -f 1) $(lab up none 2>&1 | sed 's/.*there are: //; s/, a check.*//')"
		for name in $names; do lab explain $name || echo "unexplained $name"; done >words
		echo names $(echo $names | wc -w) techniques $(grep -c '^[a-z0-9-]*, a technique: bpf/[a-z_]*.bpf.c' words)
		awk 'length > 79 || !NF || /  $/ { bad++; print "badly set:", $0 } END { print bad + 0, "badly set" }' words
		grep unexplained words
		lab explain redirect-pear
		lab explain xdp-devmap
	END
	typed --timeout 240 <steps
	expect_status 0
	in_order '^names [1-9][0-9]{2} techniques [3-9][0-9]$' '^0 badly set$' '^lab explain: .*; the nearest is redirect-peer, and' \
		'^xdp-devmap, a technique: bpf/xdp_devmap.bpf.c' 'Beside it works$' '^  The topology is the article.s, but:' \
		'^  Next: lab up xdp-devmap$' '^xdp-devmap, a check:' '^  Next: lab check xdp-devmap xdp-devmap-empty$'
	refuse_out '^(unexplained|badly set)'
}

# Typed in the machine: `state` shows what there is in every namespace, with a name for whatever is another each time: each
# MAC, the number of veth1@1, a program's, that under which a namespace knows another, and what tc and libbpf call it. `same NAME [EDIT]` compares that under `lab up NAME`
# with that under the lines that the lab narrated, and sed edited.
comparison() { cat <<'END'
cd /tmp
cat >state <<'EOF'
for place in host netns_1 netns_2; do
	in= at=
	[ $place = host ] || in="ip netns exec $place" at="nsenter --net=/run/netns/$place"
	for device in $($in ls /sys/class/net); do
		mac=$($in cat /sys/class/net/$device/address)
		echo "s/$mac/MAC of $device/; s/$(printf %d, $(echo :$mac | sed 's/:/ 0x/g') | sed 's/,$//')\$/MAC of $device/" >>names
	done
	echo "== $place"
	$in ip -d link; $in ip address; $in ip route show table all; $in ip -6 route show table all
	$in ip neighbour show nud permanent; $in ip neighbour show proxy; $in tc qdisc show
	for device in $($in ls /sys/class/net); do $in tc filter show dev $device ingress; done
	$at bpftool net show
	[ -z "$sysctls" ] || $in grep -r . /proc/sys/net/ipv4 /proc/sys/net/ipv6 2>/dev/null
done >seen
ip netns list-id | sed 's/nsid [0-9]*/nsid N/' | sort >>seen
bpftool prog show | grep -v '^	[lb]' >>seen
for map in $(bpftool map show | sed -n 's/^\([0-9]*\):.*/\1/p'); do bpftool map dump id $map; done >>seen
sed -E -f names -e 's/^[0-9]+: (veth1@1|sched_cls|xdp)/N: \1/; s/(veth1@2@if|veth1@1.)[0-9]+/\1N/; s/ state [A-Z]*//; s/(link-netnsid) [0-9]+/\1 N/; s/(xdp[a-z]*.id:)[0-9]+/\1N/; s/ (prog_)?id [0-9]+/ id N/' \
	-e 's/ (link_id [0-9]+|jited.*)//; s/(0x1|clsact.ingress) [^ ]* (direct|id)/\1 \2/; s/^	.*map_ids.*//' seen; rm names seen
EOF
same() {
	echo "$1: $(lab --narrate up $1 >by; echo $?) $(sh state >lab; grep -c . lab; lab down)"
	sed -e "$2" by | sh -e || echo "a line of $1 failed"
	sh state >hand; lab down
	if cmp -s lab hand; then echo "$1 is the same"; else echo "$1 differs"; diff lab hand | grep '^[-+][^-+]' | head -20; fi
}
lab down
END
}

# The last two are controls: a line less, and another ifindex in the program's settings. With a netkit pair and a program before
# another the tools of the machine cannot keep up, and the lab says so.
test_commands() {
	# It carries no number: the lab tells it, and so must the command.
	clang -O2 -g --target=bpf -I"$image/bpf" -isystem "$image/sysroot/include" \
		-c "$top/rootfs/solutions/05-no-constants/redirect.bpf.c" -o object.bpf.o || fail "clang"
	listening='until ip netns exec netns_2 ss -lun | grep -q 10.0.2.11:7777; do sleep 1; done'
	{
		comparison
		cat <<-END
			export sysctls=all
			same ''
			same redirect6
			same redirect '/veth1@2.proxy_arp/d'
			export sysctls=
			same redirect
			same redirect-both
			same redirect-ingress-repaired
			same redirect-tcx
			same redirect-wrong-ifindex
			same static-neighbour
			same sk-assign
			same burst-cut
			same xdp-devmap /^ethtool/d
			same /bpf/redirect_constant.bpf.o
			same /object.bpf.o
			same redirect-tcx 's/"\\\\3/"\\\\4/'
			lab --narrate up redirect >by; lab --narrate down >away; lab up redirect; sh -e away; ip link | grep veth; ls -A /run/netns /sys/fs/bpf; echo nothing left
			sh -e by; lab --narrate listen >heard & $listening; lab --narrate send 'hello you' | tee send
			until grep hello heard; do sleep 1; done; kill \$!; head -n 1 heard
			sh -c "\$(head -n 1 heard)" >again & $listening; sh send; until grep -x 'hello you' again; do sleep 1; done; kill \$!
			lab down; lab --narrate up redirect-tcx-watched | grep '^#'
			lab down; lab --narrate up netkit | sed -n '/iproute2/{p;n;p}'; lab down; lab --narrate up | head -n 1; lab down && echo whole; lab --narrate list
		END
	} >steps
	typed --timeout 300 --object object.bpf.o <steps
	expect_status 0
	in_order '^: 0 [12][0-9]{3}$' '^ is the same$' '^redirect6: 0 [12]' '^redirect6 is the same$' \
		'^redirect differs$' '^-.*/proxy_arp:1$' '^\+.*/proxy_arp:0$'
	for name in redirect redirect-both redirect-ingress-repaired redirect-tcx redirect-wrong-ifindex static-neighbour sk-assign \
		burst-cut xdp-devmap /bpf/redirect_constant.bpf.o /object.bpf.o; do
		in_order "^$name: 0 [12][0-9]{2}$" "^$name is the same$"
	done
	in_order '^redirect-tcx differs$' '^-.*"target_ifindex": 3' '^\+.*"target_ifindex": 4' '^nothing left$' \
		"^echo 'hello you' \| nc -u 10.0.2.11 7777$" '^from .* TTL 64 .*: hello you$' \
		'^ip netns exec netns_2 nc -u -l 10.0.2.11 7777$' '^hello you$' '^# .* before what is there: bpftool has no word' \
		'^# .*iproute2 6.7' 'ip link add veth2@1 type netkit' '^whole$' '^lab: --narrate goes with'
	refuse_out '^a line of .* failed'
	! sed -n '/sh -e away/,/^nothing left/p' out | grep -E '^([0-9]+: )?(netns|veth|lab-)' || fail "something is left"
}

run_tests "${1-}"
