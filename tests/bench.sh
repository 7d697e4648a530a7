#!/bin/sh
# SPDX-License-Identifier: MIT
# What wherry costs beside the kernel's floor (tests/bench/floor.c) and those of
# crun, runc and youki that are installed and can run here:
#   bench.sh WHERRY DATA
# DATA gets lines "ROW RUNTIME KEY VALUE", of which tests/bench/report.sh makes
# tables and JSON.  ROUNDS: 40.  RUNTIMES: others.  QUICK=1: two rounds of less.
# Needs root.  Runs in a mount namespace of its own; nothing is left behind.
# shellcheck disable=SC2046  # commands are words without blanks
set -eu
here=$(cd "${0%/*}" && pwd)
: "${TOOLS:=build/tools}" "${QUICK:=}" "${ROUNDS:=40}"
: "${RUNTIMES=crun runc youki}"
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
BUSYBOX=$(command -v busybox) || { echo "bench: no busybox" >&2; exit 1; }
[ "$(id -u)" = 0 ] || { echo "bench: needs root" >&2; exit 1; }

# Of a run that was broken off there may be containers.
sweep() {
	tries=0
	while [ $tries -lt 50 ] && find /sys/fs/cgroup -depth -type d \
	    -name "$P*" -print 2>/dev/null | grep . >"$T/left"; do
		tries=$((tries + 1))
		while read -r d; do
			xargs -r kill -9 <"$d/cgroup.procs" 2>/dev/null || :
			rmdir "$d" 2>/dev/null || :
		done <"$T/left"
		sleep 0.1
	done
}
trap 'exit 130' INT TERM

if [ -z "${IN_BENCH:-}" ]; then
	T=$(mktemp -d) P=bench$$
	export T P IN_BENCH=1
	trap 'sweep; rm -f "$T/left"; rmdir "$T"' EXIT
	unshare -m sh "$0" "$@"
	exit
fi
trap sweep EXIT
wherry=$(readlink -f "$1") data=$2
TOOLS=$(readlink -f "$TOOLS")
bin=${TOOLS%/*}/bench
export TOOLS
: >"$data"
# All state on a tmpfs: else fsync would be what is measured.
mount -t tmpfs -o mode=755 bench "$T"
. "$here/live/bundle.sh"

say() {
	echo "bench: $*" >&2
}

put() { # ROW RUNTIME KEY VALUE
	echo "$*" >>"$data"
}

# --- Runtimes -----------------------------------------------------------------

# crun 1.8 refuses a host that has hugetlb in the unified hierarchy only.  Not
# even the directory may show outside: podman would use it.
own_hugetlb() {
	mkdir "$T/cg"
	mount -t tmpfs -o mode=755 cgroup "$T/cg"
	mkdir "$T/cg/hugetlb"
	if ! mount -t cgroup -o hugetlb cgroup "$T/cg/hugetlb" 2>/dev/null; then
		umount "$T/cg"
		return 1
	fi
	for d in /sys/fs/cgroup/*; do
		mountpoint -q "$d" || continue
		name=${d##*/}
		mkdir -p "$T/cg/$name"
		mount --bind "$d" "$T/cg/$name"
		umount "$d"
	done
	umount /sys/fs/cgroup
	mount --move "$T/cg" /sys/fs/cgroup
}
if case $RUNTIMES in *crun*) command -v crun >/dev/null ;; *) false ;; esac &&
    ! grep -q '[ ,]hugetlb ' /proc/mounts; then
	own_hugetlb || say "hugetlb is in use: no hierarchy of its own for crun"
fi
hiers=$(awk '/ - cgroup2? / { print (/ - cgroup2 / ? "--v2" : "--v1"), $5 }' \
	/proc/self/mountinfo)

command_of() { # RUNTIME [OPTION OF FLOOR...]
	name=$1
	shift
	case $name in
	floor) echo "$bin/floor --root $T/floor" $hiers "$@" ;;
	wherry) echo "$wherry --root $T/wherry" ;;
	raw) echo "$bin/everything/wherry --root $T/raw" ;;
	# its shield has nothing to do
	bare) echo "@$wherry --root $T/bare" ;;
	*) echo "$(command -v "$name") --root $T/$name" ;;
	esac
}

bundle true true
bundle sleep
able="floor wherry"
for r in $RUNTIMES; do
	if ! command -v $r >/dev/null; then
		say "$r: not installed"
	elif $(command_of $r) run --bundle "$T/b/true" $P-able \
	    >"$T/out" 2>&1 </dev/null; then
		able="$able $r"
	else
		say "$r: can't run here: $(tail -n 1 "$T/out")"
		$(command_of $r) delete --force $P-able >/dev/null 2>&1 || :
	fi
done
all="$able bare"

# --- Builds that have a target of their own -----------------------------------

