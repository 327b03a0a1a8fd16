# shellcheck shell=sh
# Sourced by a long recipe: from here to the recipe's end all output goes to $log; a person sees one line when
# the step begins and one when it ends, or the log's last lines when it fails. V=1 shows all and logs nothing.
# On a terminal the line shows how far the step is, measured in the $lines that its log will have.

# shellcheck disable=SC2154 # the recipe sets log
mkdir -p "${log%/*}"
exec 8>&1 9>&2 # make keeps its job server in 3 and 4
began=$(date +%s)
elapsed() { echo "$(($(date +%s) - began)) s"; }

ticker=
tick() {
	trap 'exit 0' TERM
	while sleep 1; do
		far=$([ -z "${lines-}" ] || echo ", $(($(wc -l <"$log") * 100 / lines)) %")
		printf '\r\033[K%s … %s%s' "$step" "$(elapsed)" "$far" >&8
	done
}

finish() {
	status=$1
	set +x
	[ -z "$ticker" ] || { kill "$ticker" 2>/dev/null || :; printf '\r\033[K' >&8; }
	if [ "$status" = 0 ]; then
		echo "$step … $(elapsed)" >&8
	elif [ "$status" -gt 128 ]; then
		echo "$step: interrupted" >&9
	elif [ -n "${V:-}" ]; then
		echo "$step: failed" >&9
	else
		tail -n 30 "$log" >&9
		echo "$step: failed; the whole log is $log" >&9
	fi
	exit "$status"
}
trap 'finish $?' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if [ -n "${V:-}" ]; then
	echo "${step:?} …"
elif [ -t 8 ]; then
	exec >"$log" 2>&1
	tick 3>&- 4>&- &
	ticker=$!
else
	echo "${step:?} …"
	exec >"$log" 2>&1
fi
set -x
