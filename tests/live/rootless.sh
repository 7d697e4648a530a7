#!/bin/sh
# SPDX-License-Identifier: MIT
# rootless.sh -- without privileges: a user alone, a user with newuidmap, root
# of a user namespace, a container in a container; and user namespaces that are
# joined.
. "${0%/*}/lib.sh"
c=$P-ul
ME=1000

"$TOOLS/as" $ME "$BUSYBOX" true || skip_all "no other user"
"$TOOLS/as" $ME "$BUSYBOX" unshare -U "$BUSYBOX" true 2>/dev/null ||
	skip_all "no user namespaces for users"
if awk '$5 == "/" && $1 == $2 { found = 1 } END { exit !found }' \
    /proc/self/mountinfo; then
	skip_all "the root is an initramfs: only root can leave it"
fi

H=$T/home
mkdir -p "$H/run"
# A pid file and the like of the user's own, and what must be out of reach.
cat /etc/passwd >"$T/passwd" 2>/dev/null
grep -q "^[^:]*:[^:]*:$ME:" "$T/passwd" ||
	echo "me:x:$ME:$ME::/:/bin/sh" >>"$T/passwd"
echo "$ME:200000:65536" >"$T/subid"
chown -R $ME:$ME "$H"

# As w of lib.sh, as the user.  WRAP comes first: of a user it would take what
# newuidmap needs.  What a container goes on to print is not for the next one.
u() {
	rm -f "$T/out"
	(cd "$H" && XDG_RUNTIME_DIR=$H/run $WRAP "$TOOLS/as" $ME \
		"$TOOLS/limit" 30 "$WHERRY" "$@" \
		>"$T/out" 2>"$T/err" </dev/null)
	rc=$?
	return $rc
}
u_works() { # DESC ARGS...
	desc=$1
	shift
	if u "$@"; then
		pass "$desc"
	else
		fail "$desc"
		note "status $rc: $*"
		note "$(err)"
		return 1
	fi
}
u_fails() { # DESC ERE ARGS...
	desc=$1 ere=$2
	shift 2
	u "$@"
	like "$desc" "$rc $(err)" "^1 .*($ere)"
}
shows() { # NAME: what the program printed as NAME=
	sed -n "s/^$1=//p" "$T/out" | tr -s ' ' | sed 's/^ //'
}

# --- the bundle of spec --rootless --------------------------------------------

