#!/bin/sh
# SPDX-License-Identifier: MIT
# What make install puts where (TAP): WHERRY, the manual page, and the settings
# of a board that has some.
cd "${0%/*}/.." || exit 1
: "${WHERRY:=build/wherry}"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
n=0 bad=0

# -o all: what WHERRY is has been built, with settings that make here may not
# know; and nothing of a build that others use is touched.
installed() { # DESC BOARD_DIR WANT
	n=$((n + 1))
	rm -rf "$tmp/to"
	make -s -o all install BUILD="$tmp/build" BOARD_DIR="$2" \
		DESTDIR="$tmp/to" PREFIX=/usr >"$tmp/log" 2>&1
	rc=$?
	got=$(cd "$tmp/to" && find . -type f -exec stat -c '%n %a' {} + | sort)
	if [ "$rc $got" = "0 $3" ] &&
	    cmp -s "$WHERRY" "$tmp/to/usr/bin/wherry"; then
		echo "ok $n - $1"
	else
		bad=1
		echo "not ok $n - $1"
		printf '%s\n' "$rc" "$got" | cat - "$tmp/log" | sed 's/^/# /'
	fi
}

mkdir "$tmp/build" "$tmp/board"
cp "$WHERRY" "$tmp/build/wherry"
both='./usr/bin/wherry 755
./usr/share/man/man8/wherry.8 644'
installed "a board without settings" board/host "$both"
: >"$tmp/board/board.mk"
echo 'log_level = info' >"$tmp/board/wherry.conf"
installed "a board with settings" "$tmp/board" "./etc/wherry.conf 644
$both"
echo "1..$n"
exit $bad
