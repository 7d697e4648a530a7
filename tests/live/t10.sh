#!/bin/sh
# SPDX-License-Identifier: MIT
# t10.sh -- sec T10 (CVE-2019-16884): what an image has at /proc is not what the
# runtime writes to; a sysctl is set, whatever is there.
. "${0%/*}/lib.sh"
c=$P-10

fakes() { # DIR: what the image has where others would look
	find "$1" ! -type d -exec ls -ln {} + -exec md5sum {} + 2>&1 | sort
}

value() { # of the container's network namespace, by another with a /proc
	NAMESPACES='{"type":"mount"},{"type":"pid"},{"type":"network",
		"path":"/proc/'$1'/ns/net"}' HOST_NAME=
	bundle look cat /proc/sys/net/ipv4/ip_forward
	w run -b "$B" $c-look
	out
}

try() { # NAME, after the bundle: what the image has at proc is in place
	fakes "$R/proc" >"$T/fakes.before"
	MOUNTS=$DEV_MOUNTS PATHS= READONLY=false
	LINUX=',"sysctl":{"net.ipv4.ip_forward":"1"}'
	bundle "${B##*/}"
	if w create -b "$B" $c; then
		is "guard: $1: it is set" "$(value "$(pid_of $c)")" 1
		B=$T/b/$1 R=$T/b/$1/rootfs
		works "control: $1: starts" start $c
		w delete -f $c
	else
		like "guard: $1: an error that names it" "$(err)" linux.sysctl
	fi
	fakes "$R/proc" >"$T/fakes.now"
	is "guard: $1: the image's files are as they were" \
		"$(diff "$T/fakes.before" "$T/fakes.now")" ""
	canary_same "guard: $1: the canary is as it was"
}

before=$(cat /proc/sys/net/ipv4/ip_forward)

bundle files
mkdir -p "$R/proc/sys/net/ipv4" "$R/proc/self/attr"
echo 0 >"$R/proc/sys/net/ipv4/ip_forward"
try files

bundle link
rmdir "$R/proc/sys" 2>/dev/null
ln -s "$CAN" "$R/proc/sys"
mkdir -p "$CAN/net/ipv4"
echo 0 >"$CAN/net/ipv4/ip_forward"
leaks >"$T/leak.before"
try link

bundle other
rmdir "$R/proc" && ln -s "$CAN/proc" "$R/proc"
mkdir -p "$CAN/proc/sys/net/ipv4"
echo 0 >"$CAN/proc/sys/net/ipv4/ip_forward"
leaks >"$T/leak.before"
try other

is "guard: the host keeps its own" "$(cat /proc/sys/net/ipv4/ip_forward)" \
	"$before"
done_testing
