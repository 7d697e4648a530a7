#!/bin/sh
# SPDX-License-Identifier: MIT
# podman.sh -- podman drives wherry as it is: what each command gives must be
# what it gives with another runtime (TAP).
#
# Everything is in a mount namespace with a /dev of its own: crun and runc chown
# the host's /dev/null.  No registry: the image is busybox.
. "${0%/*}/lib.sh"

if [ -z "${IN_PRIVATE:-}" ]; then
	prepare podman podman conmon busybox
	unshare -m --propagation private sh "$0" "$@"
	rc=$?
	rm -rf "$T"
	exit $rc
fi

# --- a host -------------------------------------------------------------------

own_dev
mknod -m 600 /dev/fuse c 10 229

cat >"$T/containers.conf" <<END
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime_supports_nocgroup = ["crun", "wherry"]
runtime_supports_json = ["crun", "runc", "wherry"]
END
export CONTAINERS_CONF="$T/containers.conf" TMPDIR="$T/tmp"
mkdir "$T/tmp" "$T/bin"

wrap() { # NAME PATH: its own state directory
	printf '#!/bin/sh\nexec %s --root %s "$@"\n' "$2" "$T/state-$1" \
		>"$T/bin/$1"
	chmod 755 "$T/bin/$1"
}
wrap wherry "$WHERRY"

pod() { # with the runtime $RT
	timeout 60 podman --root "$T/root" --runroot "$T/run" \
		--cgroup-manager cgroupfs --runtime "$T/bin/$RT" "$@"
}

image() {
	fill_image "$T/img"
	tar -C "$T/img" -cf "$T/img.tar" .
	RT=wherry
	pod import "$T/img.tar" bb >/dev/null 2>"$T/err"
}
image || skip_all "podman import: $(head -1 "$T/err")"

for RT in $REFERENCE crun runc; do
	command -v "$RT" >/dev/null || continue
	wrap "$RT" "$(command -v "$RT")"
	pod run --rm --network none bb true >/dev/null 2>&1 || continue
	REFERENCE=$RT
	break
done
[ -n "$REFERENCE" ] || skip_all "no other runtime works here"
echo "# compared with $REFERENCE"

# --- TAP ----------------------------------------------------------------------

# Runs the function or command with each runtime: output and status are alike.
# Ids and times differ anyway.
same() { # DESC COMMAND...
	desc=$1
	shift
	for RT in $REFERENCE wherry; do
		{ "$@" 2>&1; echo "status $?"; } </dev/null | mask_ids \
			>"$T/out-$RT"
		pod rm -f -a -t 0 >/dev/null 2>&1
	done
	compare "$desc"
}

run() {
	pod run --rm --network none "$@"
}
status() { # only how it ends: the texts are the runtimes' own
	"$@" >/dev/null 2>&1
}
started() { # runs a container called x
	pod run -d --name x --network none "$@" >/dev/null
}

# --- run ----------------------------------------------------------------------

same "run: output" run bb echo hello
same "run: its status" run bb sh -c 'exit 7'
same "run: 128 and the signal" run bb sh -c 'kill -9 $$'
same "run: no such program is 127" status run bb nothing
same "run: not executable is 126" status run bb /etc/plain
same "run: stderr" run bb sh -c 'echo oops >&2'
from_stdin() {
	echo in | run -i bb cat
}
same "run -i: stdin" from_stdin
same "run -t: a terminal" run -t bb tty
same "run -t: /dev/console" run -t bb sh -c 'test -c /dev/console; echo $?'
same "run: the user" run bb id
same "run --user 1000:1000" run --user 1000:1000 bb id
same "run --user by name" run --user user bb id
same "run --group-add" run --group-add 5 --group-add 6 bb id
same "run --workdir" run --workdir /tmp bb pwd
same "run --env" run --env A=1 --env B=2 bb sh -c 'echo $A$B$HOME'
same "run --hostname" run --hostname box bb hostname
same "run: namespaces" run bb sh -c 'ls /proc/self/ns; echo /proc/[0-9]*'
same "run: capabilities" run bb grep Cap /proc/self/status
same "run --cap-drop all" run --cap-drop all bb grep Cap /proc/self/status
same "run --cap-add" run --cap-add SYS_TIME bb grep Cap /proc/self/status
same "run --security-opt no-new-privileges" run --security-opt \
	no-new-privileges bb grep NoNew /proc/self/status
same "run: seccomp" run bb grep Seccomp: /proc/self/status
same "run --security-opt seccomp=unconfined" run --security-opt \
	seccomp=unconfined bb grep Seccomp: /proc/self/status
