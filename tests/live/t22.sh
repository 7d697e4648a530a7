#!/bin/sh
# SPDX-License-Identifier: MIT
# t22.sh -- sec T22 (CVE-2024-21626): a caller's open directories are of no use
# to the container.
. "${0%/*}/lib.sh"
c=$P-22

dirty() {
	"$TOOLS/dirty" "$T" "$TOOLS/limit" 20 $WRAP "$WHERRY" \
		--root "$STATE" "$@" >"$T/out" 2>"$T/err" </dev/null
	rc=$?
	return $rc
}

bundle plain true
ok "control: a run with descriptors open" dirty run -b "$B" $c

n=3
while [ $n -le 20 ]; do
	CWD=/proc/self/fd/$n
	# Refused, or a descriptor of init's own that leads nowhere else.
	bundle cwd cat "../../../../../../../../../..$CAN/f"
	dirty run -b "$B" $c
	is "guard: cwd /proc/self/fd/$n: no way out" "$rc $(out)" "1 "
	CWD=/proc/self/fd/$n/../../..
	bundle cwd cat ".$CAN/f"
	dirty run -b "$B" $c
	is "guard: cwd /proc/self/fd/$n/../../..: no way out" "$rc $(out)" "1 "
	bundle args "/proc/self/fd/$n/../../bin/busybox" true
	dirty run -b "$B" $c
	is "guard: args[0] below /proc/self/fd/$n: refused" "$rc" 1
	n=$((n + 1))
done

# exec: a working directory of the image that is a link to one of ours.
bundle linked
n=3
while [ $n -le 20 ]; do
	ln -s /proc/self/fd/$n "$R/w$n"
	n=$((n + 1))
done
ok "control: a container" dirty run -d -b "$B" $c
ok "control: exec with descriptors open" dirty exec $c true
n=3
while [ $n -le 20 ]; do
	for dir in /w$n /w$n/../../.. /proc/self/fd/$n; do
		dirty exec --cwd $dir $c cat \
			"../../../../../../../../../..$CAN/f"
		is "guard: exec --cwd $dir: no way out" "$rc $(out)" "1 "
	done
	dirty exec $c "/proc/self/fd/$n/../../bin/busybox" true
	is "guard: exec of what is below /proc/self/fd/$n: refused" "$rc" 1
	n=$((n + 1))
done
dirty exec $c fdlist
is "guard: exec: 0, 1 and 2 are open" \
	"$(cut -d' ' -f1 "$T/out" | tr '\n' ' ')" "0 1 2 "
w delete -f $c

# What init holds while it waits: its stdio, the listening socket and the file
# that says that it waits.
bundle sleep
ok "control: create" dirty create -b "$B" $c
pid=$(pid_of $c)
# init lets its end of the conversation go once the runtime has gone
sleep 0.2
known=0 extra=
for fd in /proc/"$pid"/fd/*; do
	case ${fd##*/} in 0|1|2) continue ;; esac
	case $(readlink "$fd") in
	"$STATE/$c/init"|socket:*) known=$((known + 1)) ;;
	*) extra="$extra ${fd##*/}=$(readlink "$fd")" ;;
	esac
done
is "guard: init holds nothing else" "$extra" ""
is "control: it holds these" $known 2
w delete -f $c

# d: a hook of the image's, and an init that keeps the state for it.
if "$WHERRY" features | grep -q '"startContainer"'; then
	mkdir -p "$T/log"
	MORE_MOUNTS=",{\"destination\":\"/log\",\"type\":\"bind\",
		\"source\":\"$T/log\",\"options\":[\"bind\"]}"
	TOP=',"hooks":{"startContainer":[{"path":"/bin/sh","args":["sh","-c",
		"fdlist >/log/fds"]}]}'
	bundle hook
	ok "control: create with a startContainer hook" dirty create -b "$B" $c
	pid=$(pid_of $c)
	extra=
	for fd in /proc/"$pid"/fd/*; do
		case ${fd##*/} in 0|1|2) continue ;; esac
		case $(readlink "$fd") in
		"$STATE/$c/init"|socket:*|"/memfd:state (deleted)") ;;
		"$STATE/$c/.report (deleted)") ;;     # without memfd_create
		'') ;;          # just closed: init's end of the conversation
		*) extra="$extra ${fd##*/}=$(readlink "$fd")" ;;
		esac
	done
	is "guard: init holds nothing else for the hook" "$extra" ""
	ok "control: start" dirty start $c
	is "guard: the hook has stdin, stdout and stderr" \
		"$(cut -d' ' -f1 "$T/log/fds" | tr '\n' ' ')" "0 1 2 "
	is "control: stdin is the state, the others a pipe" \
		"$(cut -d' ' -f2 "$T/log/fds" | tr '\n' ' ')" "reg reg fifo "
	w delete -f $c
fi

done_testing
