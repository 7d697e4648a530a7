#!/bin/sh
# SPDX-License-Identifier: MIT
# lifecycle.sh -- every operation in every status, and what each leaves behind.
. "${0%/*}/lib.sh"

# --- created, running, stopped ------------------------------------------------

bundle sleep
sleeper=$B
c=$P-a
works "create" create --bundle "$sleeper" --pid-file "$T/pid" $c
is "create says nothing" "$(out)$(err)" ""
works "state" state $c
is "it is created" "$(field status)" created
pid=$(field pid)
is "pid file: the number, no newline" "$(cat "$T/pid"; echo .)" "$pid."
is "state: id" "$(field id)" $c
is "state: bundle" "$(field bundle)" "$sleeper"
is "state: rootfs" "$(field rootfs)" "$R"
like "state: ociVersion" "$(field ociVersion)" '^1\.[0-9]+\.[0-9]+$'
is "state: pidStartTime is field 22 of stat" "$(field pidStartTime)" \
	"$(sed 's/.*) //' /proc/$pid/stat | cut -d' ' -f20)"
like "state: created" "$(field created)" \
	'^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-9:]{8}\.[0-9]+Z$'
is "the state directory is ours alone" "$(stat -c %a "$STATE/$c")" 700
works "start" start $c
is "start says nothing" "$(out)$(err)" ""
is "it is running" "$(status_of $c)" running
is "the same process" "$(pid_of $c)" "$pid"
is "that runs the program" "$(tr '\0' ' ' <"/proc/$pid/cmdline")" "sleep 1000 "
works "kill" kill $c KILL
ok "it stops" until_status $c stopped
works "state of a stopped container" state $c
is "state: no pid" "$(field pid)" 0
works "delete" delete $c
fails "it is gone" "container \`$c\` does not exist" state $c

# --- list §4: what each status refuses ---------------------------------------

absent="container \`$c\` does not exist"
for op in start state kill delete wait stop; do
	fails "$op of nothing" "$absent" $op $c
done
works "delete --force of nothing" delete --force $c

matrix() { # STATUS, with a regular expression for each refusal
	is "matrix: it is $1" "$(status_of $c)" "$1"
	fails "create when $1" "container \`$c\` already exists" \
		create -b "$sleeper" $c
	fails "run when $1" "container \`$c\` already exists" \
		run -b "$sleeper" $c
	[ -z "$2" ] || fails "start when $1" "$2" start $c
	[ -z "$3" ] || fails "kill when $1" "$3" kill $c 0
	[ -n "$3" ] || works "kill when $1" kill $c 0
	[ -z "$4" ] || fails "delete when $1" "$4" delete $c
	is "matrix: still $1" "$(status_of $c)" "$1"
}

w create -b "$sleeper" $c
matrix created "" "" "\`$c\` is created, not stopped"
w start $c
matrix running "\`$c\` was started already" "" "\`$c\` is running, not stopped"
works "kill by a number" kill $c 9
until_status $c stopped
matrix stopped "\`$c\` has stopped" "container not running" ""
works "delete when stopped" delete $c

w create -b "$sleeper" $c
works "delete --force when created" delete --force $c
w create -b "$sleeper" $c
w start $c
pid=$(pid_of $c)
works "delete --force when running" delete -f $c
ok "its process is gone" test ! -e "/proc/$pid/cmdline" -o \
	-z "$(cat "/proc/$pid/cmdline" 2>/dev/null)"

# --- signals ------------------------------------------------------------------

script trap <<'END'
for s in TERM HUP USR1 RTMIN+3; do
	trap "echo $s >>/tmp/got" $s 2>/dev/null
done
echo up >/tmp/got
while :; do sleep 0.1; done
END
sed -i 's/"readonly": true/"readonly": false/' "$B/config.json"
w run -d -b "$B" $c
for _ in 1 2 3 4 5 6 7 8 9 10; do
	[ -s "$R/tmp/got" ] && break
	sleep 0.1
done
for s in "" SIGHUP usr1; do
	works "kill ${s:-without a signal}" kill $c $s
	sleep 0.3
done
is "each arrived" "$(tr '\n' ' ' <"$R/tmp/got")" "up TERM HUP USR1 "
fails "kill with nonsense" "signal" kill $c NOSUCH
fails "kill with a number too large" "signal" kill $c 1000
fails "kill with a negative number" "." kill -- $c -9
w delete -f $c

