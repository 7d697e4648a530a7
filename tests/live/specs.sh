#!/bin/sh
# SPDX-License-Identifier: MIT
# specs.sh -- the bundles that `runc spec` and `crun spec` write, unchanged but
# for process.terminal.
. "${0%/*}/lib.sh"
c=$P-p

# What both write, in the words of their programs but for white space.
# $1: ociVersion, $2: hostname, $3: after "effective", $4: namespaces of v2
stored() {
	caps='"CAP_AUDIT_WRITE","CAP_KILL","CAP_NET_BIND_SERVICE"'
	cat <<-END
	{"ociVersion":"$1","process":{"terminal":true,
	"user":{"uid":0,"gid":0},"args":["sh"],
	"env":["PATH=$SHELL_PATH","TERM=xterm"],"cwd":"/",
	"capabilities":{"bounding":[$caps],"effective":[$caps],$3
	"permitted":[$caps],"ambient":[$caps]},
	"rlimits":[{"type":"RLIMIT_NOFILE","hard":1024,"soft":1024}],
	"noNewPrivileges":true},
	"root":{"path":"rootfs","readonly":true},"hostname":"$2",
	"mounts":[
	{"destination":"/proc","type":"proc","source":"proc"},
	{"destination":"/dev","type":"tmpfs","source":"tmpfs",
	"options":["nosuid","strictatime","mode=755","size=65536k"]},
	{"destination":"/dev/pts","type":"devpts","source":"devpts",
	"options":["nosuid","noexec","newinstance","ptmxmode=0666",
	"mode=0620","gid=5"]},
	{"destination":"/dev/shm","type":"tmpfs","source":"shm",
	"options":["nosuid","noexec","nodev","mode=1777","size=65536k"]},
	{"destination":"/dev/mqueue","type":"mqueue","source":"mqueue",
	"options":["nosuid","noexec","nodev"]},
	{"destination":"/sys","type":"sysfs","source":"sysfs",
	"options":["nosuid","noexec","nodev","ro"]},
	{"destination":"/sys/fs/cgroup","type":"cgroup","source":"cgroup",
	"options":["nosuid","noexec","nodev","relatime","ro"]}],
	"linux":{"resources":{"devices":[{"allow":false,"access":"rwm"}]},
	"namespaces":[{"type":"pid"},{"type":"network"},{"type":"ipc"},
	{"type":"uts"},{"type":"mount"}$4],
	"maskedPaths":["/proc/acpi","/proc/asound","/proc/kcore","/proc/keys",
	"/proc/latency_stats","/proc/timer_list","/proc/timer_stats",
	"/proc/sched_debug","/sys/firmware","/proc/scsi"],
	"readonlyPaths":["/proc/bus","/proc/fs","/proc/irq","/proc/sys",
	"/proc/sysrq-trigger"]}}
	END
}

ns_v2=
[ -e /sys/fs/cgroup/cgroup.controllers ] && ns_v2=',{"type":"cgroup"}'

write() { # PROGRAM: its spec to standard output
	case $1 in
	runc) stored 1.0.2-dev runc "" "$ns_v2" ;;
	crun) stored 1.0.0 crun '"inheritable":[],' "$ns_v2" ;;
	wherry) (mkdir -p "$T/spec" && cd "$T/spec" && rm -f config.json &&
		"$WHERRY" spec && cat config.json) ;;
	esac
}

# Without the blanks, and with empty lists gone: how two programs differ.
squeeze() {
	tr -d ' \t\n' | sed 's/"ociVersion":"[^"]*",//; s/"inheritable":\[\],//'
}

for program in runc crun wherry; do
	B=$T/b/$program
	R=$B/rootfs
	rootfs "$R"
	write $program >"$B/config.json"
	if [ $program = wherry ]; then
		like "wherry spec: a shell, as the others" \
			"$(squeeze <"$B/config.json")" '"args":\["sh"\]'
		(cd "$B" && "$WHERRY" spec) >"$T/out" 2>"$T/err"
		is "wherry spec overwrites nothing" $? 1
		like "and says so" "$(cat "$T/err")" "exists"
	elif command -v $program >/dev/null 2>&1; then
		(mkdir "$T/theirs" && cd "$T/theirs" && $program spec &&
			squeeze <config.json >"$T/theirs.json") 2>/dev/null
		rm -r "$T/theirs"
		squeeze <"$B/config.json" >"$T/ours.json"
		# Other versions have other lists: a note, not a failure.
		if cmp -s "$T/theirs.json" "$T/ours.json"; then
			pass "the stored copy is what $program writes here"
		else
			skip "the stored copy is what $program writes here" \
				"another version of $program"
		fi
		(cd "$B" && rm config.json && $program spec)
	fi
	grep -q mqueue /proc/filesystems || {
		tr -d '\n' <"$B/config.json" | sed \
		's/{[^{}]*"destination": *"\/dev\/mqueue"[^{}]*}, *//' \
			>"$B/c"
		cat "$B/c" >"$B/config.json"
	}
	kernel_has cgroup-ns || {
		tr -d '\n' <"$B/config.json" | sed \
		's/{[^{}]*"type": *"cgroup" *}, *//' >"$B/c"
		cat "$B/c" >"$B/config.json"
	}
	sed 's/"terminal": *true/"terminal":false/' "$B/config.json" >"$B/c"
	cat "$B/c" >"$B/config.json"
	cat >"$T/in" <<'END'
echo "$(hostname) $$ $(id -u)"
grep -E '^Cap(Eff|Inh|Amb)' /proc/self/status | tr -d '\n\t'
echo
(: >/x) 2>&1
END
	"$TOOLS/limit" 20 $WRAP "$WHERRY" --root "$STATE" run -b "$B" $c \
		<"$T/in" >"$T/out" 2>"$T/err"
	is "$program spec: it runs" "$? $(cat "$T/err")" "1 "
	name=$program
	like "$program spec: hostname, pid and user" "$(head -1 "$T/out")" \
		"^$name 1 0\$"
	is "$program spec: capabilities" "$(sed -n 2p "$T/out")" \
"CapInh:0000000000000000CapEff:0000000020000420CapAmb:0000000000000000"
	like "$program spec: read-only" "$(sed -n 3p "$T/out")" "Read-only"
	works "$program spec: create" create -b "$B" $c
	works "$program spec: start" start $c
	works "$program spec: delete" delete -f $c
done

# The rootless form is what one user alone can run; t34.sh runs it.
(mkdir -p "$T/rootless" && "$WHERRY" spec --rootless --bundle "$T/rootless") \
	>"$T/out" 2>"$T/err"
is "wherry spec --rootless" "$? $(cat "$T/out" "$T/err")" "0 "
like "it has a user namespace" "$(squeeze <"$T/rootless/config.json")" \
	'"type":"user"'
like "and maps" "$(squeeze <"$T/rootless/config.json")" '"uidMappings":\[\{'

done_testing
