#!/bin/sh
# SPDX-License-Identifier: MIT
# mounts-bind.sh -- list section 9: words that are acts of the runtime, ids of
# mounts, and what goes between the host's mounts and the container's.
HOST_PROPAGATION=rshared  # which is what is tested here
. "${0%/*}/lib.sh"
c=$P-mb

# Runs the arguments in the shell of a container with MORE_MOUNTS.
run() {
	CAPS=$ALL_CAPS AMBIENT= READONLY=false
	bundle acts sh -c "$*"
	w run -b "$B" $c
	out
	sed 's/^/# /' "$T/err"
}

mkdir -p "$T/vol/dir"
echo here >"$T/vol/f"
ln -s f "$T/vol/link"
ln -s nowhere "$T/vol/dangling"

# --- tmpcopyup ----------------------------------------------------------------

bundle acts
mkdir -p "$R/data/a/b" "$R/data/sticky"
echo text >"$R/data/a/b/file"
chown 7:8 "$R/data/a/b/file" "$R/data/a"
chmod 4755 "$R/data/a/b/file"
chmod 1777 "$R/data/sticky"
chmod 711 "$R/data"
ln -s a/b/file "$R/data/link"
ln -s /nowhere "$R/data/dangling"
mkfifo "$R/data/pipe"
up() {
	MORE_MOUNTS=',{"destination":"/data","type":"tmpfs","source":"up",
		"options":["tmpcopyup"'${1:-}']}'
}
list='cd /data; stat -c "%n %a %u:%g %F" . a a/b/file sticky pipe;
	readlink link; readlink dangling; cat a/b/file; stat -f -c %T .'
up
is "tmpcopyup: the tree is there" "$(run "$list")" ". 711 0:0 directory
a 755 7:8 directory
a/b/file 4755 7:8 regular file
sticky 1777 0:0 directory
pipe 644 0:0 fifo
a/b/file
/nowhere
text
tmpfs"
up
is "... a copy" "$(run 'echo new >/data/a/b/file; cat /data/a/b/file'
	cat "$R/data/a/b/file")" "new
text"
up ',"ro"'
is "... with ro" "$(run 'cat /data/link; touch /data/x 2>&1')" "text
touch: /data/x: Read-only file system"
up ',"size=4k"'
dd if=/dev/zero of="$R/data/big" bs=1k count=64 2>/dev/null
READONLY=false
bundle acts true
fails "... that does not fit" "/data: tmpcopyup: big: write: no space" \
	run -b "$B" $c
rm "$R/data/big"
(cd "$R/data" && i=0 && while [ $i -lt 200 ]; do
	mkdir d && cd d || exit
	i=$((i + 1))
done)
up
READONLY=false
bundle acts true
fails "... and is too deep" "/data: tmpcopyup: d: .*more than 128 levels" \
	run -b "$B" $c
rm -r "$R/data/d"

# --- Links --------------------------------------------------------------------

bind() { # SOURCE DEST WORDS
	MORE_MOUNTS=',{"destination":"'$2'","source":"'$T/vol/$1'",
		"options":["bind"'${3:-}']}'
}
bind link /mnt/l ',"copy-symlink"'
is "copy-symlink: the link itself" "$(run 'readlink /mnt/l;
	grep -c " /mnt/l " /proc/self/mountinfo')" "f
0"
bind dangling /mnt/d ',"copy-symlink"'
is "... that leads nowhere" "$(run readlink /mnt/d)" nowhere
bind link /mnt/l ',"copy-symlink"'
is "... again" "$(run readlink /mnt/l)" f
bind f /mnt/file ',"copy-symlink"'
is "... of no link: a bind mount" "$(run cat /mnt/file)" here
bind dangling /mnt/l ',"copy-symlink"'
READONLY=false
bundle acts true
fails "... where another is" "/mnt/l: something else is there" run -b "$B" $c
bind link /mnt/s ',"src-nofollow"'
is "src-nofollow: a link is mounted" "$(run readlink /mnt/s)" f
bind f /mnt/file ',"src-nofollow"'
is "src-nofollow: of no link" "$(run cat /mnt/file)" here
ln -s /etc/target "$R/mnt/over"
bind f /mnt/over ',"dest-nofollow"'
is "dest-nofollow: on the link" "$(run 'cat /mnt/over; ls /etc')" here
bind f /mnt/over ''
is "without: where it leads" "$(run 'cat /etc/target')" here
bind dir /mnt/new/dir ',"dest-nofollow"'
is "dest-nofollow: makes a directory" "$(run 'stat -c %F /mnt/new/dir')" \
	directory
bind f /mnt/new/file ',"dest-nofollow"'
is "dest-nofollow: makes a file" "$(run 'cat /mnt/new/file')" here

# --- optional, create= --------------------------------------------------------

