#!/bin/sh
# SPDX-License-Identifier: MIT
# The table of `wherry check --kconfig`, without root:
# kconfig/NAME@CONFIG.table (or .json) is what it prints for NAME.json of this
# folder and the kernel of kconfig/CONFIG.config, and the exit status.  NAME
# "any": without a bundle.
#   kconfig.sh          compares
#   kconfig.sh NEW...   writes the files anew: read them before you commit them
cd "$(dirname "$0")/kconfig" || exit 1
top=$(cd ../../.. && pwd)
WHERRY=${WHERRY:-build/wherry}
case $WHERRY in
/*) ;;
*) WHERRY=$top/$WHERRY ;;
esac
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/rootfs"
n=0

table() { # NAME CONFIG FORMAT
	bundle=
	if [ "$1" != any ]; then
		cp "../$1.json" "$dir/config.json" || exit 1
		bundle=$dir
	fi
	# shellcheck disable=SC2086  # none is no argument
	"$WHERRY" check --kconfig "$2.config" --format "$3" $bundle \
		>"$dir/out" 2>&1 </dev/null
	echo "exit $?" >>"$dir/out"
}

for want in ${*:-*@*}; do
	name=${want%@*} config=${want#*@}
	table "$name" "${config%.*}" "${want##*.}"
	if [ $# -gt 0 ]; then
		cp "$dir/out" "$want"
		continue
	fi
	n=$((n + 1))
	if diff -u "$want" "$dir/out" >"$dir/diff"; then
		echo "ok $n - $want"
	else
		echo "not ok $n - $want"
		sed 's/^/# /' "$dir/diff"
	fi
done
[ $# -eq 0 ] || exit 0

# Packed it is the same; what is no configuration is an error.
if command -v gzip >/dev/null; then
	gzip -c board.config >"$dir/config.gz"
	"$WHERRY" check --kconfig "$dir/config.gz" >"$dir/packed"
	rc=$?
	"$WHERRY" check --kconfig board.config | cmp -s - "$dir/packed" &&
		[ $rc = 0 ]
	n=$((n + 1))
	[ $? = 0 ] && echo "ok $n - packed" || echo "not ok $n - packed"
fi
bad() { # DESC WANT ARGS...
	desc=$1 text=$2
	shift 2
	n=$((n + 1))
	"$WHERRY" check "$@" >"$dir/out" 2>"$dir/err"
	rc=$?
	if [ $rc = 1 ] && [ ! -s "$dir/out" ] && grep -q "$text" "$dir/err"
	then
		echo "ok $n - $desc"
	else
		echo "not ok $n - $desc"
		sed 's/^/# /' "$dir/err"
	fi
}
bad "not a configuration" "kconfig.sh: not the configuration of a kernel" \
	--kconfig ../kconfig.sh
bad "no such file" "nosuch: no such file" --kconfig nosuch
bad "a folder" "kconfig: is a directory" --kconfig ../kconfig
bad "another format" "not table or json" --kconfig board.config --format x
bad "a format alone" "goes with --host" --format json
printf '\037\213\010' >"$dir/cut.gz"
bad "cut short" "cut.gz: gzip: cut short" --kconfig "$dir/cut.gz"
echo "1..$n"