sized() { # NAME SETTING...
	name=$1
	shift
	(
		unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL
		make -s -j"$(nproc)" -C "$here/.." BUILD="$bin/$name" \
			SECCOMP=raw SECCOMP_ARCHES="$(uname -m)" "$@" all
	)
	put "size-$name" wherry bytes "$(wc -c <"$bin/$name/wherry")"
}
raw=
if [ ! "$QUICK" ]; then
	raw=" raw"
	sized everything
	# what the standard container does not use
	sized plain PTY=n HOOKS=n EXEC=n LSM=n USERNS=n SECCOMP=none \
		SECCOMP_TOOL=n CHECK_HOST=n
	sized small CGROUP_V1=n PTY=n HOOKS=n CONF=n EXEC=n LSM=n \
		SECCOMP_TOOL=n CHECK_HOST=n
fi

# --- Rows of times ------------------------------------------------------------

# Two regimes: back to back, and one start on a machine that was idle before.
if [ "$QUICK" ]; then
	hot="-n 2" idle="-n 2 -w 1000" parallel=4 alive="1 8" mounts="1 8"
	sizes="1 16" counted=1 some="1 3"
else
	hot="-n $ROUNDS -b 3" idle="-n $(((ROUNDS + 1) / 2)) -w 60000"
	parallel=50 counted=5
	alive="1 10 100 1000" mounts="1 10 100 1000" sizes="1 10 100 1000"
	some="1 10 100"
fi

row() { # ROW RUNTIMES OPTIONS MODE BUNDLE [OPTION OF FLOOR...]
	name=$1 who=$2 how=$3 mode=$4 b=$T/b/$5
	shift 5
	say "$name"
	args=
	for r in $who; do
		args="$args|$r=$(command_of "$r" "$@")"
	done
	(
		IFS='|'
		# shellcheck disable=SC2086
		set -- ${args#|}
		IFS=' '
		"$bin/turns" $how -i $P "$mode" "$b" "$@"
	) >"$T/turns"
	sed "s/^/$name /" "$T/turns" >>"$data"
}

annotations() { # KIB: a config with so much more
	awk -v n=$(($1 * 9)) 'BEGIN {
		for (i = 0; i < n; i++)
			printf "%s\"org.example.key.%06d\":\"%0*d\"",
				i ? "," : "", i, 83, i
	}'
}

# The mount points are directories of the root, which is read-only.
with_mounts() { # N
	MORE_MOUNTS=$(awk -v n="$1" 'BEGIN {
		for (i = 0; i < n; i++)
			printf ",{\"destination\":\"/mnt/m%03d\",\"type\":" \
				"\"bind\",\"source\":\"/mnt\",\"options\":" \
				"[\"bind\",\"nosuid\",\"nodev\"]}", i
	}')
	bundle "mounts$1" true
	(cd "$R/mnt" && seq -f m%03.0f 0 $(($1 - 1)) | xargs mkdir -p)
}