# Somebody else's process: nothing here may ever touch it.
sleep 1003 &
bystander=$!

# Without a pid namespace the cgroup says what belongs to the container.
if grep -q ' - cgroup' /proc/self/mountinfo; then
	NAMESPACES='{"type":"ipc"},{"type":"uts"},{"type":"mount"},
		{"type":"network"}'
	bundle family sh -c 'sleep 1001 & sleep 1002 & wait'
	works "run without a pid namespace" run -d -b "$B" $c
	sleep 0.3
	is "three processes" "$(marked_processes | grep -c environ)" 3
	works "kill --all" kill --all $c KILL
	until_status $c stopped
	is "none of them is left" "$(marked_processes | grep -c environ)" 0
	ok "nobody else was hit" kill -0 $bystander
	w delete $c
	NAMESPACES='{"type":"ipc"},{"type":"uts"},{"type":"mount"},
		{"type":"network"}'
	bundle family sh -c 'sleep 1001 & sleep 1002 & wait'
	w run -d -b "$B" $c
	sleep 0.3
	works "delete --force takes the whole family" delete --force $c
	is "none of them is left" "$(marked_processes | grep -c environ)" 0
	ok "nobody else was hit" kill -0 $bystander
else
	skip "kill --all" "no cgroups"
fi

# Without a cgroup as well nothing says it: no guess.
NAMESPACES='{"type":"ipc"},{"type":"uts"},{"type":"mount"},
	{"type":"network"}'
bundle lost sleep 1004
works "run with neither" --cgroup-manager disabled run -d -b "$B" $c
fails "kill --all of that" "has no cgroup that tells its processes" \
	kill --all $c KILL
is "it runs" "$(status_of $c)" running
ok "nobody else was hit" kill -0 $bystander
works "kill of that" kill $c KILL
until_status $c stopped
w delete $c
bundle lost sleep 1005
works "run without a cgroup" --cgroup-manager disabled run -d -b "$B" $c
works "kill --all by the pid namespace" kill --all $c KILL
until_status $c stopped
w delete $c

# A pid that somebody else has by now: the start time does not match.
w run -d -b "$sleeper" $c
pid=$(pid_of $c)
w kill $c KILL
until_status $c stopped
sed "s/\(\"pid\" *: *\)$pid/\1$bystander/" "$STATE/$c/state.json" \
	>"$T/state.json"
ok "control: the record names another pid" \
	grep -q "$bystander" "$T/state.json"
cat "$T/state.json" >"$STATE/$c/state.json"
is "a pid that was given away: stopped" "$(status_of $c)" stopped
fails "a pid that was given away: kill" "container not running" kill $c KILL
works "a pid that was given away: delete --force" delete --force $c
ok "its new owner lives" kill -0 $bystander
kill $bystander
wait $bystander 2>/dev/null

# --- run, wait, stop ----------------------------------------------------------

for n in 0 1 7 255; do
	bundle "exit$n" sh -c "exit $n"
	w run -b "$B" $c
	is "run: status $n" $rc $n
	ok "run: the container is deleted" test ! -e "$STATE/$c"
done
bundle hello sh -c 'echo out; echo err >&2; cat'
echo in >"$T/in"
"$TOOLS/limit" 20 $WRAP "$WHERRY" --root "$STATE" run -b "$B" $c \
	<"$T/in" >"$T/out" 2>"$T/err"
is "run: stdin, stdout and stderr are the caller's" \
	"$(cat "$T/out") / $(cat "$T/err")" "out
in / err"

"$TOOLS/limit" 20 $WRAP "$WHERRY" --root "$STATE" run -b "$sleeper" $c \
	>"$T/out" 2>"$T/err" </dev/null &
runner=$!
ok "run: it is running meanwhile" until_status $c running
w kill $c KILL
wait $runner
is "run: 128 + signal" $? 137
# In a pid namespace of its own init would ignore it.
NAMESPACES='{"type":"ipc"},{"type":"uts"},{"type":"mount"},{"type":"network"}'
bundle nopid
"$TOOLS/limit" 20 $WRAP "$WHERRY" --root "$STATE" run -b "$B" $c \
	>"$T/out" 2>"$T/err" </dev/null &
runner=$!
until_status $c running
w kill $c USR1
wait $runner
is "run: 128 + another signal" $? 138

