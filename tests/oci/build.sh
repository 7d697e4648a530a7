#!/bin/sh
# SPDX-License-Identifier: MIT
# build.sh -- the programs of the OCI validation suite, from Debian's source.
#
# Prints the directory that has them, built; or one line on stderr that says why
# there is none, with status 1 where it can't be fetched and 2 where it can't be
# built.  What was fetched and built is kept below CACHE.  The mirror is the one
# that apt is configured with.
: "${CACHE:=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/wherry}"
HERE=$(cd "$(dirname "$0")" && pwd)
PACKAGE=golang-github-opencontainers-runtime-tools
SUITE=trixie
TAR=${PACKAGE}_0.9.0.109.ge931285.orig.tar.xz
SUM=203989a1ea98cf2aaced79155bbda09270b20db19b03376dde91ab12e5e6a0fe
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg
# Debian's libraries for it; the stand-in for the one that Debian has not.
LIBRARIES=/usr/share/gocode
TAP=src/github.com/mndrix/tap-go
TOOLS=src/github.com/opencontainers/runtime-tools

die() {
	echo "$*" >&2
	exit 1
}

# apt-get with its configured mirror, another suite and files of its own.  The
# package's .dsc is gone from the mirror, so that apt says it fails; the sum
# decides.
fetch() {
	# shellcheck disable=SC2016
	mirror=$(apt-get indextargets --format '$(REPO_URI)' \
		'Origin: Debian' 'Label: Debian' 'Created-By: Packages' |
		head -n 1)
	[ -n "$mirror" ] || die "apt has no Debian mirror"
	mkdir -p "$W/lists/partial" "$W/archive"
	echo "deb-src [signed-by=$KEYRING] $mirror $SUITE main" >"$W/list"
	set -- -qq -o Dir::Etc::SourceList="$W/list" \
		-o Dir::Etc::SourceParts=/dev/null \
		-o Dir::State::Lists="$W/lists" \
		-o Dir::Cache::srcpkgcache= -o Dir::Cache::pkgcache= \
		-o APT::Sandbox::User=root
	timeout 120 apt-get "$@" update >"$W/log" 2>&1 ||
		die "the index of $SUITE: $(tail -n 1 "$W/log")"
	(cd "$W/archive" && timeout 120 apt-get "$@" source --download-only \
		"$PACKAGE" >"$W/log" 2>&1)
	[ -e "$W/archive/$TAR" ] || die "$TAR: $(tail -n 1 "$W/log")"
	mv "$W/archive/$TAR" "$CACHE/$TAR"
}

sum_is_right() {
	echo "$SUM  $CACHE/$TAR" | sha256sum -c --status 2>/dev/null
}

build() {
	mkdir -p "$W/go/$TOOLS" "$W/go/$TAP" "$W/out"
	cp "$HERE/tap.go" "$W/go/$TAP/"
	tar -xf "$CACHE/$TAR" --strip-components=1 -C "$W/go/$TOOLS" || return 1
	cd "$W/go/$TOOLS" || return 1
	export GO111MODULE=off GOFLAGS='' CGO_ENABLED=0 GOCACHE="$W/cache"
	export GOPATH="$W/go:$LIBRARIES"
	# netgo: runtimetest runs where no C library is
	go build -ldflags '-s -w' -tags 'netgo osusergo' -o "$W/out/" \
		./cmd/runtimetest ./validation/... >"$W/log" 2>&1 || return 1
	cp "rootfs-$(go env GOARCH).tar.gz" "$W/out/"
}

command -v go >/dev/null || die "no go"
mkdir -p "$CACHE" || die "$CACHE: no such directory"
stamp=$({ echo "$SUM"; go version; cat "$HERE/tap.go"; } | sha256sum)
OUT=$CACHE/oci-$(echo "$stamp" | cut -c 1-12)
exec 9>"$CACHE/lock"
flock 9
if [ ! -d "$OUT" ]; then
	W=$(mktemp -d "$CACHE/new.XXXXXX") || exit 1
	trap 'rm -rf "$W"' EXIT
	trap 'exit 130' INT TERM
	sum_is_right || fetch
	sum_is_right || {
		rm -f "$CACHE/$TAR"
		die "$TAR: the checksum differs"
	}
	(build) || {
		echo "build: $(tail -n 1 "$W/log")" >&2
		exit 2
	}
	rm -rf "$CACHE"/oci-*
	mv "$W/out" "$OUT" || exit 1
fi
echo "$OUT"
