#!/bin/sh
# SPDX-License-Identifier: MIT
# The numbers of src/calls/list are those of the kernel headers that are
# installed, of whatever architecture (TAP).  Headers may be older, and then
# have fewer calls.
list=src/calls/list
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
n=0 bad=0

# ARCH and folders where Debian has its headers.
while read -r arch dirs; do
	n=$((n + 1)) found=
	for d in $dirs; do
		[ ! -e "${d%%:*}/asm/unistd.h" ] || found=${found:-$d}
	done
	if [ -z "$found" ]; then
		echo "ok $n - $arch # SKIP no headers"
		continue
	fi
	CC=${CC:-gcc} sh src/calls/refresh.sh -n "$arch=$found" >"$tmp/theirs"
	awk -v arch="$arch" '/^# name / {
			for (i = 3; i <= NF; i++)
				if ($i == arch)
					c = i - 1
		}
		!/^#/ && $c != "-" { print $1, $c }' "$list" | sort >"$tmp/ours"
	sort "$tmp/theirs" | comm -13 "$tmp/ours" - >"$tmp/diff"
	count=$(wc -l <"$tmp/theirs")
	if [ "$count" -gt 250 ] && [ ! -s "$tmp/diff" ]; then
		echo "ok $n - $arch: $count calls of $found"
	else
		bad=1
		echo "not ok $n - $arch: $count calls of $found"
		sed 's/^/# not in the list: /' "$tmp/diff" | head -n 20
	fi
done <<END
x86_64 /usr/include/x86_64-linux-gnu:/usr/include /usr/x86_64-linux-gnu/include
i386 /usr/include/i386-linux-gnu:/usr/include /usr/i686-linux-gnu/include
x32 /usr/include/x86_64-linux-gnu:/usr/include /usr/x86_64-linux-gnux32/include
arm /usr/include/arm-linux-gnueabihf:/usr/include \
	/usr/arm-linux-gnueabihf/include /usr/arm-linux-gnueabi/include
aarch64 /usr/include/aarch64-linux-gnu:/usr/include \
	/usr/aarch64-linux-gnu/include
riscv64 /usr/include/riscv64-linux-gnu:/usr/include \
	/usr/riscv64-linux-gnu/include
mips /usr/include/mipsel-linux-gnu:/usr/include /usr/mipsel-linux-gnu/include
ppc64le /usr/include/powerpc64le-linux-gnu:/usr/include \
	/usr/powerpc64le-linux-gnu/include
s390x /usr/include/s390x-linux-gnu:/usr/include /usr/s390x-linux-gnu/include
loongarch64 /usr/include/loongarch64-linux-gnu:/usr/include \
	/usr/loongarch64-linux-gnu/include
END
echo "1..$n"
exit $bad
