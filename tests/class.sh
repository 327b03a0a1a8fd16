#!/bin/bash
# --grade CLASS: each participant has a row, whatever their work or their name does.
# shellcheck disable=SC2317,SC2154,SC2123,SC2016 # tests are called by their names
. "$(dirname "$0")/part.bash" || exit
. "$top/tests/stage.bash" || exit

hostile=$(printf -- '-e\033[2J\302\233,\377"\n\\Zo\303\253')
hostile_written='\x2de\x1b[2J\xc2\x9b,\xff"\n\\Zoë'

object() { # object PARTICIPANT EXERCISE: the solution, compiled
	mkdir -p "$1/$2"
	clang -O2 -g --target=bpf -I"$image/bpf" -isystem "$image/sysroot/include" \
		-c "$top/rootfs/solutions/$2/redirect.bpf.c" -o "$1/$2/redirect.bpf.o"
}
stage_class() { # a lab with two exercises
	stage
	export FAKE_GUEST=of-work
	cp "$top/tools/class.sh" "$lab/tools"
	mkdir -p "$lab/rootfs/workshop/03-egress" "$lab/rootfs/workshop/04-no-mac" class
}
plays() { # plays GUEST PARTICIPANT: the machine that grades this one is that of tests/fake-qemu
	mkdir -p "class/$2/04-no-mac"
	printf '\nguest %s\n' "$1" >"class/$2/04-no-mac/answer.txt"
}
row_is() { # row_is NAME REST…: of the table, but for its blanks
	local row=$1
	shift
	grep -F -e "$row " out | tr -s ' ' | grep -qxF -e "$row $*" || fail "$row is not worth: $*"
}

# --- in machines ------------------------------------------------------------------------------------------------

test_participants_are_graded() { # by the same draw, so a grade is the one of a run for this participant alone
	object class/alice 03-egress
	object class/alice 05-no-constants
	object "class/$hostile" 05-no-constants
	mkdir class/nobody
	ln -s alice class/link
	touch class/roster.csv
	lab --seed 7 --grade class --output o
	expect_status 3
	expect_last_err '^run-qemu.sh: not graded: link, nobody$'
	expect_err 'not graded: roster.csv$'
	expect_out '^alice( +0)* +10  0 10( +0)* +20 of [0-9]+ +graded$'
	expect_out '^nobody +(- +)*has no file of the exercises$'
	expect_out '^link +(- +)*a link, which is not followed'
	jq -e --arg name "$hostile_written" '.participants[] | select(.name == $name) | .total == 10 and .points["05-no-constants"] == 10' \
		o/grades.json >/dev/null || fail "a hostile name is not worth its points"
	[ "$(ls -A o)" = "$(printf '%s\n' feedback grades.csv grades.json)" ] || fail "delivered: $(ls -A o)"
	grep -qx 'Bail out! has no file of the exercises' o/feedback/nobody/results.tap || fail "nothing is said to nobody"
	[ -s "o/feedback/$hostile/results.tap" ] || fail "no feedback for a hostile name"
	lab --seed 7 --grade class/alice --output alone
	expect_status 1
	cmp alone/results.tap o/feedback/alice/results.tap || fail "alone it is graded otherwise"
	for said in expected seen missing hint; do grep -q "^#   $said:" o/feedback/alice/results.tap || fail "the feedback lacks: $said"; done
}

# --- on any host ------------------------------------------------------------------------------------------------

