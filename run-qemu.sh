#!/bin/sh
# Boots the lab in QEMU and turns the guest's verdict into an exit status; `run-qemu.sh --help` tells how.
# The guest is believed only when its console and its exit channel say the same, in the words of this run.
# shellcheck disable=SC2317 # features and the doctor's tellers are called by their names
set -u
LC_ALL=C
export LC_ALL
unset MAKEFLAGS MFLAGS MAKELEVEL

self=$(readlink -f -- "$0")
here=${self%/*}

# A handout is what lies beside its sums: the image and the exercises are there, and nothing can be built.
handout='' built=$here/build exercises=$here/rootfs/workshop mend="remove it and run again, and it is made anew"
if [ -e "$here/SHA256SUMS" ]; then
    handout=1 built=$here exercises=$here/exercises mend="unpack the handout again"
fi

oldest_qemu=7.2
least_room=8192          # KiB in the temporary directory: the console and what --output collects
room_to_build=6291456    # KiB: the kernel's tree and its objects
largest_object=4096      # KiB: it is laid beside the initramfs and unpacked in the guest's memory
silence=${REDIRECT_LAB_KVM_SILENCE:-5}       # seconds after which a guest under KVM that said nothing is given up
kvm_device=${REDIRECT_LAB_KVM:-/dev/kvm}
a_year=31536000          # the deadline where there is none

options() { cat <<'END'
--check NAME…        only these checks (several names, or given again)
--list               the checks, and what must be true in each
--trace NAME         the way of a datagram, function by function, under that check or technique;
                     given twice, two ways beside each other; `all`: the table, function by technique
--tracer T           auto, kprobe.multi, fentry or kprobe: how functions are watched; auto takes
                     the first of them that works
--object FILE        the same under a program of your own in place of ours on veth1@2: any object for tc that
                     libbpf loads. Passes when it is loaded and runs, or with --expect by its outcome
--section NAME       which program of the object, by its section or its name (the only one, or section tc)
--expect OUTCOME     what must become of the datagram, see below
--cost               what a packet costs, in instructions, and how many functions it crosses, by technique;
                     --output gets cost.json
--bench              packets per second and round-trip times, by technique: real time, so KVM is needed;
                     with --accel tcg the numbers are emulated ones. --output gets bench.json
--grade DIR          points for the exercises under DIR: NAME/redirect.bpf.c, compiled in the machine, or
                     NAME/redirect.bpf.o, and NAME/answer.txt. Of a class, where DIR has a directory of these for
                     each participant: a table, and --output gets grades.csv, grades.json and the words to
                     hand back, as feedback/PARTICIPANT/results.tap
--shell              a prompt inside, topology up; `exit` ends it. Without a terminal the lines of
                     standard input are typed at the prompt, up to 64 KiB ahead of it, and its end leaves
                     the shell; a command that reads its own input gets the lines that follow
--share DIR          a directory of this host as /share in there, with --shell; both read and write it, and what is
                     made inside belongs to you
--attach [N] [PID]   one more terminal of a --shell at work: its console 2 or 3 (the first that is free), and
                     the process that is run-qemu.sh, where several are. Ctrl-] leaves, and what runs goes on
--kernel FILE        boot this kernel: a vmlinux, vmlinuz or bzImage, a .deb or .rpm, the directory of an
                     unpacked one, what tools/kernel made of one; or `host`, the one that runs here
--modules FROM       its modules, when they are elsewhere: a directory, a .deb or an .rpm
--arch A             the guest's architecture, x86_64 or aarch64 (under TCG alone); this host's unless
                     another is named
--machine M          auto, microvm or q35; auto takes microvm where QEMU has it, and q35 for --kernel with
                     --output or a compiler's disk. For aarch64: virt
--accel A            auto, kvm or tcg; auto takes KVM where it runs a guest
--cpus N             processors, 1 to 8 (1); more than one: no price in instructions
--memory MiB         guest memory, from 64 (256); with less than 224 clang is slow in --shell
--timeout SECONDS    give up without a verdict (120, 300 for another --kernel, and 30 for each further --repeat; 900
                     for --grade); none for --shell
--seed N             fixes every draw of the run, 0 to 4294967295. Two runs with one seed give the same
                     console byte for byte; only TCG can, so auto means tcg then
--repeat N           the whole list N times in one boot, 1 to 1000
--output DIR         results.tap, junit.xml, result.json and console.log; of traces trace.json and an SVG each. With
                     --shell, what `lab save` saves in there comes to DIR/work, and is there again the next time
--capture FILE       what crosses the four veths and the backlogs, for Wireshark: FILE.pcapng
--print-command      the QEMU command line (auto: that of TCG), and nothing run
--doctor             what this host lacks, and the command that mends it
--verbose            the kernel's log too, and more of every witness
--printk             the programs' bpf_printk lines
--break NAME         see below
--help               this
END
}

breaks() { cat <<'END'
wrong-ifindex        the redirect goes to no interface                                  exit 1
A=B[,C=D…]           technique B is at work wherever A is asked for, and D for C       exit 1
small-ring           the tracer has room for one datagram's way only, --capture for a page  exit 1
no-features          the kernel seems to be older than it is                             exit 1
panic                the kernel panics                                                  exit 4
warn                 the kernel warns                                                   exit 4
oops                 the kernel oopses                                                  exit 4
killed               init dies by a signal                                              exit 4
hang                 init never ends                                                    exit 5
no-verdict           init leaves without its last word                                  exit 6
two-verdicts         init says it twice                                                 exit 6
wrong-nonce          init says it in the words of another run                           exit 6
channels-disagree    the console says pass, the exit channel fail                       exit 6
no-clsact            the kernel seems to lack clsact                                    skipped
no-netkit            the kernel seems to lack netkit                                    skipped
no-veth              the kernel seems to lack veth                                      exit 3
END
}

outcomes() { cat <<'END'
refused              libbpf or the kernel refuses the program
redirected           delivered with TTL 64, sent by veth2@1, netns_1's IP layer not entered
handed-over          the same, and veth2@1 sent nothing (bpf_redirect_peer)
mirrored             delivered twice, TTL 64 and 63
routed               delivered by netns_1's IP layer, TTL 63
dropped              it ended in veth1@2's tc
refused-by-veth2@2   it carried another MAC than veth2@2's
refused-by-veth2@1   the same, received a second time by veth2@1 (BPF_F_INGRESS)
refused-by-veth1@1   sent back to where it came from
unresolved           ARP found no answer
END
}

show_help() {
    cat <<END
usage: run-qemu.sh [OPTION]…

Boots a small kernel that proves, check by check, which way a packet went.
With no image built it builds it first.

$(options | sed 's/^/  /')

exit status
  0  every check passed, or was skipped for a stated lack in the kernel
  1  a check failed, or not all points were made
  2  usage error
  3  the host lacks something, or the kernel all that the lab needs
  4  the guest crashed
  5  no verdict in time
  6  a verdict that cannot be believed
Of a class: 0 when all were graded, whatever their points, else the highest of those who were not

outcomes, for --expect
$(outcomes | sed 's/^/  /')

sabotage, for the tests of this script: --break NAME
$(breaks | sed 's/^/  /')
END
}

say() { printf 'run-qemu.sh: %s\n' "$*" >&2; }
die() { # die STATUS WORDS…
    status=$1; shift
    say "$*"
    exit "$status"
}

# --- options -----------------------------------------------------------------------------------------------

nearest() { # nearest WORD: the line of standard input that has it in it, or is fewest edits away from it
    word=$1 awk '
    function edits(a, b,    i, j, m, cost, row, last) {
        m = length(b)
        for (j = 0; j <= m; j++) row[j] = j
        for (i = 1; i <= length(a); i++) {
            last = row[0]; row[0] = i
            for (j = 1; j <= m; j++) {
                cost = last + (substr(a, i, 1) != substr(b, j, 1))
                last = row[j]
                if (row[j] + 1 < cost) cost = row[j] + 1
                if (row[j - 1] + 1 < cost) cost = row[j - 1] + 1
                row[j] = cost
            }
        }
        return row[m]
    }
    { n = index($1, ENVIRON["word"]) ? 0 : edits(ENVIRON["word"], $1); if (NR == 1 || n < fewest) { fewest = n; found = $1 } }
    END { print found }'
}

unknown() { # unknown WHAT WORD <words
    die 2 "there is no $1 $2; the nearest is $(nearest "$2") (see ${3:---help})"
}

read_options() {
    action=run mode=check kernel='' modules='' arch='' machine=auto accel=auto cpus=1 memory=256 timeout='' seed='' repeat=1
    output='' verbose='' printk='' break='' checks='' trace='' tracer=auto object='' section='' expect='' grade='' capture='' \
        share='' attach='' class='' given=0
    while [ $# -gt 0 ]; do
        option=$1 attached='' given=$((given + 1))
        shift
        case $option in
        -h) option=--help ;;
        --?*=*) attached=1; set -- "${option#*=}" "$@"; option=${option%%=*} ;;
        esac
        case $option in
        --check | --trace | --tracer | --grade | --share | --object | --section | --expect | --kernel | --modules | --arch | \
            --machine | --accel | --cpus | --memory | --timeout | --seed | --repeat | --output | --capture | --break)
            case ${1-} in '' | --*) die 2 "$option wants a value" ;; esac ;;
        --cost | --bench | --list | --shell | --print-command | --doctor | --verbose | --printk | --help)
            [ -z "$attached" ] || die 2 "$option takes no value" ;;
        --attach) ;;
        -*) options | sed -n 's/^\(--[a-z-]*\).*/\1/p' | unknown option "$option" || exit ;;
        *) die 2 "an option was expected, not $option (--check $option runs one check)" ;;
        esac
        case $option in
        --trace) trace="$trace${trace:+,}$1"; shift ;;
        --check)
            while :; do
                checks="$checks${checks:+,}$1"; shift
                [ -z "$attached" ] || break
                case ${1--} in -*) break ;; esac
            done ;;
        --list | --print-command | --doctor | --help) action=${option#--} ;;
        --attach)
            action=attach
            while :; do
                case ${1-} in '' | *[!0-9]*) break ;; esac
                attach="$attach $1"; shift
            done ;;
        --cost | --bench | --shell) mode=${option#--} ;;
        --verbose | --printk) eval "${option#--}=1" ;;
        *) eval "${option#--}=\$1"; shift ;;
        esac
    done
}

