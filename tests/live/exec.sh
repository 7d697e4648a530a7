#!/bin/sh
# SPDX-License-Identifier: MIT
# exec.sh -- a further process in a container: what it is, where it is, what it
# does not have, and what its caller learns.
. "${0%/*}/lib.sh"
c=$P-e

x() { # ARGS...: exec them
	w exec "$c" "$@"
}

bundle sleep
works "a container" run -d -b "$B" $c
init=$(pid_of $c)

gives "exec: output" hello exec $c echo hello
x sh -c 'exit 7'
is "exec: its own status" $rc 7
x sh -c 'kill -9 $$'
is "exec: 128 + signal" $rc 137
note "$(err)"
w delete -f $c
done_testing
