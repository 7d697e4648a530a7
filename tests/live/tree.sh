#!/bin/sh
# SPDX-License-Identifier: MIT
# tree.sh -- where in a cgroup2 tree a container can be: below a cgroup that has
# processes, below a threaded one, and in a container.
. "${0%/*}/lib.sh"
c=$P-tree
CG=
for d in /sys/fs/cgroup /sys/fs/cgroup/unified; do
	[ -e "$d/cgroup.controllers" ] && CG=$d
done
[ "$CG" ] || skip_all "no cgroup2 is mounted"
controller=
for name in memory pids; do
	grep -qw $name $CG/cgroup.controllers && controller=$name && break
done

gone() { # what this test made, and wherry on its way, is empty again
	rmdir "$CG/$P-top/sub" "$CG/$P-top" /sys/fs/cgroup/*/"$P-top/sub" \
		/sys/fs/cgroup/*/"$P-top" 2>/dev/null
	[ ! -d "$CG/$P-top" ]
}

# --- no internal process ------------------------------------------------------

# A cgroup with processes passes no controller on (cgroup-v2.rst); its children
# are cgroups all the same.
mkdir "$CG/$P-top"
sleep 100 &
holder=$!
echo $holder >"$CG/$P-top/cgroup.procs"
LINUX=",\"cgroupsPath\":\"/$P-top/$c\"" RESOURCES=
bundle plain cat /proc/self/cgroup
works "below a cgroup with processes, no limit" run -b "$B" $c
like "it was there" "$(out)" "^0::/"
case $controller in
memory) json='"memory":{"limit":33554432}' file=memory.max ;;
pids) json='"pids":{"limit":50}' file=pids.max ;;
*) json= ;;
esac
LINUX=",\"cgroupsPath\":\"/$P-top/$c\"" RESOURCES="\"resources\":{$json},"
bundle limited true
if [ "$json" ]; then
	fails "below a cgroup with processes, a limit" \
		"linux.resources.$controller.limit: .*$file" run -b "$B" $c
	ok "nothing is left of it" test ! -e "$CG/$P-top/$c"
else
	skip "below a cgroup with processes, a limit" "no controller"
	skip "nothing is left of it" "no controller"
fi
kill $holder
wait $holder 2>/dev/null
if [ "$json" ]; then
	works "the processes have gone: a limit" run -b "$B" $c
else
	skip "the processes have gone: a limit" "no controller"
fi
ok "and nothing is left" gone

# --- update -------------------------------------------------------------------

# A controller that nobody has passed on to the container is passed on now.
case $controller in
memory) file=memory.max new='"memory":{"limit":67108864}' want=67108864 ;;
pids) file=pids.max new='"pids":{"limit":60}' want=60 ;;
*) file=hugetlb.2MB.max want=4194304
	new='"hugepageLimits":[{"pageSize":"2MB","limit":4194304}]' ;;
esac
name=${file%%.*}
top=$CG/$P-top

off() { # DIR...: takes it back
	for d; do
		grep -qw $name "$d/cgroup.subtree_control" &&
			echo "-$name" >"$d/cgroup.subtree_control"
	done
}

update() {
	echo "{$new}" >"$T/new.json"
	w update -r "$T/new.json" $c
}

if grep -qw $name $CG/cgroup.controllers; then
	root=$(cat $CG/cgroup.subtree_control)
	LINUX=",\"cgroupsPath\":\"/$P-top/sub/$c\"" RESOURCES=
	bundle later sleep 1000
	works "update: no limit yet" run -d -b "$B" $c
	off "$top/sub" "$top"
	[ "$root" ] || off $CG
	ok "control: it has no $name" test ! -e "$top/sub/$c/$file"
	update
	is "update: $file" "$rc $(cat "$top/sub/$c/$file")$(err)" "0 $want"
	# one with processes passes nothing on, and is not made a threaded root
	for on in $(cat "$top/sub/cgroup.subtree_control"); do
		echo "-$on" >"$top/sub/cgroup.subtree_control"
	done
	sleep 100 &
	holder=$!
	echo $holder >"$top/sub/cgroup.procs"
	update
	like "update below processes" "$rc $(err)" \
		"^1 .*linux.resources.*$file: .*does not pass on .$name"
	is "it is what it was" "$(cat "$top/sub/cgroup.type")" domain
	kill $holder
	wait $holder 2>/dev/null
	works "delete" delete -f $c
	off "$top"
	[ "$root" ] || off $CG