whole_number() { # whole_number OPTION VALUE LOW HIGH
    case $2 in
    *[!0-9]* | '' | 0?* | ???????????*) ;;
    *) [ "$2" -ge "$3" ] && [ "$2" -le "$4" ] && return ;;
    esac
    die 2 "--$1 wants a whole number from $3 to $4, not $2"
}

one_of() { # one_of OPTION VALUE CHOICES…
    option=$1 value=$2; shift 2
    case " $* " in *" $value "*) return ;; esac
    printf '%s\n' "$@" | unknown "$option" "$value" || exit
}

check_options() {
    while read -r name low high; do
        eval "value=\$$name"
        [ -z "$value" ] || whole_number "$name" "$value" "$low" "$high"
    done <<END
cpus 1 8
memory 64 1048576
timeout 1 86400
seed 0 4294967295
repeat 1 1000
END
    one_of --accel "$accel" auto kvm tcg
    one_of --tracer "$tracer" auto kprobe.multi fentry kprobe
    [ -z "$modules" ] || [ -n "$kernel" ] || die 2 "--modules goes with --kernel: the lab's own kernel has all built in"
    # shellcheck disable=SC2046 # the names are words
    case $break in '' | *=*) ;; *) one_of --break "$break" $(breaks | sed 's/ .*//') ;; esac
    [ -z "$trace" ] || [ "$mode$checks$repeat" = check1 ] || die 2 "--trace goes with neither --check, --shell nor --repeat"
    check_object_options
    check_grade_options
    check_capture_options
    [ "$action" != attach ] || [ "$given" = 1 ] || die 2 "--attach goes with no other option"
    [ -z "$share" ] || [ "$mode" = shell ] || die 2 "--share goes with --shell"
    arch=${arch:-$(default_arch)}
    describe_arch || die 2 "--arch $arch: the lab has x86_64 and aarch64"
    [ "$arch" = "$(uname -m)" ] || no_kvm="this host is $(uname -m)"
    one_of --machine "$machine" auto "$first_machine" "$last_machine"
    deterministic=''
    [ -z "$seed" ] || deterministic=--seed
    [ "$mode" != cost ] || deterministic=--cost
    [ -z "$deterministic" ] || [ "$accel" != kvm ] || die 2 "$deterministic needs the deterministic machine, which --accel kvm is not"
    [ -z "$deterministic" ] || [ "$cpus" = 1 ] || die 2 "$deterministic needs the deterministic machine, which --cpus $cpus is not"
    asked="--accel kvm" escape="--accel tcg needs none"
    if [ "$mode$accel" = benchauto ]; then
        [ -z "$seed" ] || die 2 "--bench measures real time, which --seed cannot fix; with --accel tcg the numbers are emulated, and alike"
        accel=kvm asked=--bench
        escape="there is no real time to be had without it; --accel tcg gives emulated numbers, and says so"
    fi
    image=$built/$arch
    compiler_disk=''
    case $mode in
    shell | grade) [ ! -e "$image/compiler.squashfs" ] || compiler_disk=$image/compiler.squashfs ;;
    esac
}

default_arch() { # this host's, or the one that the handout has
    for has in "$(uname -m)" x86_64 aarch64; do
        if [ -z "$handout" ] || [ -d "$here/$has" ]; then echo "$has"; return; fi
    done
}

check_grade_options() {
    [ -n "$grade" ] || return 0
    [ "$checks$trace$object$repeat$mode" = 1check ] || die 2 "--grade goes with none of --check, --trace, --object, --cost, --bench, --shell and --repeat"
    [ "$action" != print-command ] || die 2 "--print-command: the work is laid into an archive that ends with the run"
    mode=grade
}

check_capture_options() {
    [ -n "$capture" ] || return 0
    case ${capture##*/} in ?*.pcapng) ;; *) die 2 "--capture wants the name of a file that ends in .pcapng, not $capture" ;; esac
    case $mode in check | object | shell) ;; *) die 2 "--capture goes with none of --cost, --bench and --grade" ;; esac
    [ "$memory" -ge 96 ] || die 2 "--capture wants a guest with 96 MiB of --memory or more, not $memory"
    case $action in run | print-command) ;; *) die 2 "--capture: --$action runs nothing" ;; esac
}

check_object_options() {
    [ -n "$object" ] || [ -z "$section$expect" ] || die 2 "--section and --expect go with --object"
    [ -n "$object" ] || return 0
    [ "$checks$trace$repeat$mode" = 1check ] || [ "$checks$trace$section$expect$mode" = shell ] ||
        die 2 "--object goes with none of --check, --trace, --cost and --repeat, and --shell with neither --section nor --expect"
    [ "$action" != print-command ] || die 2 "--print-command: the object is laid into an archive that ends with the run"
    case $section in *[!A-Za-z0-9_./:+-]*) die 2 "--section $section: the kernel's command line cannot carry that name" ;; esac
    # shellcheck disable=SC2046 # the names are words
    [ -z "$expect" ] || one_of --expect "$expect" $(outcomes | sed 's/ .*//')
    [ "$mode" = shell ] || mode=object
}