for word in optional nofail; do
	bind none /mnt/gone ',"'$word'"'
	is "$word: no source" "$(run 'ls /mnt/gone 2>&1')" \
		"ls: /mnt/gone: No such file or directory"
	MORE_MOUNTS=',{"destination":"/mnt/fs","type":"nosuchfs",
		"source":"x","options":["'$word'"]}'
	is "$word: no such file system" "$(run echo went on)" "went on"
done
bind none /mnt/made/dir ',"optional","create=dir"'
is "create=dir: in its place" "$(run 'stat -c %F /mnt/made/dir')" directory
bind none /mnt/made/file ',"optional","create=file"'
is "create=file: in its place" "$(run 'stat -c %F /mnt/made/file')" \
	"regular empty file"
bind none /mnt/gone ',"optional"'
READONLY=false
bundle acts true
w --log-level warning run -b "$B" $c
like "optional: says so" "$(err)" "mounts\[[0-9]*\] /mnt/gone: left out: .*none"
bind none /mnt/gone ''
bundle acts true
fails "without: an error" "source .*none: no such file" run -b "$B" $c
bind f /mnt/x ',"create=dir"'
bundle acts true
fails "create=dir: the source is a file" "the source is no directory" \
	run -b "$B" $c
bind dir /mnt/x ',"create=file"'
bundle acts true
fails "create=file: the source is a directory" "the source is a directory" \
	run -b "$B" $c
bind f /proc/version ',"optional"'
bundle acts true
fails "optional: no excuse for other errors" "nothing may be mounted below" \
	run -b "$B" $c

# --- Modes, and file systems of the kernel ------------------------------------

rm -rf "$R/sticky"
mkdir "$R/sticky"
chmod 1777 "$R/sticky"
MORE_MOUNTS=',{"destination":"/sticky","type":"tmpfs","source":"t"},
	{"destination":"/mnt","type":"tmpfs","source":"t",
		"options":["mode=700","uid=3"]}'
is "tmpfs: the directory's mode, or that of the options" \
	"$(run 'stat -c "%a %u" /sticky /mnt')" "1777 0
700 3"
MORE_MOUNTS=',{"destination":"/mnt/pts","type":"devpts","source":"devpts",
	"options":["newinstance","mode=0620","ptmxmode=0666","nosuid"]}'
is "devpts" "$(run 'ls /mnt/pts; stat -c %a /mnt/pts/ptmx')" "ptmx
666"
if [ -n "$mqueue" ]; then
	MORE_MOUNTS=',{"destination":"/mnt/mq","type":"mqueue",
		"source":"mqueue","options":["nosuid"]}'
	is "mqueue" "$(run 'stat -c %a /mnt/mq; ls /mnt/mq')" 1777
else
	skip "mqueue" "not in this kernel"
fi
MORE_MOUNTS=',{"destination":"/mnt/x","type":"nosuchfs","source":"x"}'
bundle acts true
fails "a type that the kernel lacks" "/mnt/x: mount nosuchfs: no such device" \
	run -b "$B" $c

# --- Propagation --------------------------------------------------------------

shared() { # DESC ROOT WORDS WANT: what is mounted below shows: host, inside
	bind dir /mnt/p ",$3"
	LINUX=',"rootfsPropagation":"'$2'"'
	CAPS=$ALL_CAPS AMBIENT= READONLY=false NNP=false
	bundle acts sh -c 'mkdir -p /mnt/p/in /mnt/p/out; touch /ready
		mount -t tmpfs inside /mnt/p/in; touch /done
		while :; do sleep 1; done'
	rm -f "$R/ready" "$R/done"
	w run -d -b "$B" $c || note "$(err)"
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ -e "$R/done" ] && break
		sleep 0.2
	done
	got=
	grep -q " $T/vol/dir/in " /proc/self/mountinfo && got=host
	mount -t tmpfs outside "$T/vol/dir/out"
	grep -q " /mnt/p/out " "/proc/$(pid_of $c)/mountinfo" &&
		got="$got${got:+ }inside"
	is "$1" "$got" "$4"
	umount "$T/vol/dir/out"
	w delete -f $c
	umount "$T/vol/dir/in" 2>/dev/null
}
shared "private: nothing goes either way" private '"rbind"' ""
shared "rslave: the host's come in" slave '"rbind","rslave"' inside
shared "slave: the host's come in" private '"bind","slave"' inside
shared "a shared root alone lets nothing out" shared '"rbind"' ""
shared "rshared without a shared root" private '"rbind","rshared"' inside
[ -n "$WRAP" ] || {
	shared "rshared, the root too: both ways" shared \
		'"rbind","rshared"' "host inside"
	shared "shared, the root rshared: both ways" rshared \
		'"rbind","shared"' "host inside"
}

done_testing