works "run --detach" run --detach -b "$sleeper" --pid-file "$T/pid2" $c
is "run --detach: it is running" "$(status_of $c)" running
is "run --detach: pid file" "$(cat "$T/pid2"; echo .)" "$(pid_of $c)."
w delete -f $c
w run --keep -b "$T/b/exit7" $c
is "run --keep: the status" $rc 7
is "run --keep: it stays, stopped" "$(status_of $c)" stopped
w delete $c

script fifo <<'END'
read x </tmp/fifo
exit 5
END
mkfifo "$R/tmp/fifo"
w run -d -b "$B" $c
pid=$(pid_of $c)
"$TOOLS/limit" 20 $WRAP "$WHERRY" --root "$STATE" wait $c >"$T/wait" 2>&1 &
waiter=$!
sleep 0.5
ok "wait: it waits" kill -0 $waiter
release "$R/tmp/fifo"
wait $waiter
rc=$?
if [ $rc = 255 ]; then
	like "wait: unknown, and says so" "$(cat "$T/wait")" unknown
else
	is "wait: the status" $rc 5
fi
# While it is a zombie its status is there to be read; after that nobody knows.
w wait $c
like "wait after the end: the status or unknown" "$rc $(out)" \
	'^5 $|^255 unknown$'
for _ in 1 2 3 4 5 6 7 8 9 10; do
	[ -e "/proc/$pid" ] || break
	sleep 0.2
done
if [ -e "/proc/$pid" ]; then
	skip "wait: unknown" "process 1 does not reap here"
else
	w wait $c
	is "wait: unknown" "$rc $(out)" "255 unknown"
fi
w delete $c

script polite <<'END'
trap 'exit 3' TERM
while :; do sleep 0.1; done
END
w run -d -b "$B" $c
sleep 0.3
before=$(date +%s)
works "stop" stop $c
ok "stop: TERM was enough" test $(($(date +%s) - before)) -lt 3
is "stop: it is stopped" "$(status_of $c)" stopped
works "stop of a stopped container" stop $c
w delete $c
w run -d -b "$sleeper" $c
before=$(date +%s)
works "stop --timeout 1 of one that ignores TERM" stop --timeout 1 $c
took=$(($(date +%s) - before))
ok "stop: it was given its second" test $took -ge 1 -a $took -lt 8
is "stop: then killed" "$(status_of $c)" stopped
w delete $c

# --- several ids, list --------------------------------------------------------

for n in 1 2 3; do
	w create -b "$sleeper" "$P-$n"
done
works "start of three" start $P-1 $P-2 $P-3
for n in 1 2 3; do
	is "list: $n is running" "$(status_of "$P-$n")" running
done
w create -b "$sleeper" $c
w kill $P-3 KILL
until_status $P-3 stopped
works "list" list
like "list: a title" "$(out | head -1)" '^ID +PID +STATUS +BUNDLE'
like "list: a running one" "$(out)" "^$P-1 +[0-9]+ +running +$sleeper"
like "list: a created one" "$(out)" "^$c +[0-9]+ +created"
like "list: a stopped one has no pid" "$(out)" "^$P-3 +0 +stopped"
w list -q
is "list --quiet" "$(out | sort | tr '\n' ' ')" "$P-1 $P-2 $P-3 $c "
w list --format json
like "list --format json" "$(out | tr -d ' \n')" \
	"^\[\{.*\"id\":\"$P-1\".*\"status\":\"running\".*\}\]\$"
fails "start of several: the missing one is named" "\`$P-9\` does not exist" \
	start $P-9 $c
w delete -f $c
for n in 1 2 3; do
	w delete -f "$P-$n"
done
gives "list --format json of nothing" "[]" list -f json

# --- what a reboot has left ---------------------------------------------------

# The folder alone; pid and cgroups are those of who was made since.
w run -d -b "$sleeper" $c
mkdir -m 700 "$T/old" "$T/old/$c"
cp "$STATE/$c/cg" "$STATE/$c/config.json" "$T/old/$c"
sed 's/"bootId": "./&x/' "$STATE/$c/state.json" >"$T/old/$c/state.json"
works "another boot: state" --root "$T/old" state $c
is "another boot: it is stopped" "$(field status)" stopped
fails "another boot: kill --all" "not running" --root "$T/old" kill -a $c
works "another boot: delete" --root "$T/old" delete $c
is "another boot: the folder is gone" "$(ls "$T/old")" ""
is "another boot: delete ends nobody" "$(status_of $c)" running
w delete -f $c

