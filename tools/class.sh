# shellcheck shell=sh disable=SC2154,SC2034 # what is not set or used here is in run-qemu.sh
# Sourced by run-qemu.sh for --grade CLASS: each participant's directory is graded by a run-qemu.sh of its own, in a
# machine of its own, several at a time; what they are worth makes one table.
#
# The names of the directories are foreign text: they go from glob to file as they are, and to people as written()
# writes them. What a run says is believed only when its exit status and its results.tap agree.

# written TEXT: in one line that neither a terminal nor a spreadsheet takes for more than text, and that is another
# for another text. UTF-8 stays, but for what is not seen or turns the line around; other bytes are \xHH.
written() {
    text=$1 awk '
    function is_unseen(code) {
        return code < 160 || code == 173 || (code >= 8203 && code <= 8207) || (code >= 8232 && code <= 8238) ||
            (code >= 8288 && code <= 8303) || code == 65279 || (code >= 65529 && code <= 65531) || code >= 917504
    }
    function sequence(at,    code, size, i, next_byte) { # the size of the UTF-8 character that is shown there, or 0
        code = ord[substr(text, at, 1)]
        size = code >= 194 && code < 224 ? 2 : code >= 224 && code < 240 ? 3 : code >= 240 && code < 245 ? 4 : 0
        code -= size == 2 ? 192 : size == 3 ? 224 : 240
        for (i = 1; i < size; i++) {
            next_byte = ord[substr(text, at + i, 1)]
            if (next_byte < 128 || next_byte > 191) return 0
            code = code * 64 + next_byte - 128
        }
        if ((size == 3 && code < 2048) || (size == 4 && code < 65536) || (code >= 55296 && code < 57344)) return 0
        return is_unseen(code) ? 0 : size
    }
    BEGIN {
        for (i = 1; i < 256; i++) ord[sprintf("%c", i)] = i
        text = ENVIRON["text"]
        for (at = 1; at <= length(text); at += size) {
            c = substr(text, at, 1)
            size = ord[c] < 128 ? 1 : sequence(at)
            if (c == "\\") printf "\\\\"
            else if (c == "\n") printf "\\n"
            else if (!size || ord[c] < 32 || ord[c] == 127 || (at == 1 && index("=+-@", c))) { printf "\\x%02x", ord[c]; size = 1 }
            else printf "%s", substr(text, at, size)
        }
    }'
}

find_participants() { # the class's directories, in $participants as words for eval; what is none is told
    participants='' count=0 others=''
    for directory in "$grade"/*; do
        name=${directory##*/}
        if [ -d "$directory" ]; then
            participants="$participants $(quoted "$directory/")" count=$((count + 1))
        elif [ -e "$directory" ] || [ -L "$directory" ]; then
            others="$others${others:+, }$(written "$name")"
        fi
    done
    [ -z "$others" ] || say "no directories, and not graded: $others"
}

find_jobs() { # sets $jobs: a processor and the guest's memory for each
    jobs=$(nproc 2>/dev/null) || jobs=1
    [ -z "$free" ] || [ $((free / memory)) -ge "$jobs" ] || jobs=$((free / memory))
    [ "$jobs" -le "$count" ] || jobs=$count
}

# --- one participant ------------------------------------------------------------------------------------------

# The points, tab-separated in the exercises' order, then total and most; fails unless each has its line, once.
points_of() { # points_of RESULTS
    awk -v names="$names" '
    /^(not )?ok [0-9]+ [0-9][0-9a-z-]* # [0-9]+ of [0-9]+ points$/ {
        name = $(NF - 5)
        seen[name]++
        points[name] = $(NF - 3)
        total += $(NF - 3)
        most += $(NF - 1)
        whole += ($1 == "ok") == ($(NF - 3) == $(NF - 1))
        lines++
    }
    END {
        n = split(names, name_of, " ")
        for (i = 1; i <= n; i++) if (seen[name_of[i]] != 1) exit 1
        if (lines != n || whole != n) exit 1
        for (i = 1; i <= n; i++) printf "%d\t", points[name_of[i]]
        printf "%d\t%d\n", total, most
    }' "$1"
}

