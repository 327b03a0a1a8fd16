#!/bin/bash
# What can be seen without running anything.
# shellcheck disable=SC2317,SC2154 # tests are called by their names
. "$(dirname "$0")/part.bash" || exit

files() { # those of the tree: known to git, or about to be
	{ git -C "$top" ls-files -co --exclude-standard 2>/dev/null ||
		(cd "$top" && find . -path ./build -prune -o -path ./.git -prune -o -type f -print); } |
		while read -r file; do [ ! -f "$top/$file" ] || echo "$file"; done
}
shell_files() {
	files | while read -r file; do
		case $file in *.c | *.h | *.md) continue ;; esac
		if head -n 1 "$top/$file" | grep -qaE '^(#!.*[/ ](ba|da)?sh\b|# shellcheck shell=)'; then echo "$file"; fi
	done
	files | grep -E '\.(sh|bash)$' || true
}

test_shellcheck() {
	cd "$top"
	shell_files | sort -u >"$scratch/list"
	[ -s "$scratch/list" ] || fail "no shell files were found"
	grep -qx run-qemu.sh "$scratch/list" || fail "run-qemu.sh is not among them"
	xargs shellcheck -x -P SCRIPTDIR <"$scratch/list" >"$scratch/log" || { tail -n 60 "$scratch/log"; fail "shellcheck"; }
}

test_users_scripts_are_posix_sh() {
	local file
	for file in run-qemu.sh $(cd "$top" && grep -lE '^#!/bin/sh' tools/*); do
		dash -n "$top/$file" || fail "$file under dash"
		busybox ash -n "$top/$file" || fail "$file under busybox ash"
	done
}

test_clang_format() {
	cd "$top"
	files | grep -E '\.[ch]$' >"$scratch/list"
	[ -s "$scratch/list" ] || fail "no C files were found"
	xargs clang-format --dry-run -Werror <"$scratch/list" >"$scratch/log" 2>&1 || { head -n 40 "$scratch/log"; fail "clang-format"; }
}

test_no_registry_and_no_machine_in_the_tree() { # mirrors come from the host's own apt configuration
	cd "$top"
	{
		printf '%s\n' 'deb[.]debian[.]org' 'snapshot[.]debian[.]org' 'security[.]debian[.]org' 'archive[.]ubuntu[.]com' \
			'registry[.]npmjs' 'pypi[.]org'
		apt-get indextargets --format "\$(REPO_URI)" 2>/dev/null | sed -n 's|^[a-z+]*://\([^/:@]*\).*|\1|p' | grep -F . |
			sort -u | sed 's/[.]/[.]/g'
		# Where this checkout lies says nothing to others. (What all machines have is no such place.)
		case $(dirname "$top") in / | /tmp) ;; *) printf '(^|[^A-Za-z0-9_.~})-])%s/\n' "$(dirname "$top")" ;; esac
	} >"$scratch/patterns"
	files >"$scratch/list"
	! xargs -d '\n' grep -nIE -f "$scratch/patterns" <"$scratch/list" || fail "these lines name a registry or a path of this machine"
}

test_every_program_has_a_check() {
	local program
	cd "$top"
	for program in bpf/*.bpf.c; do
		program=$(basename "$program" .bpf.c)
		grep -rq "$program" init/*.c || fail "bpf/$program.bpf.c is used by nothing in init"
	done
}

test_help_names_every_break() { # --help and init know the same sabotage
	cd "$top"
	./run-qemu.sh --help | sed -n '/^sabotage/,$s/^  \([a-z-]*\) .*/\1/p' | sort >"$scratch/said"
	while read -r name; do
		grep -rq "\"$name\"" init/*.c || fail "init knows no sabotage $name"
	done <"$scratch/said"
	[ -s "$scratch/said" ] || fail "--help names none"
}

run_tests "${1-}"
