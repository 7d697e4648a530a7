#!/bin/sh
# SPDX-License-Identifier: MIT
# hooks.sh -- the six kinds of hooks: where, when and with what they run (list
# H1-H16), and what happens when they misbehave (sec X19-X22).
. "${0%/*}/lib.sh"

"$WHERRY" features | grep -q '"createRuntime"' || skip_all "built without HOOKS"
KINDS="prestart createRuntime createContainer startContainer poststart poststop"
L=$T/log
NL='
'

# hook COMMAND [MORE]: a shell that runs it; the image's for startContainer.
sh_hook() {
	case ${KIND:-} in
	startContainer) path=/bin/sh name=sh ;;
	*) path=$BUSYBOX name='busybox","sh' ;;
	esac
	printf '{"path":"%s","args":["%s","-c",%s]%s}' "$path" "$name" \
		"$(json_strings "$1")" "${2:-}"
}

# Notes the kind in a file that both the host and the container have.
LOG_MOUNT=",{\"destination\":\"/log\",\"type\":\"bind\",\"source\":\"$T/log\",
	\"options\":[\"bind\"]}"
note_of() {
	case $1 in
	startContainer*) echo "echo $1 >>/log/order" ;;
	*) echo "echo $1 >>$L/order" ;;
	esac
}

# hooks KIND ENTRY...: the part of the config for one kind.
hooks() {
	k=$1
	shift
	printf '"%s":[' "$k"
	sep=
	for h; do
		printf '%s%s' "$sep" "$h"
		sep=,
	done
	printf ']'
}

with_log() {
	rm -rf "$L"
	mkdir -p "$L"
	MORE_MOUNTS=$LOG_MOUNT
}

# --- Order, namespaces, state ------------------------------------------------

with_log
all= sep=
for KIND in $KINDS; do
	n=$(note_of $KIND)
	case $KIND in startContainer) d=/log ;; *) d=$L ;; esac
	look="cat >$d/$KIND.json; pwd >$d/$KIND.cwd; tr '\\0' '\\n' \
		</proc/self/environ >$d/$KIND.env;
		for n in pid mnt; do readlink /proc/self/ns/\$n; done \
			>$d/$KIND.ns;
		umask >$d/$KIND.umask; cat /proc/self/stat >$d/$KIND.stat; $n"
	all="$all$sep$(hooks $KIND "$(sh_hook "$look" ',"env":["A=b c"]')" \
		"$(sh_hook "$(note_of $KIND.2)")")"
	sep=,
done
TOP=",\"hooks\":{$all},\"annotations\":{\"k\":\"v\"}"
CWD=/tmp
ENV=',"LD_PRELOAD=./evil.so","IFS=x"'
bundle order sh -c 'echo process >>/log/order; sleep 1000'
c=$P-order
works "create with every kind of hook" create -b "$B" $c
pid=$(pid_of $c)
is "prestart, createRuntime, createContainer have run" \
	"$(tr '\n' ' ' <"$L/order")" "prestart prestart.2 createRuntime \
createRuntime.2 createContainer createContainer.2 "
namespaces() {
	for n in pid mnt; do
		readlink "/proc/$1/ns/$n"
	done
}
host_ns=$(namespaces self)
own_ns=$(namespaces "$pid")
works "start" start $c
until grep -q process "$L/order"; do sleep 0.1; done
works "kill" kill $c KILL
until_status $c stopped
works "delete" delete $c
# what the program writes may come before or behind poststart
is "every hook ran, in order" "$(sed '1,6d; /process/d' "$L/order" |
	tr '\n' ' ')" "startContainer startContainer.2 poststart poststart.2 \
poststop poststop.2 "
like "the program between them" "$(tr '\n' ' ' <"$L/order")" \
	"startContainer.2 (poststart.*)?process .*poststop "

