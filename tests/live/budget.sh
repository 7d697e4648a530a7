#!/bin/sh
# SPDX-License-Identifier: MIT
# budget.sh -- what the commands of a standard container cost, held against the
# budgets that are checked in (tests/budgets).
#   budget.sh -p    prints the table for that file, as this build is
. "${0%/*}/lib.sh"
budgets=$LIVE/../budgets
columns="failed mounts loose forks execs faults rss"

# --- The build and the host that the budgets are for --------------------------

setting() { # NAME: what the binary was built with
	sed -n "s/^$1 := //p" "${WHERRY%/*}/probe.mk"
}

given() { # RE: of name and value, as in CC='gcc'
	tr ' ' '\n' <"${WHERRY%/*}/config" | sed -n "s/^$1\$/\1/p" |
		tr '\n' ' '
}

fact() { # NAME
	case $1 in
	machine) uname -m ;;
	page) getconf PAGESIZE ;;
	libc) setting LIBC_IS ;;
	seccomp) setting SECCOMP_IS ;;
	form) setting FORM ;;
	cflags) given "CFLAGS='\(.*\)'" ;;
	sanitize) given "SANITIZE='\(.*\)'" ;;
	features-off) given "\([A-Z_0-9]*\)='n'" | sed 's|WERROR||' ;;
	mask) echo $WRAP ;;
	devices) awk '$0 ~ / - cgroup .*[ ,]devices(,|$)/ { print "v1" }' \
		/proc/self/mountinfo ;;
	esac
}

[ -f "${WHERRY%/*}/probe.mk" ] || skip_all "no probe.mk beside $WHERRY"
while read -r word name want; do
	[ "$word" = on ] || continue
	got=$(fact "$name" 2>&1 | sed 's/ *$//')
	[ "$got" = "$want" ] || skip_all "the budgets are for" \
		"$name \`$want\`, here it is \`$got\`"
done <"$budgets"

# --- Measuring ----------------------------------------------------------------

bundle true true
bundle sleep
cat >"$T/costs" <<-END
	grep -cE ' - cgroup2? ' /proc/self/mountinfo >"\$1.n"
	sh "$LIVE/../costs.sh" 5 $P-c "$T/b/true" "$T/b/sleep" \
		"$WHERRY" --root "$STATE" >"\$1"
END
ok "with all hierarchies" sh "$T/costs" "$T/all"
# In a mount namespace that ends with it: without those that are alike.
cat >"$T/fewer" <<-END
	for name in cpu cpuacct freezer blkio pids systemd; do
		umount /sys/fs/cgroup/\$name
	done
	sh "$T/costs" "$T/few"
END
ok "with fewer" unshare -m sh "$T/fewer"
all=$(cat "$T/all.n") few=$(cat "$T/few.n")

value() { # FILE COMMAND KEY
	sed -n "s/^$2 $3 //p" "$T/$1"
}

size=$(wc -c <"$WHERRY")
if [ "${1:-}" = -p ]; then
	echo "size $size"
	for c in run create start state list exec delete; do
		n=$(value all $c calls)
		k=$(((n - $(value few $c calls)) / (all - few)))
		printf '%s %s %s' $c $((n - k * all)) $k
		for column in $columns; do
			printf ' %s' "$(value all $c $column)"
		done
		echo
	done
	exit
fi

# --- Judging ------------------------------------------------------------------

within() { # WHAT VALUE BUDGET
	ok "$1: $2 of $3" test "$2" -le "$3" || true
	[ "$2" -ge $(($3 * 9 / 10)) ] || note "the budget could be lower"
}

ok "hierarchies that are alike were left out" test $((all - few)) -ge 3
while read -r c base k rest; do
	case $c in
	""|"#"*|on) continue ;;
	size)
		within "bytes of the binary" "$size" "$base"
		continue ;;
	esac
	for file in all few; do
		within "$c: system calls, $(cat "$T/$file.n") hierarchies" \
			"$(value $file $c calls)" \
			$((base + k * $(cat "$T/$file.n")))
	done
	for column in $columns; do
		within "$c: $column" "$(value all $c $column)" "${rest%% *}"
		rest=${rest#* }
	done
done <"$budgets"

done_testing
