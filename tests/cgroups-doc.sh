#!/bin/sh
# SPDX-License-Identifier: MIT
# The table of doc/cgroups.md: which file holds each limit, and on which hosts
# the test tests/live/limits.sh has read it back.
#   cgroups-doc.sh NAME=FILE.tap...
cd "$(dirname "$0")/.." || exit 1
sed -n '/^	*limit /,/[^\\]$/p' tests/live/limits.sh |
	tr -d '\t' | awk '
	/^limit / && text { print text; text = "" }
	{ sub(/ *\\$/, " "); text = text $0 }
	END { print text }' >/tmp/cgroups-doc.$$
trap 'rm -f /tmp/cgroups-doc.$$' EXIT
awk -v list=/tmp/cgroups-doc.$$ '
	BEGIN {
		for (i = 1; i < ARGC; i++) {
			split(ARGV[i], a, "=")
			host[i] = a[1]
			while ((getline line <a[2]) > 0)
				if (line ~ /^ok .*: [a-z_]+\.[A-Za-z0-9_.]+$/) {
					sub(/^ok [0-9]+ - /, "", line)
					n = split(line, b, ": ")
					seen[host[i], b[1], b[2]] = 1
				}
		}
		print "| limit | file of v1 | file of v2 | read back on |"
		print "|---|---|---|---|"
		while ((getline line <list) > 0)
			row(line)
		exit
	}
	# limit NAME JSON V1 WANT V2 WANT; all but the files maybe in quotes
	function row(line, name, w, i, where) {
		gsub(/\\"/, "", line)
		sub(/^limit /, "", line)
		name = line
		if (line ~ /^"/) {
			sub(/^"/, "", name)
			sub(/".*/, "", name)
			sub(/^"[^"]*" */, "", line)
		} else {
			sub(/ .*/, "", name)
			sub(/^[^ ]* */, "", line)
		}
		if (line ~ /^"/)
			sub(/^"[^"]*"/, "", line)
		else
			sub(/^\047[^\047]*\047/, "", line)
		gsub(/"[^"]*"/, "Q", line)
		split(line, w, " ")
		if (w[4] == "-")
			w[3] = "refused"
		if (w[1] == "-")
			w[1] = "refused"
		for (i = 1; i < ARGC; i++)
			if ((host[i], name, w[1]) in seen ||
			    (host[i], name, w[3]) in seen)
				where = where (where ? ", " : "") host[i]
		printf "| %s | %s | %s | %s |\n", name, w[1], w[3],
			where ? where : "not yet"
	}' "$@"