# What differs between architectures: a row each, of which machine_*, clock_* and exit_channel_* are the rest. A
# kernel is known by its bytes, as OFFSET:HEX.
describe_arch() {
    no_kvm=''
    case $arch in
    x86_64)
        image_kernel=vmlinux kernel_bytes='0:7f454c46 18:3e00' console_device=ttyS0
        first_machine=microvm last_machine=q35 processor=max ;;
    aarch64)
        # A named processor: `max` has what kernels before 5.12 do not boot with, and other prices in each QEMU.
        image_kernel=Image kernel_bytes='56:41524d64' console_device=ttyAMA0
        first_machine=virt last_machine=virt processor=neoverse-n1,cntfrq=1000000000
        no_kvm="semihosting, which ends the machine with the verdict, is TCG's alone" ;;
    *) return 1 ;;
    esac
    qemu=qemu-system-$arch
}

# --- the host ----------------------------------------------------------------------------------------------

room_in() { df -Pk -- "$1" 2>/dev/null | awk 'NR == 2 { print $4 }'; }
how_to_get() { "$here/tools/deps" --print "$@" --arch "$arch" 2>/dev/null || echo "see README.md"; }

get_tools() { # get_tools PURPOSE…: what the host lacks for it is installed where that can be
    [ "$action" != doctor ] || return 0
    lacking=$("$here/tools/deps" --list-missing "$@" --arch "$arch" | cut -f 1 | tr '\n' ' ')
    [ -n "$lacking" ] || return 0
    say "this host lacks: $lacking"
    "$here/tools/deps" --install "$@" --arch "$arch" >&2 || die 3 "install what is lacking first: $(how_to_get "$@")"
}

make_target() { # make_target TARGET WHAT
    [ -z "$handout" ] || die 3 "$2 for $arch is not in this handout; $mend, or another one"
    { mkdir -p "$here/build" && touch "$here/build/.writable"; } 2>/dev/null ||
        die 3 "$2 is not built yet, and $here/build cannot be written; build in a checkout that can, or free its disk"
    rm -f "$here/build/.writable"
    get_tools build run
    # Two runs in a fresh clone at once: the second waits and finds all done.
    command -v flock >/dev/null && set -- "$1" "$2" flock "$here/build/.lock"
    target=$1 what=$2; shift 2
    "$@" make -C "$here" -j "$(nproc)" ARCH="$arch" "$target" >&2 || die 3 "$what could not be built: the lines above say why"
}

find_checks() {
    [ -s "$image/checks" ] || make_target "$image/checks" "the list of checks"
    [ -z "$checks" ] || printf '%s\n' "$checks" | tr , '\n' | while read -r name; do
        cut -f 1 "$image/checks" | grep -qxF -e "$name" || cut -f 1 "$image/checks" | unknown check "$name" --list || exit
    done || exit
}

traceable() { # the names of the checks that send a datagram, and of the techniques
    awk -F '\t' '{ for (i = 1; i < 4; i += 2) if ($3 != "" && $i != "-" && !seen[$i]++) print $i }' "$image/checks"
}

find_trace() {
    case $trace in
    all) return ;;
    *,*,*) die 2 "--trace shows two ways at most, or all" ;;
    esac
    [ -z "$trace" ] || printf '%s\n' "$trace" | tr , '\n' | while read -r name; do
        traceable | grep -qxF -e "$name" || traceable | unknown "check or technique to trace," "$name" --list || exit
    done || exit
}

bytes() { # bytes FILE OFFSET COUNT, in hex
    od -An -v -tx1 -j "$2" -N "$3" -- "$1" 2>/dev/null | tr -d ' \n'
}

find_image() {
    case $mode in shell | grade) initramfs=$image/shell.cpio.zst ;; *) initramfs=$image/initramfs.cpio.zst ;; esac
    if ! [ -e "$image/$image_kernel" ] || ! [ -e "$initramfs" ]; then
        [ -z "$handout" ] || make_target image "the image"
        room=$(room_in "$here")
        [ "${room:-$room_to_build}" -ge "$room_to_build" ] || [ -e "$image/$image_kernel" ] ||
            die 3 "no image is built yet, and building wants $((room_to_build / 1048576)) GiB of disk; $here has $((room / 1024)) MiB left"
        say "no image is built yet: building it; the first time takes some ten minutes"
        make_target image "the image"
    fi
    for at in $kernel_bytes; do
        hex=${at#*:}
        [ "$(bytes "$image/$image_kernel" "${at%:*}" $((${#hex} / 2)))" = "$hex" ] ||
            die 3 "$image/$image_kernel is damaged; $mend"
    done
    [ "$(bytes "$initramfs" 0 4)" = 28b52ffd ] ||
        die 3 "$initramfs is damaged; $mend"
}

find_object() { # ELF, 64 bits, little-endian, relocatable, EM_BPF
    [ -n "$object" ] || return 0
    { [ -f "$object" ] && [ -r "$object" ]; } || die 3 "--object $object: no such file, or it cannot be read"
    case $(bytes "$object" 0 6)$(bytes "$object" 16 4) in
    7f454c4602010100f700) ;;
    7f454c46*f700 | 7f454c46*00f7) die 3 "--object $object is a BPF object of another kind; compile it with clang --target=bpfel -c" ;;
    7f454c46*) die 3 "--object $object is an ELF file, but not for BPF; compile it with clang --target=bpf -c" ;;
    *) die 3 "--object $object is no ELF file; a BPF object comes from clang --target=bpf -c" ;;
    esac
    [ $(($(wc -c <"$object") / 1024)) -lt "$largest_object" ] ||
        die 3 "--object $object is larger than $largest_object KiB; strip it: llvm-strip -g"
}

find_qemu() {
    command -v "$qemu" >/dev/null || get_tools run
    command -v "$qemu" >/dev/null || die 3 "there is no $qemu here; install it: $(how_to_get run)"
    version=$("$qemu" --version 2>&1 | sed -n 's/^QEMU emulator version \([0-9.]*\).*/\1/p')
    [ -n "$version" ] || die 3 "$qemu does not tell its version; reinstall it: $(how_to_get run)"
    old=${oldest_qemu#*.} minor=${version#*.}
    [ "${version%%.*}" -gt "${oldest_qemu%%.*}" ] ||
        { [ "${version%%.*}" -eq "${oldest_qemu%%.*}" ] && [ "${minor%%.*}" -ge "$old" ]; } ||
        die 3 "QEMU $version is too old: the lab needs $oldest_qemu or later; install it: $(how_to_get run)"
}

find_machine() {
    # A QEMU built without seccomp refuses -sandbox as soon as it reads it.
    sandbox=on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny
    machines=$("$qemu" -sandbox "$sandbox" -machine help 2>/dev/null) ||
        { sandbox=''; machines=$("$qemu" -machine help 2>/dev/null); }
    has_machine() { printf '%s\n' "$machines" | grep -q "^$1 "; }
    if [ "$machine" = auto ]; then
        machine=$last_machine
        # microvm's devices are told of on the command line, to which a distribution's kernel does not listen.
        if [ -z "$kernel" ] || [ -z "$output$capture$compiler_disk$share" ]; then
            if has_machine "$first_machine" && has_firmware; then machine=$first_machine; fi
        fi
    fi
    has_machine "$machine" || die 3 "this QEMU has no machine $machine; install a fuller one: $(how_to_get run)"
}

has_firmware() { # microvm without ACPI starts with qboot, which some distributions do not package
    "$qemu" -L help 2>/dev/null | { while read -r dir; do [ -r "$dir/qboot.rom" ] && exit 0; done; exit 1; }
}

find_memory() {
    free=$(awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo 2>/dev/null)
    [ "${free:-$memory}" -ge "$memory" ] ||
        die 3 "the guest wants $memory MiB of memory and the host has $free left: ask for less with --memory, or free some"
}

find_accelerators() {
    if [ "$accel" = kvm ]; then
        [ -z "$no_kvm" ] || die 3 "$asked: no KVM for this $arch guest: $no_kvm; $escape"
        [ -e "$kvm_device" ] || die 3 "$asked: there is no $kvm_device; $escape"
        [ -w "$kvm_device" ] || die 3 "$asked: $kvm_device may not be opened; join its group: sudo usermod -aG kvm $(id -un)"
    elif [ "$accel" = auto ]; then
        accel=tcg
        if [ -z "$deterministic$no_kvm" ] && [ -w "$kvm_device" ]; then accel='kvm tcg'; fi
    fi
}

find_room() {
    if [ -n "$output" ]; then
        { mkdir -p -- "$output" && touch -- "$output/.writable"; } 2>/dev/null || die 3 "--output $output cannot be written"
        rm -f -- "$output/.writable"
        output=$(cd -- "$output" && pwd) kept=$output/work    # kept: what `lab save` saves
    fi
    [ -z "$capture" ] || find_capture_room
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    trap 'exit 129' HUP
    tmp=$(mktemp -d "${TMPDIR:-/tmp}/redirect-lab.XXXXXX") || die 3 "no temporary directory can be made; set TMPDIR to one"
    for dir in "$tmp" ${output:+"$output"}; do
        room=$(room_in "$dir")
        [ "${room:-$least_room}" -ge "$least_room" ] ||
            die 3 "${dir%/redirect-lab.*} is full: $room KiB left, and a run wants $least_room"
    done
}

find_capture_room() {
    case $capture in */*) dir=${capture%/*}/ ;; *) dir=. ;; esac
    [ ! -d "$capture" ] || die 3 "--capture $capture is a directory"
    [ -d "$dir" ] || die 3 "--capture $capture: there is no directory ${dir%/}"
    capture=$(cd -- "$dir" && pwd)/${capture##*/}
    draft=${capture%/*}/.${capture##*/}.$$
    { : >"$draft"; } 2>/dev/null || die 3 "--capture: in ${capture%/*} nothing can be written"
    rm -f -- "$draft"
}

