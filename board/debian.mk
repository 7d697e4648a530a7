# SPDX-License-Identifier: MIT
# For boards built with Debian's cross compiler and the musl of the target,
# which fetch.sh brings without changing the machine's architectures.  Expects
#   DEB    Debian's name of the architecture
#   GNU    the triple of the compiler, MUSL that of musl
#   SUITE  where the target's packages are (bookworm)
SUITE ?= bookworm
CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/wherry
ROOT = $(CACHE)/deb/$(SUITE)-$(DEB)/root
# Files that Debian keeps below its own triple, which differs on i386.
DEB_LIB ?= $(GNU)

CROSS_COMPILE = $(GNU)-
MUSL_INC = $(ROOT)/usr/include/$(MUSL)
MUSL_LIB = $(ROOT)/usr/lib/$(MUSL)
UAPI_INC = $(ROOT)/usr/include/$(DEB_LIB) $(ROOT)/usr/include
INIH_INC = $(ROOT)/usr/include
INIH_LIB = $(ROOT)/usr/lib/$(DEB_LIB)/libinih.a
SECCOMP_INC = $(ROOT)/usr/include
SECCOMP_LIB = $(ROOT)/usr/lib/$(DEB_LIB)/libseccomp.a
BUSYBOX = $(firstword $(wildcard $(ROOT)/bin/busybox $(ROOT)/usr/bin/busybox))

# Run before the toolchain is probed.
PREPARE = sh tests/deps.sh board-$(DEB) && CACHE='$(CACHE)' \
	sh board/fetch.sh $(SUITE) $(DEB) musl-dev linux-libc-dev libinih-dev \
	libseccomp-dev busybox-static >/dev/null
