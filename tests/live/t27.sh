#!/bin/sh
# SPDX-License-Identifier: MIT
# t27.sh -- sec T27 (CVE-2025-52881): though somebody swaps the directory on the
# way for a link to a place that looks the same, what is to become read-only or
# hidden does, a sysctl is set or refused, and nothing else happens.  The part
# of labels is in labels.sh, which vm.sh runs where there is AppArmor.
HOST_PROPAGATION=rprivate
. "${0%/*}/lib.sh"
c=$P-27
rounds=600
[ -z "$QUICK" ] || rounds=120

mkdir -p "$T/vol/x/late" "$T/vol/x/mask" "$T/vol/x/ro"
ln -s ../mnt/o "$T/vol/l"

MORE_MOUNTS=',{"destination":"/vol","source":"'$T/vol'","options":["rbind"]},
	{"destination":"/mnt/o/late","type":"tmpfs","source":"decoy"},
	{"destination":"/vol/x/late","type":"tmpfs","source":"t27",
		"options":["ro"]}'
PATHS='"maskedPaths":["/vol/x/mask","/etc/mask"],
	"readonlyPaths":["/vol/x/ro"],'
READONLY=false
bundle race sh -c 'awk "/ - tmpfs t27 / || \$5 ~ \"/ro\$\" {
		print \$6 ~ \"^ro\" ? \"ro\" : \"rw \" \$5
	}" /proc/self/mountinfo
	ls -A /etc/mask'
mkdir -p "$R/mnt/o/late" "$R/mnt/o/mask" "$R/mnt/o/ro" "$R/etc/mask"
touch "$R/mnt/o/mask/decoy" "$R/etc/mask/secret"

w run -b "$B" $c
is "control: without a race" "$(out)" "ro
ro"

# race A B TEXT: runs the bundle again and again while A and B are swapped; it
# must print TEXT or be refused.  How often depends on the machine's luck: more
# rounds, until ten were carried out.
race() {
	"$TOOLS/swap" "$1" "$2" &
	racer=$!
	n=0 good=0 refused=0 wrong=0
	while [ $wrong = 0 ] && [ $n -lt $((rounds * 5)) ] &&
	    { [ $n -lt $rounds ] || [ $good -lt 10 ]; }; do
		n=$((n + 1))
		if w run -b "$B" $c; then
			if [ "$(sort -u "$T/out")" = "$3" ]; then
				good=$((good + 1))
			else
				wrong=1
				note "$(out)"
			fi
		elif [ $rc = 1 ]; then
			refused=$((refused + 1))
			cp "$T/err" "$T/refused"
		else
			wrong=1
			note "status $rc: $(err)"
		fi
	done
	kill $racer
	wait $racer 2>/dev/null
	note "good $good, refused $refused, of $n"
	[ ! -e "$T/refused" ] || note "such as: $(head -1 "$T/refused")"
	rm -f "$T/refused"
}

# the readonly path may have led to either place, or to none
race "$T/vol/x" "$T/vol/l" ro
is "guard: read-only and hidden, or refused" $wrong 0
[ $wrong != 0 ] || ok "control: some were carried out" test $good -ge 10

# --- Files of /proc -----------------------------------------------------------

# The image has a /proc of its own, which is now a directory of plain files, now
# a link to the canary's.
fakes() { # DIR
	mkdir -p "$1/sys/net/ipv4" "$1/self/attr/apparmor"
	for f in sys/net/ipv4/ip_forward self/attr/exec \
	    self/attr/apparmor/exec; do
		echo 0 >"$1/$f"
	done
}
seen() { # DIR: what is in them
	(cd "$1" && for f in sys/net/ipv4/ip_forward self/attr/exec \
	    self/attr/apparmor/exec; do cat $f; done | tr '\n' ' ')
}
host_before=$(cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/core_pattern)
fakes "$CAN/proc"
leaks >"$T/leak.before"
rounds=$((rounds / 3))

forged() { # NAME MOUNTS PROGRAM...
	name=$1
	PATHS= READONLY=false MOUNTS=$2
	shift 2
	bundle "$name" "$@"
	fakes "$R/proc"
	[ -h "$R/l" ] || ln -s "$CAN/proc" "$R/l"
}
forged_same() { # NAME
	[ -d "$R/proc" ] && [ ! -h "$R/proc" ] || mv -T "$R/l" "$R/proc.d"
	is "guard: $1: the image's files are as they were" \
		"$(for d in "$R/proc" "$R/proc.d" "$R/l"; do
		[ -h $d ] || [ ! -d $d ] || seen "$d"; done)" "0 0 0 "
	canary_same "guard: $1: the canary is as it was"
}

LINUX=',"sysctl":{"net.ipv4.ip_forward":"1"}'
forged mounted "$PROC_MOUNT,$DEV_MOUNTS" cat /proc/sys/net/ipv4/ip_forward
race "$R/proc" "$R/l" 1
is "guard: a sysctl below a proc: set, or refused" $wrong 0
[ $wrong != 0 ] || ok "control: some were set" test $good -ge 10
forged_same "a sysctl below a proc"

LINUX=',"sysctl":{"net.ipv4.ip_forward":"1"}' CAPS=$ALL_CAPS NNP=false
forged bare "$DEV_MOUNTS" sh -c 'mount -t proc p /mnt
	cat /mnt/sys/net/ipv4/ip_forward'
race "$R/proc" "$R/l" 1
is "guard: a sysctl without any proc: set, or refused" $wrong 0
[ $wrong != 0 ] || is "control: all were set" $good $rounds
forged_same "a sysctl without any proc"

is "guard: the host keeps its own" "$(cat /proc/sys/net/ipv4/ip_forward \
	/proc/sys/kernel/core_pattern)" "$host_before"

done_testing
