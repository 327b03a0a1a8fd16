#!/bin/bash
# tests/unit/test_*.c on this host, under ASan and UBSan, with the sources of init that its first lines name
# (`// with: init/a.c init/b.c`). Each says TAP; each line of it is a test here.
top=${top:-$(cd "$(dirname "$0")/.." && pwd)}
headers=$top/build/$(uname -m)/kernel-headers/include
compiler=$(command -v clang || command -v gcc)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
bad=0

for source in "$top"/tests/unit/test_*.c; do
	name=$(basename "$source" .c)
	[ -z "${1-}" ] || [ "$1" = "$name" ] || continue
	read -ra files < <(sed -n 's|^// with: ||p' "$source" | tr '\n' ' ')
	with=("${files[@]/#/$top/}")
	# The exported headers where they are built: they know more than an old host's.
	if ! "$compiler" -std=gnu11 -D_GNU_SOURCE -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all \
		-Wall -Wextra -Werror -I"$top/init" -I"$top/bpf" -I"$top/tests/unit" \
		${headers:+-idirafter "$headers"} "$source" "${with[@]}" -o "$scratch/$name" 2>"$scratch/log"; then
		echo "not ok $name: does not compile"
		sed 's/^/    /' "$scratch/log"
		bad=1
		continue
	fi
	(cd "$scratch" && "./$name" </dev/null >tap 2>log)
	status=$?
	sed -n "s/^\(not \)\{0,1\}ok [0-9]* *-* */\1ok $name: /p; s/^\( *# .*\)/    \1/p" "$scratch/tap"
	wrong=$(grep -c '^not ok' "$scratch/tap")
	said=$(grep -c -E '^(not )?ok ' "$scratch/tap")
	planned=$(sed -n 's/^1\.\.\([0-9]*\).*/\1/p' "$scratch/tap")
	# A sanitizer's abort, a test that stops half way, and one that says nothing are failures too.
	if { [ "$status" != 0 ] && [ "$wrong" = 0 ]; } || [ "$said" = 0 ] || [ "${planned:-$said}" != "$said" ]; then
		echo "not ok $name: ended with status $status after $said of ${planned:-?} tests"
		tail -n 40 "$scratch/log" | sed 's/^/    /'
		bad=1
	fi
	[ "$wrong" = 0 ] || bad=1
done
exit $bad
