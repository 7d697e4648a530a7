#!/bin/sh
# SPDX-License-Identifier: MIT
# t24.sh -- sec T24 (CVE-2025-23266): a hook runs with the host's rights, so
# neither the image nor the caller may choose its environment or directory.
. "${0%/*}/lib.sh"
c=$P-24

"$WHERRY" features | grep -q '"createRuntime"' || skip_all "built without HOOKS"
cp "$TOOLS/fdlist" "$T/evil.so"
look='tr "\\0" "\\n" </proc/self/environ >D/KIND.env; pwd >D/KIND.cwd'
for kind in prestart createRuntime createContainer startContainer poststart \
    poststop; do
	for env in '' ',"env":["ONLY=this"]'; do
		rm -rf "$T/log"
		mkdir -p "$T/log"
		case $kind in
		startContainer) d=/log sh=/bin/sh name='"sh"' ;;
		*) d=$T/log sh=$BUSYBOX name='"busybox","sh"' ;;
		esac
		script=$(echo "$look" | sed "s|KIND|$kind|g; s|D/|$d/|g")
		MORE_MOUNTS=",{\"destination\":\"/log\",\"type\":\"bind\",
			\"source\":\"$T/log\",\"options\":[\"bind\"]}"
		TOP=",\"hooks\":{\"$kind\":[{\"path\":\"$sh\",\"args\":[$name,
			\"-c\",$(json_strings "$script")]$env}]}"
		ENV=',"LD_PRELOAD=./evil.so","PATH=.","IFS=x"'
		CWD=/tmp
		bundle hook /bin/true
		mkdir -p "$R/tmp"
		cp "$T/evil.so" "$R/tmp/evil.so"
		CALLER=1 LD_PRELOAD_X=./evil.so w run -b "$B" $c
		[ -e "$T/log/$kind.cwd" ] && [ $rc = 0 ]
		is "control: $kind hook${env:+ with env} ran" $? 0
		is "guard: $kind${env:+ with env}: hook.env and nothing else" \
			"$(cat "$T/log/$kind.env")" "${env:+ONLY=this}"
		case $kind in startContainer) want=/tmp ;; *) want=$B ;; esac
		is "guard: $kind${env:+ with env}: working directory" \
			"$(cat "$T/log/$kind.cwd")" "$want"
	done
done
canary_same "the canary is untouched"

done_testing
