# SPDX-License-Identifier: MIT
# lib.sh -- what every live test starts with: TAP, bundles, a private "host".
#
# Sourced as the first command.  Needs busybox, the binary under test and the
# helpers of tests/tools, nothing else: the same files run on a development
# machine, in user-mode Linux and in QEMU.
#
#   WHERRY   the binary under test          TOOLS  directory of the helpers
#   BUSYBOX  a static busybox               QUICK  1: fewer rounds in races
#   WRAP     command before WHERRY, such as "nosys -e EPERM -s openat2"
#
# The test runs in a mount namespace of its own with a tmpfs at $T, so that
# nothing it mounts or leaves there outlives it.  Every mount in it is shared,
# as systemd does it: what a container lets through then shows up here.

set -u
LIVE=$(cd "${0%/*}" && pwd)
: "${WHERRY:=build/wherry}" "${TOOLS:=build/tools}" "${QUICK:=}" "${WRAP:=}"
: "${HOST_PROPAGATION:=rshared}"
SHELL_EXE=$(readlink /proc/$$/exe)
case $SHELL_EXE in
*/busybox) : "${BUSYBOX:=$SHELL_EXE}" ;;
*) : "${BUSYBOX:=$(command -v busybox)}" ;;
esac

# What the kernel lacks that the binary sees.
kernel_has() { # NAME: of tests/tools/has
	$WRAP "$TOOLS/has" "$1" 2>/dev/null
}

abs() {
	case $1 in /*) echo "$1" ;; *) echo "$PWD/$1" ;; esac
}

skip_all() {
	echo "1..0 # SKIP $*"
	exit 0
}

# What a container that nobody knows any more has left.
# Its processes may still be on their way out.
sweep() {
	for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		left=$(find /sys/fs/cgroup -depth -type d -name "*$P*" \
			2>/dev/null)
		[ -n "$left" ] || break
		[ $try = 1 ] || sleep 0.1
		echo "$left" | while read -r d; do
			rmdir "$d" 2>/dev/null
		done
	done
}

if [ -z "${IN_PRIVATE:-}" ]; then
	[ "$(id -u)" = 0 ] || skip_all "needs root"
	[ -x "$WHERRY" ] || { echo "Bail out! no $WHERRY"; exit 1; }
	[ -x "$TOOLS/limit" ] || { echo "Bail out! no $TOOLS/limit"; exit 1; }
	[ -x "$BUSYBOX" ] || { echo "Bail out! no busybox"; exit 1; }
	case $SHELL_EXE in
	*/busybox) set -- "$SHELL_EXE" sh "$0" "$@" ;;
	*) set -- "$SHELL_EXE" "$0" "$@" ;;
	esac
	T=$(mktemp -d /tmp/wherry.XXXXXX) || exit 1
	# Everything of this run carries the mark: ids, cgroups, environments.
	P=wt$$
	# rmdir refuses if anything was put below the mount point from outside;
	# an attack that succeeds may have taken the cgroups out of the inside.
	trap 'rmdir "$T"; sweep' EXIT
	export T P IN_PRIVATE=1
	WHERRY=$(abs "$WHERRY") TOOLS=$(abs "$TOOLS") BUSYBOX=$(abs "$BUSYBOX")
	export WHERRY TOOLS BUSYBOX QUICK HOST_PROPAGATION
	# shellcheck disable=SC2086  # more options
	unshare -m ${HOST_NAMESPACES:-} "$TOOLS/reaper" "$@"
	exit $?
fi

if ! mount -t tmpfs -o mode=0755 live "$T" ||
    ! mount "--make-$HOST_PROPAGATION" /; then
	echo "Bail out! mount"
	exit 1
fi

STATE=$T/state
CAN=$T/canary
mkdir -p "$T/b" "$CAN"

# --- TAP ----------------------------------------------------------------------

N=0
BAD=0

note() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

pass() {
	N=$((N + 1))
	echo "ok $N - $*"
}

fail() {
	N=$((N + 1))
	BAD=$((BAD + 1))
	echo "not ok $N - $*"
}

skip() { # DESC REASON
	N=$((N + 1))
	echo "ok $N - $1 # SKIP $2"
}

ok() { # DESC CMD...
	desc=$1
	shift
	if "$@" >"$T/out" 2>"$T/err" </dev/null; then
		pass "$desc"
	else
		rc=$?
		fail "$desc"
		note "status $rc: $*"
		note "$(head -c 600 "$T/err")"
		return 1
	fi
}

is() { # DESC GOT WANT
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1"
		note "got:  $2"
		note "want: $3"
		return 1
	fi
}

like() { # DESC TEXT ERE
	if printf '%s\n' "$2" | grep -Eq -- "$3"; then
		pass "$1"
	else
		fail "$1"
		note "got:  $2"
		note "want: /$3/"
		return 1
	fi
}

unlike() { # DESC TEXT ERE
	if printf '%s\n' "$2" | grep -Eq -- "$3"; then
		fail "$1"
		note "got:  $2"
		note "not:  /$3/"
		return 1
	else
		pass "$1"
	fi
}

