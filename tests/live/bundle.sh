# SPDX-License-Identifier: MIT
# bundle.sh -- writes bundles: a busybox root and a config.json of parts that a
# test may replace.  Sourced by lib.sh; needs $T, $TOOLS and $P from it.

BLANKS='
	'
SHELL_PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

mqueue=
grep -q mqueue /proc/filesystems && mqueue=',
	{"destination":"/dev/mqueue","type":"mqueue","source":"mqueue",
	 "options":["nosuid","noexec","nodev"]}'
PROC_MOUNT='{"destination":"/proc","type":"proc","source":"proc"}'
DEV_MOUNTS='{"destination":"/dev","type":"tmpfs","source":"tmpfs",
	 "options":["nosuid","strictatime","mode=755","size=65536k"]},
	{"destination":"/dev/pts","type":"devpts","source":"devpts",
	 "options":["nosuid","noexec","newinstance","ptmxmode=0666",
		"mode=0620","gid=5"]},
	{"destination":"/dev/shm","type":"tmpfs","source":"shm",
	 "options":["nosuid","noexec","nodev","mode=1777","size=65536k"]}'
SYS_MOUNTS='{"destination":"/sys","type":"sysfs","source":"sysfs",
	 "options":["nosuid","noexec","nodev","ro"]},
	{"destination":"/sys/fs/cgroup","type":"cgroup","source":"cgroup",
	 "options":["nosuid","noexec","nodev","relatime","ro"]}'
ALL_CAPS='"CAP_CHOWN","CAP_DAC_OVERRIDE","CAP_DAC_READ_SEARCH","CAP_FOWNER",
	"CAP_FSETID","CAP_KILL","CAP_SETGID","CAP_SETUID","CAP_SETPCAP",
	"CAP_NET_ADMIN","CAP_NET_RAW","CAP_SYS_CHROOT","CAP_SYS_PTRACE",
	"CAP_SYS_ADMIN","CAP_MKNOD"'

# The parts of config.json that a test may replace before it calls bundle; each
# call puts the defaults back.
fresh() {
	MOUNTS="$PROC_MOUNT,$DEV_MOUNTS$mqueue,$SYS_MOUNTS"
	MORE_MOUNTS=                            # ,{...}
	NAMESPACES='{"type":"pid"},{"type":"network"},{"type":"ipc"},
		{"type":"uts"},{"type":"mount"}'
	LINUX=                                  # ,"name":...
	RESOURCES='"resources":{"devices":[{"allow":false,"access":"rwm"}]},'
	PATHS='"maskedPaths":["/proc/acpi","/proc/asound","/proc/kcore",
		"/proc/keys","/proc/latency_stats","/proc/timer_list",
		"/proc/timer_stats","/proc/sched_debug","/sys/firmware",
		"/proc/scsi"],
	  "readonlyPaths":["/proc/bus","/proc/fs","/proc/irq","/proc/sys",
		"/proc/sysrq-trigger"],'
	CAPS='"CAP_AUDIT_WRITE","CAP_KILL","CAP_NET_BIND_SERVICE"'
	AMBIENT='"CAP_AUDIT_WRITE","CAP_KILL","CAP_NET_BIND_SERVICE"'
	USER='{"uid":0,"gid":0}'
	CWD=/
	NNP=true
	ENV=                                    # ,"A=b"
	PROCESS=                                # ,"name":...
	READONLY=true
	HOST_NAME='"hostname":"live",'
	TOP=                                    # ,"name":...
}
fresh

json_strings() { # a JSON list of the arguments
	sep=
	for arg; do
		case $arg in *[\\\"$BLANKS]*)
			arg=$(printf '%s' "$arg" | awk '{
				gsub(/[\\"]/, "\\\\&")
				gsub(/\t/, "\\t")
				printf "%s%s", (NR > 1 ? "\\n" : ""), $0
			}') ;;
		esac
		printf '%s"%s"' "$sep" "$arg"
		sep=,
	done
}

APPLETS='awk cat chmod cut date echo env false grep head hostname id ls mkdir
	mknod mount printf pwd readlink realpath rm sed sh sleep sort stat tail
	test touch tr true umount unshare wc'

# What a root's /bin holds, linked once more for each.
base() {
	mkdir -p "$T/base/bin"
	cp "$BUSYBOX" "$T/base/bin/busybox"
	for name in $APPLETS; do
		ln "$T/base/bin/busybox" "$T/base/bin/$name"
	done
	for name in call fdlist setgroups escape holdexe notify tiocsti \
	    thief; do
		cp "$TOOLS/$name" "$T/base/bin/$name"
	done
}

rootfs() { # DIR: a busybox system
	[ -d "$T/base" ] || base
	mkdir -p "$1/bin" "$1/dev" "$1/etc" "$1/proc" "$1/sys" "$1/tmp" \
		"$1/mnt"
	chmod 755 "$1"
	ln "$T"/base/bin/* "$1/bin" 2>/dev/null || cp "$T"/base/bin/* "$1/bin"
}

# Makes bundle NAME that runs ARG... (else: sleeps); sets B and R to the paths
# of the bundle and its root.
bundle() {
	B=$T/b/$1
	R=$B/rootfs
	shift
	[ $# -gt 0 ] || set -- sleep 1000
	[ -d "$R" ] || rootfs "$R"
	config "$@" >"$B/config.json"
	fresh
}

config() {
	cat <<-END
	{ "ociVersion": "1.0.2",
	  "process": {
	    "terminal": false, "user": $USER, "cwd": "$CWD",
	    "args": [$(json_strings "$@")],
	    "env": ["PATH=$SHELL_PATH","TERM=xterm","WHERRY_TEST=$P"$ENV],
	    "capabilities": {
	      "bounding": [$CAPS], "effective": [$CAPS], "permitted": [$CAPS],
	      "inheritable": [$AMBIENT], "ambient": [$AMBIENT] },
	    "rlimits": [{"type":"RLIMIT_NOFILE","hard":1024,"soft":1024}],
	    "noNewPrivileges": $NNP$PROCESS },
	  "root": { "path": "rootfs", "readonly": $READONLY },
	  $HOST_NAME
	  "mounts": [$MOUNTS$MORE_MOUNTS],
	  "linux": {
	    $RESOURCES $PATHS
	    "namespaces": [$NAMESPACES]$LINUX }$TOP
	}
	END
}

# Makes bundle NAME with the script on stdin as its program.
script() {
	B=$T/b/$1
	R=$B/rootfs
	[ -d "$R" ] || rootfs "$R"
	cat >"$R/run.sh"
	bundle "$1" sh /run.sh
}
