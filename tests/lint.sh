#!/bin/sh
# SPDX-License-Identifier: MIT
# The rules of the tree that a machine can hold (TAP).  "make lint" gives the
# compile command in COMPILE and the build folder in BUILD.
# shellcheck disable=SC2086,SC2044,SC2046  # our own file names, no blanks
LC_ALL=C
export LC_ALL
obj=${BUILD:-build}/obj
tmp=$(mktemp)
trap 'rm -f "$tmp"' EXIT
exec 3>"$tmp"
n=0 bad=0

# What went to descriptor 3 since the last rule breaks this one.
rule() {
	n=$((n + 1))
	if [ -s "$tmp" ]; then
		bad=1
		echo "not ok $n - $1"
		sed 's/^/# /' "$tmp"
	else
		echo "ok $n - $1"
	fi
	exec 3>"$tmp"
}

code=$(find src compat tests -name '*.[ch]' ! -path '*/build/*')
ours="src/*.[ch] compat/*.[ch]"
scripts=$(find tests board .ci -type f -exec grep -lE '^#!/bin/(ba)?sh' {} +
	find tests -name '*.sh' -exec grep -L '^#!' {} +)
texts="Makefile config.mk $(find board -name '*.mk') $scripts $code"

# --- C ------------------------------------------------------------------------

for h in src/*.h compat/*.h tests/unit/*.h; do
	printf '#include "%s"\nextern int lint;\n' "${h##*/}" |
		eval "$COMPILE" -Itests/unit -Werror -fsyntax-only -xc - 2>&1 |
		sed "s|^|$h: |"
done >&3
rule "headers compile alone"

