#!/bin/sh
# SPDX-License-Identifier: MIT
# matrix.sh -- boots what tests/cells lists and writes doc/kernel-matrix.md.
#   matrix.sh [BOARD...]     these boards; the others' last results stay
#   matrix.sh -d             writes the document only
#   matrix.sh -l [BOARD...]  prints the guests, in the words of boot.sh
# OUT: where the guests' consoles and results are kept (build/matrix).
# JOBS: guests at a time.  LIMIT: seconds for one.
cd "${0%/*}/.." || exit 1
: "${OUT:=build/matrix}" "${LIMIT:=3600}" "${WHERRY:=build/wherry}"
export LIMIT
DOC=doc/kernel-matrix.md

# BOARD SUITE CGROUPS/ROOT... as boot.sh wants it.
cells() { # BOARD...
	awk -v boards=" $* " '
	/^#/ || NF < 3 { next }
	boards != "  " && !index(boards, " " $1 " ") { next }
	{
		for (i = 3; i <= NF; i++) {
			k = split($i, part, "/")
			print $1 ":" $2 ":" part[1] ":" part[2] ":" \
				(k > 2 ? part[3] : "core")
		}
	}' tests/cells
}

# What wherry could use and a kernel has not.  The forms of two controllers for
# cgroup v1 have had options of their own since Linux 6.11 and 6.12.
lacks() { # CONFIG
	"$WHERRY" check --kconfig "$1" 2>/dev/null | awk '
		$2 == "no" { sub(/CONFIG_/, "", $4); print $1 " (" $4 ")" }'
	for option in MEMCG_V1 CPUSETS_V1; do
		! grep -q "^# CONFIG_$option is not set" "$1" ||
			echo "cgroup v1 ($option)"
	done
}

# Counts of one guest: passed, failed, skipped, seconds until init.
counts() { # CONSOLE
	awk '/^ok .*# SKIP/ || /^1\.\.0 # SKIP/ { skip++; next }
	/^ok / { pass++ }
	/^not ok / { fail++ }
	/^# guest: .* up after / { up = $(NF - 1) }
	END { print pass + 0, fail + 0, skip + 0, up ? up : "-" }' "$1"
}

# One line for each cell, in the order of tests/cells: the fields of its .cell,
# then its counts.
results() {
	cells | while IFS=: read -r board suite cgroups root tests; do
		at=$OUT/$board-$suite-$cgroups-$root
		if [ ! -e "$at.cell" ]; then
			echo "$board $suite $cgroups $root unrun - - $tests -" \
				"0 0 0 -"
		elif [ -e "$at" ]; then
			echo "$(cut -d' ' -f1-9 "$at.cell") $(counts "$at")"
		else
			echo "$(cut -d' ' -f1-9 "$at.cell") 0 0 0 -"
		fi
	done
}

# Of every two of board, suite, cgroups and root that tests/cells names: how
# many were together in a guest that came up, and which were not.  Those of a
# board and a suite without a kernel can't be.
pairs() { # RESULTS
	awk '{
		if ($5 == "none")
			gone[$1, $2]
		else
			has[$1]
		for (i = 1; i <= 4; i++) {
			if (!((i, $i) in seen))
				value[i, ++values[i]] = $i
			seen[i, $i]
			for (j = i + 1; j <= 4; j++) {
				if ($6 != "-")
					met[i, $i, j, $j]
				else if ($5 != "none")
					listed[i, $i, j, $j]
			}
		}
	}
	END {
		for (i = 1; i <= 4; i++)
		for (j = i + 1; j <= 4; j++)
		for (a = 1; a <= values[i]; a++)
		for (b = 1; b <= values[j]; b++) {
			x = value[i, a]
			y = value[j, b]
			if ((i, x, j, y) in met)
				booted++
			else if (i == 1 && (!(x in has) || (x, y) in gone))
				none++
			else if ((i, x, j, y) in listed)
				rest = rest "\n- " x " with " y
			else
				rest = rest "\n- " x " with " y \
					": not in tests/cells"
		}
		printf "Of every two of board, kernel, cgroups and root that "
		printf "`tests/cells` names,\n%d were together in a ", booted
		printf "guest that came up; for %d there is no kernel.\n", none
		printf "%s%s\n", rest ? "Not so far:\n" : "No others are left.",
			rest
	}' "$1"
}

