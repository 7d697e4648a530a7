#!/bin/sh
# SPDX-License-Identifier: MIT
# labels.sh -- AppArmor profiles and SELinux labels, on hosts with and without
# (list P18, P19; sec T10, CVE-2019-16884; T27, CVE-2025-52881).
#
# A profile that needs no compiler: "unconfined" of a policy namespace that the
# test makes.
. "${0%/*}/lib.sh"
c=$P-lsm

"$WHERRY" plan --facts 2>/dev/null | tr -d ' \n' >"$T/facts"
has() {
	grep -q "\"$1\":true" "$T/facts"
}
if [ -e /sys/module/apparmor ]; then
	is "AppArmor is found exactly where it runs" \
		"$(has apparmor && echo Y || echo N)" \
		"$(cat /sys/module/apparmor/parameters/enabled)"
else
	is "AppArmor is not found" "$(has apparmor && echo Y)" ""
fi
is "SELinux is found exactly where it has a policy" \
	"$(has selinux && echo Y)" "$(grep -q selinuxfs /proc/filesystems &&
	! grep -aq '^kernel' /proc/self/attr/current && echo Y)"

echo 'lsm = warn' >"$T/warn.conf"
echo 'lsm = off' >"$T/off.conf"

absent() { # MEMBER MODULE
	fails "$1 without $2" "$1: $2 is not enabled on this host" \
		run -b "$B" $c
	w --config-file "$T/warn.conf" --log-level warning run -b "$B" $c
	is "lsm = warn: $1 is left out" "$rc $(out)" "0 ran"
	like "lsm = warn: it is said" "$(err)" "$1: $2 is not enabled"
	w --config-file "$T/off.conf" run -b "$B" $c
	is "lsm = off: $1 is not tried" "$rc $(out)$(err)" "0 ran"
}

# What the image would have the runtime write to instead: no proc is mounted.
fakes() {
	mkdir -p "$R/proc/self/attr/apparmor" "$R/proc/1/attr/apparmor"
	for f in self/attr/exec self/attr/apparmor/exec 1/attr/exec \
	    1/attr/apparmor/exec; do
		echo untouched >"$R/proc/$f"
	done
}
untouched() {
	is "guard: the image's own proc/*/attr is as it was" \
		"$(cat "$R"/proc/*/attr/exec "$R"/proc/*/attr/apparmor/exec |
		tr '\n' ' ')" "untouched untouched untouched untouched "
}

label_of() { # of init, as the host sees it
	cat "/proc/$1/attr/apparmor/current"
}

if has apparmor; then
	mkdir -p "$CAN/proc/self/attr/apparmor"
	for f in exec apparmor/exec; do
		echo untouched >"$CAN/proc/self/attr/$f"
	done
	leaks >"$T/leak.before"
	aa=/sys/kernel/security/apparmor
	made=
	if ! [ -d $aa ]; then
		mount -t securityfs securityfs /sys/kernel/security
		made=y
	fi
	mkdir $aa/policy/namespaces/$P
	for nnp in true false; do
		PROCESS=",\"apparmorProfile\":\":$P:unconfined\"" NNP=$nnp
		bundle aa$nnp
		fakes
		works "create with a profile, no_new_privs $nnp" \
			create -b "$B" $c
		pid=$(pid_of $c)
		is "before start it has no effect yet" "$(label_of "$pid")" \
			unconfined
		works "start" start $c
		is "the program runs under it" "$(label_of "$pid")" \
			":$P:unconfined"
		works "exec" exec -d --pid-file "$T/pid" $c sleep 1000
		is "exec's program runs under it too" \
			"$(label_of "$(cat "$T/pid")")" ":$P:unconfined"
		w exec --apparmor wherry-is-not-loaded $c true
		like "exec with a profile that is not loaded" "$rc $(err)" \
			'^[1-9].*apparmorProfile .*loaded'
		w delete -f $c
		untouched
	done
	MOUNTS=$DEV_MOUNTS PATHS= READONLY=false
	PROCESS=",\"apparmorProfile\":\":$P:unconfined\""
	bundle aafake
	fakes
	works "create without any proc" create -b "$B" $c
	pid=$(pid_of $c)
	works "start" start $c
	is "guard: the label is applied all the same" \
		"$(label_of "$pid")" ":$P:unconfined"
	w delete -f $c
	untouched

	# sec T27: while the image's /proc is swapped for a link to the canary's
	ln -s "$CAN/proc" "$R/l"
	"$TOOLS/swap" "$R/proc" "$R/l" &
	racer=$!
	n=0 good=0
	while [ $((n += 1)) -le 20 ]; do
		w run -d --pid-file "$T/pid" -b "$B" $c &&
			label=$(label_of "$(cat "$T/pid")") &&
			[ "$label" = ":$P:unconfined" ] && good=$((good + 1))
		w delete -f $c
	done
	kill $racer
	wait $racer 2>/dev/null
	is "guard: the label is applied, whatever /proc is swapped for" $good 20
	[ ! -h "$R/proc" ] || {
		rm "$R/proc" && mv "$R/l" "$R/proc"
	}
	untouched
	canary_same "guard: nor is the canary's taken for it"
	rmdir $aa/policy/namespaces/$P
	[ -z "$made" ] || umount /sys/kernel/security
	PROCESS=',"apparmorProfile":"wherry-is-not-loaded"'
	bundle aanone true
	fails "a profile that is not loaded" \
		'apparmorProfile .*attr/.*exec: no such file.*loaded' \
		create -b "$B" $c
else
	PROCESS=',"apparmorProfile":"some-profile"'
	bundle noaa echo ran
	absent process.apparmorProfile AppArmor
	PROCESS=',"apparmorProfile":"unconfined"'
	bundle unconfined echo ran
	gives "unconfined is what a program without AppArmor is" ran \
		run -b "$B" $c
	MOUNTS=$DEV_MOUNTS PATHS= READONLY=false
	PROCESS=',"apparmorProfile":"p"'
	bundle fake true
	fakes
	w --config-file "$T/warn.conf" run -b "$B" $c
	untouched
fi

if has selinux; then
	# the caller's own: every policy lets that be
	own=$(tr -d '\0\n' </proc/self/attr/current)
	PROCESS=",\"selinuxLabel\":\"$own\"" MOUNTS=$DEV_MOUNTS PATHS=
	READONLY=false
	bundle se
	fakes
	works "create with a label" create -b "$B" $c
	pid=$(pid_of $c)
	works "start" start $c
	is "the program runs under it" \
		"$(tr -d '\0\n' <"/proc/$pid/attr/current")" "$own"
	w delete -f $c
	untouched
	PROCESS=',"selinuxLabel":"there:is:no:such"'
	bundle senone true
	fails "a label that the policy does not know" \
		'selinuxLabel.*attr/.*: invalid argument' create -b "$B" $c
else
	PROCESS=',"selinuxLabel":"u:r:t:s0"'
	bundle nose echo ran
	absent process.selinuxLabel SELinux
	LINUX=',"mountLabel":"u:r:t:s0"'
	bundle nomount echo ran
	absent linux.mountLabel SELinux
fi
PROCESS=',"selinuxLabel":"a\"b"'
bundle quote true
fails "a quote can't be part of a label" 'selinuxLabel: not a label' \
	run -b "$B" $c

done_testing
