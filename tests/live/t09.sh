#!/bin/sh
# SPDX-License-Identifier: MIT
# t09.sh -- sec T09 (CVE-2019-5736): what a container can reach of the runtime
# through /proc/PID/exe is never the host's file.
. "${0%/*}/lib.sh"
c=$P-9
rounds=300
[ -z "$QUICK" ] || rounds=30

# The attacks are on a copy: the unsafe binary is meant to be overwritten.
mkdir "$T/bin"
cp "$WHERRY" "$T/bin/wherry"
WHERRY=$T/bin/wherry
before=$(sha256sum <"$WHERRY")

# An attacker with every capability sits in the pid namespace and keeps what it
# can get hold of.
CAPS=$ALL_CAPS AMBIENT=$ALL_CAPS READONLY=false NNP=false
bundle attacker holdexe
attacker=$R
works "control: the attacker runs" run -d -b "$B" $c
pid=$(pid_of $c)
for _ in 1 2 3 4 5 6 7 8 9 10; do
	grep -qs ready "$attacker/log" && break
	sleep 0.1
done
ok "control: and watches" grep -q ready "$attacker/log"

# The image's program is a script whose interpreter is the runtime itself.
NAMESPACES='{"type":"mount"},{"type":"uts"},
	{"type":"pid","path":"/proc/'$pid'/ns/pid"}'
bundle victim /evil
printf '#!/proc/self/exe\n' >"$R/evil"
chmod 755 "$R/evil"
n=0
while [ $n -lt $rounds ]; do
	n=$((n + 1))
	w create -b "$B" $c-v || break
	# In half of the rounds the attacker gets time with a waiting init.
	[ $((n % 2)) = 0 ] || sleep 0.01
	w start $c-v
	w delete -f $c-v
done
is "control: all rounds were run" $n $rounds
sleep 0.1
held=$(grep -c held "$attacker/log")
note "$held processes of the runtime were held"
ok "control: the attacker got hold of the runtime" test "$held" -gt 0
is "guard: the binary is unchanged" "$(sha256sum <"$WHERRY")" "$before"
# An unlinked copy, the last resort, can be written to when nobody runs it.
[ -n "$WRAP" ] || is "guard: nothing could be written to" \
	"$(grep -c wrote "$attacker/log")" 0

# The ways of making the copy that are left when memory files are not to be had.
if [ -x "$TOOLS/nosys" ]; then
	for errno in 38 1 13; do
		WRAP="$TOOLS/nosys -e $errno -s memfd"
		w create -b "$B" $c-v
		rc=$?
		WRAP=
		exe=$(readlink "/proc/$(pid_of $c-v)/exe")
		case $rc:$exe in
		0:"$WHERRY") fail "guard: no memfd, errno $errno: $exe" ;;
		0:?*) pass "guard: no memfd, errno $errno: a copy ($exe)" ;;
		*) fail "guard: no memfd, errno $errno: refused" ;;
		esac
		w delete -f $c-v
	done
fi
w delete -f $c

done_testing