value() { # KIND NAME
	tr -d '\n' <"$L/$1.json" | sed -n \
		"s/.*\"$2\" *: *\"\{0,1\}\([^\",}]*\)[\",}].*/\1/p"
}
for k in $KINDS; do
	case $k in
	poststart) want="running $pid" ;;
	poststop) want="stopped 0" ;;
	startContainer) want="created 1" ;;
	createContainer) want="creating 1" ;;
	*) want="creating $pid" ;;
	esac
	is "$k: status and pid" "$(value $k status) $(value $k pid)" "$want"
	is "$k: id, bundle, annotations" \
		"$(value $k id) $(value $k bundle) $(value $k k)" "$c $B v"
	is "$k: only hook.env" "$(cat "$L/$k.env")" "A=b c"
	case $k in
	createContainer|startContainer) want=$own_ns ;;
	*) want=$host_ns ;;
	esac
	is "$k: namespaces" "$(cat "$L/$k.ns")" "$want"
	case $k in startContainer) want=/tmp ;; *) want=$B ;; esac
	is "$k: working directory" "$(cat "$L/$k.cwd")" "$want"
	is "$k: umask of the caller" "$(cat "$L/$k.umask")" "$(umask)"
	# pid, its process group and its session are one: it has its own
	is "$k: leads a session without a terminal" "$(awk '{
		print ($1 == $5 && $1 == $6 || $5 == $6), $7 }' \
		"$L/$k.stat")" "1 0"
done

# --- Descriptors --------------------------------------------------------------

# An allow-list: stdin is the state, stdout and stderr the pipe; 3 is what ls
# itself reads.
fds='for f in /proc/self/fd/*; do readlink $f; done | sort >'
for KIND in $KINDS; do
	with_log
	case $KIND in startContainer) d=/log ;; *) d=$L ;; esac
	TOP=",\"hooks\":{$(hooks $KIND "$(sh_hook "$fds$d/fds")")}"
	bundle fds true
	"$TOOLS/dirty" "$T" "$TOOLS/limit" 20 $WRAP "$WHERRY" --root "$STATE" \
		run -b "$B" $P-fds >"$T/out" 2>"$T/err" </dev/null
	is "$KIND: run under a caller with open descriptors" $? 0
	is "guard: $KIND: no descriptor but stdio" "$(sed 's/:.*/:/
		s/^.*memfd.*/state/; s/^.*[.]report.*/state/
		/^\/proc\/[0-9]*\/fd/d; /\/fd$/d; /^'"$(echo "$d" |
		sed 's|/|\\/|g')"'/d' "$L/fds" | sort -u | tr '\n' ' ')" \
		"pipe: state "
done

# --- Six kinds, each misbehaving ----------------------------------------------

big=$(awk 'BEGIN { for (i = 0; i < 200 * 1024; i++) printf "x" }')
flood=64
[ -n "$QUICK" ] && flood=8

# The phase in which hooks of the kind run, and the others around it.
life() { # ID: 0 all went well, else the phase that failed
	w create -b "$B" $1 || { echo create; return; }
	w start $1 || { echo start; return; }
	w kill $1 KILL
	until_status $1 stopped
	w delete $1 || { echo delete; return; }
	echo
}
phase_of() {
	case $1 in
	startContainer|poststart) echo start ;;
	poststop) ;;
	*) echo create ;;
	esac
}

now() {
	cut -d. -f1 /proc/uptime
}

until_gone() { # WORD of a command line: within 5 s
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 \
	    21 22 23 24 25; do
		has_argument "$1" || return 0
		sleep 0.2
	done
	return 1
}

# What a life takes here without any hook: a machine may be emulated.
TOP=",\"annotations\":{\"big\":\"$big\"}"
bundle plain sleep 1000
begin=$(now)
is "a life without hooks" "$(life $P-plain)" ""
allowed=$((20 + 4 * ($(now) - begin)))

