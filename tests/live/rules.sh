#!/bin/sh
# SPDX-License-Identifier: MIT
# rules.sh -- the device rules of a container that runs are changed (list V9),
# whatever filters them: lines of v1, a program of v2.
. "${0%/*}/lib.sh"
c=$P-rules

# 240 is for experiments: no driver, so what is open is ENXIO, else EPERM.
tries() {
	cat <<'END'
for n in 1 2 3; do
	for how in r w; do
		case $(if [ $how = r ]; then
			(: </tmp/d$n) 2>&1
		else
			(: >>/tmp/d$n) 2>&1
		fi) in
		*"not permitted"*) ;;
		*) printf %s "$n$how " ;;
		esac
	done
done
(: </dev/null) && (: >>/dev/zero) && echo usual
END
}

rules() { # RULE...: allow|deny:MINOR:ACCESS, MINOR may be all or -1; as JSON
	json=
	for rule; do
		minor=${rule#*:} minor=${minor%%:*} allow=true
		[ "${rule%%:*}" = allow ] || allow=false
		json="$json${json:+,}{\"allow\":$allow,"
		[ "$minor" = all ] || json="$json\"type\":\"c\",
			\"major\":240,\"minor\":$minor,"
		json="$json\"access\":\"${rule##*:}\"}"
	done
	echo "\"devices\":[$json]"
}

now() { # what the container may use
	w exec $c sh /run.sh
	out
	err
}

update() { # JSON
	printf '%s' "$1" | "$TOOLS/limit" 30 $WRAP "$WHERRY" --root "$STATE" \
		update -r - $c >"$T/out" 2>"$T/err"
	rc=$?
}

changes() { # DESC WANT RULE...
	desc=$1 want=$2
	shift 2
	update "{$(rules "$@")}"
	is "$desc" "$rc$(err)" 0
	is "$desc: what is open" "$(now)" "$want"
}

box() { # RULE...: a container with these
	CAPS='"CAP_MKNOD","CAP_DAC_OVERRIDE"' AMBIENT= READONLY=false
	RESOURCES="\"resources\":{$(rules "$@")},"
	bundle rules sleep 1000
	w run -d -b "$B" $c
}

rootfs "$T/b/rules/rootfs"
tries >"$T/b/rules/rootfs/run.sh"
for n in 1 2 3; do
	mknod -m 666 "$T/b/rules/rootfs/tmp/d$n" c 240 $n ||
		skip_all "no right to make devices"
done
# Whatever fails, what was open stays so.
bad='"hugepageLimits":[{"pageSize":"3MB","limit":1}]'

if ! box deny:all:rwm allow:1:r; then
	grep -q 'can filter devices' "$T/err" && skip_all "no filter here"
	note "$(err)"
fi
is "as it was created" "$(now)" "1r usual"
changes "other rules" "1w 2r 2w usual" allow:1:w allow:2:rwm
changes "the same rules" "1w 2r 2w usual" allow:1:w allow:2:rwm
changes "fewer" "2r usual" allow:2:r
update '{"devices":[],"memory":{"limit":-1}}'
is "none are no change" "$rc$(err) $(now)" "0 2r usual"
update "{$(rules allow:3:rw),$bad}"
is "a limit that fails with them" "$rc $(now)" "1 2r usual"

# With another default v1 starts anew, which nothing in it may see.
changes "all but some" "1r 2r 2w 3r 3w usual" allow:all:rwm deny:1:w
is "it runs" "$(status_of $c)" running
changes "other exceptions" "1r 1w 2w 3r 3w usual" allow:all:rwm deny:2:r
update "{$(rules deny:all:rwm),$bad}"
is "a limit that fails" "$rc $(now)" "1 1r 1w 2w 3r 3w usual"
if w pause $c; then
	update "{$(rules deny:all:rwm allow:3:w)}"
	is "when paused" "$rc$(err) $(status_of $c)" "0 paused"
	works "resume" resume $c
	is "when paused: what is open" "$(now)" "3w usual"
else
	changes "some only" "3w usual" deny:all:rwm allow:3:w
fi
changes "all" "1r 1w 2r 2w 3r 3w usual" allow:all:rwm
changes "the default list" "usual" deny:all:rwm
works "delete" delete -f $c

# A container that nothing filters gets a filter, if it has a cgroup.
box allow:all:rwm
is "everything allowed" "$(now)" "1r 1w 2r 2w 3r 3w usual"
if ! w stats $c; then
	update "{$(rules deny:all:rwm allow:3:r)}"
	like "no cgroup" "$rc $(err)" \
		"^1 .*linux.resources.devices: the container has no cgroup"
	w delete -f $c
	done_testing
	exit
fi
changes "then one" "3r usual" deny:all:rwm allow:3:r
works "delete" delete -f $c

# What v1 can't say.
box allow:all:rwm
update "{$(rules deny:all:rwm allow:-1:rw deny:2:r)}"
case $rc:$(err) in
0:) is "a hole" "$(now)" "1r 1w 2w 3r 3w usual" ;;
*)
	like "a hole" "$(err)" \
		"linux.resources.devices: deny c 240:2 r: inside a wider rule"
	is "a hole: nothing has changed" "$(now)" "1r 1w 2r 2w 3r 3w usual"
	;;
esac
works "delete" delete -f $c

done_testing
