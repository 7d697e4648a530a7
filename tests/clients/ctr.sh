#!/bin/sh
# SPDX-License-Identifier: MIT
# ctr.sh -- containerd's shim for runc drives wherry as it is: what ctr gives
# must be what it gives with another runtime (TAP).
. "${0%/*}/lib.sh"

if [ -z "${IN_PRIVATE:-}" ]; then
	prepare ctr containerd ctr podman busybox
	unshare -m --propagation private sh "$0" "$@"
	rc=$?
	rm -rf "$T"
	exit $rc
fi

# --- a host: a /dev of its own, since others chown /dev/null ------------------

own_dev

cat >"$T/config.toml" <<END
version = 2
root = "$T/root"
state = "$T/run"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "$T/c.sock"
[ttrpc]
  address = "$T/c.sock.ttrpc"
END
containerd -c "$T/config.toml" >"$T/log" 2>&1 &
daemon=$!
trap 'kill $daemon 2>/dev/null; wait $daemon 2>/dev/null
	umount "$T"/run/*/*/*/rootfs "$T"/img/overlay 2>/dev/null' EXIT
for _ in 1 2 3 4 5 6 7 8 9 10; do
	[ ! -S "$T/c.sock" ] || break
	sleep 1
done
c() {
	timeout 60 ctr -a "$T/c.sock" "$@"
}

image() {
	fill_image "$T/fs"
	mkdir "$T/tmp"
	tar -C "$T/fs" -cf "$T/fs.tar" .
	TMPDIR=$T/tmp podman --root "$T/img" --runroot "$T/imgrun" import \
		"$T/fs.tar" bb >/dev/null 2>&1 &&
		TMPDIR=$T/tmp podman --root "$T/img" --runroot "$T/imgrun" \
		save --format oci-archive -o "$T/bb.tar" localhost/bb \
		>/dev/null 2>&1 &&
		c images import --base-name localhost/bb "$T/bb.tar" >/dev/null
}
image || skip_all "no image: $(tail -1 "$T/log")"

runtime() { # options for the runtime $RT
	path=$WHERRY
	[ "$RT" = wherry ] || path=$(command -v "$RT")
	echo "--runc-binary $path --runc-root $T/state-$RT"
}
run() {
	# shellcheck disable=SC2046
	c run --rm $(runtime) "$@"
}
for RT in $REFERENCE crun runc; do
	command -v "$RT" >/dev/null || continue
	run localhost/bb:latest try true >/dev/null 2>&1 || {
		c containers rm try >/dev/null 2>&1
		continue
	}
	REFERENCE=$RT
	break
done
[ -n "$REFERENCE" ] || skip_all "no other runtime works here"
echo "# compared with $REFERENCE"

# --- TAP ----------------------------------------------------------------------

clean() {
	c task kill -s KILL x
	c task rm -f x
	c containers rm x
}
# ctr may end before it has copied all output, with any runtime: three tries.
alike() {
	for _ in 1 2 3; do
		for RT in $REFERENCE wherry; do
			{ "$@" 2>&1; echo "status $?"; } </dev/null |
				sed 's/^time="[^"]*" //' >"$T/out-$RT"
			clean >/dev/null 2>&1
		done
		! cmp -s "$T/out-$REFERENCE" "$T/out-wherry" || break
	done
}
same() { # DESC COMMAND...: output and status are alike
	desc=$1
	shift
	alike "$@"
	compare "$desc"
}
status() {
	"$@" >/dev/null 2>&1
}
bb=localhost/bb:latest
started() {
	# shellcheck disable=SC2046
	c run -d $(runtime) $bb x sleep 1000
}

same "run: output" run $bb x echo hello
same "run: its status" run $bb x sh -c 'exit 7'
same "run: 128 and the signal" run $bb x sh -c 'kill -9 $$'
same "run: no such program" status run $bb x nothing
same "run: not executable" status run $bb x /etc/plain
same "run: the user" run $bb x id
same "run: capabilities" run $bb x grep Cap /proc/self/status
same "run --env" run --env A=b $bb x sh -c 'echo $A'
same "run --cwd" run --cwd /tmp $bb x pwd
same "run --read-only" run --read-only $bb x touch /etc/x
same "run --privileged" status run --privileged $bb x true
same "run --seccomp" run --seccomp $bb x grep Seccomp: /proc/self/status
same "run --memory-limit" run --memory-limit 67108864 $bb x true
same "run: masked files" run $bb x sh -c 'cat /proc/timer_list | wc -c'
same "run: namespaces" run $bb x sh -c 'echo /proc/[0-9]*; ls /proc/self/ns'
same "run --net-host" run --net-host $bb x true
execs() {
	started || return 1
	c task exec --exec-id e "$@"
}
same "exec: output" execs x echo hello
same "exec: its status" execs x sh -c 'exit 9'
same "exec --user" execs --user 5:6 x id
same "exec --cwd" execs --cwd /tmp x pwd
same "exec: no such program" status execs x nothing
pauses() {
	started
	c task pause x
	c task ls | grep -o 'PAUSED'
	c task resume x
	c task ls | grep -o 'RUNNING'
}
same "pause and resume" pauses
kills() {
	started
	c task kill -s KILL x
	sleep 1
	c task ls | grep -o 'STOPPED'
	c task rm x
}
same "kill and delete" kills
lists() {
	started
	c task ps x | wc -l
	c task metrics x >/dev/null
}
same "ps and metrics" lists
creates() { # the strict rule: what becomes of a task that never ran
	# shellcheck disable=SC2046
	c containers create $(runtime) $bb x sleep 1000
	c containers info x >/dev/null
	c containers rm x
}
same "create and remove" creates

[ -z "$(ls -A "$T/state-wherry/default" 2>/dev/null)" ]
report "no state of wherry is left" $((! $?))
rmdir /sys/fs/cgroup/*/default 2>/dev/null
echo "1..$N"
exit $((BAD > 0))
