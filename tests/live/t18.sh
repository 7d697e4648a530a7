#!/bin/sh
# SPDX-License-Identifier: MIT
# t18.sh -- sec T18 (CVE-2022-29162 and others): inheritable and ambient
# capabilities come from the config and from nowhere else.
# What one command does to the host's mounts must not meet the next (red.sh).
HOST_PROPAGATION=rprivate
. "${0%/*}/lib.sh"
c=$P-18

caps() { # ARGS...: "Inh Prm Eff Bnd Amb" of an exec
	w exec "$@" grep -E '^Cap' /proc/self/status
	awk '/^Cap/ { sub(/^0*/, "", $2); v[$1] = $2 == "" ? "0" : $2 }
		END { print v["CapInh:"], v["CapPrm:"], v["CapEff:"],
			v["CapBnd:"], v["CapAmb:"] }' "$T/out"
}

CAPS='"CAP_CHOWN","CAP_KILL"' AMBIENT=
bundle some
works "control: a container" run -d -b "$B" $c
is "guard: exec, as configured" "$(caps $c)" "0 21 21 21 0"
is "guard: --cap adds to three sets" "$(caps --cap CAP_SYSLOG $c)" \
	"0 400000021 400000021 400000021 0"
is "guard: --cap for another user gives it nothing" \
	"$(caps --cap CAP_SYSLOG -u 1000 $c)" "0 0 0 400000021 0"
is "guard: another user has none" "$(caps -u 1000 $c)" "0 0 0 21 0"
fails "an unknown capability is refused" 'unknown capability' \
	exec --cap CAP_NONE $c true
printf '{"cwd":"/","args":["grep","-E","^Cap","/proc/self/status"],%s}' \
	'"capabilities":{"bounding":["CAP_KILL"]}' >"$T/p.json"
w exec -p "$T/p.json" $c
like "guard: what process.json leaves out of its sets is empty" \
	"$(tr -d '\n\t' <"$T/out")" 'CapInh:0*CapPrm:0*CapEff:0*CapBnd:0*20'
w delete -f $c

CAPS= AMBIENT=
bundle none
w run -d -b "$B" $c
is "guard: none" "$(caps $c)" "0 0 0 0 0"
is "guard: none, --cap CAP_KILL" "$(caps --cap CAP_KILL $c)" "0 20 20 20 0"
w delete -f $c

CAPS='"CAP_CHOWN","CAP_SYSLOG"' AMBIENT='"CAP_CHOWN","CAP_SYSLOG"'
bundle ambient
w run -d -b "$B" $c
is "guard: inheritable and ambient, as configured" "$(caps $c)" \
	"400000001 400000001 400000001 400000001 400000001"
is "guard: ambient, --cap adds to three sets" "$(caps --cap CAP_KILL $c)" \
	"400000001 400000021 400000021 400000021 400000001"
is "guard: ambient, another user" "$(caps -u 1000 $c)" \
	"400000001 400000001 400000001 400000001 400000001"
w delete -f $c

done_testing
