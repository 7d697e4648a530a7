/* SPDX-License-Identifier: MIT */
/* relay.c -- raw mode, window size, and the copying. */
#include "relay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "err.h"
#include "fore.h"
#include "io.h"
#include "kopt.h"
#include "procfs.h"

enum {
	HUNG_MS = 100,          /* nobody inside has the terminal open: when to
	                         * look again */
	PATIENCE_MS = 10 * 1000,
	HELD = 64 * 1024,       /* more than the kernel keeps of a terminal */
};

static void
set_raw(struct fore *f)
{
	struct termios t = f->saved;

	if (!f->raw)
		return;
	cfmakeraw(&t);
	tcsetattr(STDIN_FILENO, TCSANOW, &t);
}

/* Also from the background, where the kernel would stop us for it. */
static void
set_cooked(struct fore *f)
{
	sigset_t ttou, before;

	if (!f->raw)
		return;
	sigemptyset(&ttou);
	sigaddset(&ttou, SIGTTOU);
	sigprocmask(SIG_BLOCK, &ttou, &before);
	tcsetattr(STDIN_FILENO, TCSANOW, &f->saved);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static void
copy_size(const struct fore *f)
{
	struct winsize size;

	if (f->tty >= 0 && ioctl(f->tty, TIOCGWINSZ, &size) == 0)
		ioctl(f->master, TIOCSWINSZ, &size);
}

/* A descriptor of stdin or stdout that does not block.  O_NONBLOCK belongs to
 * the open file, which others share: a second one is opened where that is the
 * same thing, else the flag is set until relay_end.  A file has a position, and
 * never blocks. */
static int
end_of(struct fore *f, int fd, int mode)
{
	struct stat st;
	int own;

	if (fstat(fd, &st))
		return -1;
	if (S_ISREG(st.st_mode) || S_ISBLK(st.st_mode))
		return fcntl(fd, F_DUPFD_CLOEXEC, 3);
	own = S_ISSOCK(st.st_mode) ? -1 :
		procfs_reopen(fd, mode | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (own >= 0)
		return own;
	own = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	f->flags[fd] = fcntl(fd, F_GETFL);
	fcntl(fd, F_SETFL, f->flags[fd] | O_NONBLOCK);
	return own;
}

int
relay_begin(struct fore *f, struct err *e)
{
	f->tty = isatty(STDIN_FILENO) ? STDIN_FILENO :
		isatty(STDOUT_FILENO) ? STDOUT_FILENO : -1;
	f->in = (struct fore_flow) {
		.from = end_of(f, STDIN_FILENO, O_RDONLY), .to = f->master,
	};
	f->out = (struct fore_flow) {
		.from = f->master, .to = end_of(f, STDOUT_FILENO, O_WRONLY),
	};
	f->sigfd = signalfd(-1, &f->signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (f->sigfd < 0 || f->in.from < 0 || f->out.to < 0 ||
	    fcntl(f->master, F_SETFL, O_RDWR | O_NONBLOCK)) {
		err_sys(e, "terminal");
		if (e->code == ENOSYS)
			err_hint(e, KOPT_SIGNALFD);
		relay_end(f);
		f->master = -1;
		return -1;
	}
	if (!f->sized)
		copy_size(f);
	f->raw = tcgetattr(STDIN_FILENO, &f->saved) == 0;
	set_raw(f);
	return 0;
}

void
relay_end(struct fore *f)
{
	int i;

	set_cooked(f);
	f->raw = false;
	/* back to front: of one open file for both, 0 has the flags as found */
	for (i = 1; i >= 0; i--) {
		if (f->flags[i] >= 0)
			fcntl(i, F_SETFL, f->flags[i]);
	}
	fd_drop(&f->in.from);
	fd_drop(&f->out.to);
	fd_drop(&f->sigfd);
	fd_drop(&f->master);
}

/* Reads once into an empty flow.  False: there is nothing now, or ever. */
static bool
fill(struct fore_flow *w, bool *end)
{
	ssize_t n = read(w->from, w->buf, sizeof(w->buf));

	*end = n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
	w->at = 0;
	w->len = n > 0 ? (size_t)n : 0;
	return n > 0;
}

/* Writes once.  What nobody can take any more is dropped: the program need not
 * end because its reader did. */
static void
pass(struct fore_flow *w)
{
	ssize_t n = write(w->to, w->buf + w->at, w->len);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0)
		n = (ssize_t)w->len;
	w->at += (size_t)n;
	w->len -= (size_t)n;
}

/* The signal, or 0 for one that is the terminal's own business. */
static int
take_signal(struct fore *f)
{
	struct signalfd_siginfo s;

	if (read(f->sigfd, &s, sizeof(s)) != sizeof(s))
		return 0;
	f->sent = fore_sent(s.ssi_code, (pid_t)s.ssi_pid);
	switch ((int)s.ssi_signo) {
	case SIGWINCH:
		copy_size(f);
		return 0;
	case SIGTSTP:
		set_cooked(f);
		kill(getpid(), SIGSTOP);
		set_raw(f);
		copy_size(f);
		return 0;
	case SIGCONT:           /* a shell may have changed it meanwhile */
		set_raw(f);
		return SIGCONT;
	default:
		return (int)s.ssi_signo;
	}
}

/* The descriptor if it is to be polled, else none: even without events poll
 * would tell of its end, again and again. */
static struct pollfd
watch(bool wanted, int fd, short events)
{
	return (struct pollfd) { .fd = wanted ? fd : -1, .events = events };
}

static void
copy(struct fore *f, const struct pollfd *p)
{
	bool end;

	if (p[1].revents && !fill(&f->in, &end) && end) {
		close(f->in.from);
		f->in.from = -1;
	}
	if (p[2].revents)
		pass(&f->in);
	if (p[3].revents && !fill(&f->out, &end) && end)
		f->hung = true;
	if (p[4].revents)
		pass(&f->out);
}

int
relay_wait(struct fore *f)
{
	for (;;) {
		bool there = !f->hung;
		struct pollfd p[] = {
			watch(true, f->sigfd, POLLIN),
			watch(!f->in.len, f->in.from, POLLIN),
			watch(f->in.len && there, f->in.to, POLLOUT),
			watch(!f->out.len && there, f->out.from, POLLIN),
			watch(f->out.len, f->out.to, POLLOUT),
		};
		int sig;

		if (poll(p, COUNT(p), there ? -1 : HUNG_MS) < 0 &&
		    errno != EINTR)
			return -1;
		f->hung = false;
		copy(f, p);
		sig = p[0].revents ? take_signal(f) : 0;
		if (sig)
			return sig;
	}
}

static bool
ends_draining(int sig)
{
	return sig == SIGTERM || sig == SIGINT || sig == SIGHUP ||
		sig == SIGQUIT;
}

/* What another process writes meanwhile must not keep us for ever. */
static bool
fill_held(struct fore_flow *w, size_t *left)
{
	bool end;

	if (!*left || !fill(w, &end))
		return false;
	*left -= w->len < *left ? w->len : *left;
	return true;
}

void
relay_drain(struct fore *f)
{
	int patience = isatty(STDOUT_FILENO) ? PATIENCE_MS : -1;
	size_t left = HELD;

	while (f->out.len || fill_held(&f->out, &left)) {
		struct pollfd p[] = {
			watch(true, f->sigfd, POLLIN),
			watch(true, f->out.to, POLLOUT),
		};

		if (poll(p, COUNT(p), patience) == 0)
			return;
		if (p[1].revents)
			pass(&f->out);
		if (p[0].revents && ends_draining(take_signal(f)))
			return;
	}
}
