#!/bin/sh
# SPDX-License-Identifier: MIT
# Plans as text, without root: NAME@HOST.plan (or .err) is what `wherry plan`
# prints for NAME.json on the host of hosts/HOST.facts; .exec: `plan --exec`.
#   run.sh          compares
#   run.sh NEW...   writes the files anew: read them before you commit them
cd "$(dirname "$0")" || exit 1
here=$PWD
top=$(cd ../.. && pwd)
WHERRY=${WHERRY:-build/wherry}
case $WHERRY in
/*) ;;
*) WHERRY=$top/$WHERRY ;;
esac
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/rootfs"
n=0

# What is printed is the same wherever the bundle is.
plan() { # NAME HOST OPTION...
	cp "$1.json" "$dir/config.json"
	facts=$here/hosts/$2.facts
	shift 2
	(cd "$dir" && "$WHERRY" plan --host "$facts" "$@" .) \
		>"$dir/out" 2>"$dir/err" </dev/null
	rc=$?
	sed "s|$dir|BUNDLE|g" "$dir/out" >"$dir/plan"
	sed "s|$dir|BUNDLE|g" "$dir/err" >"$dir/text"
}

for want in ${*:-*@*}; do
	name=${want%@*} host=${want#*@}
	file=plan option=
	case $want in
	*.exec) option=--exec ;;
	*.err) file=text ;;
	esac
	plan "$name" "${host%.*}" $option
	if [ $# -gt 0 ]; then
		cp "$dir/$file" "$want"
		continue
	fi
	n=$((n + 1))
	if [ $file = plan ] && [ $rc != 0 ]; then
		echo "not ok $n - $want: exit $rc"
		sed 's/^/# /' "$dir/text"
	elif [ $file = text ] && [ $rc = 0 ]; then
		echo "not ok $n - $want: no error"
	elif diff -u "$want" "$dir/$file" >"$dir/diff"; then
		echo "ok $n - $want"
	else
		echo "not ok $n - $want"
		sed 's/^/# /' "$dir/diff"
	fi
done
echo "1..$n"