# misbehave NAME ERE ENTRY: ERE: it fails with that; "": it is no failure.
misbehave() {
	with_log
	TOP=$(hooks "$KIND" "$3" "$(sh_hook "$(note_of $KIND)")")
	case $KIND in
	poststop) ;;
	*) TOP="$TOP,$(k=$KIND; KIND=; hooks poststop "$(sh_hook \
		"echo poststop >>$L/order")")" ;;
	esac
	TOP=",\"hooks\":{$TOP},\"annotations\":{\"big\":\"${4:-}\"}"
	bundle bad sleep 1000
	begin=$(now)
	failed=$(life $P-bad)
	took=$(($(now) - begin))
	if [ -n "$2" ]; then
		is "$KIND $1: fails in the right command" "$failed" \
			"$(phase_of "$KIND")"
		case $KIND in
		poststop) ;;
		*) like "$KIND $1: the reason" "$(err)" \
			"hooks.$KIND\[0\] .*$2" ;;
		esac
	else
		is "$KIND $1: no failure" "$failed $(err)" " "
	fi
	[ $took -le $allowed ] || fail "$KIND $1: took $took s of $allowed"
	said=$(err)
	w state $P-bad
	like "$KIND $1: the container is gone" "$(err)" "does not exist"
	order=$(tr '\n' ' ' <"$L/order" 2>/dev/null)
	case $2:$KIND in
	*:poststop) want="poststop " ;;
	:*) want="$KIND poststop " ;;
	*) want="poststop " ;;
	esac
	is "$KIND $1: which others ran" "$order" "$want"
	[ "$order" = "$want" ] || note "$said"
	w delete --force $P-bad
}

for KIND in $KINDS; do
	misbehave "hangs and ignores TERM" "killed: it took longer than 1 s" \
		"$(sh_hook "trap '' TERM; sleep 8$$ & sleep 8$$" \
		',"timeout":1')"
	ok "$KIND hangs: its whole group was killed" until_gone 8$$
	misbehave "leaves a daemon with its output" "" \
		"$(sh_hook 'sleep 5 & exit 0')"
	misbehave "leaves a daemon, with a timeout" "" \
		"$(sh_hook 'sleep 5 & exit 0' ',"timeout":100')"
	misbehave "closes stdin, the state is large" "" \
		"$(sh_hook 'exec 0<&-; exit 0')" "$big"
	misbehave "dies by a signal" "killed by signal 9" \
		"$(sh_hook 'kill -9 $$')"
	misbehave "exits 3 with output" \
		"exit status 3 \\(it said: one  *two\\)" \
		"$(sh_hook "echo one${NL}echo two >&2${NL}exit 3")"
	misbehave "is missing" "/nowhere/x: exec: no such file" \
		'{"path":"/nowhere/x"}'
	misbehave "is not executable" "permission denied" \
		'{"path":"/dev"}'
	misbehave "floods stdout" "" \
		"$(sh_hook "head -c $((flood * 1048576)) /dev/zero")"
	misbehave "stops its parent for a while" "" \
		"$(sh_hook '[ $PPID = 1 ] || {
			(sleep 1; kill -CONT $PPID) & kill -STOP $PPID; }')"
done

# --- What a hook may do with the runtime --------------------------------------

for KIND in prestart createRuntime poststart poststop; do
	with_log
	TOP=",\"hooks\":{$(hooks $KIND "$(sh_hook \
		"$WHERRY --root $STATE state $P-ask >$L/state 2>&1
		 $WHERRY --root $STATE delete $P-ask >$L/delete 2>&1; true")")}"
	[ $KIND = prestart ] || [ $KIND = poststart ] || continue
	bundle ask sleep 1000
	failed=$(life $P-ask)
	is "$KIND: state and delete of its own container: no deadlock" \
		"$failed" ""
	like "$KIND: it could see the state" "$(cat "$L/state")" \
		"\"status\": \"(creating|running)\""
	like "$KIND: delete was refused" "$(cat "$L/delete")" "busy|running"
done

# --- run ----------------------------------------------------------------------

