# shellcheck shell=sh
# Sourced by a long recipe: from here to the recipe's end all output goes to $log; a person sees one line when
# the step begins and one when it ends, or the log's last lines when it fails. V=1 shows all and logs nothing.

# shellcheck disable=SC2154 # the recipe sets log
mkdir -p "${log%/*}"
exec 3>&1 4>&2
began=$(date +%s)
echo "${step:?} …" >&3
[ -n "${V:-}" ] || exec >"$log" 2>&1
set -x

finish() {
	status=$1
	set +x
	if [ "$status" = 0 ]; then
		echo "$step … $(($(date +%s) - began)) s" >&3
	else
		[ -n "${V:-}" ] || tail -n 30 "$log" >&4
		echo "$step: failed${V:-, the whole log is $log}" >&4
	fi
	exit "$status"
}
trap 'finish $?' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
