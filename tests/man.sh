#!/bin/sh
# SPDX-License-Identifier: MIT
# The man page and --help say what the command table says (TAP).
# "help --list" prints the table: NAME|ARGS|--option/-letter VALUE|...
wherry=${WHERRY:-build/wherry}
page=doc/wherry.8
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
n=0 bad=0

ok() { # STATUS DESC [FILE to show]
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
	else
		bad=1
		echo "not ok $n - $2"
		[ -z "${3:-}" ] || sed 's/^/# /' "$3"
	fi
}

"$wherry" help --list >"$tmp/list"
ok $? "help --list"

# Both become lines "COMMAND (ARGS)" and "COMMAND --option", "COMMAND -o", with
# a "=" behind options that take a value.
awk -F'|' '{
	if ($1 != "wherry")
		print $1 " (" toupper($2) ")"
	for (i = 3; i <= NF; i++) {
		words = split($i, w, " ")
		names = split(w[1], name, "/")
		for (k = 1; k <= names; k++)
			print $1 " " name[k] (words > 1 ? " =" : "")
	}
}' "$tmp/list" | sort -u >"$tmp/table"

awk '
	/^\.Sh GLOBAL/ { cmd = "wherry" }
	/^\.Sh/ && !/GLOBAL|COMMANDS/ { cmd = "" }
	/^\.Sh COMMANDS/ { cmd = "?" }
	# The options of another command hold here too.
	/^\.\\" options of/ { same[cmd] = $4 }
	/^\.It Ic/ && cmd {
		cmd = $3
		args = ""
		for (i = 4; i <= NF; i++) {
			if ($i == "...")
				args = args "..."
			else if ($i == "Op")
				open = 1
			else if ($i != "Ar") {
				args = args (args ? " " : "") \
				    (open ? "[" $i "]" : $i)
				open = 0
			}
		}
		print cmd " (" toupper(args) ")"
	}
	/^\.It Fl/ && cmd {
		value = /( Ar | Cm )/ ? " =" : ""
		for (i = 3; i <= NF; i++)
			if ($(i - 1) == "Fl") {
				print cmd " -" $i value
				all[cmd] = all[cmd] "\n-" $i value
			}
	}
	END {
		for (c in same) {
			k = split(all[same[c]], part, "\n")
			for (i = 2; i <= k; i++)
				print c " " part[i]
		}
	}' "$page" | sort -u >"$tmp/page"

grep '^\.Sh' "$page" | sort | uniq -d >"$tmp/twice"
[ ! -s "$tmp/twice" ]
ok $? "$page has each section once" "$tmp/twice"

sed -n 's/^| Commands | \(.*\) |$/\1/p' README.md | tr ' ' '\n' |
	sort >"$tmp/said"
grep -v '^wherry|' "$tmp/list" | cut -d'|' -f1 | sort |
	diff - "$tmp/said" >"$tmp/diff"
ok $? "README.md names each command" "$tmp/diff"

diff "$tmp/table" "$tmp/page" >"$tmp/diff"
ok $? "$page has the table's commands, arguments and options" "$tmp/diff"
[ -s "$tmp/table" ]
ok $? "the table is not empty"

"$wherry" --help >"$tmp/help" && "$wherry" help | cmp -s - "$tmp/help"
ok $? "--help is help"
for cmd in $(cut -d'|' -f1 "$tmp/list"); do
	if [ "$cmd" = wherry ]; then
		"$wherry" help
	else
		grep -q "^  $cmd " "$tmp/help" || echo "not in help: $cmd" \
			>>"$tmp/missing"
		"$wherry" help "$cmd"
		"$wherry" "$cmd" --help >"$tmp/own"
		"$wherry" help "$cmd" | cmp -s - "$tmp/own" ||
			echo "$cmd --help is not help $cmd" >>"$tmp/missing"
	fi >"$tmp/text"
	for opt in $(grep "^$cmd|" "$tmp/list" | tr '|/ ' '\n\n\n' |
	    grep '^--'); do
		grep -qE -- "(^|[ ,])$opt([ ,]|\$)" "$tmp/text" ||
			echo "$cmd: $opt" >>"$tmp/missing"
	done
done
[ ! -e "$tmp/missing" ]
ok $? "help shows every command and option" "$tmp/missing"

# What is not built says so in both.
for cmd in $(cut -d'|' -f1 "$tmp/list"); do
	"$wherry" help "$cmd" 2>/dev/null |
		sed -n "s/^ .*\(--[a-z0-9-]*\) .* not built yet.*/$cmd \1/p"
done | sort -u >"$tmp/unbuilt"
awk '/^\.It Ic/ { cmd = $3 } /^\.It Fl/ { opt = "-" $3 }
	/^Refused by name until it is built/ { print cmd, "-" opt }' "$page" |
	sed 's/---*/--/' | sort | diff "$tmp/unbuilt" - >"$tmp/diff"
ok $? "$page and help agree on what is not built" "$tmp/diff"

if command -v groff >/dev/null; then
	groff -mdoc -Tascii -ww "$page" 2>"$tmp/groff" >/dev/null
	[ ! -s "$tmp/groff" ]
	ok $? "$page is sound" "$tmp/groff"
else
	n=$((n + 1))
	echo "ok $n - $page is sound # SKIP groff is not installed"
fi
echo "1..$n"
exit $bad
