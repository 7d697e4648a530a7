#!/bin/sh
# SPDX-License-Identifier: MIT
# t35.sh -- sec T35: a key of linux.sysctl sets what the container has for
# itself.  The host here has IPC and network namespaces of its own, so that
# what gets through changes nothing for anybody else.
HOST_NAMESPACES='-i -n'
# shellcheck disable=SC2086  # options
unshare $HOST_NAMESPACES true 2>/dev/null || {
	echo "1..0 # SKIP no IPC or network namespaces"
	exit 0
}
. "${0%/*}/lib.sh"
c=$P-35
sys=/proc/sys
alone='{"type":"mount"},{"type":"pid"}'

values() {
	cat $sys/kernel/shmmax $sys/net/ipv4/ip_forward $sys/kernel/core_pattern
}
before=$(values)

prepare() { # KEY VALUE NAMESPACES...
	key=$1
	LINUX=",\"sysctl\":{$(json_strings "$1"):$(json_strings "$2")}"
	shift 2
	NAMESPACES=$alone$* HOST_NAME= PATHS= MOUNTS=$PROC_MOUNT
	bundle key cat $sys/kernel/shmmax $sys/net/ipv4/ip_forward
}

refused() { # WHY, after prepare
	w run -b "$B" $c
	is "guard: $key: refused ($1)" "$rc" 1
	like "guard: ... by its name" "$(err)" 'linux.sysctl\["'
	is "guard: ... and the host's values are the same" "$(values)" "$before"
	for name in kernel/shmmax net/ipv4/ip_forward; do
		echo "$before" | sed -n "$((${#name} / 15 + 1))p" >$sys/$name
	done
}

prepare kernel.shmmax 77777 ',{"type":"ipc"}'
w run -b "$B" $c
is "control: its own IPC namespace" "$rc: $(sed -n 1p "$T/out")$(err)" \
	"0: 77777"
prepare net.ipv4.ip_forward 1 ',{"type":"network"}'
w run -b "$B" $c
is "control: its own network namespace" "$rc: $(sed -n 2p "$T/out")$(err)" \
	"0: 1"
is "control: the host's values are the same" "$(values)" "$before"

prepare kernel.shmmax 77777
refused "the host's IPC namespace"
prepare net.ipv4.ip_forward 1
refused "the host's network namespace"
prepare net.ipv4.ip_forward 1 \
	',{"type":"network","path":"/proc/'$$'/ns/net"}'
refused "the host's network namespace, joined"
prepare kernel.shmmax 77777 ',{"type":"ipc","path":"/proc/'$$'/ns/ipc"}'
refused "the host's IPC namespace, joined"
prepare kernel.core_pattern "$(cat $sys/kernel/core_pattern)" \
	',{"type":"ipc"},{"type":"network"},{"type":"uts"}'
refused "nobody's but the host's"
for key in net/../kernel/shmmax net.//.kernel.shmmax net./.kernel.shmmax \
    net...kernel.shmmax fs/mqueue/../../kernel/shmmax ../sys/kernel/shmmax; do
	prepare "$key" 77777 ',{"type":"network"}'
	refused "leads elsewhere"
done

done_testing