# A kernel of others is taken apart by tools/kernel, now or before.
take_apart() { # sets $parts
    parts=$kernel
    if ! { [ -e "$parts/kernel" ] && [ -e "$parts/modules.cpio" ]; }; then
        [ "$action" != print-command ] ||
            die 2 "--print-command wants a kernel that is taken apart: tools/kernel --into DIR $kernel, then --kernel DIR"
        parts=$tmp/.kernel    # which boot() does not clear
        said=$("$here/tools/kernel" --arch "$arch" ${modules:+--modules "$modules"} --into "$parts" "$kernel" 2>&1) ||
            die 3 "--kernel $kernel: ${said#kernel: }"
        [ -z "$said" ] || say "${said#kernel: }"
    fi
    parts=$(cd -- "$parts" && pwd)
    [ "$kernel" = host ] || kernel=$(readlink -f -- "$kernel")
}

add_workshop() { # where it is built, behind the shell
    joining=''
    { [ "$mode" = shell ] && [ -e "$image/workshop.cpio.zst" ]; } || return 0
    set -- "$initramfs" "$image/workshop.cpio.zst"
    if [ "$action" = print-command ]; then
        initramfs=$image/shell-and-workshop
        joining="cat $(quoted "$1") $(quoted "$2") >$(quoted "$initramfs") && "
    else
        initramfs=$tmp/.with-workshop
        cat -- "$@" >"$initramfs" || die 3 "$tmp cannot be written"
    fi
}

find_kernel() { # sets $vmlinux, and $initramfs to one that has the kernel's modules too
    vmlinux=$image/$image_kernel
    [ -n "$kernel" ] || return 0
    take_apart
    vmlinux=$parts/kernel
    [ -s "$parts/modules.cpio" ] || return 0
    # In this order: what is not compressed must begin at a multiple of four.
    set -- "$parts/modules.cpio" "$initramfs"
    if [ "$action" = print-command ]; then
        initramfs=$parts/initramfs
        joining="${joining}cat $(quoted "$1") $(quoted "$2") >$(quoted "$initramfs") && "
    else
        initramfs=$tmp/.initramfs
        cat "$@" >"$initramfs" || die 3 "$tmp cannot be written"
    fi
}

add_object() { # before what find_kernel() has joined, as it is no more compressed than that
    [ -n "$object" ] || return 0
    { "$here/tools/archive" object.bpf.o "$object" && cat -- "$initramfs"; } >"$tmp/.with-object" ||
        die 3 "$tmp cannot be written"
    initramfs=$tmp/.with-object
}

# Of a participant's directory only files by these names are taken, and no links: what they point to is not theirs.
theirs() { # theirs DIR FILE
    [ ! -L "$1" ] && [ ! -L "$1/$2" ] && [ -f "$1/$2" ]
}

work_in() { # work_in DIR: sets $work
    work=''
    for directory in "$exercises"/[0-9]*/; do
        exercise=$(basename "$directory")
        for file in redirect.bpf.c redirect.bpf.o answer.txt; do
            ! theirs "$1/$exercise" "$file" || work="$work $exercise/$file"
        done
    done
}

find_work() {
    work=''
    [ -n "$grade" ] || return 0
    [ -d "$grade" ] || die 3 "--grade $grade: no such directory"
    case $grade in /*) ;; *) grade=$PWD/$grade ;; esac
    work_in "$grade"
    for file in $work; do
        [ -r "$grade/$file" ] || die 3 "--grade $grade: $file cannot be read"
        [ $(($(wc -c <"$grade/$file") / 1024)) -lt "$largest_object" ] || die 3 "--grade $grade: $file is larger than $largest_object KiB"
    done
    own=$work inside='' such=''
    [ -n "${REDIRECT_LAB_OF_CLASS-}" ] || look_inside
    work=$own$inside
    case $own,$inside in
    ,) die 3 "--grade $grade has no file of the exercises$such" ;;
    ,*) class=1 ;;
    *,?*)
        say "$grade has exercises, and is graded as one participant's; those further down are not looked at"
        work=$own ;;
    esac
}

look_inside() { # where the exercises are one directory further down, it is a class's
    such=", such as ${exercise:-NAME}/redirect.bpf.c or answer.txt, nor has a directory in it"
    for participant in "$grade"/*/; do
        [ ! -L "${participant%/}" ] || continue
        work_in "${participant%/}"
        inside=$inside$work
    done
}

find_share() {
    [ -n "$share" ] || return 0
    [ -d "$share" ] || die 3 "--share $share: no such directory"
    { [ -r "$share" ] && [ -w "$share" ] && [ -x "$share" ]; } || die 3 "--share $share: you may not read and write there"
    share=$(cd -- "$share" && pwd)
}

find_compiler() { # which sources need, and objects do not
    case $work in *.c*) ;; *) return ;; esac
    [ -n "$compiler_disk" ] || make_target workshop "the compiler's disk"
    compiler_disk=$image/compiler.squashfs
}

add_work() {
    [ -n "$grade" ] || return 0
    set -- grade/
    for file in $work; do
        case " $* " in *" grade/${file%/*}/ "*) ;; *) set -- "$@" "grade/${file%/*}/" ;; esac
        set -- "$@" "grade/$file" "$grade/$file"
    done
    { "$here/tools/archive" "$@" && cat -- "$initramfs"; } >"$tmp/.with-work" || die 3 "$tmp cannot be written"
    initramfs=$tmp/.with-work
}

# What was saved before is where it was: behind what every boot brings, as it is the later that counts.
add_saved() {
    { [ "$mode" = shell ] && [ -n "$output" ] && [ -d "$kept" ]; } || return 0
    set --
    while IFS= read -r name; do
        case $name in
        */) set -- "$@" "root/$name" ;;
        ?*) set -- "$@" "root/$name" "$kept/$name" ;;
        esac
    done <<END