# participant  guest             status  row
fates() { cat <<'END'
all	points-10-10	0	10 10 20 of 20 graded
some	points-10-4	1	10 4 14 of 20 graded
crashed	panic	4	- - - the guest crashed: Kernel panic - not syncing: Attempted to kill init! exitcode=0x9
killed	killed	6	- - - the verdict cannot be believed: the guest gave none (QEMU ended with status 137: )
hung	hang	5	- - - no verdict within 2 s
silent	no-verdict	6	- - - the verdict cannot be believed: the guest gave none
liar	two-verdicts	6	- - - the verdict cannot be believed: the guest gave 2
cut	points-10	6	- - - no believable points in its results
high	points-10-10-fail	6	- - - its points and its verdict disagree
low	points-10-4-pass	6	- - - its points and its verdict disagree
END
}
every_fate() { # and the class goes on
	local name guest wanted row
	stage_class
	while IFS='	' read -r name guest wanted row; do plays "$guest" "$name"; done < <(fates)
	plays points-10-10 nested/deeper
	run_lab --grade class --seed 7 --timeout 2 --output o
	expect_status 6
	nothing_left
	while IFS='	' read -r name guest wanted row; do
		row_is "$name" "$row"
		jq -e --arg name "$name" --argjson wanted "$wanted" '.participants[] | select(.name == $name) |
			.exit_status == $wanted and (.total == null) == ($wanted > 1)' o/grades.json >/dev/null || fail "grades.json: $name"
		[ -s "o/feedback/$name/results.tap" ] || fail "no feedback for $name"
	done < <(fates)
	row_is nested '- - - has no file of the exercises'
	expect_last_err '^run-qemu.sh: not graded: crashed, cut, high, hung, killed, liar, low, nested, silent$'
	grep -qx 'crashed,,,,,the guest crashed: .*' o/grades.csv || fail "grades.csv: crashed"
	grep -qx 'some,10,4,14,20,graded' o/grades.csv || fail "grades.csv: some"
	for name in class/*; do case $name in */all | */some) ;; *) rm -r "$name" ;; esac; done
	run_lab --grade class
	expect_status 0
}
test_fates_dash() { shell=dash; every_fate; }
test_fates_bash() { shell='bash --posix'; every_fate; }
test_fates_busybox() { # where awk, sed and the others are busybox
	local tool
	mkdir applets
	for tool in $(busybox --list); do
		case $tool in jq | setpriv | bash | ps) ;; *) ln -s "$(command -v busybox)" "applets/$tool" ;; esac
	done
	shell='busybox ash'
	PATH=$scratch/applets:$PATH
	every_fate
}

test_thirty_participants() { # the same table whoever is done first
	local n
	stage_class
	for n in $(seq 30); do plays "points-$((n % 10))-$((n / 3 % 10))" "$(printf 'p%02d' "$n")"; done
	plays points-10-10 p30
	run_lab --seed 7 --grade class --output o
	expect_status 0
	nothing_left
	[ "$(wc -l <calls)" = 30 ] || fail "not thirty machines"
	[ "$(sed -n '$=' out)" = 31 ] || fail "not thirty rows"
	row_is p17 7 5 12 of 20 graded
	row_is p30 10 10 20 of 20 graded
	[ "$(grep -c ' of 30, p[0-9]*: [0-9]* of 20 points$' err)" = 30 ] || fail "not thirty lines of progress"
	mv out first
	run_lab --seed 7 --grade class --output again --memory "$(awk '/^MemAvailable/ { print int($2 / 1024 * 0.7) }' /proc/meminfo)"
	expect_err '^run-qemu.sh: 30 participants, 1 at a time, --seed 7$'
	cmp first out || fail "one by one it is another table"
	diff -r o again -x result.json || fail "one by one the files are others"
}

test_one_draw_for_all() {
	local participant
	stage_class
	: >kvm
	for participant in a b c; do plays points-10-10 "$participant"; done
	run_lab --grade class --output o
	expect_status 0
	[ "$(grep -c icount calls)" = 3 ] || fail "not deterministic"
	[ "$(grep -o 'lab.seed=[0-9]*' calls | sort -u)" = "lab.seed=$(jq .seed o/grades.json)" ] || fail "not one draw"
	expect_err "^run-qemu.sh: 3 participants, .* at a time, --seed $(jq .seed o/grades.json)\$"
	run_lab --grade class --accel kvm --output o
	expect_status 0
	jq -e '.seed == null' o/grades.json >/dev/null || fail "a seed that was not given to all"
}

