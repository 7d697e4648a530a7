# SPDX-License-Identifier: MIT
# guest.sh -- what vm.sh and boot.sh share: the initramfs of a guest that runs
# live tests, and the reading of what it prints.  Sourced.
TREE=$(cd "${GUEST_DIR:?}" && pwd)

# The unit tests that a guest may be asked for: those of what has fallbacks.
GUEST_UNITS='compat procfs inroot task sanitize shield cgroup cgroup_dev'

# core, masks and all are names for many: prints the tests one by one.  Behind
# clock a busybox with 32-bit times can't work any more.
guest_tests() { # TEST,TEST...
	for name in $(echo "$1" | tr , ' '); do
		case $name in
		masks) echo masks/unit masked=openat2 masked=clone3 ;;
		core) echo core t33 unit/t_compat clock ;;
		all)
			echo unit/t_compat unit/t_procfs
			for file in "$TREE"/live/*.sh; do
				file=${file##*/}
				echo "${file%.sh}"
			done | grep -vx -e lib -e bundle -e masked -e red \
				-e vm -e clock
			echo clock ;;
		*) echo "$name" ;;
		esac
	done
}

# The root of a guest.  Where the kernel has no /dev/console when it opens it,
# before init runs, init is mute.
# WHERRY TOOLS BUSYBOX, UNIT a folder, UNSAFE
guest_root() { # ROOT
	for dir in bin dev proc sys tmp run mnt wherry/unit; do
		mkdir -p "$1/$dir" || return
	done
	cp "$TREE/live/vm-init" "$1/init" &&
	cp "$BUSYBOX" "$1/bin/busybox" &&
	cp "$WHERRY" "$1/wherry/wherry" &&
	cp -r "$TOOLS" "$1/wherry/tools" &&
	cp -r "$TREE/live" "$TREE/masks" "$1/wherry/" || return
	[ ! -x "${UNSAFE:-}" ] ||
		cp "$UNSAFE" "$1/wherry/wherry-unsafe" || return
	for unit in $GUEST_UNITS; do
		[ ! -x "${UNIT:-}/t_$unit" ] ||
			cp "$UNIT/t_$unit" "$1/wherry/unit/"
	done
	ln -s busybox "$1/bin/sh"
	chmod 755 "$1/init"
	mknod "$1/dev/console" c 5 1
}

# An archive of the files below ROOT; the kernel takes several, one behind the
# other.  Without compression: an emulated machine is slow at it.
guest_archive() { # ROOT OUT [FILE...]: all files, or these and what is in them
	from=$1 to=$2
	shift 2
	(cd "$from" && find "${@:-.}" | busybox cpio -o -H newc) >"$to" \
		2>/dev/null
}

# Prints a line for each test that a guest ran, from its console's output, and
# counts in n and bad.
guest_report() { # NAME TESTS CONSOLE
	grep "^# guest:" "$3" || echo "# $1: the guest did not come up"
	grep -q '^# guest ends' "$3" || {
		echo "# $1: the last lines of its console:"
		tail -n 10 "$3" | sed 's/^/# /'
	}
	for name in $(echo "$2" | tr , ' '); do
		n=$((n + 1))
		sed -n "\\,^BEGIN $name\$,,\\,^END $name ,p" "$3" >"$3.one"
		rc=$(sed -n "s,^END $name ,,p" "$3.one")
		ran=$(grep -c '^ok ' "$3.one")
		if [ "$rc" = 0 ] && grep -q '^1\.\.0 # SKIP' "$3.one"; then
			echo "ok $n - $1: $name # SKIP" \
				"$(sed -n 's/^1\.\.0 # SKIP//p' "$3.one")"
		elif [ "$rc" = 0 ] && [ "$ran" -gt 0 ]; then
			echo "ok $n - $1: $name ($ran)"
		else
			bad=$((bad + 1))
			echo "not ok $n - $1: $name: ${rc:-not finished}"
			grep -v -e '^ok ' -e '^BEGIN' -e '^END' "$3.one" |
				tail -n 60 | sed 's/^/# /'
		fi
	done
	[ -z "${VERBOSE:-}" ] || grep ' took ' "$3"
}
