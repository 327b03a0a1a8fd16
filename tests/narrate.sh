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

run_tests "${1-}"