grid() { # RESULTS: colours of each board and suite
	awk 'BEGIN {
		n = split("bullseye bookworm bookworm-backports sid", suite)
		split("pass fail none skipped unrun", colour)
		split("pass,fail,no such kernel,skipped,not run", word, ",")
	}
	!($1 in known) { known[$1]; board[++boards] = $1 }
	{ count[$1, $2, $5]++ }
	$6 != "-" { split($6, v, /[.]/); version[$2] = v[1] "." v[2] }
	END {
		printf "| board |"
		for (s = 1; s <= n; s++)
			printf " %s |", version[suite[s]] " " suite[s]
		printf "\n|---|"
		for (s = 1; s <= n; s++)
			printf "---|"
		for (b = 1; b <= boards; b++) {
			printf "\n| %s |", board[b]
			for (s = 1; s <= n; s++) {
				out = ""
				for (c = 1; c <= 5; c++) {
					k = count[board[b], suite[s], colour[c]]
					if (k)
						out = out (out ? ", " : "") \
							(c == 3 ? "" : k " ") \
							word[c]
				}
				printf " %s |", out ? out : "-"
			}
		}
		print ""
	}' "$1"
}

rows() { # RESULTS
	echo "| board | kernel | cgroups | root | tests | result | passed |" \
		"skipped | init, s | guest, s | wherry |"
	echo "|---|---|---|---|---|---|---|---|---|---|---|"
	awk '$5 == "pass" || $5 == "fail" {
		gsub(/,/, " ", $8)
		result = $5 == "pass" ? "pass" : "**fail** (" $11 ")"
		n = split($1 "," $6 "," $3 "," $4 "," $8 "," result "," $10 \
			"," $12 "," $13 "," $7 "," $9, field, ",")
		for (i = 1; i <= n; i++)
			printf "| %s ", field[i]
		print "|"
	}' "$1"
}

kernels() { # RESULTS
	echo "| kernel | lacks |"
	echo "|---|---|"
	awk '$6 != "-" && !($6 in seen) {
		seen[$6]
		sub(/.*@/, "", $1)
		print $6, $2, $1
	}' "$1" | sort | while read -r release suite machine; do
		config=$OUT/config.$suite.$machine
		[ -s "$config" ] || continue
		echo "| $release | $(lacks "$config" | paste -s -d , |
			sed 's/,/, /g') |"
	done
}

# What tests said when they left something out, and why that is so.
skips() { # RESULTS
	echo "| test | said | because | guests |"
	echo "|---|---|---|---|"
	awk '$6 != "-" { print $1 "-" $2 "-" $3 "-" $4 }' "$1" |
	while read -r cell; do
		awk '/^BEGIN / { test = $2 }
		/^ok .*# SKIP/ || /^1\.\.0 # SKIP/ {
			what = $0
			sub(/ *# SKIP.*/, "", what)
			sub(/^ok [0-9]+( - )?/, "", what)
			sub(/^1\.\.0/, "", what)
			why = $0
			sub(/.*# SKIP */, "", why)
			print test (what ? ": " what : "") "\t" why
		}' "$OUT/$cell" | sort -u
	done | sort | uniq -c | sort -k2 | awk '
	FNR == NR {
		if (!/^#/ && split($0, f, /\t+/) > 1) {
			ere[++n] = f[1]
			because[n] = f[2]
		}
		next
	}
	{
		count = $1
		sub(/^ *[0-9]+ /, "")
		split($0, f, /\t/)
		why = "?"
		for (i = 1; i <= n && why == "?"; i++)
			if (f[1] " # " f[2] ~ ere[i])
				why = because[i]
		printf "| %s | %s | %s | %s |\n", f[1], f[2], why, count
	}' tests/skips -
}

document() {
	results >"$OUT/results"
	booted=$(awk '$6 != "-" { n++ } END { print n + 0 }' "$OUT/results")
	cat <<END
# Kernels and boards

Written by \`make matrix\`; do not edit.  Guests of QEMU (TCG) and user-mode
Linux with Debian's own kernels run the project's live tests: \`core\` is
core.sh, t33.sh and the unit tests of compat/, \`all\` every live test.
\`tests/cells\` lists the guests, \`tests/boot.sh\` says what the words mean.
Board A@B: the programs of A on the machine and kernel of B.

$booted guests booted until $(date -u +%F).  Colours: pass, **fail**, no such
kernel: Debian has none of that version that boots in QEMU (ARMv5: the unit
tests run under qemu-user, \`make check-cross BOARDS=all\`).

$(grid "$OUT/results")

$(pairs "$OUT/results")

## Guests

init: seconds of the guest's clock until its init; guest: seconds of the machine
that ran it, from QEMU's start to its end, among other work on two processors;
wherry: the commit that was tested.

$(rows "$OUT/results")

## What these kernels lack

Of what \`wherry check --kconfig\` asks for, in the configuration that Debian
built: the feature, and the option without CONFIG_.

$(kernels "$OUT/results")

## What was left out

$(skips "$OUT/results")
END
}

case ${1-} in
-d)
	[ -x "$WHERRY" ] || make -s all || exit
	document >"$DOC"
	exit ;;
-l)
	shift
	cells "$@"
	exit ;;
esac
mkdir -p "$OUT" && make -s all || exit 1
CELLS=$(cells "$@") KEEP=$OUT sh tests/boot.sh
status=$?
document >"$DOC"
exit $status
