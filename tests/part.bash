# Sourced by every part. A test is a function test_NAME: it runs in a shell of its own under `set -eu`, in a
# scratch directory of its own ($scratch), and what it printed is shown when it fails.
# shellcheck shell=bash disable=SC2034
set -u
export top=${top:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)}
arch=$(uname -m)
image=$top/build/$arch

fail() { # fail WHY: what the last `run` said is shown with it
	echo "failed: $*"
	[ -z "${ran-}" ] || {
		echo "ran: $ran"
		echo "status: $status"
		sed 's/^/out: /' "$scratch/out" | tail -n 40
		sed 's/^/err: /' "$scratch/err" | tail -n 20
	}
	exit 1
}
skip() { echo "$*" >"$scratch/.skip"; exit 77; }

run() { # run COMMAND…: its exit status in $status, its words in $scratch/out and $scratch/err
	ran=$*
	status=0
	"$@" >"$scratch/out" 2>"$scratch/err" </dev/null || status=$?
}
make_target() { # make_target TARGET: parts that run side by side make one after another
	run flock "$top/build/.lock" make -C "$top" "$1"
}
expect_status() { [ "$status" = "$1" ] || fail "exit status $status, expected $1"; }
expect_out() { grep -qE -e "$1" "$scratch/out" || fail "standard output lacks: $1"; }
expect_err() { grep -qE -e "$1" "$scratch/err" || fail "standard error lacks: $1"; }
expect_last_err() { tail -n 1 "$scratch/err" | grep -qE -e "$1" || fail "the last line of standard error is not: $1"; }
expect_no_err() { [ ! -s "$scratch/err" ] || fail "standard error is not empty"; }
refuse_out() { ! grep -qE -e "$1" "$scratch/out" || fail "standard output has: $1"; }
lab() { # lab OPTION…, in the deterministic machine
	export TMPDIR=$scratch/tmp
	mkdir -p "$TMPDIR"
	run "$top/run-qemu.sh" --accel tcg "$@"
	[ -z "$(ls -A "$TMPDIR")" ] || fail "left in the temporary directory: $(ls -A "$TMPDIR")"
}
typed() { # typed [OPTION…]: the lines of standard input, at the prompt of --shell; what the guest said, in out
	ran="run-qemu.sh --shell $*" status=0
	"$top/run-qemu.sh" --accel tcg --shell "$@" >"$scratch/console" 2>"$scratch/err" || status=$?
	tr -d '\r' <"$scratch/console" >"$scratch/out"
}
in_order() { # in_order PATTERN…: each on a line of the last run's output after that of the one before
	local pattern line=0 found
	for pattern; do
		found=$(tail -n "+$((line + 1))" "$scratch/out" | grep -nE -m 1 -e "$pattern" | cut -d : -f 1)
		[ -n "$found" ] || fail "after line $line there is no: $pattern"
		line=$((line + found))
	done
}
wait_for() { # wait_for COMMAND…: until it succeeds; what never comes fails the test
	local tries
	for ((tries = 0; tries < 600; tries++)); do
		! "$@" 2>/dev/null || return 0
		sleep 0.1
	done
	fail "never came: $*"
}

run_tests() { # run_tests [NAME]: those of the part that sourced this, in the file's order
	local name log result bad=0
	log=$(mktemp)
	trap 'rm -rf "$log" "${scratch-}"; exit 143' TERM
	# shellcheck disable=SC2013 # the names are words
	for name in $(sed -n 's/^test_\([a-z0-9_]*\)().*/\1/p' "$0"); do
		[ -z "${1-}" ] || [ "${1//-/_}" = "$name" ] || continue
		scratch=$(mktemp -d)
		(
			set -eu
			trap 'chmod -R u+w "$scratch" 2>/dev/null' EXIT
			cd "$scratch"
			"test_$name"
		) >"$log" 2>&1
		result=$?
		case $result in
		0) echo "ok ${name//_/-}" ;;
		77) echo "ok ${name//_/-} # SKIP $(cat "$scratch/.skip")" ;;
		*)
			echo "not ok ${name//_/-}"
			sed 's/^/    /' "$log"
			bad=1 ;;
		esac
		rm -rf "$scratch"
	done
	rm -f "$log"
	exit "$bad"
}
