#!/bin/bash
# The handout, as it is unpacked by who has a POSIX shell and QEMU: an ordinary user, on a disk that cannot be
# written, without make, zstd, jq, python and network.
# shellcheck disable=SC2317,SC2154,SC2016 # tests are called by their names
. "$(dirname "$0")/part.bash" || exit

handout() { # handout [VARIABLE=VALUE…]: made, its file in $packed
	run make -C "$top" handout LAB_VERSION=test "$@"
	expect_status 0
	packed=$image/redirect-lab-test-$arch.tar.gz
	case "$*" in SMALL=1) packed=$image/redirect-lab-test-$arch-small.tar.gz ;; esac
	[ -s "$packed" ] || fail "there is no $packed"
}
unpacked() { # in a directory with a blank that nobody may write, and the few tools that there are
	mkdir "$scratch/a room"
	tar -xzf "$packed" -C "$scratch/a room"
	cd "$scratch/a room"/redirect-lab-test-*
	[ "${1-}" = writable ] || chmod -R a-w .
	chmod a+rx "$scratch"
	mkdir "$scratch/bin" "$scratch/tmp" "$scratch/elsewhere"
	chmod 1777 "$scratch/tmp"
	for tool in sh awk sed grep cat cp mv rm ls mkdir mkfifo mktemp head tail cut tr od wc df sort uniq printf sleep touch stty \
		timeout readlink basename dirname id uname kill env date sha256sum "qemu-system-$arch"; do
		ln -s "$(command -v "$tool")" "$scratch/bin/$tool"
	done
	there=$PWD
}
alone=''
for try in 'unshare -n' 'unshare -rn'; do
	if [ -z "$alone" ] && $try true 2>/dev/null; then alone=$try; fi
done
there() ( # there OPTION…: run from elsewhere, by nobody
	local nobody=()
	[ "$(id -u)" != 0 ] || nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)
	cd "$scratch/elsewhere"
	# shellcheck disable=SC2086 # a command and its option
	$alone "${nobody[@]}" env -i PATH="$scratch/bin" TMPDIR="$scratch/tmp" "$there/run-qemu.sh" --accel tcg "$@"
)
clean_up() { rm -f "$top"/build/redirect-lab-test-* "$image"/redirect-lab-test-*; }

test_it_runs_in_a_room_without_network() { # the whole list, and the prompt with the compiler
	handout
	unpacked
	run there
	expect_status 0
	expect_out "^1[.][.]$(wc -l <"$image/checks")$"
	expect_out '^# verdict [0-9a-f]* pass'
	printf '%s\n' 'cd /root/03-egress && clang -O2 -target bpf -g -c redirect.bpf.c -o /tmp/it.o && ls /tmp/it.o' 'ip -V' >"$scratch/typed"
	ran="run-qemu.sh --shell" status=0
	there --shell <"$scratch/typed" >"$scratch/out" 2>"$scratch/err" || status=$?
	expect_status 0
	expect_out '^/tmp/it[.]o'
	expect_out '^ip utility'
	left=$(find "$scratch/tmp" "$scratch/elsewhere" -mindepth 1)
	[ -z "$left" ] || fail "left: $left"
}

test_grade_from_the_handout() { # a class of one; the solutions come in a file of their own
	[ -e "$image/redirect-lab-test-$arch.tar.gz" ] || handout
	packed=$image/redirect-lab-test-$arch.tar.gz
	unpacked
	! find . -name '*solution*' | grep . || fail "it has the solutions"
	mkdir "$scratch/class"
	tar -xzf "$top/build/redirect-lab-test-solutions.tar.gz" -C "$scratch/class"
	run there --grade "$scratch/class"
	expect_status 0
	expect_out '^redirect-lab-test-solutions( 10)+ +([0-9]+) of \2 +graded$'
}

test_what_is_not_there_is_named() {
	packed=$image/redirect-lab-test-$arch.tar.gz
	[ -e "$packed" ] || handout
	unpacked writable
	case $arch in x86_64) other=aarch64 ;; *) other=x86_64 ;; esac
	run there --arch "$other"
	expect_status 3
	expect_last_err "for $other is not in this handout"
	run sha256sum -c --quiet SHA256SUMS
	expect_status 0
	[ "$(find . -type f ! -name SHA256SUMS | wc -l)" = "$(wc -l <SHA256SUMS)" ] || fail "files without a sum"
	printf x | dd of="$arch/initramfs.cpio.zst" conv=notrunc status=none
	run sha256sum -c --quiet SHA256SUMS
	expect_status 1
	expect_out "^$arch/initramfs.cpio.zst: FAILED"
	run there
	expect_status 3
	expect_last_err 'initramfs.cpio.zst is damaged; unpack the handout again'
	run there --doctor
	expect_status 3
	expect_out "^handout +lacks +$arch/initramfs.cpio.zst: FAILED"
	refuse_out '^build-tools'
}

