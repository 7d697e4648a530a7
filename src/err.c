/* SPDX-License-Identifier: MIT */
/* err.c -- builds error texts from the right, so that context can be put in
 * front without moving what is there. */
#include "err.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "fmt.h"

/* Text that would confuse a log or a terminal is shown as '?': names in it
 * come from config files and from the image. */
static void
clean(char *s)
{
	for (; *s; s++) {
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = '?';
	}
}

static void
put_front(struct err *e, const char *text)
{
	size_t n = strlen(text);

	if (n > e->at) {                /* keep the end: it names the cause */
		text += n - e->at;
		n = e->at;
	}
	e->at = (unsigned short)(e->at - n);
	memcpy(e->buf + e->at, text, n);
}

static void
start(struct err *e, int code)
{
	e->code = code ? code : EINVAL;
	e->at = ERR_TEXT - 1;
	e->buf[ERR_TEXT - 1] = '\0';
}

/* "Permission denied" follows a colon here, and callers of OCI runtimes look
 * for lower-case texts (list W7); "I/O error" stays. */
static void
lower_first(char *s)
{
	if (s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'a' && s[1] <= 'z')
		s[0] = (char)(s[0] - 'A' + 'a');
}

static void
front(struct err *e, const char *fmt, va_list ap, const char *after)
{
	char text[ERR_TEXT];

	fmt_vto(text, sizeof(text), fmt, ap);
	clean(text);
	put_front(e, after);
	put_front(e, text);
}

int
(err_set)(struct err *e, int code, const char *fmt, ...)
{
	va_list ap;

	start(e, code);
	va_start(ap, fmt);
	front(e, fmt, ap, "");
	va_end(ap);
	return -1;
}

int
(err_sys)(struct err *e, const char *fmt, ...)
{
	int code = errno;
	va_list ap;

	start(e, code);
	put_front(e, strerror(code));
	lower_first(e->buf + e->at);
	va_start(ap, fmt);
	front(e, fmt, ap, ": ");
	va_end(ap);
	return -1;
}

int
(err_ctx)(struct err *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	front(e, fmt, ap, ": ");
	va_end(ap);
	return -1;
}

int
(err_hint)(struct err *e, const char *fmt, ...)
{
	char hint[ERR_TEXT / 2], text[ERR_TEXT];
	va_list ap;

	va_start(ap, fmt);
	fmt_vto(hint, sizeof(hint), fmt, ap);
	va_end(ap);
	clean(hint);
	fmt_to(text, sizeof(text), "%s", err_str(e));
	start(e, e->code);
	put_front(e, ")");
	put_front(e, hint);
	put_front(e, " (");
	put_front(e, text);
	return -1;
}

const char *
err_str(const struct err *e)
{
	return e->code ? e->buf + e->at : "";
}

void
err_clear(struct err *e)
{
	e->code = 0;
}
