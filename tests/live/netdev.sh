#!/bin/sh
# SPDX-License-Identifier: MIT
# netdev.sh -- linux.netDevices: interfaces that move into the container, and
# back where it fails.  The "host" is a network namespace of the test's.
if [ -z "${IN_NET:-}" ] && [ "$(id -u)" = 0 ]; then
	exe=$(readlink /proc/$$/exe)
	export IN_NET=1
	case $exe in
	*/busybox) exec unshare -n "$exe" sh "$0" "$@" ;;
	*) exec unshare -n "$exe" "$0" "$@" ;;
	esac
fi
. "${0%/*}/lib.sh"
APPLETS="$APPLETS ip"
c=$P-net

ip() {
	"$BUSYBOX" ip "$@"
}
ip link add h0 type veth 2>/dev/null || skip_all "no veth in this kernel"

fresh_device() {
	ip link del h0 2>/dev/null
	ip link add h0 type veth
	ip link set h0 mtu 1400
	ip addr add 10.9.8.7/24 broadcast 10.9.8.255 dev h0
	ip addr add 10.9.8.8/24 dev h0
	ip addr add 169.254.1.1/16 scope link dev h0
	if [ -e /proc/net/if_inet6 ]; then
		ip addr add fd00:9::7/64 dev h0
	fi
	ip link set h0 up
}
devices() { # JSON
	LINUX=",\"netDevices\":{$1}"
}
# name, flags, MTU and addresses, without numbers, lifetimes and what the kernel
# finds out about the cable meanwhile
picture() {
	ip addr show h0 | grep -v valid_lft | sed 's/^[0-9]*: //; s/@.*:/:/
		s/ tentative//; s/ qdisc.*//; /fe80:/d
		s/NO-CARRIER,//'
}
six=
[ ! -e /proc/net/if_inet6 ] || six='inet6 fd00:9::7/64 scope global '

for to in '' eth0; do
	fresh_device
	devices "\"h0\":{$([ -z $to ] || echo "\"name\":\"$to\"")}"
	: "${to:=h0}"
	script in$to <<-END
	ip link show $to | sed -n 's/.*<\(.*\)> mtu \([0-9]*\).*/\1 \2/p'
	ip addr show $to | grep inet | grep -v fe80 |
		sed 's/^ *//; s/ dev .*//; s/ tentative//; s/ h0\$//
			s/ eth0\$//' | sort
	END
	w run -b "$B" $c
	like "h0 as $to is up, with its MTU" "$(head -1 "$T/out")" \
		'[<,]UP.* 1400$'
	is "h0 as $to: addresses of global scope came along, others not" \
		"$(sed 1d "$T/out" | tr '\n' ' ' | sed 's/  */ /g')" \
		"inet 10.9.8.7/24 brd 10.9.8.255 scope global inet \
10.9.8.8/24 scope global secondary $six"
	is "h0 is not on the host any more" "$(ip link show h0 2>/dev/null)" ""
done

fresh_device
devices '"h0":{"name":"lo%d"}'
script template <<-END
ip link show lo0 >/dev/null && echo there
END
gives "a template takes the first free number" there run -b "$B" $c

# --- what fails leaves the host as it was ------------------------------------

back() { # DESC ERE
	fails "$1" "$2" run -b "$B" $c
	is "guard: $1: h0 is as it was" "$(picture)" "$before"
}
fresh_device
before=$(picture)
devices '"h0":{"name":"lo"}'
bundle taken true
back "a name that is taken" 'linux.netDevices.h0: the container has a lo'
devices '"h0":{"name":"eth0"},"nosuch0":{}'
bundle missing true
back "an interface that is not there" \
	'linux.netDevices.nosuch0: interface: no such device'
devices '"h0":{"name":"eth0"},"lo":{"name":"lo1"}'
bundle stays true
back "one that belongs to its namespace" \
	'linux.netDevices.lo: .*(invalid argument|the container has)'
devices '"h0":{"name":"eth0"}'
bundle noexec /bin/no-such-program
back "a failure after the move" 'no-such-program'
devices '"h0":{"name":"eth0"}'
PATHS='"maskedPaths":["relative"],'
bundle badspec true
back "a config that is wrong" maskedPaths
ip link set h0 down
before=$(picture)
devices '"h0":{"name":"eth0"}'
bundle noexec2 /bin/no-such-program
back "one that was down" 'no-such-program'
ip link set h0 up

NAMESPACES='{"type":"pid"},{"type":"mount"}' HOST_NAME=
devices '"h0":{}'
bundle nons true
fails "without a network namespace" 'linux.netDevices: needs a network' \
	run -b "$B" $c
NAMESPACES='{"type":"pid"},{"type":"mount"},
	{"type":"network","path":"/proc/self/ns/net"}' HOST_NAME=
devices '"h0":{}'
bundle hostns true
fails "in the host's network namespace" 'linux.netDevices: .*host' \
	run -b "$B" $c

# After delete the kernel does with it what it does (a veth goes).
fresh_device
devices '"h0":{}'
bundle stays
works "create" create -b "$B" $c
pid=$(pid_of $c)
is "it is there while created" "$(grep -c 'h0:' "/proc/$pid/net/dev")" 1
works "start" start $c
works "delete" delete -f $c

done_testing