SPEC=$H/spec
mkdir "$SPEC"
rootfs "$SPEC/rootfs"
cat >"$SPEC/rootfs/run.sh" <<'END2'
echo id=$(id -u):$(id -g)
echo map=$(cat /proc/self/uid_map)
echo deny=$(cat /proc/self/setgroups)
echo node=$(stat -c %t:%T /dev/null)
echo >/dev/null && echo null=writable
awk '$3 ~ /^cgroup/ && $4 !~ /^ro/ { print "cgroup=" $2 }' /proc/mounts
mkdir /sys/fs/cgroup/x 2>&1 | sed 's/^.*: /mkdir=/'
echo up=$(cut -d. -f1 /proc/uptime)
echo shm=$(stat -c %u:%g /dev/shm)
echo sys=$(ls /sys | wc -l)
[ $# = 0 ] || exec sleep 1000
END2
chown -R $ME:$ME "$SPEC"
u_works "spec --rootless" spec --rootless --bundle "$SPEC"
grep -q mqueue /proc/filesystems || {
	tr -d '\n' <"$SPEC/config.json" | sed \
	's/{[^{}]*"destination": *"\/dev\/mqueue"[^{}]*}, *//' >"$T/c"
	cat "$T/c" >"$SPEC/config.json"
}
kernel_has cgroup-ns || {
	tr -d '\n' <"$SPEC/config.json" | sed \
	's/{[^{}]*"type": *"cgroup" *}, *//' >"$T/c"
	cat "$T/c" >"$SPEC/config.json"
}
# change NAME SED...: config NAME.json, by changes of the one of spec
change() {
	json=$1
	shift
	tr -d '\n\t' <"$SPEC/config.json" | sed \
	    -e 's|"terminal": *true|"terminal":false|' \
	    -e "s|\"env\": *\[|&\"WHERRY_TEST=$P\",|" \
	    -e 's|"args": *\[[^]]*\]|"args":["sh","/run.sh"]|' "$@" \
	    >"$SPEC/$json.json"
}
change plain
u_works "it runs" run -f plain.json -b "$SPEC" $c
is "root inside" "$(shows id)" 0:0
is "the one id" "$(shows map)" "0 $ME 1"
is "setgroups is denied" "$(shows deny)" deny
is "devices are the host's" "$(shows node) $(shows null)" "1:3 writable"
is "guard: no cgroup can be written to" "$(shows cgroup)" ""
like "guard: ... nor made" "$(shows mkdir)" 'Read-only|Permission|No such'
is "owner of a tmpfs" "$(shows shm)" 0:0

change net -e 's|"type": *"none", *"source": *"/sys"|"type":"sysfs"|' \
	-e 's|"rbind", *||'
u_works "sysfs without a network namespace" run -f net.json -b "$SPEC" $c
like "... is the host's" "$(shows sys)" '^ *[1-9]'
is "guard: ... read-only, cgroups too" "$(shows cgroup)" ""

change gids -e 's|"gid": *0|&,"additionalGids":[0]|'
u_fails "additionalGids where setgroups is denied" \
	'additionalGids.*setgroups' create -f gids.json -b "$SPEC" $c
if kernel_has time-ns; then
	change time -e 's|"namespaces": *\[|&{"type":"time"},|' \
	    -e 's|"linux": *{|&"timeOffsets":{"boottime":{"secs":10000000}},|'
	u_works "a time namespace" run -f time.json -b "$SPEC" $c
	ok "... that is moved" test "$(shows up)" -gt 10000000
fi
change path -e 's|"linux": *{|&"cgroupsPath":"/'$P-ul'",|'
u_fails "a cgroup that can't be made" 'cgroup' create -f path.json -b "$SPEC" $c
change limit -e 's|"linux": *{|&"resources":{"pids":{"limit":5}},|'
u_fails "a limit without a cgroup" 'pids.limit' create -f limit.json \
	-b "$SPEC" $c
is "nothing is left of refusals" "$(ls "$H/run/wherry")" ""
u_fails "--rootless false tolerates nothing" 'cgroup|devices' \
	--root "$H/run/wherry" --rootless false run -f plain.json -b "$SPEC" $c
u_works "--rootless true" --rootless true run -f plain.json -b "$SPEC" $c
u_fails "--rootless of another word" 'true, false or auto' --rootless no list
(cd "$H" && unset XDG_RUNTIME_DIR && $WRAP "$TOOLS/as" $ME "$WHERRY" \
	run -b "$SPEC" $c) >"$T/out" 2>"$T/err"
like "no place for the state" "$? $(err)" "^1 .*XDG_RUNTIME_DIR"

# --- every command ------------------------------------------------------------

change wait -e 's|"/run.sh"|&,"wait"|'
u_works "create" create -f wait.json -b "$SPEC" --pid-file "$H/pid" $c
u_works "state" state $c
is "created" "$(field status)" created
ok "its state is the user's" test -O "$H/run/wherry/$c" -o \
	"$(stat -c %u "$H/run/wherry/$c")" = $ME
u_fails "exec before start: init lets no user in" 'before start' \
	exec $c id -u
u_works "start" start $c
u_works "list" list
like "... has it" "$(out)" "$c.*running"
u_works "exec" exec $c id -u
like "... as root inside" "$(out)" '^0$'
u_fails "pause: no cgroup" 'cgroup' pause $c
u_works "ps" ps $c
like "... knows the first process" "$(out)" "^$(cat "$H/pid")\$"
u_fails "stats: no cgroup" 'cgroup' stats $c
u_fails "update: no cgroup" 'cgroup' update --pids-limit 5 $c
u_works "kill" kill $c KILL
u wait $c
u_works "delete" delete $c
u_works "run -d" run -d -f wait.json -b "$SPEC" $c
u_works "stop" stop -t 0 $c
u_works "delete --force" delete --force $c
for name in check plan; do
	u_works "$name" $name -b "$SPEC"
done
for name in features config version; do
	u_works "$name" $name
done

# --- ranges, by newuidmap -----------------------------------------------------

map='{"containerID":1,"hostID":200000,"size":1000}'
change ranges -e "s|\"uidMappings\": *\[|&$map,|" \
	-e "s|\"gidMappings\": *\[|&$map,|" \
	-e 's|"uid": *0, *"gid": *0|"uid":5,"gid":6,"additionalGids":[7]|'
if ! [ -x /usr/bin/newuidmap ] || ! [ -x /usr/bin/newgidmap ] ||
    ! [ -e /etc/subuid ] || ! [ -e /etc/subgid ]; then
	u_fails "ranges without newuidmap" 'new[ug]idmap' \
		create -f ranges.json -b "$SPEC" $c
else
	u_fails "ranges that nobody gave us" 'new[ug]idmap.*not allowed|range' \
		create -f ranges.json -b "$SPEC" $c
	mount --bind "$T/passwd" /etc/passwd
	mount --bind "$T/subid" /etc/subuid
	mount --bind "$T/subid" /etc/subgid
	u_works "ranges of /etc/subuid" run -f ranges.json -b "$SPEC" $c
	is "the user inside" "$(shows id)" 5:6
	is "the maps" "$(shows map)" "1 200000 1000 0 $ME 1"
	is "setgroups works" "$(shows deny)" allow
	is "owner of a tmpfs is root" "$(shows shm)" 0:0
	# /usr/bin/false in the user's PATH is not asked
	mkdir "$H/bin"
	for name in newuidmap newgidmap; do
		printf '#!/bin/sh\ntouch %s\nexit 1\n' "$H/asked" \
			>"$H/bin/$name"
		chmod 755 "$H/bin/$name"
	done
	(PATH=$H/bin:$PATH u run -f ranges.json -b "$SPEC" $c)
	is "guard: PATH does not choose the helper" $? 0
	ok "guard: ... at all" test ! -e "$H/asked"
	umount /etc/subgid /etc/subuid /etc/passwd
fi

# --- root of a user namespace -------------------------------------------------

# The same bundle with ids of that namespace.
inner() { # ARGS...: wherry as root of a new user namespace
	$WRAP "$TOOLS/limit" 30 "$TOOLS/as" $ME "$BUSYBOX" unshare -U -r \
		"$WHERRY" --root "$H/inner" "$@" >"$T/out" 2>"$T/err" </dev/null
	rc=$?
	is "$name: it runs" "$rc $(err)" "0 "
}
for ns in cgroup ""; do
	name="unshare -Ur${ns:+, no $ns namespace}"
	change inner -e "s|\"hostID\": *$ME|\"hostID\":0|g" \
		-e "s|{ *\"type\": *\"${ns:-none}\" *}, *||"
	inner run -f inner.json -b "$SPEC" $c
	is "$name: root" "$(shows id)" 0:0
	is "guard: $name: every cgroup is read-only" "$(shows cgroup)" ""
	like "guard: $name: mkdir" "$(shows mkdir)" \
		'Read-only|Permission|No such'
done

# --- joined -------------------------------------------------------------------

LINUX=',"uidMappings":[{"containerID":0,"hostID":200000,"size":1000}],
	"gidMappings":[{"containerID":0,"hostID":200000,"size":1000}]'
NAMESPACES="$NAMESPACES,{\"type\":\"user\"}"
bundle owner
chmod 755 "$T/b"
works "a container to join" run -d -b "$B" $c
pid=$(pid_of $c)
joined=
for type in user pid network ipc uts; do
	file=$type
	[ $type != network ] || file=net
	joined="$joined{\"type\":\"$type\",\"path\":\"/proc/$pid/ns/$file\"},"
done
joined=$joined'{"type":"mount"}'
NAMESPACES=$joined USER='{"uid":5,"gid":6,"additionalGids":[7]}'
bundle joins sh -c 'id
	readlink /proc/self/ns/user; readlink /proc/self/ns/pid'
ids="uid=5 gid=6 groups=7"
w run -b "$B" $c-2
is "user, pid, net, ipc and uts joined" "$rc $(out)$(err)" "0 $ids
$(readlink "/proc/$pid/ns/user")
$(readlink "/proc/$pid/ns/pid")"
NAMESPACES=$joined USER='{"uid":1000,"gid":6}'
bundle joins true
fails "an id that the joined namespace lacks" 'process.user.uid 1000: not map' \
	create -b "$B" $c-2
NAMESPACES=$joined USER='{"uid":0,"gid":6,"additionalGids":[1000]}'
bundle joins true
fails "a group that it lacks" 'additionalGids.0.: not map' create -b "$B" $c-2
w delete -f $c

# --- a container in a container -----------------------------------------------

# The inner one has what a container gets by default, and no procfs of its own
# where the outer one hides parts of it.
outer=$T/b/outer
mkdir -p "$outer"
rootfs "$outer/rootfs"
cp "$WHERRY" "$outer/rootfs/bin/wherry"
rootfs "$outer/rootfs/in/rootfs"
cat >"$outer/rootfs/run.sh" <<'END2'
cd /in && wherry spec $1 && sed -i config.json \
	-e 's|"terminal": true|"terminal": false|' \
	-e 's|"sh"|"sh","-c","echo in=$(id -u) pid=$$"|' $2
exec wherry --root /run/w --cgroup-manager disabled run -b /in inner
END2
chmod 755 "$outer/rootfs/run.sh"
cut=
kernel_has cgroup-ns || cut='-e/{."type":."cgroup".}/d'
READONLY=false CAPS="$ALL_CAPS,\"CAP_SETFCAP\"" PATHS= AMBIENT= NNP=false
MORE_MOUNTS=',{"destination":"/run","type":"tmpfs","source":"run"}'
bundle outer sh /run.sh --rootless "$cut"
w run -b "$B" $c
is "nested, rootless in root" "$rc $(grep -c '^in=0 pid=1$' "$T/out")$(err)" \
	"0 1"
rm "$outer/rootfs/in/config.json"
LINUX=',"uidMappings":[{"containerID":0,"hostID":200000,"size":1000}],
	"gidMappings":[{"containerID":0,"hostID":200000,"size":1000}]'
NAMESPACES="$NAMESPACES,{\"type\":\"user\"}"
READONLY=false CAPS="$ALL_CAPS,\"CAP_SETFCAP\"" PATHS= AMBIENT= NNP=false
MORE_MOUNTS=',{"destination":"/run","type":"tmpfs","source":"run"}'
chown -R 200000:200000 "$outer/rootfs/in"
bundle outer sh /run.sh --rootless "$cut"
w run -b "$B" $c
is "nested, in a user namespace" \
	"$rc $(grep -c '^in=0 pid=1$' "$T/out")$(err)" "0 1"

done_testing
