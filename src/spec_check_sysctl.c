/* SPDX-License-Identifier: MIT */
/* spec_check_sysctl.c -- the rules of linux.sysctl. */
#include <sched.h>
#include <string.h>

#include "diag.h"
#include "names.h"
#include "spec.h"
#include "spec_rules.h"
#include "sysctl_key.h"

/* The kernel takes no more than a page of text for most. */
enum { MAX_VALUE = 4096 };

/* Two spellings of one name: which of them counts would be left to chance. */
static bool
is_repeated(const struct spec_linux *l, unsigned at, const char *path)
{
	char other[SYSCTL_PATH];
	unsigned i;

	for (i = 0; i < at; i++) {
		if (sysctl_key(l->sysctl[i].key, other) >= 0 &&
		    strcmp(path, other) == 0)
			return true;
	}
	return false;
}

static void
check_names(const struct spec *s, const char *path, const char *value,
	struct diag *d)
{
	if (strcmp(path, "kernel/hostname") == 0)
		diag_error(d, "the member hostname sets it");
	else if (s->domainname && strcmp(s->domainname, value) != 0)
		diag_error(d, "the member domainname says otherwise");
	else if (strlen(value) > SPEC_MAX_NAME)
		diag_error(d, "longer than %d bytes", SPEC_MAX_NAME);
}

void
check_sysctl(const struct spec *s, struct diag *d)
{
	const struct spec_linux *l = &s->linux;
	char path[SYSCTL_PATH];
	unsigned i;
	int ns;

	for (i = 0; i < l->n_sysctl; i++) {
		const struct spec_pair *p = &l->sysctl[i];

		diag_at(d, "linux.sysctl[\"%s\"]", p->key);
		ns = sysctl_key(p->key, path);
		if (ns < 0)
			diag_error(d, "not the name of a sysctl");
		else if (ns == 0)
			diag_error(d, "belongs to no namespace: it would "
				"change the host");
		else if (!ns_entry(s, (unsigned)ns))
			diag_error(d, "needs a %s namespace",
				names_text(&ns_names, (uint32_t)ns));
		else if (is_repeated(l, i, path))
			diag_error(d, "is given twice");
		else if (ns == CLONE_NEWUTS && p->value)
			check_names(s, path, p->value, d);
		if (!p->value)          /* decoding complained */
			continue;
		if (strchr(p->value, '\n') || strlen(p->value) >= MAX_VALUE)
			diag_error(d, "not a line of text");
	}
}