$(cd -- "$kept" && find . -type d ! -name . -exec printf '%s/\n' '{}' \; -o -type f -print | sed 's|^\./||' | sort)
END
    [ $# != 0 ] || return 0
    {
        cat -- "$initramfs"
        head -c $(((4 - $(wc -c <"$initramfs") % 4) % 4)) /dev/zero
        "$here/tools/archive" "$@"
    } >"$tmp/.with-saved" || die 3 "$tmp cannot be written, or $kept not read"
    [ $(($(wc -c <"$tmp/.with-saved") / 1048576)) -lt $((memory / 4)) ] ||
        die 3 "$kept is too large for a guest of $memory MiB: give it more with --memory, or put elsewhere what it need not have"
    initramfs=$tmp/.with-saved
    say "/root has what was saved in $kept"
}

draw() { # with --seed all follows from it; without, the seed is drawn as well and can be given again
    if [ -n "$seed" ]; then
        nonce=$(printf '%08x%08x' "$seed" $(((seed * 40503 + 12345) & 0xffffffff)))
    else
        # shellcheck disable=SC2046 # three numbers are three words
        set -- $(od -An -N12 -tu4 /dev/urandom)
        seed=$1 nonce=$(printf '%08x%08x' "$2" "$3")
    fi
}

# --- the machine: each feature states QEMU's flags and the kernel's words together -------------------------------

quoted() { # quoted WORD: only where the shell would read more than is there
    case $1 in
    '' | *[!A-Za-z0-9_./:,=@%+-]*) printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")" ;;
    *) printf '%s' "$1" ;;
    esac
}
flag() { # one line of the command
    line=
    for part in "$@"; do line="$line $(quoted "$part")"; done
    flags="$flags \\
   $line"
}
word() { words="$words${words:+ }$*"; }
escaped() { printf '%s' "$1" | sed 's/,/,,/g'; }    # in QEMU's option lists a comma is written twice

# The ports' data must be with the host when the guest's write returns, or the end of a file is lost with the
# guest: without ioeventfd QEMU takes it at once, and not when its main loop comes round to it.
machine_microvm() {
    flag -machine microvm,acpi=off,rtc=on -global virtio-mmio.ioeventfd=off
    serial_bus=virtio-serial-device disk_device=virtio-blk-device share_device=virtio-9p-device
}
machine_q35() {
    flag -machine q35
    serial_bus=virtio-serial-pci,ioeventfd=off disk_device=virtio-blk-pci share_device=virtio-9p-pci
}
machine_virt() {
    flag -machine virt,gic-version=3 -global virtio-mmio.ioeventfd=off
    serial_bus=virtio-serial-device disk_device=virtio-blk-device share_device=virtio-9p-device
}

accel_kvm() { flag -accel kvm -cpu host; }
accel_tcg() {
    flag -accel tcg -cpu "$processor"
    word lab.emulated=1
    [ "$cpus" = 1 ] || return 0
    # The clock counts instructions: nothing depends on the host.
    flag -icount shift=0,sleep=off -rtc base=2026-01-01,clock=vm -seed "$seed"
    "clock_$arch"
    word lab.price=1
}
clock_x86_64() { word noapictimer tsc_early_khz=1000000; }    # with the APIC timer calibration takes 16 s
clock_aarch64() { :; }

size() { flag -smp "$cpus" -m "$memory"; }

isolation() { # nothing of the host's, and no way out
    flag -nodefaults -no-user-config -display none
    [ -z "$sandbox" ] || flag -sandbox "$sandbox"
}

exit_channel_x86_64() { flag -device isa-debug-exit,iobase=0xf4,iosize=4; }
# virt has no debug-exit, and PSCI's ways to end it have no status. A semihosting call is an instruction of init's
# that QEMU itself carries out, whatever the kernel is. The other calls, the host's files, go to a debugger: to none.
exit_channel_aarch64() { flag -semihosting-config enable=on,userspace=on,target=gdb; }

ending() { # silent trouble is loud, and whatever ends the kernel ends QEMU (reboot=t: there is no ACPI)
    flag -no-reboot
    word reboot=t panic=-1 panic_print=0x20 panic_on_warn=1 oops=panic softlockup_panic=1 \
        sysctl.kernel.hung_task_panic=1 sysctl.kernel.panic_on_rcu_stall=1
}

console() { # QEMU itself keeps the copy: no tee that could outlive it
    if [ "$action" = print-command ]; then flag -serial stdio
    else flag -chardev "stdio,id=console,signal=off,logfile=$(escaped "$tmp")/console" -serial chardev:console; fi
    word "console=$console_device" printk.time=1
    if [ -n "$verbose" ]; then word loglevel=7 lab.verbose=1; else word quiet loglevel=1; fi
}

repeatable() { # and quick: what is left out only names the enums of trace events, a third of the kernel's boot
    word nokaslr norandmaps rcupdate.rcu_expedited=1 initcall_blacklist=trace_eval_init
}

port() { # port NAME PATH: a file of the host's, under the guest's name of it
    flag -chardev "file,id=$1,path=$(escaped "$2")" -device "virtserialport,chardev=$1,name=lab.$1"
}

results() { # a guest that has ports looks for all of them
    [ -n "$output$capture" ] || return 0
    if [ "$action" = print-command ]; then into=$output to=$capture; else into=$tmp to=$tmp/capture; fi
    flag -device "$serial_bus"
    [ -z "$capture" ] || { port capture "$to"; word lab.capture=1; }
    [ -z "$output" ] || [ "$mode" != shell ] || { port work "$into/saved"; word lab.work=1; }
    while read -r name file; do
        if [ -n "$output" ]; then port "$name" "$into/$file"; else port "$name" /dev/null; fi
    done <<END
tap results.tap
junit junit.xml
json guest.json
trace trace.json
pictures pictures
END
}

compiler() {
    [ -n "$compiler_disk" ] || return 0
    flag -drive "if=none,id=compiler,format=raw,readonly=on,file=$(escaped "$compiler_disk")" \
        -device "$disk_device,drive=compiler,serial=compiler"
}

shared() { # files get the owner that QEMU has, the user
    [ -n "$share" ] || return 0
    flag -fsdev "local,id=share,security_model=none,multidevs=remap,path=$(escaped "$share")" \
        -device "$share_device,fsdev=share,mount_tag=share"
    word lab.share=1
}

# A pair of pipes each: what is said before somebody attaches waits there, and of more than 64 KiB the rest is lost.
terminals() {
    { [ "$action$mode$kernel" = runshell ] && [ -n "$terminal" ]; } || return 0
    [ -n "$output$capture" ] || flag -device "$serial_bus"
    for number in 2 3; do
        flag -chardev "pipe,id=console$number,path=$(escaped "$tmp")/console$number" -device "virtconsole,chardev=console$number"
    done
    word lab.consoles=2
}

orders() {
    word "lab.mode=$mode" "lab.seed=$seed" "lab.nonce=$nonce"
    [ -z "$checks" ] || word "lab.check=$checks"
    [ -z "$trace" ] || word "lab.trace=$trace"
    [ "$tracer" = auto ] || word "lab.tracer=$tracer"
    [ -z "$section" ] || word "lab.section=$section"
    [ -z "$expect" ] || word "lab.expect=$expect"
    [ "$repeat" = 1 ] || word "lab.repeat=$repeat"
    [ -z "$break" ] || word "lab.break=$break"
    [ -z "$printk" ] || word lab.printk=1
    [ "$action$mode$terminal" != runshell ] || word lab.piped=1
    [ -z "$terminal" ] || word "lab.rows=${terminal% *}" "lab.cols=${terminal#* }"
}

