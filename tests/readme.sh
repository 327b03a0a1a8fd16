#!/bin/bash
# Every command of README.md's ```sh blocks is run as it stands there, in a copy of the README's own place: the
# checkout. What is not run is listed with its reason.
# shellcheck disable=SC2317,SC2154,SC2016,SC2094 # tests are called by their names
. "$(dirname "$0")/part.bash" || exit

commands() { # the lines of the README's sh blocks that are commands
	sed -n '/^```sh$/,/^```$/p' "$top/README.md" | sed '/^```/d; /^ *#/d; /^ *$/d; s/^\$ //; s/ *#.*//'
}

# command          why it is not run here
elsewhere() { cat <<'END'
./run-qemu.sh --bench	wants a KVM that runs a guest
make test	runs these very tests
make bench	measures, and wants a quiet machine
make verify	the part `verify` runs it against what is built
make deps	changes the host; .ci/run does it
make fetch	the part `fetch` does it
make clean	would take away what is built
make distclean	would take away what is built
make ARCH=aarch64	builds another kernel, in half an hour
./run-qemu.sh --arch aarch64	the part `aarch64` does it, where that is built
./run-qemu.sh --kernel host	not every host shows its kernel; the part `kernels` plays one that does
END
}

test_every_command_of_the_readme() {
	local command reason
	[ -e "$top/README.md" ] || fail "there is no README.md"
	commands >commands
	[ -s commands ] || fail "the README has no commands"
	cd "$top" || exit
	while read -r command <&9; do
		reason=$(elsewhere | awk -F '\t' -v command="$command" '$1 == command { print $2 }')
		if [ -n "$reason" ]; then
			echo "not run: $command: $reason"
			continue
		fi
		case $command in
		git\ clone* | cd\ * | apt* | sudo*) continue ;;    # how one comes here, on one's own machine
		./run-qemu.sh* | make*) run timeout 900 sh -c "$command" ;;
		*) fail "tests/readme.sh does not know how to run: $command" ;;
		esac
		expect_status 0
	done 9<"$scratch/commands"
}

test_two_commands_come_first() {
	[ "$(commands | grep -c '^\./run-qemu.sh')" -gt 0 ] || fail "./run-qemu.sh is not in the README"
}

test_options_of_the_readme_exist() {
	"$top/run-qemu.sh" --help >help
	# What follows run-qemu.sh in code, and the options in tables.
	grep -oE '`--[a-z-]+|run-qemu\.sh [^`]*' "$top/README.md" | grep -oE -e '--[a-z][a-z-]*' | sort -u >named
	[ -s named ] || fail "the README names no option"
	while read -r option; do
		grep -qE -e "^  $option( |$)" help || fail "the README has $option, which run-qemu.sh does not"
	done <named
}

block() { # block HEADING: the first output shown under it
	awk -v heading="## $1" '
		/^## / { here = $0 == heading }
		!here { next }
		/^```/ && !open { open = 1; output = $0 == "```"; next }
		/^```/ && output { exit }
		/^```/ { open = 0 }
		open && output' "$top/README.md"
}
like() { # like HEADING PATTERN OPTION…: the block is what a run prints, but for the numbers that PATTERN matches
	local heading=$1 numbers=$2
	shift 2
	block "$heading" | sed -E "s/$numbers/N/g" >shown
	run "$top/run-qemu.sh" "$@"
	expect_status 0
	sed -E "s/$numbers/N/g" out | diff shown - || fail "the README shows another output; tools/readme-output mends it"
}
# How many instructions a packet takes is the compiler's affair as well.
test_output_shown_is_todays() {
	# shellcheck disable=SC2046 # the options are words
	like 'What you will see' '[0-9]+ instructions' $(commands | sed -n 's,^\./run-qemu.sh \(--seed 7 --check .*\),\1,p')
}
test_cost_and_techniques_shown_are_todays() {
	local prices='[0-9]+ (\([+-]?[0-9.]+%\) )?\|$'
	like 'What it costs' ' *[+-]?[0-9]+(\.[0-9]%)?' --seed 7 --cost --output o
	awk '/^## / { here = $0 == "## The techniques" } here && /^\|/' "$top/README.md" | sed -E "s/$prices/N |/" >shown
	jq -r -f "$top/tools/techniques.jq" o/cost.json | sed -E "s/$prices/N |/" >todays
	[ "$(wc -l <todays)" -gt 15 ] || fail "a table of techniques without techniques: $(cat todays)"
	diff shown todays || fail "the README has another table of techniques; tools/readme-output mends it"
}

test_kernels_shown_are_those_expected() {
	awk '/^## / { here = $0 == "## Which kernels" } here && /^\|/' "$top/README.md" >shown
	"$top/tools/kernels" >todays
	[ "$(wc -l <todays)" -ge 5 ] || fail "a table of kernels without kernels: $(cat todays)"
	diff shown todays || fail "the README has another table of kernels; tools/readme-output mends it"
}

test_exit_statuses_of_the_readme() {
	for status in 0 1 2 3 4 5 6; do
		grep -qE "^\| *\`?$status\`? *\|" "$top/README.md" || fail "the README does not say what exit status $status is"
	done
}

run_tests "${1-}"
