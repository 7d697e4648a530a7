#!/bin/sh
# SPDX-License-Identifier: MIT
# t08.sh -- sec T08: never with the privileges of somebody else, never without
# an argument.
. "${0%/*}/lib.sh"

mkdir "$T/bin"
cp "$WHERRY" "$T/bin/wherry"
chmod 4755 "$T/bin/wherry"
"$WHERRY" --version >"$T/out" 2>"$T/err"
is "control: it works for its owner" $? 0
if ! "$TOOLS/as" 1000 "$BUSYBOX" true; then
	skip "setuid" "no other user"
else
	for command in --version features "list" "state x"; do
		"$TOOLS/limit" 10 "$TOOLS/as" 1000 "$T/bin/wherry" $command \
			>"$T/out" 2>"$T/err" </dev/null
		is "guard: setuid: $command: refused" "$? $(out)" "1 "
		like "guard: setuid: $command: and says so" "$(err)" \
			"setuid|refus"
	done
fi
chmod 2755 "$T/bin/wherry"
chown 0:5 "$T/bin/wherry"
chmod 2755 "$T/bin/wherry"
"$TOOLS/limit" 10 "$TOOLS/as" 1000 "$T/bin/wherry" --version >"$T/out" \
	2>"$T/err" </dev/null
is "guard: setgid: refused" "$? $(out)" "1 "

"$TOOLS/limit" 10 "$TOOLS/noargv" "$WHERRY" >"$T/out" 2>"$T/err" </dev/null
is "guard: no argument at all: refused" "$? $(out)" "1 "
unlike "guard: it did not crash" "$(err)" "Segm|Abort"

done_testing
