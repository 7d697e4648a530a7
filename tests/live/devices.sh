#!/bin/sh
# SPDX-License-Identifier: MIT
# devices.sh -- nodes and links in and outside /dev (list section 10).
. "${0%/*}/lib.sh"
c=$P-d
LOOK='stat -c %n|%F|%t:%T|%a|%u:%g'

node() { # PATH MEMBERS: a character device 1:7
	LINUX=',"devices":[{"path":"'$1'","type":"c","major":1,"minor":7'$2'}]'
}

# --- what is there already ----------------------------------------------------

READONLY=false
bundle there
if ! mknod -m 640 "$R/etc/full" c 1 7; then
	echo "1..0 # SKIP no right to make devices"
	exit 0
fi
chown 3:4 "$R/etc/full"

node /etc/full ""
bundle there $LOOK /etc/full
gives "a node that is there, of any mode and owner" \
	"/etc/full|character special file|1:7|640|3:4" run -b "$B" $c
node /etc/full ',"fileMode":416,"uid":3,"gid":4'
bundle there $LOOK /etc/full
gives "of these" "/etc/full|character special file|1:7|640|3:4" \
	run -b "$B" $c
for member in '"fileMode":438' '"uid":0' '"gid":0' '"gid":5'; do
	node /etc/full ",$member"
	bundle there true
	fails "of another $member" \
		"devices\[0\]: /etc/full: .*another mode or owner: 0640 3:4" \
		run -b "$B" $c
done
is "it has been left alone" "$(stat -c '%a %u:%g' "$R/etc/full")" "640 3:4"
for other in '"c","major":1,"minor":5' '"b","major":1,"minor":7' '"p"'; do
	LINUX=',"devices":[{"path":"/etc/full","type":'$other'}]'
	bundle there true
	fails "another device: $other" "/etc/full: something else is there" \
		run -b "$B" $c
done
ln -sf /etc/full "$R/etc/link"
node /etc/link ""
bundle there true
fails "a link to it is something else" "/etc/link: something else" \
	run -b "$B" $c
LINUX=',"devices":[{"path":"/dev/a","type":"c","major":1,"minor":5},
	{"path":"/dev/a","type":"c","major":1,"minor":7}]'
bundle twice true
fails "two devices at one path" "linux.devices\[1\]: /dev/a: something else" \
	run -b "$B" $c

# --- where nodes go -----------------------------------------------------------

READONLY=false
LINUX=',"devices":[{"path":"/opt/a/b","type":"u","major":1,"minor":7,
	 "fileMode":0},
	{"path":"/etc/way/x","type":"b","major":7,"minor":200,"fileMode":432,
	 "uid":7},
	{"path":"/dev/null","type":"c","major":1,"minor":3,"fileMode":384},
	{"path":"/dev/ptmx","type":"c","major":5,"minor":2}]'
bundle where $LOOK /opt/a/b /opt/a /elsewhere/x /dev/null /dev/ptmx
mkdir -p "$R/elsewhere"
ln -s /elsewhere "$R/etc/way"
if ! w run -b "$B" $c; then
	fail "nodes"
	note "$(err)"
fi
is "u, a way through a link, a default replaced, ptmx passed over" "$(out)" \
"/opt/a/b|character special file|1:7|0|0:0
/opt/a|directory|0:0|755|0:0
/elsewhere/x|block special file|7:c8|660|7:0
/dev/null|character special file|1:3|600|0:0
/dev/ptmx|symbolic link|0:0|777|0:0"

MOUNTS="$PROC_MOUNT" PATHS=
bundle fresh sh -c 'grep -c " /dev " /proc/self/mountinfo; ls /dev'
echo image >"$R/dev/image"
gives "/dev is a tmpfs where mounts has none" "1
fd
full
null
ptmx
random
stderr
stdin
stdout
tty
urandom
zero" run -b "$B" $c
is "the image's own is as it was" "$(ls "$R/dev")" image

MOUNTS=$PROC_MOUNT',{"destination":"/dev","type":"tmpfs","source":"dev",
	"options":["ro","mode=755"]}' PATHS=
node /dev/mine ""
bundle ro sh -c 'ls /dev/mine /dev/null; (: >/dev/x) 2>&1 | sed "s/.*: //"'
gives "nodes are made before /dev is read-only" "/dev/mine
/dev/null
Read-only file system" run -b "$B" $c

mkdir "$T/dev"
mknod "$T/dev/null" c 1 3
MOUNTS=$PROC_MOUNT',{"destination":"/dev","type":"bind","source":"'$T/dev'",
	"options":["rbind"]}' PATHS=
bundle host ls /dev
gives "a bind on /dev is the host's: nothing is made there" null \
	run -b "$B" $c

MOUNTS=$PROC_MOUNT',{"destination":"/dev","type":"tmpfs","source":"dev"},
	{"destination":"/dev/stdout","type":"bind","source":"dev/stdout",
	 "options":["bind"]}' PATHS=
bundle kept cat /dev/stdout
mkdir -p "$B/dev"
echo own >"$B/dev/stdout"
gives "what mounts put at a link's place stays" own run -b "$B" $c

# --- user namespaces ----------------------------------------------------------

if [ -e /proc/self/ns/user ] && unshare -U true 2>/dev/null; then
	MAPS=',"uidMappings":[{"containerID":0,"hostID":100000,"size":1000}],
	"gidMappings":[{"containerID":0,"hostID":100000,"size":1000}]'
	for dev in "/dev/full::fine" "/dev/no-such-node::Operation|permitted" \
	    "/dev/zero::another device"; do
		path=${dev%%::*} want=${dev#*::}
		NAMESPACES="$NAMESPACES,{\"type\":\"user\"}"
		MOUNTS="$PROC_MOUNT,$DEV_MOUNTS"
		node "$path" ',"uid":5,"gid":6'
		LINUX=$LINUX$MAPS
		bundle userns sh -c "stat -c '%F %t:%T' $path; : >>/dev/null &&
			grep -c ' /dev/full ' /proc/self/mountinfo"
		if [ "$want" = fine ]; then
			gives "user namespace: the host's node is bound" \
				"character special file 1:7
1" run -b "$B" $c
		else
			fails "user namespace: $path" "linux.devices.*$want" \
				run -b "$B" $c
		fi
	done
	NAMESPACES="$NAMESPACES,{\"type\":\"user\"}"
	MOUNTS="$PROC_MOUNT,$DEV_MOUNTS"
	LINUX=',"devices":[{"path":"/dev/pipe","type":"p","uid":5,"gid":6}]'
	LINUX=$LINUX$MAPS
	bundle userns $LOOK /dev/pipe
	gives "user namespace: a FIFO, of the container's ids" \
		"/dev/pipe|fifo|0:0|666|5:6" run -b "$B" $c
else
	skip "devices in a user namespace" "this kernel gives none"
fi

done_testing
