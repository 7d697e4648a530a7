#!/bin/sh
# SPDX-License-Identifier: MIT
# t32.sh -- sec T32 (crun a8deee3b, TOB-OWRT-6): paths and links of an image at
# the limits of a path lead to the right place in the root or are refused.
HOST_PROPAGATION=rprivate
. "${0%/*}/lib.sh"
c=$P-32

# N characters that mean nothing in a path: "./././".
dots() {
	awk -v n="$1" 'BEGIN {
		for (i = 0; i + 2 <= n; i += 2) printf "./"
		if (n % 2) printf "/"
	}'
}
MOUNT=',{"destination":"DEST","type":"tmpfs","source":"t32"}'

# Mounts a tmpfs at DEST and says where it is.
where() { # DEST
	MORE_MOUNTS=$(echo "$MOUNT" | sed "s|DEST|$1|")
	READONLY=false
	bundle long awk '/ - tmpfs t32 / { print $5 }' /proc/self/mountinfo
	w run -b "$B" $c
}
judge() { # DESC WANT
	if [ $rc = 0 ]; then
		is "guard: $1: in its place" "$(out)" "$2"
	elif [ $rc = 1 ]; then
		like "guard: $1: refused" "$(err)" \
			"too long|too many levels|symbolic link loop"
	else
		fail "guard: $1: status $rc"
	fi
}

bundle long
# A link of LEN characters that ends with what counts, relative and absolute.
for len in 100 4000 4094 4095; do
	mkdir -p "$R/target" "$R$CAN/d"
	rm -f "$R/rel" "$R/abs"
	ln -s "$(dots $((len - 6)))target" "$R/rel"
	text=$CAN/d
	ln -s "/$(dots $((len - ${#text})))${text#/}" "$R/abs"
	where /rel/new
	judge "a link of $len characters" /target/new
	where /abs/new
	judge "an absolute link of $len characters" "$CAN/d/new"
	canary_same "guard: ... not on the host"
done

# Chains: link after link, each with what is left of a path behind it.
for len in 2040 2045 2047 4080 4090; do
	rm -f "$R"/l[0-9]
	ln -s target "$R/l3"
	ln -s "$(dots $len)l3" "$R/l2"
	ln -s "$(dots $len)l2" "$R/l1"
	where /l1/new
	judge "two links of $((len + 2)) characters" /target/new
	rm "$R/l3"
	ln -s "$CAN/d" "$R/l3"
	where /l1/new
	judge "... to an absolute one" "$CAN/d/new"
	canary_same "guard: ... not on the host"
done
rm -f "$R"/l[0-9]
ln -s l2 "$R/l1"
ln -s l1 "$R/l2"
where /l1/new
like "guard: a loop is refused" "$rc $(err)" "^1 .*loop"

# The destination itself.  The root of a new mount namespace is not deep, but
# "/proc/self/fd/N" and the rootfs's path come in front of it elsewhere.
name=$(dots 400 | tr './' 'aa' | head -c 250)
for rest in 60 70 78 79 80; do
	dest=
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
		dest=$dest/$i$(echo "$name" | cut -c1-249)
	done
	dest=$(echo "$dest" | cut -c1-4000)
	dest=${dest%/}/$(echo "$name" | cut -c1-"$rest")
	where "$dest"
	judge "a destination of ${#dest} characters" "$dest"
done

done_testing
