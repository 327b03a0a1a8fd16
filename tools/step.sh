# shellcheck shell=sh
# Sourced by a long recipe: from here to the recipe's end all output goes to $log; a person sees one line when
# the step begins and one when it ends, or the log's last lines when it fails. V=1 shows all and logs nothing.

# shellcheck disable=SC2154 # the recipe sets log
mkdir -p "${log%/*}"
exec 8>&1 9>&2 # make keeps its job server in 3 and 4
began=$(date +%s)
echo "${step:?} …" >&8
[ -n "${V:-}" ] || exec >"$log" 2>&1
set -x

finish() {
	status=$1
	set +x
	if [ "$status" = 0 ]; then
		echo "$step … $(($(date +%s) - began)) s" >&8
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
