#!/bin/sh
# SPDX-License-Identifier: MIT
# run.sh -- the OCI validation suite, held against tests/oci/expected.
#
# WHERRY: the binary.  CACHE: see build.sh.  ONLY: "NAME NAME...".
# KEEP: a directory for what the programs print.
#
# The programs have no idea of tidiness: they use the default --root, cgroups at
# fixed places, and leave containers.  So they run in namespaces of their own
# for mounts (/dev, /run and $TMPDIR are new), processes (all die with it) and
# cgroups (each hierarchy begins at a cgroup of ours).
: "${WHERRY:=build/wherry}"
HERE=$(cd "$(dirname "$0")" && pwd)
LIMIT=60

inside() {
	set -e
	grep ' - cgroup2\{0,1\} ' /proc/self/mountinfo |
		while read -r _ _ _ _ mount rest; do
			kind=${rest##*- }
			kind=${kind%% *}
			names=${rest##* rw}
			echo "$mount $kind ${names#,}"
		done >"$W/mounts"
	sed 's/ .*//' "$W/mounts" | while read -r mount; do
		umount -l "$mount"
	done
	while read -r mount kind names; do
		case $names in
		*name=*) names=none,$names ;;
		esac
		mount -t "$kind" ${names:+-o "$names"} suite "$mount"
	done <"$W/mounts"
	mount -t tmpfs -o mode=755 suite /dev
	while read -r name major minor; do
		mknod -m 666 "/dev/$name" c "$major" "$minor"
	done <<-END
		null 1 3
		zero 1 5
		full 1 7
		random 1 8
		urandom 1 9
		tty 5 0
	END
	mount -t tmpfs -o mode=755 suite /run
	mkdir "/run/suite"
	export TMPDIR=/run/suite
	cd "$OUT"
	set +e
	# Programs that use the same cgroups run one after another.
	for name in $CGROUPS; do
		one "$name" </dev/null
	done &
	for name in $OTHERS; do
		echo "$name"
	done | xargs -P 3 -n 1 sh "$HERE/run.sh" one
	wait
	for name in $("$WHERRY" list -q); do
		"$WHERRY" delete --force "$name"
	done
	# the way to a container's cgroup belongs to nobody
	sed 's/ .*//' "$W/mounts" | while read -r mount; do
		rmdir "$mount/testdir/cgrouptest" "$mount/testdir" 2>/dev/null
	done
}

once() { # NAME RUNTIME
	RUNTIME=$2 timeout -k 5 "$LIMIT" "./$1" \
		>"$W/$1.out" 2>"$W/$1.err" </dev/null
	echo $? >"$W/$1.rc"
}

# What a program with a race finds in one of five runs counts.
one() {
	cd "$OUT" || exit 1
	if ! grep -q "^$1[[:space:]].*[[:space:]]race " "$HERE/expected"; then
		once "$1" "$WHERRY"
		return
	fi
	for _ in 1 2 3 4 5; do
		once "$1" "$W/patient"
		grep -q "^$1[[:space:]]*$(verdict "$1")[[:space:]]" \
			"$HERE/expected" && break
	done
}

# What a program found: pass, fail:N for N bad results, fail:diag for one that
# has no results and prints what is wrong, fail:N:exit if it gave up.
verdict() {
	awk -v rc="$(cat "$W/$1.rc")" '
		/^not ok / && !/# TODO/ { bad++ }
		/^ok / { good++ }
		/^ *---$/ { diag++ }
		END {
			if (rc == 124)
				print "fail:timeout"
			else if (rc)
				print "fail:" bad + 0 ":exit"
			else if (bad)
				print "fail:" bad
			else if (diag && !good)
				print "fail:diag"
			else
				print "pass"
		}' "$W/$1.out"
}

# The table says what a machine must have for a program to pass.
machine_has() {
	case $1 in
	cap:*)
		caps=$(sed -n 's/^CapEff:[^0-9a-f]*/0x/p' /proc/self/status)
		[ $((caps >> ${1#cap:} & 1)) = 1 ] ;;
	*)
		[ -e "$1" ] ;;
	esac
}

case ${1:-} in
inside) inside; exit ;;
one) one "$2"; exit ;;
esac

skip() {
	echo "1..0 # SKIP oci: $*"
	exit 0
}
[ "$(id -u)" = 0 ] || skip "needs root"
WHERRY=$(readlink -f "$WHERRY")
[ -x "$WHERRY" ] || { echo "Bail out! no $WHERRY"; exit 1; }
W=$(mktemp -d) || exit 1
trap 'rm -rf "$W"' EXIT
trap 'exit 130' INT TERM
OUT=$(sh "$HERE/build.sh" 2>"$W/why")
case $? in
0) ;;
1) skip "$(cat "$W/why")" ;;
*) echo "Bail out! $(cat "$W/why")"; exit 1 ;;
esac