# --- the bundle's path --------------------------------------------------------

# hooks of delete would not find it by what the state says
bundle latin sh -c 'exit 0'
odd=$(printf '%s/\344' "$T") even=$(printf '%s/\303\244' "$T")
mv "$B" "$odd"
fails "create where the path is not UTF-8" 'its path is not UTF-8' \
	create -b "$odd" $c
is "create where the path is not UTF-8: nothing is left" "$(ls "$STATE")" ""
w delete -f $c
mv "$odd" "$even"
works "create where it is" create -b "$even" $c
w state $c
like "create where it is: the path" "$(out)" "\"bundle\": \"$even\""
w delete -f $c

# --- the config is frozen -----------------------------------------------------

TOP=',"annotations":{"a.b/c":"x","empty":"","uni":"\u00e9\n\"q\""}'
bundle frozen sh -c 'exit 11'
w create -b "$B" $c
rm "$B/config.json"
works "state without the bundle's config" state $c
like "state: annotations as they were written" "$(out | tr -d ' \t\n')" \
	'"annotations":\{"a.b/c":"x","empty":"","uni":"\\u00e9\\n\\"q\\""\}'
works "start without it" start $c
until_status $c stopped
# power that failed before it was written; a delete that runs beside
for how in torn gone; do
	[ $how = gone ] && rm "$STATE/$c/config.json" ||
		: >"$STATE/$c/config.json"
	works "state when the annotations are $how" state $c
	unlike "state when the annotations are $how: it has none" "$(out)" \
		annotations
	works "list when the annotations are $how" list -f json
	like "list when the annotations are $how: it is in it" "$(out)" \
		"\"id\": \"$c\""
done
works "delete without it" delete $c

bundle before sh -c 'echo before >/tmp/x; sleep 1000'
sed -i 's/"readonly": true/"readonly": false/' "$B/config.json"
w create -b "$B" $c
sed 's/before/after/' "$B/config.json" >"$B/new"
cat "$B/new" >"$B/config.json"
w start $c
sleep 0.3
is "what was created is what starts" "$(cat "$R/tmp/x")" before
w delete -f $c

# --- the command line ---------------------------------------------------------

for args in "--bundle=$sleeper $c" "$c --bundle $sleeper" "-b $sleeper -- $c" \
    "--no-new-keyring $c -b$sleeper"; do
	works "create $args" create $args
	w delete --force $c
done
works "delete: option first" delete --force $c
fails "unknown option" "unknown option --frobnicate" create --frobnicate $c
fails "unknown command" "frobnicate" frobnicate
fails "no id" "." create -b "$sleeper"
fails "too many ids" "." state a b
fails "no such bundle" "[Nn]o such file or directory" create -b "$T/none" $c
fails "a console socket is refused without a terminal" "console-socket" \
	create --console-socket "$T/s" -b "$sleeper" $c
bundle term
sed -i 's/"terminal": false/"terminal": true/' "$B/config.json"
fails "a terminal that nobody would hold is refused" "terminal" \
	create -b "$B" $c
works "other config file" create -b "$sleeper" -f "$T/b/sleep/config.json" $c
w delete -f $c

long=$(printf '%0128d' 0)
for id in "" . .. .hidden a/b ../x "a b" "a
b" é "${long}0" "$(printf '%0256d' 0)"; do
	fails "id refused: $(printf '%.20s' "$id" | tr '\n' '?')" "." \
		create -b "$sleeper" -- "$id"
	ok "nothing was made for it" test -z "$(ls -A "$STATE")"
done
# Else the cgroup would have the name of the container, in other runs as well.
LINUX=",\"cgroupsPath\":\"/$P-ids\""
bundle ids
LINUX=
for id in "$long" -x a.b_c+d-e 0; do
	works "id taken: $(printf '%.20s' "$id")" create -b "$B" -- "$id"
	works "and deleted" delete -f -- "$id"
done

"$TOOLS/limit" 20 "$WHERRY" --root "$STATE" --log "$T/log" \
	--log-format json state $P-none >"$T/out" 2>"$T/err"