printf '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir",
	"mkdirat"],"action":"SCMP_ACT_ERRNO"}]}' >"$T/profile.json"
same "run --security-opt seccomp=FILE" run --security-opt \
	seccomp="$T/profile.json" bb mkdir /tmp/x
same "run: masked files" run bb sh -c \
	'wc -c </proc/timer_list; ls /sys/firmware | wc -l'
same "run: read-only files" run bb sh -c 'echo 1 >/proc/sys/kernel/panic'
same "run --read-only" run --read-only bb touch /etc/x
same "run --read-only, /tmp" run --read-only bb touch /tmp/x
same "run --tmpfs" run --tmpfs /mnt:size=64k bb sh -c 'grep /mnt /proc/mounts |
	cut -d" " -f1-3 2>/dev/null || stat -f -c %T /mnt'
mkdir "$T/vol"
echo there >"$T/vol/f"
same "run -v" run -v "$T/vol:/vol" bb cat /vol/f
same "run -v ro" run -v "$T/vol:/vol:ro" bb touch /vol/g
same "run --shm-size" run --shm-size 1m bb sh -c 'grep shm /proc/mounts'
same "run --device" run --device /dev/full:/dev/fill bb stat -c %t:%T /dev/fill
same "run: devices" run bb ls /dev
same "run --ulimit" run --ulimit nofile=64:128 --ulimit nproc=100:100 bb \
	grep -E 'open files|processes' /proc/self/limits
same "run --sysctl" run --sysctl kernel.shmmax=4096000 bb \
	cat /proc/sys/kernel/shmmax
same "run --oom-score-adj" run --oom-score-adj 300 bb \
	cat /proc/self/oom_score_adj
same "run --init" run --init bb sh -c 'cat /proc/1/comm'
same "run --pid host" run --pid host bb sh -c 'test $$ -gt 1; echo $?'
same "run --ipc host" run --ipc host bb true
same "run --uts host" run --uts host bb sh -c 'test -n "$(hostname)"; echo $?'
same "run --network host" pod run --rm --network host bb true
same "run --memory" run --memory 64m bb sh -c \
	'cat /sys/fs/cgroup/memory/memory.limit_in_bytes'
same "run --pids-limit" run --pids-limit 20 bb sh -c \
	'cat /sys/fs/cgroup/pids/pids.max'
same "run --cpu-shares" run --cpu-shares 512 bb sh -c \
	'cat /sys/fs/cgroup/cpu/cpu.shares'
same "run --uidmap" run --uidmap 0:100000:1000 --gidmap 0:100000:1000 bb sh -c \
	'id; awk "{ print \$1, \$2, \$3 }" /proc/self/uid_map'
same "run --userns host" run --userns host bb cat /proc/self/uid_map
same "run --privileged" run --privileged bb true
# runc has no --cgroup-manager
RT=wherry
status run --cgroups=disabled bb true
report "run --cgroups=disabled" $(($? == 0))

# --- a container that stays ---------------------------------------------------