{
	echo "#!$(command -v sh)"
	cat "$HERE/patient.sh"
} >"$W/patient"
chmod 755 "$W/patient"
all=$(cd "$OUT" && find . -type f ! -name runtimetest ! -name 'rootfs*' |
	sed 's|^\./||' | sort)
CGROUPS='' OTHERS=''
for name in ${ONLY:-$all}; do
	case $name in
	linux_cgroups_*|delete_*) CGROUPS="$CGROUPS $name" ;;
	*) OTHERS="$OTHERS $name" ;;
	esac
done
export W OUT WHERRY HERE CGROUPS OTHERS

null=$(stat -c '%u:%g %a' /dev/null)
grep ' - cgroup2\{0,1\} ' /proc/self/mountinfo | cut -d' ' -f5 |
	while read -r mount; do
		mkdir "$mount/suite$$" || continue
		for f in cpuset.cpus cpuset.mems; do
			[ ! -e "$mount/$f" ] ||
				cat "$mount/$f" >"$mount/suite$$/$f"
		done
		echo "$mount/suite$$"
	done >"$W/cgroups"
sh -c 'while read -r d; do
		echo $$ >"$d/cgroup.procs"
	done <"$W/cgroups"
	exec unshare -C -m -p -f --kill-child --mount-proc \
		--propagation private sh "$0" inside' "$HERE/run.sh" >&2
left=
while read -r d; do
	# the kernel empties a cgroup of the dead a little later
	for _ in 1 2 3 4 5; do
		rmdir "$d" 2>/dev/null && break
		sleep 0.2
	done
	[ ! -d "$d" ] || left="$left $(find "$d" -type d | tr '\n' ' ')"
	[ ! -d "$d" ] || find "$d" -depth -type d -exec rmdir {} \;
done <"$W/cgroups"

n=0 bad=0
say() { # GOOD WHAT WHY
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
	else
		bad=$((bad + 1))
		echo "not ok $n - $2: $3"
	fi
}

for name in ${ONLY:-$all}; do
	want='no line in the table' why=
	line=$(grep "^${name}[[:space:]]" "$HERE/expected") &&
		read -r _ want class why <<-END
			$line
		END
	if [ "$class" = machine ] && machine_has "${why%% *}"; then
		want=pass
	fi
	got=$(verdict "$name")
	[ "$got" = "$want" ]
	say $? "$name: $got${why:+ ($class: $why)}" "expected $want"
	[ "$got" = "$want" ] || {
		grep -h -A 12 '^not ok' "$W/$name.out" | head -n 40
		tail -n 5 "$W/$name.err"
	} | sed 's/^/# /'
done
[ -n "${ONLY:-}" ] || {
	for name in $(grep -o '^[a-z_]*' "$HERE/expected"); do
		[ -e "$W/$name.rc" ] || say 1 "$name" "in the table only"
	done
}
[ -z "$left" ]
say $? "no cgroup is left" "$left"
[ "$null" = "$(stat -c '%u:%g %a' /dev/null)" ]
say $? "/dev/null is as before" "$null"
[ -z "${KEEP:-}" ] || cp "$W"/*.out "$W"/*.err "$KEEP/"
echo "1..$n"
exit $((bad > 0))