describe_machine() { # describe_machine ACCEL: the command line, from features
    flags='' words=''
    for feature in "machine_$machine" "accel_$1" size isolation console "exit_channel_$arch" ending repeatable results terminals compiler shared orders; do
        "$feature"
    done
    # What is longer the kernel cuts off, without a word (COMMAND_LINE_SIZE).
    [ "${#words}" -lt 2048 ] || die 2 "so many names do not fit on the kernel's command line: ${#words} bytes, it takes 2047; without --check all checks run"
    flag -kernel "$vmlinux" -initrd "$initramfs" -append "$words"
}

# --- the run -----------------------------------------------------------------------------------------------
#
# The lifeline is a pipe whose writing end only this script holds. When the script ends, however it ends, the
# watchdog reads the lifeline's end and puts an end to QEMU: there is no other way for the two to part.

next_word() { # next_word SECONDS: a line of the lifeline, or `orphaned` at its end; fails when the time is up
    said=$(timeout -s USR1 "$1" head -n 1) || return
    echo "${said:-orphaned}"
}

watch() { # watch SILENCE TIMEOUT: a SILENCE of 0 is not looked for
    # By exec, for good: a shell keeps a copy of what it closes for a function only, here of the writing end.
    exec <"$tmp/lifeline" >/dev/null 2>&1 3<&- 4<&- 9>&-
    trap '' INT TERM HUP
    read -r guest || guest=''
    case $guest in
    '') rm -rf "$tmp"; return ;;    # the script died before QEMU began, and without the pipe it cannot begin
    over) return ;;
    esac
    end=''
    if [ "$1" -gt 0 ]; then
        end=$(next_word "$1") || { [ -s "$tmp/console" ] || end=silent; }
    fi
    [ -n "$end" ] || end=$(next_word "$2") || end=late
    [ "$end" != over ] || return
    [ "$end" = orphaned ] || echo "$end" >"$tmp/ended"
    kill -KILL "$guest" ${typist:+"$typist"}
    [ "$end" != orphaned ] || { deliver_work; rm -rf "$tmp"; }
}

type_input() { # standard input, when the guest says that it takes it: what comes earlier, a UART loses
    exec <&3 >&4 3<&- 4<&- 9>&-
    until grep -q "^# input $nonce" "$tmp/console"; do sleep 0.1; done 2>/dev/null
    while IFS= read -r line || [ -n "$line" ]; do printf '%s\n' "$line"; done
    # Its end again and again, until the run's: what the shell has started may have taken it.
    while printf '\004'; do sleep 0.1; done
}

boot() { # boot SILENCE TIMEOUT: sets $status, and $ended to `silent` or `late` where the watchdog ended it
    rm -rf "${tmp:?}"/*
    { touch "$tmp/console" && mkfifo "$tmp/lifeline" "$tmp/keys"; } || die 3 "$tmp cannot be written"
    case $words in *lab.consoles=*)
        mkfifo "$tmp/console2.in" "$tmp/console2.out" "$tmp/console3.in" "$tmp/console3.out" && echo $$ >"$tmp/consoles" ;;
    esac || die 3 "$tmp cannot be written"
    exec 9<>"$tmp/lifeline"
    typist=''
    case $mode$terminal in
    check | cost | bench | grade | object) exec 4</dev/null ;;
    shell) exec 4<>"$tmp/keys"; type_input & typist=$! ;;
    shell*) exec 4<&3 ;;
    esac
    watch "$1" "$2" &
    watchdog=$!
    eval "set -- $flags"
    # QEMU itself says its number to the watchdog: at no moment is it there and the watchdog does not know.
    sh -c 'echo $$ >"$0" && exec "$@"' "$tmp/lifeline" "$qemu" "$@" <&4 2>"$tmp/errors" 3<&- 4<&- 9>&- &
    guest=$!
    wait "$guest" 2>/dev/null    # dash would tell how it died
    status=$?
    echo over >&9
    exec 9>&- 4<&-
    wait "$watchdog"
    watchdog=''
    [ -z "$typist" ] || { kill "$typist"; wait "$typist"; } 2>/dev/null
    ended=$(cat "$tmp/ended" 2>/dev/null)
    [ -z "$terminal" ] || stty "$terminal_state" <&3
    [ -z "$verbose" ] || cat "$tmp/errors" >&2
}

clean_up() { # on every way out
    trap '' INT TERM HUP
    exec 9>&-
    [ -z "${watchdog-}" ] || wait "$watchdog" ${guest:+"$guest"}
    [ -z "${terminal_state-}" ] || stty "$terminal_state" <&3
    [ -z "${tmp-}" ] || { deliver_work; rm -rf "$tmp"; }
}

find_terminal() { # its size goes to the guest; its state comes back whatever QEMU did to it
    exec 3<&0
    terminal='' terminal_state=''
    if [ "$mode" = shell ] && [ -t 0 ]; then
        terminal_state=$(stty -g <&3)
        terminal=$(stty size <&3)
    fi
}

qemu_said() { tail -n 1 "$tmp/errors" | sed "s/^$qemu: *//"; }

kvm_failed() {
    if [ -n "$ended" ]; then echo "KVM does not run a guest here (it said nothing in $silence s)"
    else echo "KVM does not run a guest here (QEMU ended with status $status: $(qemu_said))"; fi
}

run() { # under each accelerator that is in question, until one speaks
    began=$(milliseconds)
    [ -n "$timeout" ] || case $mode in
    shell) timeout=$a_year ;;
    grade) timeout=900 ;;
    *) timeout=$((90 + 30 * repeat)); [ -z "$kernel" ] || timeout=$((timeout + 180)) ;;
    esac
    for accelerator in $accel; do
        describe_machine "$accelerator"
        case $accelerator in
        kvm) rest=$((timeout - silence)); boot "$silence" "$((rest > 0 ? rest : 1))" ;;
        *) boot 0 "$timeout" ;;
        esac
        [ ! -s "$tmp/console" ] || break
        [ "$accel" = "$accelerator" ] || [ "$accelerator" = tcg ] || say "$(kvm_failed): going on under TCG"
    done
    took=$(($(milliseconds) - began))
}

milliseconds() { awk '{ printf "%d\n", $1 * 1000 }' /proc/uptime; }

# --- a terminal more ---------------------------------------------------------------------------------------------

find_lab() { # sets $tmp, of the run-qemu.sh that has the number PID, or of the only one
    labs='' found=''
    for dir in "${TMPDIR:-/tmp}"/redirect-lab.*; do
        { [ -O "$dir" ] && read -r lab <"$dir/consoles" && kill -0 "$lab"; } 2>/dev/null || continue
        [ "${1:-$lab}" = "$lab" ] || continue
        labs="$labs $lab" found=$dir
    done
    case $labs in
    '') die 3 "no run-qemu.sh --shell of yours ${1:+with the number $1 }is at a terminal, by ${TMPDIR:-/tmp}" ;;
    ' '*' '*) die 2 "several are at work: choose with --attach PID, of:$labs" ;;
    esac
}

take_console() { # take_console NUMBER: nobody else has it
    if mkdir "$found/console$1.taken" 2>/dev/null; then return; fi
    read -r owner <"$found/console$1.taken/by" && ! kill -0 "$owner" && rm -rf "$found/console$1.taken" &&
        mkdir "$found/console$1.taken"
} 2>/dev/null

let_go() {
    trap '' INT TERM HUP
    kill "$typing" 2>/dev/null
    stty "$terminal_state" <&3
    rm -rf "$found/console$number.taken"
    say "$left"
}