test_names_are_foreign_text() {
	stage_class
	plays points-10-4 "$hostile"
	plays panic '=1+1'
	plays points-3-4 "$(printf 'a\n')"$'\n'
	plays points-3-4 a
	run_lab --grade class --output o
	expect_status 4
	row_is "$hostile_written" 10 4 14 of 20 graded
	row_is '\x3d1+1' '- - - the guest crashed: Kernel panic - not syncing: Attempted to kill init! exitcode=0x9'
	row_is 'a\n' 3 4 7 of 20 graded
	row_is a 3 4 7 of 20 graded
	! LC_ALL=C grep -q '[^ -~ë]' <(LC_ALL=C tr -d '\303\253\n' <out; LC_ALL=C tr -d '\303\253\n' <err; cat o/grades.* | LC_ALL=C tr -d '\303\253\n') ||
		fail "what a terminal takes for more than text came through"
	python3 - "$hostile_written" <<-'END' || fail "grades.csv is read otherwise"
		import csv, sys
		rows = list(csv.reader(open("o/grades.csv", encoding="utf-8", newline="")))
		sys.exit([sys.argv[1], "10", "4", "14", "20", "graded"] not in rows or {len(row) for row in rows} != {6})
	END
	jq -e --arg name "$hostile_written" '.participants | map(.name) | index($name) != null and length == 4' o/grades.json >/dev/null ||
		fail "grades.json"
	[ -s "o/feedback/$hostile/results.tap" ] || fail "no feedback"
}

test_a_worker_that_is_killed() { # takes no row with it
	stage_class
	plays stubborn a
	plays points-10-4 b
	start_lab --grade class --output o
	wait_for eval '[ -s "$TMPDIR"/redirect-lab.*/1/pid ]'
	kill -KILL "$(ps -o ppid= -p "$(cat "$TMPDIR"/redirect-lab.*/1/pid)")"
	status=0
	wait "$script" || status=$?
	expect_status 6
	row_is a '- - - the process that graded it was ended'
	grep -q '^Bail out' o/feedback/a/results.tap || fail "nothing is said to a"
	all_gone
}

start_class() {
	local n
	stage_class
	for n in 1 2 3 4 5 6; do plays stubborn "p$n"; done
	start_lab --grade class --output o
}
test_ctrl_c() { start_class; ends_by INT 130; [ -z "$(ls -A o)" ] || fail "left: $(ls -A o)"; }
test_terminate() { start_class; ends_by TERM 143; }
test_signal_to_the_script_alone() {
	start_class
	kill -TERM "$script"
	wait "$script" || true
	all_gone
}
test_kill_9() {
	start_class
	kill -KILL "$script"
	wait_for session_is_empty
	wait_for rmdir "$TMPDIR"
	mkdir "$TMPDIR"
	nothing_left
	[ "$(wc -l <pids)" -le "$(nproc)" ] || fail "the class went on"
}

test_usage() {
	stage_class
	mkdir -p class/nobody
	run_lab --grade class
	expect_status 3
	expect_last_err 'has no file of the exercises, such as 04-no-mac/redirect.bpf.c or answer.txt, nor has a directory in it'
	plays points-10-4 alice
	run_lab --grade class --output class/graded
	expect_status 2
	expect_last_err 'would write among the participants'
	[ ! -e class/graded ] || fail "left: class/graded"
	mkdir feedback
	mv class/alice feedback
	run_lab --grade feedback --output .
	expect_status 2
	expect_last_err 'would write among the participants'
	cp -r feedback/alice/04-no-mac feedback
	run_lab --grade feedback --output o
	expect_status 1
	expect_err "exercises, and is graded as one participant's"
	jq -e '.host.exit_status == 1' o/result.json >/dev/null || fail "a class all the same"
	run_lab --grade class --check redirect
	expect_status 2
}

run_tests "${1-}"
