# SPDX-License-Identifier: MIT
# Tables of what tests/bench.sh has measured, for report.sh.
# Its first file is src/calls/list, for the names of calls; x86_64's numbers.

function v(row, r, key) {
	return (row, r, key) in data ? data[row, r, key] : ""
}

function us(n) {
	return n == "" ? "-" : n < 10000 ? sprintf("%d", n) : \
		sprintf("%.1f ms", n / 1000)
}

function ratio(row, r, key) {
	return v(row, r, key) == "" ? "-" : v(row, r, key) "x"
}

function heading(first, list, n, i) {
	n = split(list, h, " ")
	line = "| " first " |"
	rule = "|---|"
	for (i = 1; i <= n; i++) {
		line = line " " name_of(h[i]) " |"
		rule = rule "---|"
	}
	print line "\n" rule
}

function name_of(r) {
	gsub(/:/, " ", r)
	return r == "bare" ? "wherry without shield" : r
}

function section(title) {
	print "\n## " title "\n"
}

BEGIN {
	known[order[1] = "floor"] = known[order[2] = "wherry"] = 1
	n_known = 2
}

FNR == NR {
	if (!/^#/ && $2 != "-")
		call[$2] = $1
	next
}

$1 == "machine" {
	gsub(/_/, " ", $4)
	machine[$3] = $4
	next
}

{
	data[$1, $2, $3] = $4
	if (!($2 in known) && $2 != "bare" && $2 != "raw")
		order[++n_known] = $2
	known[$2] = 1
}

# figure, limit, what wherry has, how to print it, row and key for the others
function target(what, limit, got, unit, row, key, i, r, line) {
	line = "| " what " | <= " limit unit " | "
	line = line (got == "" ? "-" : got unit) (key == "ratio" ? \
		" (CPU " ratio(row, "wherry", "cpu-ratio") ")" : "") " | " \
		(got == "" ? "not measured" : got + 0 <= limit ? "met" : \
		"**not met**") " |"
	for (i = 3; i <= n_known; i++) {
		r = v(row, order[i], key)
		line = line " " (r == "" ? "-" : r unit) " |"
	}
	print line
}

function targets(i, line) {
	section("Targets")
	line = "| figure | target | wherry | |"
	for (i = 3; i <= n_known; i++)
		line = line " " order[i] " |"
	print line
	gsub(/[^|]+/, "---", line)
	print line
	target("run true, back to back", 1.10, v("run", "wherry", "ratio"),
		"x", "run", "ratio")
	target("run true, idle machine", 1.10,
		v("run-idle", "wherry", "ratio"), "x", "run-idle", "ratio")
	target("create, start, wait, delete", 1.15,
		v("life", "wherry", "ratio"), "x", "life", "ratio")
	target("the same, idle machine", 1.15,
		v("life-idle", "wherry", "ratio"), "x", "life-idle", "ratio")
	target("state", 1.2, v("state", "wherry", "ratio"), "x", "state",
		"ratio")
	target("list of 100", 1.1, v("list-100", "wherry", "ratio"), "x",
		"list-100", "ratio")
	target("run with Docker's profile, CPU, `SECCOMP=raw`", 1.1,
		v("seccomp", "raw", "cpu-ratio"), "x", "seccomp", "cpu-ratio")
	target("run with 1 MB of annotations, CPU", 1.5,
		v("annotations", "wherry", "cpu-ratio"), "x", "annotations",
		"cpu-ratio")
	target("peak memory of create", 256,
		v("count-create", "wherry", "hwm"), " KiB", "count-create",
		"hwm")
	target("PSS of the waiting init", 120, v("waiting", "wherry", "pss"),
		" KiB", "waiting", "pss")
	target("system calls of run", 400, v("count-run", "wherry", "calls"),
		"", "count-run", "calls")
	i = v("limit", "floor", "kib")
	target("smallest memory limit", int(i * 1.05),
		v("limit", "wherry", "kib"), " KiB", "limit", "kib")
	target("size, everything, `SECCOMP=raw`", 200000,
		v("size-everything", "wherry", "bytes"), " bytes", "size",
		"bytes")
	target("size, smallest useful", 100000,
		v("size-small", "wherry", "bytes"), " bytes", "", "")
	print "\nRatios are to the floor: medians of the pairs of one round."
}

function times(list, i, n, row, r, k, line, cell) {
	section("Times")
	print "Median of the wall time in us and its ratio to the floor; in " \
		"brackets CPU time.\n"
	cell = ""
	for (k = 1; k <= n_known; k++)
		cell = cell " " order[k]
	heading("", cell " bare")
	n = split(list, row, " ")
	for (i = 1; i <= n; i++) {
		if (v(row[i], "floor", "wall") == "")
			continue
		line = "| " row[i] " |"
		for (k = 1; k <= n_known + 1; k++) {
			r = k > n_known ? "bare" : order[k]
			if (v(row[i], r, "wall") == "") {
				line = line " - |"
				continue
			}
			line = line " " us(v(row[i], r, "wall")) \
				(k > 1 ? ", " v(row[i], r, "ratio") "x" : "") \
				" (" us(v(row[i], r, "cpu")) \
				(k > 1 ? ", " v(row[i], r, "cpu-ratio") "x" : \
				"") ")" \
				(v(row[i], r, "failed") ? " failed" : "") " |"
		}
		print line
	}
	if (v("seccomp", "raw", "wall") != "")
		print "\nseccomp of a build with `SECCOMP=raw`: " \
			us(v("seccomp", "raw", "wall")) ", " \
			ratio("seccomp", "raw", "ratio") " (" \
			us(v("seccomp", "raw", "cpu")) ", " \
			ratio("seccomp", "raw", "cpu-ratio") ").  The " \
			"floor loads the\nprogram that wherry made."
	print "\nThe parts of life, us:\n"
	heading("", "create start wait delete idle:create idle:start " \
		"idle:wait idle:delete")
	n = split("create start wait delete", row, " ")
	for (k = 1; k <= n_known + 1; k++) {
		r = k > n_known ? "bare" : order[k]
		line = "| " name_of(r) " |"
		for (i = 1; i <= 2 * n; i++)
			line = line " " us(v(i > n ? "life-idle" : "life", r,
				row[(i - 1) % n + 1])) " |"
		print line
	}
}

function counts(i, k, n, m, op, key, line) {
	section("Counts")
	print "System calls, those that fail, page faults and peak memory in " \
		"KiB; of run and create\nthe container's first process is " \
		"counted until it executes the program.\n"
	line = ""
	for (k = 1; k <= n_known; k++)
		line = line " " order[k]
	heading("calls / failed / faults / peak", line)
	n = split("run create start state list exec delete", op, " ")
	m = split("calls failed faults hwm", key, " ")
	for (i = 1; i <= n; i++) {
		line = "| " op[i] " |"
		for (k = 1; k <= n_known; k++) {
			row = "count-" op[i]
			line = line " " v(row, order[k], "calls") " / " \
				v(row, order[k], "failed") " / " \
				v(row, order[k], "faults") " / " \
				v(row, order[k], "hwm") " |"
		}
		print line
	}
	print ""
	line = ""
	for (k = 1; k <= n_known; k++)
		line = line " " order[k]
	heading("", line)
	one("PSS of the waiting init, KiB", "waiting", "pss")
	one("smallest memory limit, KiB", "limit", "kib")
	one("the program, bytes", "size", "bytes")
	one("its libraries, bytes", "size", "libraries")
	one("user instructions, run", "insns-run", "insns")
	one("user instructions, state", "insns-state", "insns")
}

function one(what, row, key, k, line) {
	line = "| " what " |"
	for (k = 1; k <= n_known; k++)
		line = line " " (v(row, order[k], key) == "" ? "-" : \
			v(row, order[k], key)) " |"
	print line
}

function growth(i, n, at, row, d, b) {
	section("Growth")
	print "With so many containers alive, and what one of them costs in " \
		"list, us of CPU:\n"
	heading("", "create floor:create state floor:state list/container " \
		"floor:list/container")
	n = split("1 8 10 100 1000", at, " ")
	for (i = 1; i <= n; i++) {
		row = "alive-" at[i]
		if (v(row "-create", "wherry", "cpu") == "")
			continue
		printf "| %d | %s | %s | %s | %s | %.1f | %.1f |\n", at[i],
			us(v(row "-create", "wherry", "cpu")),
			us(v(row "-create", "floor", "cpu")),
			us(v(row "-state", "wherry", "cpu")),
			us(v(row "-state", "floor", "cpu")),
			v(row "-list", "wherry", "cpu") / at[i],
			v(row "-list", "floor", "cpu") / at[i]
	}
	print "\nWith so many bind mounts, run:\n"
	heading("", "calls each:calls CPU,us each:us floor:each:us faults " \
		"peak,KiB")
	b = 0
	for (i = 1; i <= n; i++) {
		row = "mounts-" at[i]
		if (v(row, "wherry", "calls") == "")
			continue
		if (!b)
			b = row
		d = at[i] - substr(b, 8)
		printf "| %d | %d | %s | %d | %s | %s | %d | %d |\n", at[i],
			v(row, "wherry", "calls"), d ? sprintf("%.2f",
			(v(row, "wherry", "calls") - v(b, "wherry", "calls")) \
			/ d) : "-", v(row, "wherry", "cpu"), d ? sprintf("%.1f",
			(v(row, "wherry", "cpu") - v(b, "wherry", "cpu")) / d) \
			: "-", d ? sprintf("%.1f", (v(row, "floor", "cpu") - \
			v(b, "floor", "cpu")) / d) : "-",
			v(row, "wherry", "faults"), v(row, "wherry", "hwm")
	}
	if (v("unused-plain", "wherry", "calls") != "")
		print "\nFeatures that a container does not use: run takes " \
			v("unused-everything", "wherry", "calls") \
			" system calls and " \
			v("unused-everything", "wherry", "faults") \
			"\npage faults with them built in, " \
			v("unused-plain", "wherry", "calls") " and " \
			v("unused-plain", "wherry", "faults") \
			" without (PTY, HOOKS, EXEC, LSM, USERNS,\nSECCOMP)."
	print "\nParsing, by annotations (`wherry check`):\n"
	heading("", "bytes user:instructions each:further:byte")
	n = split("1 10 16 100 1000", at, " ")
	b = 0
	for (i = 1; i <= n; i++) {
		row = "parse-" at[i]
		if (v(row, "wherry", "insns") == "")
			continue
		if (!b)
			b = row
		d = v(row, "wherry", "bytes") - v(b, "wherry", "bytes")
		printf "| %d KB | %d | %d | %s |\n", at[i],
			v(row, "wherry", "bytes"), v(row, "wherry", "insns"),
			d ? sprintf("%.1f", (v(row, "wherry", "insns") - \
			v(b, "wherry", "insns")) / d) : "-"
	}
}

# Where run's calls go: what wherry asks of the kernel and the floor does not.
function call_table(k, parts, name, best, list, ours, theirs, same) {
	section("The calls of run")
	print "Where wherry asks the kernel for more, or less, than the " \
		"floor does.\n"
	same["open"] = "openat"
	same["mkdir"] = "mkdirat"
	same["rmdir"] = same["unlink"] = "unlinkat"
	same["rename"] = "renameat"
	same["stat"] = same["fstat"] = "newfstatat"
	heading("", "wherry floor more")
	for (k in data) {
		split(k, parts, SUBSEP)
		if (parts[1] != "calls-run")
			continue
		name = parts[3] in call ? call[parts[3]] : parts[3]
		name = name in same ? same[name] : name
		if (parts[2] == "wherry")
			ours[name] += data[k]
		else if (parts[2] == "floor")
			theirs[name] += data[k]
		else
			continue
		list[name] = ours[name] - theirs[name]
	}
	for (;;) {
		best = ""
		for (k in list)
			if (best == "" || list[k] > list[best] || \
			    (list[k] == list[best] && k < best))
				best = k
		if (best == "")
			break
		if (list[best])
			printf "| %s | %d | %d | %+d |\n", best, ours[best],
				theirs[best], list[best]
		delete list[best]
	}
}

END {
	print "\nMade by `make bench` on " machine["processors"] " x " \
		machine["processor"] ", " machine["kernel"] ",\n" \
		machine["hierarchies"] " cgroup hierarchies, " machine["date"] \
		":\n" machine["wherry"] ","
	for (k = 3; k <= n_known; k++)
		print machine[order[k]] ","
	print "in turns, all state on a tmpfs."
	targets()
	times("run run-idle life life-idle state list-1 list-10 list-100 " \
		"exec seccomp annotations mounts parallel")
	counts()
	growth()
	call_table()
	print ""
}