logs() {
	started bb sh -c 'echo one; echo two >&2'
	pod wait x
	pod logs x
}
same "logs" logs
in_x() { # execs
	started bb sleep 1000 || return 1
	pod exec "$@"
}
same "exec: output" in_x x echo hello
same "exec: its status" in_x x sh -c 'exit 9'
same "exec: no such program is 127" status in_x x nothing
same "exec: not executable is 126" status in_x x /etc/plain
same "exec --user" in_x --user 1000:1000 x id
same "exec --env" in_x --env A=b x sh -c 'echo $A'
same "exec --workdir" in_x --workdir /tmp x pwd
same "exec -t" in_x -t x tty
same "exec --privileged" in_x --privileged x grep CapEff /proc/self/status
same "exec: capabilities" in_x x grep Cap /proc/self/status
same "exec: seccomp" in_x x grep Seccomp: /proc/self/status
detached() {
	in_x -d x sh -c 'echo done >/tmp/mark' >/dev/null
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		pod exec x cat /tmp/mark 2>/dev/null && break
	done
}
same "exec -d" detached
exec_stdin() {
	started bb sleep 1000
	echo in | pod exec -i x cat
}
same "exec -i: stdin" exec_stdin
paused() {
	started bb sleep 1000
	pod pause x >/dev/null
	pod inspect -f '{{.State.Status}}' x
	pod exec x true >/dev/null 2>&1
	echo "exec $?"
	pod unpause x >/dev/null
	pod inspect -f '{{.State.Status}}' x
	pod exec x echo again
}
same "pause and unpause" paused
stopped() {
	started bb sh -c 'trap "exit 5" TERM; while :; do sleep 0.1; done'
	pod stop -t 5 x >/dev/null
	pod inspect -f '{{.State.Status}} {{.State.ExitCode}}' x
}
same "stop" stopped
killed() {
	started bb sleep 1000
	pod kill -s KILL x >/dev/null
	pod wait x
}
same "kill" killed
restarted() {
	started bb sleep 1000
	pod restart -t 0 x >/dev/null
	pod inspect -f '{{.State.Status}}' x
	pod exec x echo alive
}
same "restart" restarted
created() { # the strict rule: a plain delete of a created container fails
	pod create --name x --network none bb true >/dev/null
	pod init x >/dev/null
	pod inspect -f '{{.State.Status}}' x
	pod rm x >/dev/null
	echo "rm $?"
	pod ps -a -q
}
same "rm of an initialised container" created
stats() {
	started --memory 64m bb sleep 1000
	pod stats --no-stream --format '{{.Name}} {{.PIDS}}' x
	pod top x pid args
}
same "stats and top" stats
updated() {
	started bb sh -c 'sleep 1000'
	pod ps --format '{{.Names}} {{.Status}}' | sed 's/Up.*/Up/'
	pod port x
	pod inspect -f '{{.OCIRuntime}}' x >/dev/null
}
same "ps" updated
shared() {
	started bb sleep 1000
	pod run --rm --network container:x --pid container:x bb sh -c \
		'ps | grep -c "[s]leep 1000"'
}
same "run --pid container:" shared
in_pod() {
	pod pod create --name p --infra=false >/dev/null
	pod run --rm --pod p bb echo pod
	pod pod rm -f p >/dev/null
}
same "run --pod" in_pod
# The first process of the pod's namespaces is catatonit, of an image podman
# makes.
in_pod_infra() {
	pod pod create --name p --network none --hostname podbox >/dev/null
	pod run --rm --pod p bb sh -c 'hostname; ls /proc/self/ns | wc -l'
	pod run -d --pod p bb sleep 1000 >/dev/null
	pod pod inspect -f '{{.State}} {{.NumContainers}}' p
	pod pod stop -t 0 p >/dev/null
	pod pod inspect -f '{{.State}}' p
	pod pod rm -f p >/dev/null
}
same "pod create, stop, rm" in_pod_infra
cat >"$T/play.yaml" <<END
apiVersion: v1
kind: Pod
metadata:
  name: played
spec:
  hostNetwork: true
  containers:
  - name: one
    image: localhost/bb:latest
    imagePullPolicy: Never
    command: ["sh", "-c", "echo \$A; exec sleep 1000"]
    env:
    - name: A
      value: word
    - name: PATH
      value: /bin
    workingDir: /tmp
    securityContext:
      runAsUser: 5
      readOnlyRootFilesystem: true
    resources:
      limits:
        memory: 32Mi
END
played() {
	pod kube play --log-driver k8s-file "$T/play.yaml" >"$T/played" || {
		cat "$T/played"
		return 1
	}
	pod exec played-one sh -c 'id; pwd; touch /etc/x 2>&1
		cat /sys/fs/cgroup/memory/memory.limit_in_bytes'
	pod logs played-one
	pod pod inspect -f '{{.State}}' played
	pod kube down "$T/play.yaml" >/dev/null
	echo "down $?"
	pod ps -a -q
	pod pod rm -f -a >/dev/null 2>&1
}
same "kube play and down" played
healthy() {
	started --health-cmd true --health-interval disable bb sleep 1000
	pod healthcheck run x
}
same "healthcheck" healthy
unwell() {
	started --health-cmd 'test -e /tmp/well' --health-interval disable \
		--health-retries 1 bb sleep 1000
	pod healthcheck run x
	pod inspect -f '{{.State.Health.Status}}' x
	pod exec x touch /tmp/well
	pod healthcheck run x
	pod inspect -f '{{.State.Health.Status}}' x
}
same "healthcheck: unhealthy, then healthy" unwell

RT=wherry
left=$(ls -A "$T/state-wherry" 2>/dev/null)
report "no state of wherry is left" $((!${#left}))
umount -R "$T/root" 2>/dev/null
# podman makes these and leaves them, also where no controller is mounted.
find /sys/fs/cgroup -depth -type d -path '*/libpod_parent*' \
	-exec rmdir {} + 2>/dev/null
for name in net_cls net_prio perf_event; do
	rmdir "/sys/fs/cgroup/$name" 2>/dev/null
done
echo "1..$N"
exit $((BAD > 0))
