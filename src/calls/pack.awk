# SPDX-License-Identifier: MIT
# Packs src/calls/list into the data behind calls.c:
#   awk -f pack.awk -v arches="x86_64 i386" list >calls_data.c
# "all" stands for every architecture of the list.
# Names are sorted and share what they begin with: the first of each 16 stands
# whole, each other as the length that it has in common with the one before and
# the rest.  Bit 7 marks the last letter.  A number takes ten bits, eight in a
# first row and two in a second; 0x3ff is none, 0x3f0 + n is 0xf0000 + n (arm).
function letters(s,    i, out) {
	for (i = 1; i <= length(s); i++)
		out = out "'" substr(s, i, 1) "'" \
			(i == length(s) ? " | 128," : ",")
	return out
}

function shared(a, b,    i) {
	for (i = 1; i <= length(a) && substr(a, i, 1) == substr(b, i, 1); i++)
		;
	return i - 1
}

BEGIN {
	n = at = 0
}

# 4123 -> 123 on MIPS, 983042 -> 0x3f2 on arm
function small(arch, s) {
	if (s == "-")
		return 1023
	if (arch == "mips")
		s -= 4000
	if (s >= 983040)
		s -= 983040 - 1008
	if (s > 1014 || s < 0) {
		print "pack.awk: " arch " " s ": too large" >"/dev/stderr"
		exit 1
	}
	return s + 0
}

/^# name / {
	for (i = 3; i <= NF; i++)
		name_of[i - 2] = $i
	columns = NF - 2
	if (arches == "all")
		arches = substr($0, length("# name ") + 1)
}

/^#/ { next }

{
	if (n % 16 == 0) {
		blocks = blocks at ", "
		last = ""
	}
	k = shared($1, last)
	if (k >= length($1)) {
		print "pack.awk: " $1 ": out of order" >"/dev/stderr"
		exit 1
	}
	text = text "\t" k "," letters(substr($1, k + 1)) "\n"
	at += 1 + length($1) - k
	last = $1
	for (i = 1; i <= columns; i++)
		number[i, n] = small(name_of[i], $(i + 1))
	n++
}

END {
	count = split(arches, want, " ")
	for (i = 1; i <= count; i++)
		wanted[want[i]]
	print "/* SPDX-License-Identifier: MIT */"
	print "/* Made by pack.awk from src/calls/list. */"
	print "#include \"calls.h\"\n"
	print "const unsigned calls_count = " n ";\n"
	print "const uint8_t calls_names[] = {\n" text "};\n"
	print "const uint16_t calls_blocks[] = { " blocks at " };\n"
	for (i = 1; i <= columns; i++) {
		rows = rows (name_of[i] in wanted ? used++ : -1) ", "
		if (name_of[i] in wanted)
			data = data pack(i)
		delete wanted[name_of[i]]
	}
	for (name in wanted) {
		print "SECCOMP_ARCHES: " name ": no such column in " \
			"src/calls/list" >"/dev/stderr"
		exit 1
	}
	print "const int8_t calls_rows[CALLS_COLUMNS] = { " rows "};"
	print "const uint8_t calls_numbers[] = {\n" data "};"
}

function pack(c,    i, j, v, out) {
	for (i = 0; i < n; i++)
		out = out (i % 16 ? " " : "\t") number[c, i] % 256 \
			(i % 16 == 15 || i == n - 1 ? ",\n" : ",")
	for (i = 0; i < n; i += 4) {
		v = 0
		for (j = 3; j >= 0; j--)
			v = v * 4 + (i + j < n ? \
				int(number[c, i + j] / 256) : 3)
		out = out (i % 64 ? " " : "\t") v \
			(i % 64 == 60 || i + 4 >= n ? ",\n" : ",")
	}
	return out
}