grep -nE '^[[:space:]]*#[[:space:]]*(if|ifdef|ifndef|elif)' src/*.c >&3
rule "no conditional compilation in src/*.c"

grep -nE 'define[[:space:]]+_[A-Z]+_SOURCE' $ours >&3
rule "feature test macros come from the Makefile"

# What an object needs from others shows a banned call under any name.
banned='[mc]alloc|realloc(array)?|free|strn?dup|v?asprintf|v?sn?printf'
banned="$banned|strncpy|stpn?cpy|str[nl]?cat|strlcpy|strtok(_r)?|ato[ifl]+"
banned="$banned|system|popen|gets|[gs]et(pw|gr)(ent|nam|uid|gid)[a-z_]*"
banned="$banned|realpath|exec[lv]pe?|v?[fs]?scanf|v?[fd]?printf|f?put[sc]"
banned="$banned|putchar|f(open|dopen|close|read|write|gets)|freopen|getline"
banned="$banned|perror|abort|atexit|mktemp|tmpnam|longjmp|_?setjmp|signal"
for o in $(find "$obj/src" "$obj/compat" -name '*.o'); do
	nm -u "$o" | sed "s|^ *[A-Za-z] *|${o#"$obj"/}: |"
done >"$obj/undefined"
# fprintf_chk.c is what glibc-built libraries call where musl has vfprintf;
# libseccomp hands out texts that are the caller's to free.
grep -E ": ($banned)\$" "$obj/undefined" | grep -v \
	-e '/fprintf_chk\.o: vfprintf' -e '/plan_seccomp_lib\.o: free$' >&3
# gcc makes the first of these from others, and no symbol of the second.
grep -nE '(^|[^a-z_])(strcpy|alloca) *\(' $ours >&3
rule "no banned function"
known='%[-0#]*([0-9]+|\*)?(\.([0-9]+|\*))?(ll?|z)?[sduxoc%]'
grep -noE '"([^"\\]|\\.)*"' src/*.c compat/*.c |
	grep -v '^src/fmt\.c:' | sed -E "s/$known//g" | grep % >&3
rule "no conversion that fmt.h lacks"
grep -E ': (_exit|exit|_Exit|quick_exit)$' "$obj/undefined" |
	grep -vE '^(src/(main|launch|ns|hook|idmap)|compat/aside)\.o' >&3
rule "exit in main and at the end of a child only"

awk 'FILENAME == "src/layers" {
		for (i = 1; i <= NF; i++)
			rank[$i] = FNR
		next
	}
	# Where json_lex is not listed, it is where json is.
	function level(name) {
		while (!(name in rank) && sub(/_[^_]*$/, "", name))
			;
		return name in rank ? rank[name] : 0
	}
	FNR == 1 {
		m = FILENAME
		gsub(/.*\/|\.[ch]$/, "", m)
		if (!(mine = level(m)))
			print FILENAME ": not in src/layers"
	}
	/^#include "/ {
		split($2, q, "\"")
		h = q[2]
		sub(/\.h$/, "", h)
		if (mine && level(h) > mine)
			print FILENAME ":" FNR ": " m " must not know " h
		if (h == "sys" && mine < level("host"))
			print FILENAME ":" FNR ": " m " must not know sys"
	}' src/layers src/*.[ch] >&3
rule "a file knows its own layer and those above (src/layers)"

for c in src/*.c; do
	name=$(basename "$c" .c)
	[ "$name" = main ] || until grep -q "^#include \"$name\.h\"" "$c"; do
		case $name in
		*_*) name=${name%_*} ;;
		*) echo "$c: does not include its header"; break ;;
		esac
	done
done >&3
rule "each file includes its header"

grep -nE '"([^"]*[^A-Z])?CONFIG_[A-Z]' src/*.c src/[!k]*.h compat/*.[ch] >&3
rule "kopt.h alone spells options of the kernel"

wc -l $ours | awk '$2 != "total" && $1 > 600 { print $2 ": " $1 " lines" }' >&3
rule "no file above 600 lines"

awk '/^{/ { from = FNR }
	/^}/ && from {
		if (FNR - from - 1 > 100)
			print FILENAME ":" from ": " FNR - from - 1 " lines"
		from = 0
	}' $ours >&3
rule "no function above 100 lines"

grep -nE '^  +[^ *]' $ours >&3
rule "tabs indent"

grep -nE 'TODO|FIXME|(^|[^X])XXX([^X]|$)' $code >&3
rule "no notes to self"

# --- All texts ----------------------------------------------------------------

for f in $texts; do
	head -n 2 "$f" | sed '/^#!/d' | head -n 1 |
		grep -q 'SPDX-License-Identifier: MIT' || echo "$f"
done >&3
rule "the licence comes first"

grep -nE '[[:space:]]$' $texts README.md doc/* >&3
rule "no trailing blanks"

for f in $texts; do
	expand "$f" | awk -v f="$f" 'length > 80 { print f ":" NR ": " length }'
done >&3
rule "80 columns"

grep -nE '/work/' $texts README.md doc/* |
	grep -v '^tests/lint\.sh:' >&3
rule "no path of one machine"

named='[a-z0-9_-]+\.(sh|c)\>|\<t_[a-z_]+|golden [a-z-]+@[a-z0-9]+'
for name in $(grep -ohE "$named" SECURITY.md doc/compat.md |
    sed 's/^golden //' | sort -u); do
	[ -n "$(find tests -name "$name" -o -name "$name.c" -o \
		-name "$name.plan" -o -name "$name.err")" ] || echo "$name"
done >&3
rule "tests that SECURITY.md and doc/compat.md name are there"

sh tests/cgroups-doc.sh | cut -d'|' -f2-4 >"$obj/limits"
sed -n '/^| limit /,$p' doc/cgroups.md | cut -d'|' -f2-4 |
	diff - "$obj/limits" >&3
rule "doc/cgroups.md has each limit of tests/live/limits.sh"

if command -v shellcheck >/dev/null; then
	# SC2034: lib.sh reads what the tests set.  SC2148: it has no #!.
	# SC1007: "a= b=" is meant.  SC2115: set -u.  SC2120: "$@" may be empty.
	# SC2048: names without blanks.
	# It takes half a minute for all: those that were good before, with what
	# they source, are so still.
	good=${BUILD:-build}/shellcheck
	[ ! -e "$good" ] ||
		[ -n "$(find $(grep -L '^#!' $scripts) -newer "$good")" ] ||
		scripts=$(find $scripts -newer "$good")
	: >"$good.new"
	echo $scripts | xargs -r -n 12 -P 2 \
		shellcheck -x -P SCRIPTDIR -S warning -f gcc \
		-e SC1007,SC2034,SC2048,SC2115,SC2120,SC2148 >&3
	[ -s "$tmp" ] || mv "$good.new" "$good"
	rule "shellcheck"
else
	n=$((n + 1))
	echo "ok $n - shellcheck # SKIP shellcheck is not installed"
fi
echo "1..$n"
exit $bad