with_log
all= sep=
for KIND in $KINDS; do
	all="$all$sep$(hooks $KIND "$(sh_hook "$(note_of $KIND)")")"
	sep=,
done
TOP=",\"hooks\":{$all}"
bundle run sh -c 'echo process >>/log/order; sleep 0.3; exit 7'
w run -b "$B" $P-run
is "run: the program's status" $rc 7
is "run: every kind ran" "$(sed /process/d "$L/order" | tr '\n' ' ')" \
	"prestart createRuntime createContainer startContainer poststart \
poststop "

for KIND in startContainer poststart; do
	with_log
	TOP=",\"hooks\":{$(hooks $KIND "$(sh_hook 'exit 1')"),$(KIND=; hooks \
		poststop "$(sh_hook "$(note_of poststop)")")}"
	bundle run sleep 1000
	fails "run: a failing $KIND hook is an error" \
		"hooks.$KIND\[0\].*status 1" run -b "$B" $P-run
	is "run: after $KIND failed: poststop" "$(cat "$L/order")" poststop
done

# --- start and delete --force -------------------------------------------------

with_log
KIND=poststop
TOP=",\"hooks\":{$(hooks poststop "$(sh_hook "$(note_of poststop)")")}"
bundle force sleep 1000
works "create" create -b "$B" $P-force
rm "$B/config.json"
works "delete --force, the bundle's config gone" delete --force $P-force
is "poststop came from the frozen config" "$(cat "$L/order")" poststop

with_log
KIND=createRuntime
TOP=",\"hooks\":{$(hooks createRuntime "$(sh_hook "mkdir $L/side")"),$(
	KIND=; hooks poststop "$(sh_hook "rmdir $L/side")")}"
bundle late /nowhere
fails "create fails behind the hooks" "/nowhere" create -b "$B" $P-late
is "poststop undid what createRuntime did" "$(ls "$L")" ""

# The image's hook must not have more rights than the program (its file is the
# image's as well).
with_log
chmod 777 "$L"
KIND=startContainer
USER='{"uid":1000,"gid":1000}'
rights='grep -E "^(Uid|CapEff|CapBnd|NoNewPrivs)" /proc/self/status >/log'
TOP=",\"hooks\":{$(hooks startContainer "$(sh_hook "$rights/who")")}"
bundle confined sh -c "$rights/prog"
works "run with a startContainer hook as uid 1000" run -b "$B" $P-conf
is "guard: startContainer: the program's rights" "$(cat "$L/who")" \
	"$(cat "$L/prog")"

# In a user namespace, the bundle may be out of reach.
with_log
chmod 777 "$L"
MORE_MOUNTS=
KIND=createContainer
NAMESPACES='{"type":"pid"},{"type":"mount"},{"type":"user"}'
LINUX=',"uidMappings":[{"containerID":0,"hostID":100000,"size":65536}],
	"gidMappings":[{"containerID":0,"hostID":100000,"size":65536}]'
MOUNTS=$PROC_MOUNT
HOST_NAME=
TOP=",\"hooks\":{$(hooks createContainer "$(sh_hook \
	"pwd >$L/cwd; cat >$L/state")")},\"annotations\":{\"k\":\"v\"}"
bundle userns true
if w run -b "$B" $P-user; then
	is "createContainer in a user namespace: cwd is the bundle" \
		"$(cat "$L/cwd")" "$B"
	like "createContainer in a user namespace: the annotations" \
		"$(tr -d ' \n' <"$L/state")" '"k":"v"'
	chmod 700 "$B"
	if kernel_has open-tree; then
		w run -b "$B" $P-user
		is "createContainer: / where the bundle can't be entered" \
			"$(cat "$L/cwd")" /
	else
		fails "the bundle can't be entered" "Linux 5.2" \
			run -b "$B" $P-user
	fi
	chmod 755 "$B"
else
	skip "createContainer in a user namespace" "$(err)"
fi

done_testing
