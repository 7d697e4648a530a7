# SPDX-License-Identifier: MIT
# guest.sh -- what vm.sh and boot.sh share: the initramfs of a guest that runs
# live tests, and the reading of what it prints.  Sourced.
LIVE=$(cd "${GUEST_DIR:?}/live" && pwd)

# The kernel opens /dev/console before init runs; without it, init is mute.
# WHERRY TOOLS BUSYBOX, UNIT a folder, MODULES files
guest_initrd() { # OUT ROOT: makes ROOT
	mkdir -p "$2/bin" "$2/dev" "$2/wherry/live" "$2/wherry/unit" \
		"$2/modules" || return
	for module in ${MODULES:-}; do
		cp "$module" "$2/modules/" || return
	done
	cp "$LIVE/vm-init" "$2/init" &&
	cp "$BUSYBOX" "$2/bin/busybox" &&
	cp "$WHERRY" "$2/wherry/wherry" &&
	cp -r "$TOOLS" "$2/wherry/tools" &&
	cp "$LIVE"/*.sh "$2/wherry/live/" || return
	for unit in compat procfs shield; do
		[ ! -x "${UNIT:-}/t_$unit" ] ||
			cp "$UNIT/t_$unit" "$2/wherry/unit"
	done
	ln -s busybox "$2/bin/sh"
	chmod 755 "$2/init"
	mknod "$2/dev/console" c 5 1 || return
	(cd "$2" && find . | busybox cpio -o -H newc 2>/dev/null) |
		gzip -1 >"$1"
}

# Prints a line for each test that a guest ran, from its console's output, and
# counts in n and bad.
guest_report() { # NAME TESTS CONSOLE
	grep "^# guest:" "$3" || {
		echo "# $1: the guest did not come up:"
		tail -n 5 "$3" | sed 's/^/# /'
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
