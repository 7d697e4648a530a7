#!/bin/sh
# SPDX-License-Identifier: MIT
# t34.sh -- sec T34 (CVE-2014-8989): one user alone, mapped to one id, can't get
# rid of its groups.
. "${0%/*}/lib.sh"
c=$P-34

"$TOOLS/as" 1000 "$BUSYBOX" true || skip_all "no other user"
"$TOOLS/as" 1000 "$BUSYBOX" unshare -U "$BUSYBOX" true 2>/dev/null ||
	skip_all "no user namespaces for users"

MOUNTS="$PROC_MOUNT,$(printf '%s' "$DEV_MOUNTS" | sed 's/,"gid=5"//')
	,{\"destination\":\"/sys\",\"type\":\"none\",\"source\":\"/sys\",
	\"options\":[\"rbind\",\"nosuid\",\"noexec\",\"nodev\",\"ro\"]}"
NAMESPACES='{"type":"pid"},{"type":"ipc"},{"type":"uts"},{"type":"mount"},
	{"type":"user"}'
RESOURCES= PATHS=
LINUX=',"uidMappings":[{"containerID":0,"hostID":1000,"size":1}],
	"gidMappings":[{"containerID":0,"hostID":1000,"size":1}]'
CAPS='"CAP_SETGID","CAP_SETUID"' AMBIENT=
bundle alone sh /run.sh
cat >"$R/run.sh" <<'END'
echo user=$(id -u):$(id -g)
echo deny=$(cat /proc/self/setgroups)
echo groups=$(setgroups)
echo host=$(stat -c %u:%g /proc/sys)
echo map=$(cat /proc/self/uid_map)
END
# Its own things, but below a directory of root's.
chown -R 1000:1000 "$B"
mkdir "$T/home"
chown 1000:1000 "$T/home"
HOME=$T/home "$TOOLS/as" 1000 "$TOOLS/limit" 20 "$WHERRY" \
	--root "$T/home/state" run -b "$B" $c >"$T/out" 2>"$T/err" </dev/null
rc=$?
# In an initramfs only root can get rid of what is mounted.
if grep -q 'an initramfs, which only root can leave' "$T/err" &&
    awk '$5 == "/" && $1 == $2 { found = 1 } END { exit !found }' \
	/proc/self/mountinfo; then
	skip "guard: it runs" "the root is an initramfs"
	done_testing
fi
is "guard: it runs" "$rc $(err)" "0 "
is "guard: root, and only that" "$(sed -n 's/^user=//p' "$T/out")" 0:0
is "guard: the map" "$(sed -n 's/^map=//p' "$T/out" | tr -s ' ')" " 0 1000 1"
is "guard: setgroups is denied" "$(sed -n 's/^deny=//p' "$T/out")" deny
like "guard: and fails" "$(sed -n 's/^groups=//p' "$T/out")" "not permitted"
is "guard: others are nobody" "$(sed -n 's/^host=//p' "$T/out")" 65534:65534

done_testing