attach() { # attach [NUMBER] [PID]
    { [ -t 0 ] && [ -t 1 ]; } || die 2 "--attach wants a terminal"
    wanted='2 3'
    case ${1-} in [23]) wanted=$1; shift ;; esac
    [ $# -le 1 ] || die 2 "--attach wants a console, 2 or 3, and a process, not $*"
    find_lab "$@"
    for number in $wanted ''; do
        [ -n "$number" ] || die 3 "console $wanted is taken; the other end of it is a --attach of yours"
        ! take_console "$number" || break
    done
    echo $$ >"$found/console$number.taken/by"
    exec 3<&0
    terminal_state=$(stty -g <&3) typing='' left="the lab is over"
    trap let_go EXIT
    trap 'left="left; ./run-qemu.sh --attach $number comes back"; exit' INT
    trap 'exit 143' TERM
    trap 'exit 129' HUP
    say "console $number; Ctrl-] leaves it"
    # All keys are the guest's but the one, which ends what is in the foreground here.
    stty raw -echo isig intr '^]' quit undef susp undef <&3
    cat <&3 >"$found/console$number.in" &
    typing=$!
    cat "$found/console$number.out"
}

# --- the verdict -------------------------------------------------------------------------------------------

# What the console says, in one line: `crash TEXT`, `verdict WORD LINE-BEFORE`, or `doubt REASON`. Lines that
# begin with "# " are the guest's own diagnostics and may quote the kernel's log.
read_console() {
    nonce=$nonce awk '
    BEGIN {
        stamp = "\\[ *[0-9]+\\.[0-9]+\\](\\[ *[CT][0-9]+\\])? "
        trouble = stamp "(Kernel panic - not syncing|BUG: |Oops|WARNING: .* at |watchdog: |Internal error: |" \
            "Unable to handle |general protection fault|INFO: task .* blocked for|rcu: INFO: .* stall|---\\[ cut here)"
    }
    { sub(/\r+$/, "") }
    !/^# / && $0 ~ trouble {
        match($0, stamp)
        text = substr($0, RSTART + RLENGTH)
        if (!crash || (text ~ /^Kernel panic/ && crash !~ /^Kernel panic/)) crash = text
        next
    }
    $0 ~ "^" stamp || !NF { next }
    /^# verdict / { verdicts++; said = $3; is = $4; fields = NF; prior = before; last = NR; }
    { before = $0; line = NR }
    END {
        if (crash) print "crash", crash
        else if (!verdicts) print "doubt", "the guest gave none"
        else if (verdicts > 1) print "doubt", "the guest gave " verdicts
        else if (fields != 4 || said != ENVIRON["nonce"]) print "doubt", "it is not in the words of this run"
        else if (last != line) print "doubt", "it is not the last thing that the guest said"
        else { sub(/^# /, "", prior); print "verdict", is, prior }
    }' "$tmp/console"
}

judge() { # sets $result, the exit status, and $outcome, why
    case $status in 65) channel=pass ;; 67) channel=fail ;; 69) channel=refused ;; 71) channel=usage ;; *) channel='' ;; esac
    found=$(read_console)
    detail=${found#* }
    case $found in
    crash*) result=4 outcome="the guest crashed: $detail"; return ;;
    esac
    if [ "$accelerator" = kvm ] && [ ! -s "$tmp/console" ]; then
        result=3 outcome="$(kvm_failed); $escape"
        return
    elif [ "$ended" = late ]; then
        result=5 outcome="no verdict within $timeout s"
        [ -s "$tmp/console" ] || outcome="$outcome: the guest said nothing at all"
        return
    elif [ ! -s "$tmp/console" ] && [ -z "$channel" ]; then
        result=3 outcome="QEMU ended before the guest's first word, with status $status: $(qemu_said)"
        return
    fi
    case $found in
    verdict*)
        prior=${detail#* } detail=${detail%% *}
        [ "$detail" = "$channel" ] || found="doubt the console says $detail, the exit channel ${channel:-nothing}" ;;
    esac
    case $found in
    "verdict pass"*) result=0 outcome="every check passed" ;;
    "verdict fail"*) result=1 outcome="a check failed" ;;
    "verdict usage"*) result=2 outcome="the guest was asked for what it does not know: $prior" ;;
    "verdict refused"*) result=3 outcome="the guest refused: $prior" ;;
    doubt*)
        result=6 outcome="the verdict cannot be believed: ${found#doubt }"
        [ -n "$channel" ] || [ "$status" = 0 ] || outcome="$outcome (QEMU ended with status $status: $(qemu_said))" ;;
    *) result=6 outcome="the verdict cannot be believed: $found" ;;
    esac
    [ "$mode$result" != grade1 ] || outcome="not all points were made"
    [ "$result" != 1 ] || [ "$accelerator" = kvm ] || outcome="$outcome; the same run again: --accel tcg --seed $seed"
}

# --- the results -------------------------------------------------------------------------------------------

in_json() { printf '%s' "$1" | tr -d '\000-\010\013-\037' | sed 's/[\\"]/\\&/g; s/	/\\t/g'; }
in_xml() { printf '%s' "$1" | tr -d '\000-\010\013-\037' | sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/"/\&quot;/g'; }

split_pictures() { # one file each, named by the comment that it begins with
    mkdir "$tmp/svg"
    awk -v dir="$tmp/svg" '
    /^<!-- [a-z0-9-]+\.svg -->$/ { if (file) close(file); file = dir "/" $2 }
    file { print >file }' "$tmp/pictures"
}

is_whole() { # is_whole FILE END: what the guest wrote, if it wrote anything, ends like that
    ! [ -s "$tmp/$1" ] || [ "$(tail -n 1 "$tmp/$1" | tail -c "$((${#2} + 1))")" = "$2" ]
}

finish_results() { # where the guest did not come to its end, the files say so in its place
    guest_json=null
    if [ "$result" -le 1 ] && [ "$mode" != shell ] && [ "$mode" != grade ] && ! { [ -s "$tmp/guest.json" ] && is_whole guest.json ']}' &&
        is_whole trace.json ']}' && is_whole pictures '</svg>'; }; then
        result=6 outcome="the guest's results are cut short"
    fi
    case $mode in cost | bench) cp "$tmp/guest.json" "$tmp/$mode.json" ;; esac
    if [ "$result" -le 3 ] && [ -s "$tmp/guest.json" ]; then guest_json=$(cat "$tmp/guest.json"); fi
    if [ "$result" -gt 3 ] || [ ! -s "$tmp/results.tap" ]; then
        [ -s "$tmp/results.tap" ] || echo "KTAP version 1" >"$tmp/results.tap"
        echo "Bail out! $outcome" >>"$tmp/results.tap"
    fi
    if [ "$result" -gt 3 ] || [ ! -s "$tmp/junit.xml" ]; then
        cat >"$tmp/junit.xml" <<END
<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
<testsuite name="redirect-lab" tests="1" failures="0" errors="1" skipped="0">
<testcase classname="redirect-lab" name="run">
<error message="$(in_xml "$outcome")"/>
</testcase>
</testsuite>
</testsuites>
END
    fi
    cat >"$tmp/result.json" <<END
{"host": {
  "exit_status": $result, "outcome": "$(in_json "$outcome")",
  "accelerator": "$accelerator", "deterministic": $(case $accelerator$cpus in tcg1) echo true ;; *) echo false ;; esac),
  "qemu_version": "$version", "qemu_status": $status, "machine": "$machine", "arch": "$arch",
  "kernel": "$(in_json "${kernel:-$vmlinux}")", "cpus": $cpus, "memory_mib": $memory,
  "seed": $seed, "repeat": $repeat, "nonce": "$nonce", "wall_ms": $took
},
"guest": $guest_json}
END
    mv "$tmp/console" "$tmp/console.log"
}

put() { # put FILE DIR NAME: it appears there when it is whole
    { mkdir -p -- "$2" && mv -- "$1" "$2/.$3.$$" && mv -- "$2/.$3.$$" "$2/$3"; } 2>/dev/null && return
    rm -f -- "$2/.$3.$$"
    return 1
}

deliver() {
    [ -n "$output" ] || return 0
    finish_results
    files='console.log results.tap junit.xml result.json'
    case $mode in
    cost | bench) files="console.log $mode.json result.json" ;;
    grade) files='console.log results.tap result.json' ;;
    esac
    if [ "$result" -le 1 ] && [ -s "$tmp/trace.json" ]; then
        split_pictures
        files="$files trace.json $(cd "$tmp/svg" && ls)"
        mv "$tmp/svg"/* "$tmp" 2>/dev/null    # what was skipped has no picture
    fi
    for file in $files; do
        put "$tmp/$file" "$output" "$file" && continue
        [ "$result" != 0 ] || result=3
        outcome="$outcome; $output/$file could not be written"
        break
    done
}

# What `lab save` sent is taken as a stranger's: only files come of it, below $kept and by names that stay there, and
# of a save that is whole only. A block of text is before each file: init/parcel.h.
take_saved() { # take_saved <PARCELS: one after the other; fails at what is none
    rm -rf "$tmp/.parcel" && mkdir "$tmp/.parcel"
    while text=$(dd bs=512 count=1 2>/dev/null | tr -d '\000'); do
        case $text in
        '') [ -z "$(ls -A "$tmp/.parcel")" ]; return ;;
        saved) place_saved || return; continue ;;
        "file 644 "[0-9]* | "file 755 "[0-9]*) ;;
        *) return 1 ;;
        esac
        text=${text#file } bits=${text%% *} text=${text#* }
        length=${text%% *} name=${text#* }
        case $length in *[!0-9]*) return 1 ;; esac
        case /$name/ in *"
"* | *//* | */./* | */../*) return 1 ;; esac
        case $name in */*) mkdir -p "$tmp/.parcel/${name%/*}" ;; esac || return
        { : >"$tmp/.parcel/$name" && chmod "$bits" "$tmp/.parcel/$name"; } || return
        [ "$length" = 0 ] || dd bs=512 count="$(((length + 511) / 512))" 2>/dev/null | head -c "$length" >"$tmp/.parcel/$name" || return
    done
}