# Docker's profile, settled for the standard container: every runtime gets the
# same rules, the floor the program that wherry makes of them.
with_filter() { # PROFILE
	jq --argjson caps "[$CAPS]" '{
		defaultAction, defaultErrnoRet,
		architectures: ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86",
			"SCMP_ARCH_X32"],
		syscalls: [.syscalls[] |
			select((.includes.caps // []) - $caps == []) |
			select((.excludes.caps // []) - $caps ==
				(.excludes.caps // [])) |
			select(.includes.arches // ["amd64"] |
				any(. == "amd64" or . == "x86" or . == "x32")) |
			{names, action, errnoRet, args} |
			del(.[] | nulls)] }' "$1" >"$T/rules"
	LINUX=",\"seccomp\":$(cat "$T/rules")"
	bundle filter true
	"$wherry" seccomp compile "$1" --caps "$(echo "$CAPS" | tr -d '"')" \
		-o "$T/program"
}

row run "$all" "$hot" run true
row run-idle "$all" "$idle" run true
row life "$all" "$hot" life true
row life-idle "$all" "$idle" life true
for n in $some; do
	row "list-$n" "$able" "$hot -k $n" list true
done
row state "$all" "$hot -k 5" state true
row exec "$all" "$hot -k 1" exec true
profile=/usr/share/gocode/src/github.com/docker/docker/profiles/seccomp
profile=$profile/default.json
if [ -f "$profile" ]; then
	with_filter "$profile"
	row seccomp "$able$raw" "$hot" run filter --filter "$T/program"
fi
TOP=",\"annotations\":{$(annotations 1000)}"
bundle notes true
row annotations "$able" "$hot" run notes
with_mounts 200
row mounts "$able" "$hot" run mounts200 --mounts 200
row parallel "$able" "-n 3" many=$parallel true

# --- Growth -------------------------------------------------------------------

cost() { # ROW PROGRAM ARG...: of one command of wherry
	to=$1
	shift
	"$TOOLS/cost" "$T/cost" "$@" >/dev/null 2>&1 </dev/null
	awk -v row="$to" '$1 != "call" { print row, "wherry", $1, $2 }' \
		"$T/cost" >>"$data"
}

if [ ! "$QUICK" ]; then
	for r in everything plain; do
		cost unused-$r true "$bin/$r/wherry" --root "$T/$r" run \
			--bundle "$T/b/true" $P-u
	done
fi
for n in $alive; do
	row "alive-$n-create" "floor wherry" "-n 10 -k $n" create true
	row "alive-$n-state" "floor wherry" "-n 10 -k $n" state true
	row "alive-$n-list" "floor wherry" "-n 10 -k $n" list true
done
for n in $mounts; do
	with_mounts "$n"
	row "mounts-$n" "floor wherry" "-n 10" run "mounts$n" --mounts "$n"
	cost "mounts-$n" true $(command_of wherry) run \
		--bundle "$T/b/mounts$n" $P-m
done
command -v valgrind >/dev/null || { say "no valgrind: no parse costs"; sizes=; }
for k in $sizes; do
	TOP=",\"annotations\":{$(annotations "$k")}"
	bundle "notes$k" true
	put "parse-$k" wherry bytes "$(wc -c <"$B/config.json")"
	valgrind --tool=callgrind --callgrind-out-file=/dev/null \
		"$wherry" check "$B" 2>&1 |
		awk -v row="parse-$k" '$2 == "Collected" {
			print row, "wherry", "insns", $4 }' >>"$data"
done

# --- Counts -------------------------------------------------------------------

for r in $able; do
	say "counts of $r"
	sh "$here/costs.sh" $counted $P-c "$T/b/true" "$T/b/sleep" \
		$(command_of $r) >"$T/costs"
	awk -v r=$r '$2 != "call" { print "count-" $1, r, $2, $3 }
		$2 == "call" { print "calls-" $1, r, $3, $4 }' \
		"$T/costs" >>"$data"
	$(command_of $r) create --bundle "$T/b/true" $P-p >"$T/out" 2>&1 \
		</dev/null
	pid=$($(command_of $r) state $P-p |
		sed -n 's/.*"pid" *: *\([0-9]*\).*/\1/p')
	put waiting $r pss "$(awk '/^Pss:/ { print $2 }' \
		"/proc/$pid/smaps_rollup")"
	$(command_of $r) delete --force $P-p
	exe=$(set -- $(command_of $r) && echo "$1")
	put size $r bytes "$(wc -c <"$exe")"
	put size $r libraries "$(ldd "$exe" 2>/dev/null |
		awk '{ for (i = 1; i <= NF; i++) if ($i ~ /^\//) print $i }' |
		xargs -r cat 2>/dev/null | wc -c)"
done
# In single steps; a hundred million of them, as of runc, take too long.
insns() { # ROW RUNTIME PROGRAM COMMAND...
	row=$1 r=$2 program=$3
	shift 3
	if "$TOOLS/limit" 60 "$TOOLS/cost" -i "$T/cost" "$program" \
	    $(command_of $r) "$@" >"$T/out" 2>&1 </dev/null; then
		sed "s/^/$row $r /" "$T/cost" >>"$data"
	else
		say "$r: no instructions counted within a minute"
	fi
}

for r in $able; do
	case $QUICK$r in
	floor|wherry|crun) ;;
	*) continue ;;
	esac
	say "instructions of $r"
	insns insns-run $r true run --bundle "$T/b/true" $P-i
	$(command_of $r) delete --force $P-i >/dev/null 2>&1 || :
	$(command_of $r) create --bundle "$T/b/true" $P-j </dev/null
	insns insns-state $r - state $P-j
	$(command_of $r) delete --force $P-j
done

# --- The smallest limit -------------------------------------------------------

mkdir -p "$T/b/limited"
cp -r "$T/b/true/rootfs" "$T/b/limited/rootfs"
limited() { # RUNTIME KIB: it works each time
	RESOURCES="\"resources\":{\"memory\":{\"limit\":$(($2 * 1024))},
		\"devices\":[{\"allow\":false,\"access\":\"rwm\"}]},"
	bundle limited true
	for _ in 1 2 3 4 5; do
		$(command_of "$1" --memory $(($2 * 1024))) run \
			--bundle "$T/b/limited" $P-l >/dev/null 2>&1 \
			</dev/null && continue
		$(command_of "$1") delete --force $P-l >/dev/null 2>&1 || :
		return 1
	done
}

for r in $able; do
	[ ! "$QUICK" ] || break
	say "memory limit of $r"
	low=0 high=4096
	limited $r $high || continue
	while [ $((high - low)) -gt 4 ]; do
		mid=$(((low + high) / 2))
		if limited $r $mid; then high=$mid; else low=$mid; fi
	done
	put limit $r kib $high
done

# --- The machine --------------------------------------------------------------

# Words are joined by _ in the data.
machine() { # KEY TEXT...
	key=$1
	shift
	put machine - "$key" "$(echo "$*" | tr -s ' ' _)"
}
machine kernel "$(uname -sr)"
machine processor "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)"
machine processors "$(nproc)"
machine hierarchies "$(echo $hiers | tr ' ' '\n' | grep -c '^--v')"
machine wherry "$("$wherry" version | head -n 1)"
machine date "$(date +%F)"
for r in $able; do
	case $r in
	floor|wherry) ;;
	*) machine $r "$($r --version | head -n 1)" ;;
	esac
done
