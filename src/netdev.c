/* SPDX-License-Identifier: MIT */
/* netdev.c -- network interfaces between two namespaces.  A socket belongs to
 * the namespace that it was made in, whoever uses it. */
#include "netdev.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "err.h"
#include "fmt.h"
#include "io.h"
#include "kopt.h"
#include "log.h"
#include "plan.h"
#include "procfs.h"
#include "spec.h"

/* An address as the kernel told it: the body of RTM_NEWADDR. */
struct addr {
	struct addr *next;
	size_t len;
	struct ifaddrmsg msg;   /* attributes behind it */
};

struct netdev_one {
	struct netdev_one *next;
	const char *device;     /* on the host */
	char name[IFNAMSIZ];    /* in the container */
	bool up;
	struct addr *addrs;
};

struct request {
	struct nlmsghdr head;
	char body[1024];
};

enum { ANSWER = 32768 };        /* a page of a dump at most (netlink(7)) */

static int
index_of(int sock, const char *name)
{
	struct ifreq r = { .ifr_name = "" };

	memcpy(r.ifr_name, name, strlen(name));
	return ioctl(sock, SIOCGIFINDEX, &r) ? -1 : r.ifr_ifindex;
}

static int
link_flags(int sock, unsigned long how, const char *name, short *flags)
{
	struct ifreq r = { .ifr_flags = *flags };

	memcpy(r.ifr_name, name, strlen(name));
	if (ioctl(sock, (int)how, &r))
		return -1;
	*flags = r.ifr_flags;
	return 0;
}

static int
set_up(int sock, const char *name)
{
	short flags = 0;

	if (link_flags(sock, SIOCGIFFLAGS, name, &flags))
		return -1;
	flags |= IFF_UP;
	return link_flags(sock, SIOCSIFFLAGS, name, &flags);
}

static void
put_attr(struct request *r, unsigned short type, const void *data, size_t len)
{
	struct rtattr *a = (struct rtattr *)(void *)((char *)r +
		NLMSG_ALIGN(r->head.nlmsg_len));

	a->rta_type = type;
	a->rta_len = (unsigned short)RTA_LENGTH(len);
	memcpy(RTA_DATA(a), data, len);
	r->head.nlmsg_len = (unsigned)(NLMSG_ALIGN(r->head.nlmsg_len) +
		RTA_ALIGN(a->rta_len));
}

