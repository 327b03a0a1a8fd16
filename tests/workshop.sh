#!/bin/bash
# The workshop's shell: the article's own commands, typed in the machine.
# shellcheck disable=SC2317,SC2154 # tests are called by their names
. "$(dirname "$0")/part.bash" || exit

test_workshop_is_built() { make_target workshop; expect_status 0; }

test_every_program_runs() {
	typed --timeout 240 <<-'END'
		ip -V
		tc -V
		ss -V
		make --version
		tcpdump --version
		bpftool version
		nano --version
		sudo uname -s
	END
	expect_status 0
	in_order '^ip utility, iproute2-6.1.0, libbpf' '^tc utility, iproute2-6.1.0, libbpf' '^ss utility' '^GNU Make 4.4.1' \
		'^tcpdump version 4.99.6' '^bpftool v' 'GNU nano, version 8.4' '^Linux$'
}

# One boot. The article's commands in its own words, and the Makefile of its targets. That is our own: the article's is not
# ours to hand on. Without the line that turns netns_1's forwarding on it says what the article's says; it then works because
# the machine forwards, and with that off as well nothing comes: hello is no accident.
test_the_articles_commands() {
	listening='until ip netns exec netns_2 ss -lun | grep -q 10.0.2.11:7777; do sleep 1; done'
	cat >steps <<-END
		pwr --output-meta dst 10.0.2.11 >way 2>&1 & until grep -q watching way; do sleep 1; done
		sed -i '/ip_forward/d; /section tc/a\\	@make listen' Makefile; sed -n '/section tc/{n;p}' Makefile
		make up >heard & $listening
		echo hello | nc -u 10.0.2.11 7777
		until grep -x hello heard; do sleep 1; done; cat way
		ip netns exec netns_1 tc filter show dev veth1@2 ingress
		grep -m 1 -o 'redirect: [0-9]* bytes' /sys/kernel/debug/tracing/trace_pipe
		grep -c 'struct __sk_buff {' vmlinux.h
		ip netns exec netns_1 tc qdisc replace dev veth1@2 clsact && ip netns exec netns_1 tc filter replace dev veth1@2 ingress \
			bpf direct-action object-file packet_redirect.bpf.o section tc && echo replaced
		ip netns exec netns_2 tcpdump -i veth2@2 -c 1 -n -v udp 2>watching >seen & tcpdump=\$!
		until grep -q listening watching; do sleep 1; done
		make send; wait \$tcpdump; grep -o 'ttl 64' seen
		make down; ls /run/netns; echo nothing left
		echo 0 >/proc/sys/net/ipv4/ip_forward
		make up >unheard & $listening
		make send; until ip neigh show to 10.0.2.11 | grep FAILED; do sleep 1; done; grep -c hello unheard
		sed -i 's/10.0.2.11 \*\//&\n#error no such thing/' packet_redirect.bpf.c; make up; echo "status \$?"
		lab send again && lab down && ls -A /run/netns /sys/fs/bpf; echo nothing left
		pwr dst 10.0.1.10; echo "status \$?"
	END
	typed --timeout 240 <steps
	expect_status 0
	in_order '@make listen$' '^hello$' \
		'^0x[0-9a-f]+ .* host +veth1@1 .* veth_xmit$' 'netns_1 veth1@2 .* skb_do_redirect$' '^  -> redirected here' \
		'netns_1 veth2@1 .* __dev_queue_xmit$' '^  -> delivered' '^filter .*packet_redirect.bpf.o:\[tc\] direct-action' \
		'^redirect: 48 bytes$' '^1$' '^replaced$' '^ttl 64$' '^nothing left$' \
		'^10.0.2.11 dev veth1@1 .*FAILED' '^0$' 'error: no such thing' '^status 2$' '^nothing left$' \
		'^pwr: 10.0.1.10: the lab' '^status 2$'
	! grep -B 2 -x 'nothing left' out | grep -x 'netns_.' || fail "a namespace is left"
	refuse_out 'netns_1 .* ip_forward$'
}

# Typed by expect. Ctrl-C belongs to the guest, and so do the arrows, Tab, and an editor's keys.
test_a_person_at_a_terminal() {
	command -v expect >/dev/null || skip "there is no expect"
	cat >session <<-'END'
		source $env(top)/tests/terminal.tcl
		spawn -noecho [lindex $argv 0] --accel tcg --shell
		at "make up .*nano FILE .*Leave with `exit`"
		at "# "
		the_terminal_is_the_guests
		send "echo ag''ain\r"
		at "again\r+\n.*# "
		send "\033\[A\r"
		at "again\r+\n.*# "
		send "wc -l packet_\t"
		at "packet_redirect.bpf.c "
		send "\r"
		at "\[0-9]+ packet_redirect.bpf.c\r"
		at "# "
		send "unam\t-s\r"
		at "Linux\r"
		at "# "
		send "make listen &\r"
		at "nc -u -l .*"
		send "until ip netns exec netns_2 ss -lun | grep -q :7777; do sleep 1; done; make se''nd\r"
		at "\nhello\r"
		send "\r"
		at "# "
		send "jobs\r"
		at "Running"
		send "kill %1\r"
		at "# "
		send "nano /tmp/made\r"
		at "New File"
		send "first\rlast\033OA\001the \017"
		at "Write to File: /tmp/made"
		send "\r"
		at "Wrote 2 lines"
		send "\030"
		at "# "
		send "vi /tmp/made\r"
		at "the first"
		send "Gx:wq\r"
		at "# "
		send "tr '\\n' '|' </tmp/made\r"
		at "the first\\|ast\\|"
		send "exit\r"
		exit [ended]
	END
	run expect session "$top/run-qemu.sh"
	expect_status 0
	expect_out '# verdict [0-9a-f]+ pass'
}

run_tests "${1-}"