run_one() { # run_one INTO DIRECTORY: sets $status, and $outcome where there are no points
    outcome=''
    if [ -L "${2%/}" ]; then
        status=3 outcome="a link, which is not followed"
        return
    fi
    status=0
    (
        into=$1 directory=${2%/}
        eval "set -- $rerun"
        # It says its number, then looks whether all is over; watch_class() says that all is over, then looks for numbers.
        REDIRECT_LAB_OF_CLASS=1 exec sh -c 'echo $$ >"$0/pid" && [ ! -e "$0/../over" ] && exec sh "$@"' "$into" "$self" "$@" \
            --grade "$directory" --output "$into/feedback"
    ) </dev/null >/dev/null 2>"$1/said" || status=$?
    rm -f "$1/pid"
    [ "$status" -gt 1 ] || return 0
    outcome=$(cat "$1/said")
    outcome=${outcome##*run-qemu.sh: } outcome=${outcome#"--grade ${2%/}"}
    outcome=${outcome#:} outcome=${outcome# }
    case $status in [2-6]) ;; *) outcome="its run ended with status $status" status=6 ;; esac
}

no_points() { # no_points NUMBER NAME STATUS OUTCOME: the row, and what is handed back
    say "$1 of $count, $2: not graded: $4"
    mkdir -p "$tmp/$1/feedback"
    [ -s "$tmp/$1/feedback/results.tap" ] || printf 'KTAP version 1\nBail out! %s\n' "$4" >"$tmp/$1/feedback/results.tap"
    printf '%s\t%s\t%s\n' "$2" "$3" "$4" >"$tmp/$1/row"
}

grade_one() { # grade_one NUMBER DIRECTORY: its row, and the words to hand back
    name=${2%/} name=$(written "${name##*/}")
    run_one "$tmp/$1" "$2"
    [ ! -e "$tmp/over" ] || return 0
    if [ "$status" -le 1 ]; then
        points=$(points_of "$tmp/$1/feedback/results.tap" 2>/dev/null)
        most=${points##*	} total=${points%	*} total=${total##*	}
        if [ -z "$points" ]; then status=6 outcome="no believable points in its results"
        elif [ "$((total == most))" = "$status" ]; then status=6 outcome="its points and its verdict disagree"; fi
    fi
    if [ "$status" -le 1 ]; then
        say "$1 of $count, $name: $total of $most points"
        printf '%s\t%s\tgraded\t%s\n' "$name" "$status" "$points" >"$tmp/$1/row"
    else
        no_points "$1" "$name" "$status" "$(written "$outcome")"
    fi
}

# --- all of them -----------------------------------------------------------------------------------------------

work() { # work DIRECTORY…: whoever makes the directory of a number grades it
    exec 7<&- 9>&-
    number=0
    for directory; do
        number=$((number + 1))
        [ ! -e "$tmp/over" ] || break
        ! mkdir "$tmp/$number" 2>/dev/null || grade_one "$number" "$directory"
    done
}

# The lifeline ends with the script, however that ends; the other pipe with all who grade, their machines too.
watch_class() {
    exec <"$tmp/lifeline" >/dev/null 2>&1 8>&- 9>&-
    trap '' INT TERM HUP
    read -r said
    : >"$tmp/over"
    for pid in "$tmp"/*/pid; do kill -TERM "$(cat "$pid")"; done
    read -r said <&7
    rm -rf "$tmp"
}

grade_all() { # grade_all DIRECTORY…
    mkfifo "$tmp/lifeline" "$tmp/at-work" || die 3 "$tmp cannot be written"
    exec 8<>"$tmp/at-work" 9<>"$tmp/lifeline"
    exec 7<"$tmp/at-work"
    watch_class &
    watchdog=$!
    workers=''
    while [ "$jobs" -gt 0 ]; do
        work "$@" &
        workers="$workers $!" jobs=$((jobs - 1))
    done
    exec 7<&- 8>&-
    # shellcheck disable=SC2086 # numbers
    wait $workers
    number=0
    for directory; do
        number=$((number + 1)) name=${directory%/}
        [ -s "$tmp/$number/row" ] || no_points "$number" "$(written "${name##*/}")" 6 "the process that graded it was ended"
        cat "$tmp/$number/row"
    done >"$tmp/rows"
}

# --- what comes of it -------------------------------------------------------------------------------------------
# A row: name, status, outcome, and where there are points, those of each exercise, total and most.