/* Sends a request and waits for its acknowledgement.  -1 with errno. */
static int
talk(int sock, struct request *r)
{
	char answer[512] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *h = (struct nlmsghdr *)(void *)answer;
	const struct nlmsgerr *result = NLMSG_DATA(h);
	ssize_t n;

	r->head.nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
	if (send(sock, r, r->head.nlmsg_len, 0) < 0)
		return -1;
	do
		n = recv(sock, answer, sizeof(answer), 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -1;
	if (n < (ssize_t)NLMSG_LENGTH(sizeof(*result)) ||
	    h->nlmsg_type != NLMSG_ERROR) {
		errno = EPROTO;
		return -1;
	}
	errno = -result->error;
	return errno ? -1 : 0;
}

static bool
is_kept(const struct nlmsghdr *h, int index)
{
	const struct ifaddrmsg *m = NLMSG_DATA(h);
	const struct rtattr *a = IFA_RTA(m);
	int left = (int)IFA_PAYLOAD(h);
	unsigned flags = m->ifa_flags;

	for (; RTA_OK(a, left); a = RTA_NEXT(a, left)) {
		if (a->rta_type == IFA_FLAGS)
			memcpy(&flags, RTA_DATA(a), sizeof(flags));
	}
	return (int)m->ifa_index == index && flags & IFA_F_PERMANENT;
}

static int
keep(struct netdev_one *o, const struct nlmsghdr *h, struct arena *a,
	struct err *e)
{
	size_t len = h->nlmsg_len - NLMSG_LENGTH(0);
	struct addr **end = &o->addrs, *x;

	x = arena_alloc(a, 1, offsetof(struct addr, msg) + len, e);
	if (!x)
		return -1;
	x->next = NULL;
	x->len = len;
	memcpy(&x->msg, NLMSG_DATA(h), len);
	while (*end)            /* in order: the first is the primary one */
		end = &(*end)->next;
	*end = x;
	return 0;
}

/* One answer of the dump; 1: it was the last. */
static int
read_addrs(struct netdev_one *o, const char *text, unsigned n, int index,
	struct arena *a, struct err *e)
{
	const struct nlmsghdr *h = (const void *)text;

	for (; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
		if (h->nlmsg_type == NLMSG_DONE)
			return 1;
		if (h->nlmsg_type == NLMSG_ERROR)
			return err_set(e, EPROTO, "addresses");
		if (h->nlmsg_type == RTM_NEWADDR && is_kept(h, index) &&
		    keep(o, h, a, e))
			return -1;
	}
	return 0;
}

static int
save_addrs(struct netdev_one *o, int sock, int index, struct arena *a,
	struct err *e)
{
	struct request r = {
		.head = {
			.nlmsg_len = NLMSG_LENGTH(sizeof(struct ifaddrmsg)),
			.nlmsg_type = RTM_GETADDR,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
	};
	char text[ANSWER] __attribute__((aligned(NLMSG_ALIGNTO)));
	ssize_t n;
	int last = 0;

	if (send(sock, &r, r.head.nlmsg_len, 0) < 0)
		return err_sys(e, "addresses");
	while (!last) {
		n = recv(sock, text, sizeof(text), 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(e, "addresses");
		last = read_addrs(o, text, (unsigned)n, index, a, e);
	}
	return last < 0 ? -1 : 0;
}

/* Its label has the old name in it, and its lifetimes are for ever. */
static int
add_addr(int sock, int index, const struct addr *x)
{
	struct request r = {
		.head = {
			.nlmsg_len = NLMSG_LENGTH(sizeof(x->msg)),
			.nlmsg_type = RTM_NEWADDR,
			.nlmsg_flags = NLM_F_CREATE | NLM_F_REPLACE,
		},
	};
	const struct rtattr *a = IFA_RTA(&x->msg);
	int left = (int)(x->len - NLMSG_ALIGN(sizeof(x->msg)));
	struct ifaddrmsg m = x->msg;

	m.ifa_index = (unsigned)index;
	memcpy(r.body, &m, sizeof(m));
	for (; RTA_OK(a, left); a = RTA_NEXT(a, left)) {
		if (a->rta_type == IFA_LABEL || a->rta_type == IFA_CACHEINFO)
			continue;
		if (r.head.nlmsg_len + RTA_ALIGN(a->rta_len) > sizeof(r)) {
			errno = E2BIG;
			return -1;
		}
		put_attr(&r, a->rta_type, RTA_DATA(a), RTA_PAYLOAD(a));
	}
	return talk(sock, &r) && errno != EEXIST ? -1 : 0;
}

/* The two ends of a move and what the interface is called at each. */
struct way {
	int from, to;           /* sockets */
	int ns;                 /* the namespace of to */
	const char *was, *name;
	bool back;              /* to the host, which gets all addresses back */
};

/* Move and new name are one message; addresses do not come along. */
static int
transfer(const struct way *w, const struct addr *x, bool up, struct err *e)
{
	struct request r = {
		.head = {
			.nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)),
			.nlmsg_type = RTM_NEWLINK,
		},
	};
	struct ifinfomsg m = { .ifi_index = index_of(w->from, w->was) };

	if (m.ifi_index < 0)
		return err_sys(e, "interface");
	memcpy(r.body, &m, sizeof(m));
	put_attr(&r, IFLA_NET_NS_FD, &w->ns, sizeof(w->ns));
	put_attr(&r, IFLA_IFNAME, w->name, strlen(w->name) + 1);
	if (talk(w->from, &r))
		return err_sys(e, "move");
	m.ifi_index = index_of(w->to, w->name);
	for (; x; x = x->next) {
		if (!w->back && x->msg.ifa_scope != RT_SCOPE_UNIVERSE)
			continue;
		if (add_addr(w->to, m.ifi_index, x))
			return err_sys(e, "address");
	}
	return up && set_up(w->to, w->name) ? err_sys(e, "set up") : 0;
}

/* A trailing %d stands for the first number that is free, as the kernel would
 * choose it. */
static int
choose_name(char name[IFNAMSIZ], const char *want, int inside, struct err *e)
{
	size_t n = strlen(want);
	bool any = n > 2 && !strcmp(want + n - 2, "%d");
	unsigned i;

	for (i = 0; i == 0 || (any && i < 4096); i++) {
		if (any)
			fmt_to(name, IFNAMSIZ, "%.*s%u", (int)(n - 2), want,
				i);
		else
			fmt_to(name, IFNAMSIZ, "%s", want);
		if (index_of(inside, name) < 0)
			return errno == ENODEV ? 0 : err_sys(e, "%s", name);
	}
	return err_set(e, EEXIST, "the container has a %s", want);
}

static int
move_one(struct netdev *n, const struct spec_net_device *s, int ns,
	struct arena *a, struct err *e)
{
	struct netdev_one *o = NEW(a, struct netdev_one, e);
	struct way w = { n->host, n->inside, ns, s->device, NULL,
		false };
	int index = index_of(n->host, s->device);
	short flags = 0;

	if (!o)
		return -1;
	if (index < 0 || link_flags(n->host, SIOCGIFFLAGS, s->device, &flags))
		return err_sys(e, "interface");
	o->device = s->device;
	o->up = flags & IFF_UP;
	if (choose_name(o->name, s->name && *s->name ? s->name : s->device,
	    n->inside, e) || save_addrs(o, n->host, index, a, e))
		return -1;
	/* noted first: it may fail when it is there already */
	o->next = n->moved;
	n->moved = o;
	w.name = o->name;
	return transfer(&w, o->addrs, true, e);
}

static int
open_ns(pid_t pid, struct err *e)
{
	char rel[32];
	int fd;

	fmt_to(rel, sizeof(rel), "%d/ns/net", (int)pid);
	fd = openat(procfs_fd(), rel, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? err_sys(e, "/proc/%s", rel) : fd;
}

static int
open_socket(struct err *e)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd >= 0)
		return fd;
	err_sys(e, "rtnetlink");
	return e->code == EAFNOSUPPORT || e->code == ENOSYS ?
		err_hint(e, KOPT_NET) : -1;
}