place_saved() { # file by file
    (cd "$tmp/.parcel" && find . -type f) | while IFS= read -r name; do
        into=$kept/${name#./}
        put "$tmp/.parcel/$name" "${into%/*}" "${into##*/}" || exit
    done && rm -rf "$tmp/.parcel" && mkdir "$tmp/.parcel"
}

deliver_work() { # on every way out, as it is somebody's work; once
    [ -s "$tmp/saved" ] || return 0
    mv "$tmp/saved" "$tmp/.saved"
    if take_saved <"$tmp/.saved" 2>/dev/null; then say "what was saved is in $kept"; return; fi
    cut="of what \`lab save\` sent, not all came to $kept: it is cut short, or cannot be written there"
    if [ "${result-}" = 0 ]; then result=3 outcome=$cut; else say "$cut"; fi
}

# The capture ends with the statistics of its seventh and last interface: block type, length, number.
is_whole_capture() {
    size=$(wc -c <"$tmp/capture")
    [ "$size" -gt 76 ] && [ "$(bytes "$tmp/capture" $((size - 76)) 12)" = 050000004c00000006000000 ]
}

deliver_capture() { # likewise; what was lost from it, the guest has said, and is told again in it
    [ -n "$capture" ] || return 0
    if [ "$result" -gt 1 ]; then
        outcome="$outcome; $capture was not written"
    elif ! is_whole_capture; then
        result=6 outcome="the capture is cut short; $capture was not written"
    elif ! put "$tmp/capture" "${capture%/*}" "${capture##*/}"; then
        [ "$result" != 0 ] || result=3
        outcome="$outcome; $capture could not be written"
    fi
}

# --- what --list and --doctor show -----------------------------------------------------------------------------

list_checks() { awk -F '\t' '{ printf "%-28s %s\n", $1, $2 }' "$image/checks"; }

tell_qemu() { find_qemu; echo "$version"; }
tell_machine() { find_qemu; find_machine; echo "$machine${sandbox:+, sandboxed}"; }
tell_memory() { find_memory; echo "${free:-unknown} MiB free"; }
tell_tools() { # tell_tools PURPOSE
    lacking=$("$here/tools/deps" --list-missing "$1" --arch "$arch" | cut -f 1 | tr '\n' ' ')
    [ -z "$lacking" ] || die 3 "$lacking- mend: $(how_to_get "$1")"
    echo "all there"
}
tell_disk() {
    room=$(room_in "$here")
    echo "$((${room:-0} / 1024)) MiB free in $here"
    [ -e "$image/$image_kernel" ] || [ "${room:-$room_to_build}" -ge "$room_to_build" ] || die 3 "a build wants $((room_to_build / 1024)) MiB"
}
tell_handout() { (cd -- "$here" && sha256sum -c --quiet SHA256SUMS 2>&1) && echo "$image, whole"; }
tell_image() { if [ -e "$image/$image_kernel" ]; then (find_image); echo "$image"; else echo "not built yet: ./run-qemu.sh builds it"; fi; }
tell_kvm() { # only a guest can tell
    accel=kvm
    find_accelerators
    [ -e "$image/$image_kernel" ] || { echo "$kvm_device is there; whether it works shows with an image"; return; }
    said=$(sh "$self" --arch "$arch" --accel kvm --check "$(head -n 1 "$image/checks" | cut -f 1)" 2>&1 >/dev/null) || { echo "$said"; return 1; }
    echo "runs a guest"
}

tell_openers() { # what others' kernels and modules are compressed with
    lacking=''
    for tool in gzip xz zstd lz4; do command -v "$tool" >/dev/null || lacking="$lacking $tool"; done
    [ -z "$lacking" ] || { echo "--kernel lacks$lacking for some kernels"; return 1; }
    echo "--kernel opens gzip, xz, zstd and lz4"
}

what_builds() { cat <<'END'
disk lacks tell_disk
image lacks tell_image
build-tools lacks tell_tools build
test-tools lacks tell_tools test
END
}

doctor() { # exit 3 where a row says `lacks`; without KVM the lab only takes longer
    result=0
    while read -r what lack teller; do
        # shellcheck disable=SC2086 # a teller may have an argument
        if said=$($teller 2>&1 </dev/null); then state=ok; else state=$lack; fi
        [ "$state" != lacks ] || result=3
        printf '%-12s %-6s %s\n' "$what" "$state" "$(printf '%s' "$said" | sed 's/^run-qemu.sh: //' | tr '\n' ' ')"
    done <<END
QEMU lacks tell_qemu
machine lacks tell_machine
KVM no tell_kvm
memory lacks tell_memory
kernels no tell_openers
run-tools lacks tell_tools run
$(if [ -n "$handout" ]; then echo handout lacks tell_handout; else what_builds; fi)
END
    exit "$result"
}

# -----------------------------------------------------------------------------------------------------------------

main() {
    read_options "$@"
    check_options
    case $action in
    help) show_help; exit ;;
    doctor) doctor ;;
    list) find_checks; list_checks; exit ;;
    attach)
        # shellcheck disable=SC2086 # a number or two
        attach $attach
        exit ;;
    esac
    find_checks
    find_trace
    find_object
    find_work
    find_share
    find_image
    find_compiler
    find_qemu
    find_machine
    find_memory
    find_accelerators
    draw
    find_terminal
    [ "$action" = print-command ] || find_room
    if [ -n "$class" ]; then
        . "$here/tools/class.sh"
        grade_class "$@"
    fi
    add_workshop
    find_kernel
    if [ "$action" = print-command ]; then
        describe_machine "${accel#* }"
        printf '%s%s%s\n' "$joining" "$qemu" "$flags"
        exit
    fi
    add_object
    add_work
    add_saved
    run
    judge
    deliver_capture
    deliver_work
    deliver
    [ "$result" = 0 ] || say "$outcome"
    exit "$result"
}

main "$@"
