# SPDX-License-Identifier: MIT
# lib.sh -- what the tests of clients share; sourced.
#
#   WHERRY     the binary under test
#   REFERENCE  what it is compared with: crun, or runc where that can't run
set -u
: "${WHERRY:=build/wherry}" "${REFERENCE:=}"

skip_all() {
	echo "1..0 # SKIP $*"
	exit 0
}

# Before the namespaces of its own, in which the test then runs again: whether
# it can run here; T, a folder for all that it leaves.
prepare() { # NAME PROGRAM...
	[ "$(id -u)" = 0 ] || skip_all "needs root"
	T=/tmp/wherry-$1.XXXXXX
	shift
	for program; do
		command -v "$program" >/dev/null ||
			skip_all "$program is not installed"
	done
	case $WHERRY in /*) ;; *) WHERRY=$PWD/$WHERRY ;; esac
	T=$(mktemp -d "$T") || exit 1
	export T WHERRY REFERENCE IN_PRIVATE=1
}

# A /dev of its own: crun and runc chown the host's /dev/null.
own_dev() {
	mkdir "$T/shm" && mount --bind /dev/shm "$T/shm"
	mount -t tmpfs -o mode=755 dev /dev && mkdir /dev/pts /dev/shm &&
		mount -t devpts -o ptmxmode=666,newinstance devpts /dev/pts &&
		mount --move "$T/shm" /dev/shm ||
		skip_all "no /dev of our own"
	n=3
	for name in null - zero - full random urandom; do
		[ $name = - ] || mknod -m 666 /dev/$name c 1 $n
		n=$((n + 1))
	done
	mknod -m 666 /dev/tty c 5 0
	ln -s pts/ptmx /dev/ptmx
	ln -s /proc/self/fd /dev/fd
}

# The image is busybox: no registry is asked.
fill_image() { # DIR
	mkdir -p "$1/bin" "$1/etc" "$1/tmp" "$1/root"
	cp "$(command -v busybox)" "$1/bin/busybox"
	for name in sh echo id cat ls sleep true false env hostname ps stat \
	    head grep mount touch kill pwd tty wc sort awk mkdir chown tail \
	    ip dd ulimit printf seq stty readlink cut; do
		ln -s busybox "$1/bin/$name"
	done
	printf 'root:x:0:0::/root:/bin/sh\nuser:x:1000:1000::/:/bin/sh\n' \
		>"$1/etc/passwd"
	printf 'root:x:0:\nuser:x:1000:\n' >"$1/etc/group"
	echo text >"$1/etc/plain"
}

N=0 BAD=0
report() { # DESC GOOD
	N=$((N + 1))
	if [ "$2" = 1 ]; then
		echo "ok $N - $1"
	else
		BAD=$((BAD + 1))
		echo "not ok $N - $1"
	fi
}

# Ids differ anyway.
mask_ids() {
	sed -E 's/[0-9a-f]{64}/ID/g; s/\b[0-9a-f]{12}\b/ID/g'
}

# Whether $T/out-$REFERENCE and $T/out-wherry are alike.
compare() { # DESC
	if cmp -s "$T/out-$REFERENCE" "$T/out-wherry"; then
		report "$1" 1
	else
		report "$1" 0
		diff "$T/out-$REFERENCE" "$T/out-wherry" | head -8 |
			sed 's/^/# /'
	fi
}