# What SPDX 2.3 asks for in words and its schema cannot: https://spdx.github.io/spdx-spec/v2.3/
bill_holds() { # of the handout that is the directory
	run jq -e '
		def named: [.SPDXID, (.packages, .files | .[].SPDXID)];
		.spdxVersion == "SPDX-2.3" and .dataLicense == "CC0-1.0" and .SPDXID == "SPDXRef-DOCUMENT" and (.name | length > 0) and
		(.documentNamespace | test("^https://[^#]+-[0-9a-f]{32}$")) and (.creationInfo.created | test("^[0-9-]{10}T[0-9:]{8}Z$")) and
		(.creationInfo.creators | all(test("^(Tool|Person|Organization): "))) and
		(named | (unique | length) == length and all(test("^SPDXRef-[A-Za-z0-9.-]+$"))) and
		(.packages | all(.name and .versionInfo and .downloadLocation and .licenseDeclared)) and
		(.packages[1:] | length > 9 and all(.checksums[0].checksumValue | test("^[0-9a-f]{64}$"))) and
		(.files | all((.fileName | startswith("./")) and ([.checksums[].algorithm] | contains(["SHA1"])))) and
		(named as $ids | .relationships | all([.spdxElementId, .relatedSpdxElement] - $ids == [])) and
		([.relationships[] | select(.relationshipType == "DESCRIBES") | .spdxElementId, .relatedSpdxElement] == ["SPDXRef-DOCUMENT", .packages[0].SPDXID]) and
		# Files belong to a package that was analyzed, and no other has any.
		.packages[0].filesAnalyzed == true and (.packages[1:] | all(.filesAnalyzed == false)) and
		([.relationships[] | select(.relationshipType == "CONTAINS")] | all(.spdxElementId == "SPDXRef-redirect-lab")) and
		([.files[].SPDXID] - [.relationships[] | select(.relationshipType == "CONTAINS") | .relatedSpdxElement] == []) and
		([.packages[].licenseDeclared | scan("LicenseRef-[A-Za-z0-9.-]+")] | unique) == [(.hasExtractedLicensingInfos // [])[] | select(.extractedText | length > 500) | .licenseId] and
		([.relationships[] | select(.relationshipType == "GENERATED_FROM") | .spdxElementId] | unique) as $made |
		[.files[] | select(.fileName | test("^./'"$arch"'/") and (test("/checks$") | not)) | .SPDXID] - $made == []' redirect-lab.spdx.json
	expect_status 0
	jq -r '.files[] | .fileName as $f | .checksums[] | select(.algorithm == "SHA256") | "\(.checksumValue)  \($f)"' redirect-lab.spdx.json >"$scratch/sums"
	sha256sum -c --quiet "$scratch/sums" || fail "its sums are not the files'"
	jq -r '.files[].fileName, .packages[0].packageVerificationCode.packageVerificationCodeExcludedFiles[]' redirect-lab.spdx.json | sort >"$scratch/listed"
	find . -type f | sort | cmp - "$scratch/listed" || fail "it does not list the files that there are"
	code=$(jq -r '.files[].fileName' redirect-lab.spdx.json | tr '\n' '\0' | xargs -0 sha1sum | cut -d ' ' -f 1 | sort | tr -d '\n' | sha1sum | cut -d ' ' -f 1)
	[ "$code" = "$(jq -r '.packages[0].packageVerificationCode.packageVerificationCodeValue' redirect-lab.spdx.json)" ] ||
		fail "the package's verification code is another: $code"
}

# The words by which the text of a licence is known that something in the handout is under.
licence_words='
GPL-2.0-(only|or-later): GNU GENERAL PUBLIC LICENSE Version 2, June 1991 .*How to Apply
GPL-3.0-or-later: GNU GENERAL PUBLIC LICENSE Version 3, 29 June 2007 .*How to Apply
LGPL-2.1-(only|or-later): GNU LESSER GENERAL PUBLIC LICENSE Version 2.1, February 1999 .*How to Apply
LGPL-3.0-or-later: GNU LESSER GENERAL PUBLIC LICENSE Version 3, 29 June 2007
Linux-syscall-note: NOTE! This copyright does .?not.? cover user programs
GCC-exception-3.1: GCC RUNTIME LIBRARY EXCEPTION Version 3.1, 31 March 2009
Apache-2.0: Apache License Version 2.0, January 2004 .*END OF TERMS AND CONDITIONS
LLVM-exception: LLVM Exceptions to the Apache 2.0 License
MIT: Permission is hereby granted, free of charge, to any person obtaining a copy of this software
X11-distribute-modifications-variant: publish, distribute, distribute with modifications, sublicense
Unicode-DFS-2016: UNICODE, INC. LICENSE AGREEMENT - DATA FILES AND SOFTWARE
BSD-2-Clause: Redistributions in binary form must reproduce the above copyright
BSD-3-Clause: Neither the name of .* may be used to endorse
ISC: Permission to use, copy, modify, and(/or)? distribute this software for any purpose
Zlib: This software is provided .as-is., without any express or implied warranty
Beerware: THE BEER-WARE LICENSE
LicenseRef-public-domain: liblzma is in the public domain'
licences_hold() { # of the handout that is the directory: each that is declared is there in full
	local id words
	cat licences/* | tr -s ' \t\n' ' ' >"$scratch/licences"
	for id in $(jq -r '.packages[].licenseDeclared' redirect-lab.spdx.json | grep -oE '[A-Za-z0-9.-]+' | grep -vxE 'AND|OR|WITH' | sort -u); do
		words=$(echo "$licence_words" | awk -v id="$id" -F ': ' 'id ~ "^(" $1 ")$" { print $2 }')
		[ -n "$words" ] || fail "nobody knows the words of $id"
		grep -qE "$words" "$scratch/licences" || fail "licences/ lacks $id: $words"
	done
}

test_bill_of_materials() {
	packed=$image/redirect-lab-test-$arch.tar.gz
	[ -e "$packed" ] || handout
	unpacked writable
	bill_holds
	licences_hold
	# What is wrong is seen.
	mv licences/clang-14-Apache-2.0 "$scratch"
	! (licences_hold) >/dev/null || fail "the Apache licence is not there, and nobody saw it"
	! (bill_holds) >/dev/null || fail "a file is not there, and nobody saw it"
	mv "$scratch/clang-14-Apache-2.0" licences
	for wrong in '.packages[0].filesAnalyzed = false' '.packages[0].packageVerificationCode.packageVerificationCodeValue |= ascii_upcase' \
		'.relationships[3].relatedSpdxElement += "x"' '.files[0].checksums[1].checksumValue |= (.[1:] + .[:1])' 'del(.hasExtractedLicensingInfos)'; do
		jq "$wrong" redirect-lab.spdx.json >"$scratch/wrong"
		mv redirect-lab.spdx.json "$scratch/right"
		cp "$scratch/wrong" redirect-lab.spdx.json
		! (bill_holds) >/dev/null || fail "nobody saw this: $wrong"
		mv "$scratch/right" redirect-lab.spdx.json
	done
	# Each package is a row of the lock file, and has a line about its source.
	jq -r '.packages[1:][] | "\(.name) \(.packageFileName) \(.checksums[0].checksumValue)"' redirect-lab.spdx.json >"$scratch/packages"
	while read -r name file sum; do
		awk -v name="$name" -v file="$file" -v sum="$sum" '$1 == name && $3 == file && $4 == sum { found = 1 } END { exit !found }' \
			"$top/tools/sources.lock" || fail "$name is not so in the lock file"
		grep -qF "$sum" SOURCES || fail "SOURCES lacks $name"
	done <"$scratch/packages"
}

test_the_sources_are_the_tree_and_what_it_fetches() {
	[ -e "$top/build/redirect-lab-test-sources.tar" ] || handout
	tar -xf "$top/build/redirect-lab-test-sources.tar"
	cd redirect-lab-test-sources
	cmp run-qemu.sh "$top/run-qemu.sh"
	[ "$(git -C "$top" ls-files | wc -l)" = "$(find . -type f ! -path './downloads/*' | wc -l)" ] || fail "it is another tree"
	for file in downloads/*; do
		grep -q " ${file#*/} $(sha256sum <"$file" | cut -d ' ' -f 1) " tools/sources.lock || fail "$file is not the lock file's"
	done
	# Of the compiler's disk, what licences ask for: Debian's source package of that very version, whole.
	awk '/GPL/ && sub(/^compiler-ARCH-/, "") { print $1 }' "$top/tools/components" | while read -r package; do
		awk -v name="compiler-$arch-$package" '$1 == name { sub(/^.*:/, "", $2); print $5 "_" $2 ".dsc" }' tools/sources.lock
	done | sort -u >dscs
	[ "$arch" != x86_64 ] || [ "$(wc -l <dscs)" -ge 2 ] || fail "no source packages: $(cat dscs)"
	cd downloads
	while read -r dsc; do
		[ -e "$dsc" ] || fail "no $dsc"
		sed -n '/^Checksums-Sha256:/,/^Files:/s/^ \([0-9a-f]*\) [0-9]* /\1  /p' "$dsc" | sha256sum -c --quiet || fail "$dsc: not all that it names"
	done <../dscs
	cd ..
	for name in linux musl busybox iproute2 make; do
		[ -n "$(awk -v name="$name" '$1 == name { print $3 }' tools/sources.lock | (cd downloads && xargs ls 2>/dev/null))" ] || fail "no source of $name"
	done
}

test_the_same_bytes_again_and_small() {
	handout SMALL=1
	first=$(sha256sum <"$packed")
	! tar -tzf "$packed" | grep squashfs || fail "the small one has the compiler's disk"
	tar -xzOf "$packed" --wildcards '*/redirect-lab.spdx.json' | jq -e '[.packages[].name | select(startswith("compiler-"))] == []' >/dev/null ||
		fail "its bill has the compiler"
	before=$(stat -c %Y "$packed")
	touch "$top/tools/handout"
	umask 077
	TZ=Asia/Tokyo handout SMALL=1
	[ "$(stat -c %Y "$packed")" -gt "$before" ] || fail "it was not made again"
	[ "$first" = "$(sha256sum <"$packed")" ] || fail "made again, it is another"
	clean_up
}

run_tests "${1-}"