/* A socket of the other namespace; the way back is opened before. */
static int
open_inside(int own, int ns, struct err *e)
{
	AUTO_FD(fd, -1);

	if (setns(ns, CLONE_NEWNET))
		return err_sys(e, "enter the network namespace");
	fd = open_socket(e);
	if (setns(own, CLONE_NEWNET))
		return err_sys(e, "leave the network namespace");
	return fd_take(&fd);
}

int
netdev_move(struct netdev *n, const struct plan *p, pid_t init,
	struct arena *a, struct err *e)
{
	AUTO_FD(own, open_ns(procfs_self(), e));
	AUTO_FD(ns, own < 0 ? -1 : open_ns(init, e));
	struct stat mine, its;
	unsigned i;

	if (ns < 0)
		return -1;
	if (fstat(own, &mine) || fstat(ns, &its))
		return err_sys(e, "linux.netDevices");
	if (mine.st_ino == its.st_ino && mine.st_dev == its.st_dev)
		return err_set(e, EINVAL, "linux.netDevices: the container is "
			"in the host's network namespace");
	n->host = open_socket(e);
	n->inside = n->host < 0 ? -1 : open_inside(own, ns, e);
	if (n->inside < 0)
		return err_ctx(e, "linux.netDevices");
	for (i = 0; i < p->n_net_devices; i++) {
		if (move_one(n, &p->net_devices[i], ns, a, e))
			return err_ctx(e, "linux.netDevices.%s",
				p->net_devices[i].device);
	}
	return 0;
}

void
netdev_return(struct netdev *n)
{
	struct netdev_one *o = n->moved;
	struct err e = { 0 };
	AUTO_FD(own, o ? open_ns(procfs_self(), &e) : -1);

	for (; o; o = o->next) {
		struct way w = { n->inside, n->host, own, o->name,
			o->device, true };

		/* the new name failed behind the move, or all of it */
		if (index_of(n->inside, w.was) < 0)
			w.was = o->device;
		if (index_of(n->inside, w.was) < 0)
			continue;
		if (transfer(&w, o->addrs, o->up, &e))
			log_at(LEVEL_WARNING, "linux.netDevices.%s: not taken "
				"back: %s", o->device, err_str(&e));
		err_clear(&e);
	}
	n->moved = NULL;
}

void
netdev_close(struct netdev *n)
{
	fd_drop(&n->host);
	fd_drop(&n->inside);
	n->moved = NULL;
	n->host = n->inside = -1;
}
