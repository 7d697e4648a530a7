# SPDX-License-Identifier: MIT
# sets.sh -- builds wherry with sets of features; sourced by toggles.sh and
# size.sh.
features="CGROUP_V1 CGROUP_V2 PTY HOOKS PIDFD USERNS CONF EXEC LSM
	SECCOMP_TOOL CHECK_HOST"
all_off="SECCOMP=none"
for f in $features; do
	all_off="$all_off $f=n"
done
sets=${BUILD:-build}/sets
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL COMPILE
jobs=$(nproc 2>/dev/null || echo 1)

set_make() {
	make -s -j"$jobs" BUILD="$dir" CC="$cc" WERROR=y "$@" 2>&1
}

# Builds with all features on; sets $dir.
set_base() { # CC SETTING...
	cc=$1 dir=$sets/$1-base
	shift
	set_make "$@"
}

# The same with other settings.  Only objects whose source or headers name one
# of them differ from those of set_base, so only these are made anew.
set_other() { # CC NAME SETTING...
	cc=$1 dir=$sets/$1-$2
	shift 2
	rm -rf "$dir"
	cp -a "$sets/$cc-base" "$dir"
	rm -f "$dir/wherry" "$dir/config" "$dir/probe.mk"
	rm -rf "$dir/gen" "$dir/obj/gen"
	words=$(printf '%s\n' "$@" | sed 's/=.*//' |
		sed 's/^SECCOMP$/FEAT_SECCOMP|SECCOMP_NAME/; t
			s/^/FEAT_/' | tr '\n' '|')
	grep -lE "(${words%|})([^A-Z_0-9]|\$)" src/*.[ch] compat/*.[ch] |
	while read -r file; do
		grep -rlF --include='*.d' " $file" "$dir/obj" |
			sed 's/d$/o/' | xargs -r rm -f
	done
	set_make "$@" "$dir/probe.mk" &&
		set_make -o "$dir/config" -o "$dir/probe.mk" "$@"
}
