#!/bin/bash
# tools/fetch: nothing is used whose sha256 is not the lock file's, whatever the mirror gives.
# shellcheck disable=SC2317,SC2154,SC2016 # tests are called by their names
. "$(dirname "$0")/part.bash" || exit


stage() { # a lock file, a cache, a pool that is a directory, and an apt-get that names it
	export XDG_CACHE_HOME=$scratch/cache SOURCES_LOCK=$scratch/lock
	cache=$XDG_CACHE_HOME/redirect-lab
	right=$(echo "the source" | sha256sum | cut -d ' ' -f 1)
	mkdir -p bin "pool/pool/main/t/thing" upstream "$cache"
	lock thing 1.0 thing-1.0.tar "$right" thing "file://$scratch/upstream/thing-1.0.tar"
	printf '#!/bin/sh\n[ "$1" != indextargets ] || echo "file://%s/pool/"\n' "$scratch" >bin/apt-get
	chmod +x bin/apt-get
	PATH=$scratch/bin:$PATH
}
lock() { echo "$*" >>lock; }
fetch() { run "$top/tools/fetch" "$@"; }
in_pool() { echo "$*" >pool/pool/main/t/thing/thing-1.0.tar; }
upstream() { echo "$*" >upstream/thing-1.0.tar; }
arrived() { expect_status 0; expect_out "^$cache/thing-1.0.tar$"; echo "the source" | cmp - "$cache/thing-1.0.tar"; }
nothing_kept() { [ -z "$(find "$cache" -type f)" ] || fail "kept: $(find "$cache" -type f)"; }

test_from_the_hosts_own_mirror() { stage; in_pool "the source"; fetch thing; arrived; }
test_from_upstream_where_the_mirror_has_none() { stage; upstream "the source"; fetch thing; arrived; }
test_wrong_bytes_from_the_mirror() { # refused and named, and upstream serves
	stage
	in_pool "another source"
	upstream "the source"
	fetch thing
	arrived
	expect_err "thing 1.0: .*refused"
	expect_err "$right"
}
test_wrong_bytes_from_everywhere() {
	stage
	in_pool "another source"
	upstream "a third"
	fetch thing
	[ "$status" != 0 ] || fail "accepted"
	expect_err 'upstream/thing-1.0.tar .*refused'
	expect_err 'pool/main/t/thing/thing-1.0.tar .*refused'
	nothing_kept
}
test_nowhere() {
	stage
	fetch thing
	[ "$status" != 0 ] || fail "accepted"
	expect_err 'thing-1.0.tar .*sha256'
	nothing_kept
}
test_cache_needs_no_network() {
	stage
	echo "the source" >"$cache/thing-1.0.tar"
	unshare -n true 2>/dev/null || skip "unshare -n is not permitted here"
	run unshare -n "$top/tools/fetch" thing
	arrived
	expect_no_err
}
test_damaged_cache_is_mended() {
	stage
	echo "damaged" >"$cache/thing-1.0.tar"
	upstream "the source"
	fetch thing
	arrived
	expect_err 'removed'
}
test_alternative_row() {
	stage
	lock thing 1.1 thing-1.1.tar "$(echo other | sha256sum | cut -d ' ' -f 1)" - "file://$scratch/upstream/thing-1.1.tar"
	echo other >upstream/thing-1.1.tar
	fetch thing
	expect_status 0
	expect_out 'thing-1.1.tar$'
}
test_unknown_name() { stage; fetch nothing; [ "$status" != 0 ] || fail "accepted"; expect_err nothing; }
test_broken_lock_file() {
	local row
	stage
	for row in "thing 1.0 thing.tar 1234 thing -" "thing 1.0 thing.tar $right -" "thing 1.0 ../thing.tar $right - -" \
		"thing 1.0 thing.tar ${right}00 - -"; do
		echo "$row" >lock
		fetch thing
		[ "$status" != 0 ] || fail "accepted: $row"
		expect_err 'lock:1'
	done
}
test_the_trees_lock_file() { # whole, each file once, each sha256 once
	unset SOURCES_LOCK
	rows=$(grep -vE '^[ \t]*(#|$)' "$top/tools/sources.lock")
	[ -n "$rows" ] || fail "empty"
	[ -z "$(printf '%s\n' "$rows" | awk '{ print $3 }' | sort | uniq -d)" ] || fail "a file twice"
	[ -z "$(printf '%s\n' "$rows" | awk '{ print $4 }' | sort | uniq -d)" ] || fail "a sha256 twice"
}

run_tests "${1-}"
