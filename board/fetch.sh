#!/bin/sh
# SPDX-License-Identifier: MIT
# Debian packages of any architecture and suite, unpacked below CACHE and never
# installed; the machine's own apt and dpkg stay as they are.
#   fetch.sh SUITE ARCH PACKAGE...    prints the folder they are unpacked in
#   fetch.sh -k SUITE ARCH PACKAGE    the kernel a linux-image package depends
#                                     on, in a folder of its own
# The mirror is the machine's.  CACHE: ${XDG_CACHE_HOME:-~/.cache}/wherry
set -eu
: "${CACHE:=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/wherry}"

die() {
	echo "fetch: $*" >&2
	exit 1
}

kernel=n
[ "${1-}" != -k ] || { kernel=y; shift; }
[ $# -ge 3 ] || die "usage: fetch.sh [-k] SUITE ARCH PACKAGE..."
suite=$1 arch=$2
shift 2
top=$CACHE/deb/$suite-$arch
apt=$top/apt
mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$apt/dpkg" \
	"$apt/etc/apt.conf.d" "$apt/etc/preferences.d"
exec 9>"$top/lock"
flock 9

# apt-get or apt-cache with every folder its own and no package installed.
private() {
	tool=$1
	shift
	APT_CONFIG=$apt/apt.conf "$tool" -q "$@" 9>&-
}

set_up() {
	mirror=$(apt-get indextargets --format '$(REPO_URI) $(COMPONENT)' |
		sed -n '/security/d; s/ main$//p' | head -n 1)
	[ -n "$mirror" ] || die "apt knows no mirror"
	: >"$apt/dpkg/status"
	echo "deb $mirror $suite main" >"$apt/sources.list"
	cat >"$apt/apt.conf" <<END
APT::Architecture "$arch";
APT::Architectures { "$arch"; };
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Check-Valid-Until "false";
Acquire::Retries "2";
Acquire::http::Timeout "30";
Dir::Etc "$apt/etc";
Dir::Etc::SourceList "$apt/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::TrustedParts "/usr/share/keyrings";
Dir::State "$apt";
Dir::State::Lists "$apt/lists";
Dir::State::Status "$apt/dpkg/status";
Dir::Cache "$apt";
Dir::Cache::Archives "$apt/archives";
Dir::Log "$apt";
END
}

# The lists are fetched when a package is missing, once a run.
listed=n
lists() {
	[ $listed = n ] || return 0
	listed=y
	set_up
	private apt-get update >"$top/log" 2>&1 ||
		ls "$apt"/lists/*Packages* >/dev/null 2>&1 || {
			cat "$top/log" >&2
			die "$suite $arch: no package lists"
		}
}

# Downloads PACKAGE and unpacks it into DIR.
unpack() { # PACKAGE DIR
	lists
	rm -rf "$top/new"
	mkdir -p "$top/new"
	(cd "$top/new" && private apt-get download "$1") >"$top/log" 2>&1 || {
		cat "$top/log" >&2
		! grep -q 'Unable to locate' "$top/log" ||
			die "$suite $arch: no package $1"
		die "$suite $arch: $1 could not be fetched"
	}
	mkdir -p "$2"
	dpkg-deb -x "$top"/new/*.deb "$2"
	rm -rf "$top/new"
}

# The versioned packages that PACKAGE depends on.
parts() { # PACKAGE
	private apt-cache depends "$1" |
		sed -n 's/.*Depends: \(linux-[a-z]*-[0-9].*\)/\1/p'
}

if [ $kernel = y ]; then
	dir=$top/$1
	if [ ! -e "$dir.done" ]; then
		lists
		# Such a package only depends on the newest; since 7.0 that one
		# is made of several.
		names=$(parts "$1")
		for name in $names; do
			names="$names $(parts "$name")"
		done
		[ -n "$names" ] || die "$suite $arch: no package $1"
		rm -rf "$dir"
		for name in $names; do
			unpack "$name" "$dir"
		done
		touch "$dir.done"
	fi
	echo "$dir"
	exit
fi

mkdir -p "$top/done"
for name; do
	[ -e "$top/done/$name" ] && continue
	unpack "$name" "$top/root"
	touch "$top/done/$name"
done
echo "$top/root"