else
	skip "update" "no controller for it"
fi
ok "and nothing is left" gone

# --- threaded -----------------------------------------------------------------

# Below a threaded cgroup every new one is "domain invalid": no process can go
# into it before it is threaded, and then no domain controller.
mkdir -p "$CG/$P-top/sub"
if echo threaded >"$CG/$P-top/sub/cgroup.type" 2>/dev/null; then
	LINUX=",\"cgroupsPath\":\"/$P-top/sub/$c\"" RESOURCES=
	bundle threaded true
	fails "below a threaded cgroup" "threaded|cgroup.procs" run -b "$B" $c
	ok "nothing is left of it" test ! -e "$CG/$P-top/sub/$c"
else
	skip "below a threaded cgroup" "not in this kernel"
	skip "nothing is left of it" "not in this kernel"
fi
ok "and nothing is left of the tree" gone

# --- who enters ---------------------------------------------------------------

# Its memory would be the container's, and its end would wait for the runtime's.
RESOURCES= LINUX=",\"cgroupsPath\":\"/$c\""
TOP=",\"hooks\":{\"poststart\":[{\"path\":\"$BUSYBOX\",\"args\":[\"sh\",
	\"-c\",\"cat /proc/\$PPID/cgroup >$T/runtime\"]}]}"
bundle entered sleep 1000
TOP=
w run -d -b "$B" $c
cp "/proc/$(pid_of $c)/cgroup" "$T/init"
w delete -f $c
if grep -q "/$c\$" "$T/init"; then
	ok "the runtime runs hooks" test -s "$T/runtime"
	unlike "the runtime is in no cgroup of the container" \
		"$(cat "$T/runtime")" "/$c\$"
else
	skip "the runtime is in no cgroup of the container" "no cgroup"
fi

# --- a container in a container -----------------------------------------------

# The outer one's init makes room: its own cgroup, which is / inside, may have
# no processes where controllers are passed on.
if [ $CG = /sys/fs/cgroup ] && [ "$json" ]; then
	rootfs "$T/b/outer/rootfs"
	cp "$WHERRY" "$T/b/outer/rootfs/bin/wherry"
	rootfs "$T/b/outer/rootfs/in/rootfs"
	cat >"$T/b/outer/rootfs/run.sh" <<END
cd /in && wherry spec || exit
sed -i config.json -e 's|"sh"|"cat","/sys/fs/cgroup/$file"|' \\
	-e 's|"resources": *{|&$json,|' \\
	-e 's|"terminal": true|"terminal": false|'
mkdir /sys/fs/cgroup/init
echo 0 >/sys/fs/cgroup/init/cgroup.procs
wherry --root /run/w run -b /in inner
status=\$?
ls -d /sys/fs/cgroup/inner 2>/dev/null
exit \$status
END
	MOUNTS="$PROC_MOUNT,$DEV_MOUNTS,{\"destination\":\"/sys\",
		\"type\":\"sysfs\",\"source\":\"sysfs\"},
		{\"destination\":\"/sys/fs/cgroup\",\"type\":\"cgroup\",
		\"source\":\"cgroup\"},{\"destination\":\"/run\",
		\"type\":\"tmpfs\",\"source\":\"run\"}"
	NAMESPACES="$NAMESPACES,{\"type\":\"cgroup\"}"
	READONLY=false PATHS= AMBIENT= NNP=false
	CAPS="$ALL_CAPS,\"CAP_SETFCAP\""
	RESOURCES= LINUX=",\"cgroupsPath\":\"/$c\""
	bundle outer sh /run.sh
	w run -b "$B" $c
	want=33554432
	[ $controller = memory ] || want=50
	is "a container in a container" "$rc $(out)$(err)" "0 $want"
else
	skip "a container in a container" "not a pure cgroup2 tree"
fi

done_testing