is "log: one object, one line" "$(wc -l <"$T/log" | tr -d ' ')" 1
like "log: what is looked for" "$(cat "$T/log")" \
	'^\{.*"level": *"error".*\}$'
like "log: the message" "$(cat "$T/log")" \
	"\"msg\": *\"[^\"]*container \`$P-none\` does not exist\""
like "log: the time" "$(cat "$T/log")" \
	'"time": *"20[0-9-]{8}T[0-9:]{8}(\.[0-9]+)?(Z|[+-][0-9:]{5})"'
like "log: stderr says it too" "$(cat "$T/err")" "does not exist"
unlike "log: stderr has plain text" "$(cat "$T/err")" '"level"'

# --- a state root longer than sun_path ----------------------------------------

STATE=$T/$long/$long
works "long root: create" create -b "$sleeper" $c
works "long root: start" start $c
is "long root: state" "$(status_of $c)" running
works "long root: delete" delete -f $c
rm -r "${T:?}/$long"
STATE=$T/state

# --- one create wins ----------------------------------------------------------

for n in 1 2 3; do
	"$TOOLS/limit" 20 $WRAP "$WHERRY" --root "$STATE" create -b "$sleeper" \
		$c >"$T/create$n" 2>&1 </dev/null &
	eval "create$n=$!"
done
won=0
for n in 1 2 3; do
	eval "wait \$create$n" && won=$((won + 1))
done
is "of three creates one wins" $won 1
like "the others say why" "$(cat "$T/create1" "$T/create2" "$T/create3")" \
	"already exists"
is "one container is there" "$(status_of $c)" created
works "and can be deleted" delete -f $c

# --- create fails whole -------------------------------------------------------

fails "pid file that can't be written" "." \
	create -b "$sleeper" --pid-file "$T/none/pid" $c
ok "no state is left" test ! -e "$STATE/$c"
MORE_MOUNTS=',{"destination":"/x","type":"nosuchfs","source":"x"}'
READONLY=false
bundle badmount
fails "mount that can't be" "mounts\[[0-9]*\] /x" create -b "$B" $c
ok "no state is left" test ! -e "$STATE/$c"
: >"$B/config.json"
fails "empty config" "config.json" create -b "$B" $c

# --- memory -------------------------------------------------------------------

annotated() { # NAME BYTES
	annotations=$(awk -v n="$2" 'BEGIN {
		x = sprintf("%1000s", ""); gsub(/ /, "x", x)
		for (i = 0; i * 1024 < n; i++)
			printf "%s\"key%012d\":\"%s\"", i ? "," : "", i, x
	}')
	TOP=",\"annotations\":{$annotations}"
	bundle "$1"
}

# Pages in use at the exit, exact; and the kernel's own peak.
memory() { # FILE ARGS...
	file=$1
	shift
	"$TOOLS/limit" 30 "$TOOLS/maxrss" "$file" $WRAP "$WHERRY" \
		--root "$STATE" "$@" >"$T/out" 2>"$T/err" </dev/null
}

annotated small 0
small=$B
annotated large 1010000
large=$B
ok "the large config has a megabyte" \
	test "$(wc -c <"$large/config.json")" -gt 1000000
for size in small large; do
	memory "$T/rss.create.$size" create -b "$T/b/$size" $c
	pid=$(pid_of $c)
	awk '/^Rss:/ { r = $2 } /^VmHWM:/ { h = $2 } END { print r, h }' \
		"/proc/$pid/smaps_rollup" "/proc/$pid/status" \
		>"$T/rss.init.$size"
	memory "$T/rss.start.$size" start $c
	memory "$T/rss.state.$size" state $c
	[ $size = small ] || ok "state prints all of them" \
		test "$(wc -c <"$T/out")" -gt 1000000
	w kill $c KILL
	until_status $c stopped
	memory "$T/rss.delete.$size" delete $c
done
for op in create init start state delete; do
	read -r a peak_a <"$T/rss.$op.small"
	read -r b peak_b <"$T/rss.$op.large"
	note "$op: $a KiB, with 1 MB of annotations $b (peak $peak_a, $peak_b)"
	ok "$op: memory grows by less than 128 KiB" \
		test "$a" -gt 0 -a $((b - a)) -lt 128
	# The kernel's counter lags by up to 32 pages for each processor.
	ok "$op: peak" test $((peak_b - peak_a)) -lt $((64 + 256))
done

done_testing