show_table() {
    awk -F '\t' -v names="$names" '
    function width(text) { gsub(/[\200-\277]/, "", text); return length(text) } # in characters
    function left(text,    missing) { for (missing = widest - width(text); missing > 0; missing--) text = text " "; return text }
    { name[NR] = $1; outcome[NR] = $3; row[NR] = $0; if (width($1) > widest) widest = width($1) }
    END {
        if (widest > 40) widest = 40
        if (widest < 11) widest = 11
        n = split(names, exercise, " ")
        printf "%s", left("participant")
        for (i = 1; i <= n; i++) printf " %2d", exercise[i]
        print "       total  status"
        for (r = 1; r <= NR; r++) {
            has = split(row[r], field, "\t") > 3
            printf "%s", left(name[r])
            for (i = 1; i <= n; i++) printf " %2s", has ? field[3 + i] : "-"
            printf "  %10s  %s\n", has ? field[4 + n] " of " field[5 + n] : "-", outcome[r]
        }
    }' "$tmp/rows"
}

grades_csv() { # RFC 4180; no points are no number
    awk -F '\t' -v names="$names" '
    function quote(text) { if (text !~ /[",]/) return text; gsub(/"/, "\"\"", text); return "\"" text "\"" }
    BEGIN {
        n = split(names, exercise, " ")
        printf "participant"
        for (i = 1; i <= n; i++) printf ",%s", exercise[i]
        print ",total,of,status"
    }
    { printf "%s", quote($1); for (i = 4; i <= n + 5; i++) printf ",%s", $i; print "," quote($3) }' "$tmp/rows"
}

grades_json() {
    awk -F '\t' -v names="$names" -v seed="$shared_seed" '
    function quote(text) { gsub(/[\\"]/, "\\\\&", text); return "\"" text "\"" }
    BEGIN { n = split(names, exercise, " "); printf "{\"seed\": %s, \"participants\": [", (seed == "" ? "null" : seed) }
    {
        printf "%s\n  {\"name\": %s, \"exit_status\": %d, \"status\": %s, ", (NR > 1 ? "," : ""), quote($1), $2, quote($3)
        if (NF == 3) { printf "\"points\": null, \"total\": null, \"of\": null}"; next }
        printf "\"points\": {"
        for (i = 1; i <= n; i++) printf "%s%s: %d", (i > 1 ? ", " : ""), quote(exercise[i]), $(3 + i)
        printf "}, \"total\": %d, \"of\": %d}", $(4 + n), $(5 + n)
    }
    END { print "\n]}" }' "$tmp/rows"
}

check_class_output() { # what lies in the class would be a participant
    [ -n "$output" ] || return 0
    case $(cd -- "$output" && pwd -P)/feedback/ in
    "$(cd -- "$grade" && pwd -P)"/*)
        rmdir -- "$output" 2>/dev/null    # which find_room() may have made
        die 2 "--output $output would write among the participants of $grade" ;;
    esac
}

deliver_class() { # deliver_class DIRECTORY…: the grades last
    [ -n "$output" ] || return 0
    number=0
    for directory; do
        number=$((number + 1)) directory=${directory%/}
        for file in "$tmp/$number/feedback"/*; do
            put "$file" "$output/feedback/${directory##*/}" "${file##*/}" || return
        done
    done
    grades_json >"$tmp/grades.json" && grades_csv >"$tmp/grades.csv" && put "$tmp/grades.json" "$output" grades.json &&
        put "$tmp/grades.csv" "$output" grades.csv
}

grade_class() { # grade_class OPTION…: those of this run hold for each
    check_class_output
    rerun='' shared_seed=''
    # One draw for all, and one that can be given again, where the machine is such a one.
    if [ "$accel" != kvm ] && [ "$cpus" = 1 ]; then
        shared_seed=$seed
        set -- "$@" --seed "$seed"
    fi
    for word; do rerun="$rerun $(quoted "$word")"; done
    names=$(cd -- "$exercises" && echo [0-9]*)
    find_participants
    find_jobs
    say "$count participants, $jobs at a time${shared_seed:+, --seed $shared_seed}"
    eval "set -- $participants"
    grade_all "$@"
    show_table
    deliver_class "$@" || die 3 "not all could be written to $output"
    worst=$(awk -F '\t' '$2 > 1 && $2 > worst { worst = $2 } END { print worst + 0 }' "$tmp/rows")
    [ "$worst" = 0 ] || say "not graded: $(awk -F '\t' '$2 > 1 { printf "%s%s", more, $1; more = ", " }' "$tmp/rows")"
    exit "$worst"
}
