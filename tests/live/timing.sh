#!/bin/sh
# SPDX-License-Identifier: MIT
# timing.sh -- run --timing: what it says, where, and that it is the truth.
. "${0%/*}/lib.sh"
c=$P-t

timed() { # DESC OPTION...
	desc=$1
	shift
	works "$desc" run --timing "$@" -b "$B" $c
	line=$(err)
}

us() { # PHASE
	echo "$line" | sed -n "s/.*[ :]$1=\([0-9]*\).*/\1/p"
}

phases="process config plan claim cgroups clone setup record start program
	delete init: join rootfs mounts devices paths pivot names lookup gate
	confine"
form=
for p in $phases; do
	case $p in
	*:) form="$form $p" ;;
	*) form="$form $p=[0-9]+" ;;
	esac
done

bundle quick true
gives "without it nothing is said" "" run -b "$B" $c
timed "with it"
is "no output of ours" "$(out)" ""
like "one line with all phases" "$line" "^wherry: info: timing \(us\):$form\$"
for p in config plan claim cgroups clone setup mounts start; do
	ok "$p takes time" test "$(us $p)" -gt 0
done

works "to a log" --log "$T/log" --log-format json \
	run --timing -b "$B" $c
is "not to stderr" "$(err)" ""
like "the line in it" "$(cat "$T/log")" \
	"^\{\"level\":\"info\".*\"timing \(us\):$form\"\}\$"

timed "in the background" -d
is "it waited for no program" "$(us program) $(us delete)" "0 0"
until_status $c stopped
w delete $c

# Half a second in one place is found in its phase and in no other.  Part of it
# has passed when we see that the program runs.
half=400000
slow() { # DESC "PHASE..."; the others must not have it
	timed "$1: it runs"
	for p in $phases; do
		case $p in *:) continue ;; esac
		case " $2 " in
		*" $p "*) ok "$1: $p has it" test "$(us "$p")" -ge $half ;;
		*) [ "$(us "$p")" -lt $half ] || fail "$1: not $p" ;;
		esac
	done
}
bundle slow sleep 0.5
slow "a program of half a second" program
sleeps="[{\"path\":\"$BUSYBOX\",\"args\":[\"sleep\",\"0.5\"]}]"
inside='[{"path":"/bin/sleep","args":["sleep","0.5"]}]'
if "$WHERRY" features | grep -q '"prestart"'; then
	TOP=",\"hooks\":{\"createRuntime\":$sleeps}"
	bundle slow true
	slow "a createRuntime hook" "setup devices"
	TOP=",\"hooks\":{\"startContainer\":$inside}"
	bundle slow true
	slow "a startContainer hook" start
	TOP=",\"hooks\":{\"poststop\":$sleeps}"
	bundle slow true
	slow "a poststop hook" delete
fi

if kernel_has time-ns; then
	NAMESPACES="$NAMESPACES,{\"type\":\"time\"}"
	LINUX=',"timeOffsets":{"monotonic":{"secs":100000000,"nanosecs":0}}'
	bundle time true
	timed "with another clock inside"
	for p in $phases; do
		case $p in *:) continue ;; esac
		[ "$(us "$p")" -lt 60000000 ] ||
			fail "$p counts the other clock"
	done
else
	skip "with another clock inside" "no time namespaces"
fi

bundle bad /nowhere
fails "a program that is not there" "nowhere" run --timing -b "$B" $c
unlike "no phases of a start that failed" "$(err)" "timing"

done_testing