# --- The binary under test ----------------------------------------------------

# Output goes to files, not pipes: a created container keeps them open.
w() {
	"$TOOLS/limit" 30 $WRAP "$WHERRY" --root "$STATE" "$@" \
		>"$T/out" 2>"$T/err" </dev/null
	rc=$?
	return $rc
}

out() {
	cat "$T/out"
}

err() {
	head -c 2000 "$T/err"
}

works() { # DESC ARGS...
	desc=$1
	shift
	if w "$@"; then
		pass "$desc"
	else
		fail "$desc"
		note "status $rc: $*"
		note "$(err)"
		return 1
	fi
}

# A refusal has status 1 and a reason on stderr; a crash or a hang is neither.
fails() { # DESC ERE ARGS...
	desc=$1
	ere=$2
	shift 2
	if w "$@"; then
		fail "$desc"
		note "it worked: $*"
		clean
		return 1
	elif [ $rc = 1 ] && grep -Eq -- "$ere" "$T/err"; then
		pass "$desc"
	else
		fail "$desc"
		note "status $rc: $*"
		note "got:  $(err)"
		note "want: /$ere/"
		return 1
	fi
}

gives() { # DESC TEXT ARGS...
	desc=$1
	text=$2
	shift 2
	w "$@"
	is "$desc" "$rc: $(out)$(err)" "0: $text"
}

field() { # NAME: its value in the JSON object that was printed last
	tr -d '\n' <"$T/out" | sed -n \
		"s/.*\"$1\" *: *\"\{0,1\}\([^\",}]*\)[\",}].*/\1/p"
}

status_of() {
	w state "$1" && field status
}

pid_of() {
	if w state "$1"; then
		field pid
	else
		err >&2
	fi
}

# Whether a process has WORD, as no other would, among its arguments.  What
# stands between them is not matched by the dot of some greps.
has_argument() { # WORD
	cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n' |
		grep -qx -e "[${1%"${1#?}"}]${1#?}"
}

until_status() { # ID STATUS: within 5 s
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 \
	    21 22 23 24 25; do
		[ "$(status_of "$1")" = "$2" ] && return 0
		sleep 0.2
	done
	return 1
}

. "$LIVE/bundle.sh"

# Lets a container go that reads from a FIFO; it may have died.
release() { # FIFO
	"$TOOLS/limit" 5 "$BUSYBOX" sh -c 'echo go >"$0"' "$1"
}

# --- What must not be left behind ---------------------------------------------

# Zombies do not count: when they go is up to process 1.
marked_processes() {
	for f in $(grep -l "WHERRY_TEST=$P" /proc/[0-9]*/environ 2>/dev/null
	    grep -l "/[^/]*$P" /proc/[0-9]*/cgroup 2>/dev/null); do
		readlink "${f%/*}/exe" >/dev/null && echo "$f"
	done
	for d in "$T"/state/*/init; do
		[ -e "$d" ] && echo "$d"
	done
}

leaks() {
	cut -d' ' -f3- /proc/self/mountinfo | sort
	find /sys/fs/cgroup -type d -name "*$P*" 2>/dev/null
	marked_processes
	ls -A "$STATE" 2>/dev/null
	[ -z "${LEAK_ALL:-}" ] || find /run /tmp -xdev ! -path "$T*" | sort
	"$TOOLS/fp" "$CAN"
	find / -xdev -maxdepth 1 | sort
}

# Takes the picture that `done_testing` compares with.  The canary is the host
# file system that attacks aim at.
baseline() {
	mkdir -p "$CAN/d" "$CAN/conf.d"
	echo canary >"$CAN/f"
	ln -s f "$CAN/link"
	: >"$CAN/ptmx"
	leaks >"$T/leak.before"
}

same_as_before() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		leaks >"$T/leak.now"
		cmp -s "$T/leak.before" "$T/leak.now" && return 0
		sleep 0.2
	done
	diff "$T/leak.before" "$T/leak.now" | head -20 | sed 's/^/# /'
	return 1
}

canary_same() { # DESC
	"$TOOLS/fp" "$CAN" >"$T/canary.now"
	grep "^$CAN" "$T/leak.before" >"$T/canary.before"
	if cmp -s "$T/canary.before" "$T/canary.now"; then
		pass "$1"
	else
		fail "$1"
		diff "$T/canary.before" "$T/canary.now" | sed 's/^/# /'
		return 1
	fi
}

clean() {
	for d in "$STATE"/*/; do
		[ -d "$d" ] || continue
		d=${d%/}
		w delete --force "${d##*/}"
	done
	for f in $(marked_processes); do
		f=${f#/proc/}
		kill -9 "${f%%/*}" 2>/dev/null
	done
}
trap 'exit 130' INT TERM
# shellcheck disable=SC2154  # end is set here; w sets rc
trap 'end=$?; clean; sweep; exit $end' EXIT

done_testing() {
	if same_as_before; then
		pass "nothing is left behind"
	else
		fail "nothing is left behind"
	fi
	echo "1..$N"
	exit $((BAD > 0))
}

baseline
