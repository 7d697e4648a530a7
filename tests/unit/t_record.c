/* SPDX-License-Identifier: MIT */
/* t_record.c -- state.json: round trip, every torn form. */
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "err.h"
#include "io.h"
#include "life.h"
#include "procfs.h"
#include "tap.h"

static char block[1 << 18];
static char path[] = "/tmp/wherry-t_record.XXXXXX";

static int
open_text(const char *text, size_t len)
{
	int fd = open(path, O_RDWR | O_TRUNC);

	if (fd < 0 || write(fd, text, len) != (ssize_t)len)
		abort();
	return fd;
}

/* The error of reading this text, "" for none. */
static const char *
try(const char *text, size_t len, int *code)
{
	static struct err e;
	struct arena a = { block, block + sizeof(block) };
	struct record r;
	AUTO_FD(fd, open_text(text, len));

	e = (struct err){ 0 };
	record_read(&r, fd, &a, &e);
	*code = e.code;
	return err_str(&e);
}

static const struct record full = {
	.id = "web-1", .bundle = "/srv/a \"b\"", .rootfs = "/srv/\xc3\xa9",
	.status = STATUS_CREATED, .init = { 4711, UINT64_MAX },
	.creator = { 1, 2 }, .boot_id = "b00t",
	.created = "2025-01-01T00:00:00.000000000Z", .owner = UINT32_MAX,
	.annotations_at = 100, .annotations_len = 1 << 20,
	.resctrl = "/sys/fs/resctrl", .rdt_group = "web", .rdt_ours = true,
	.rdt_monitor = true, .bridge_ip = "10.0.0.2", .has_process = true,
	.private_pidns = true, .no_keyring = true,
};

static void
round_trip(void)
{
	struct arena a = { block, block + sizeof(block) };
	struct err e = { 0 };
	struct record r;
	AUTO_FD(fd, open_text("", 0));

	IS_INT(record_write(&full, fd, &e), 0);
	IS_INT(record_read(&r, fd, &a, &e), 0);
	IS(err_str(&e), "");
	IS(r.id, full.id);
	IS(r.bundle, full.bundle);
	IS(r.rootfs, full.rootfs);
	IS_INT(r.status, STATUS_CREATED);
	IS_INT(r.init.pid, 4711);
	OK(r.init.start == UINT64_MAX);
	OK(r.creator.pid == 1 && r.creator.start == 2);
	IS(r.boot_id, "b00t");
	IS(r.created, full.created);
	OK(r.owner == UINT32_MAX);
	OK(r.annotations_at == 100 && r.annotations_len == 1 << 20);
	IS(r.resctrl, "/sys/fs/resctrl");
	IS(r.rdt_group, "web");
	OK(r.rdt_ours && r.rdt_monitor);
	IS(r.bridge_ip, "10.0.0.2");
	OK(r.has_process && r.private_pidns && r.no_keyring);
}

static void
fewest(void)
{
	struct record small = full, r;
	struct arena a = { block, block + sizeof(block) };
	struct err e = { 0 };
	AUTO_FD(fd, open_text("", 0));

	small.bridge_ip = NULL;
	small.annotations_at = small.annotations_len = 0;
	small.has_process = small.private_pidns = small.no_keyring = false;
	IS_INT(record_write(&small, fd, &e), 0);
	IS_INT(record_read(&r, fd, &a, &e), 0);
	IS(r.bridge_ip, NULL);
	OK(!r.annotations_len && !r.has_process && !r.private_pidns &&
		!r.no_keyring);
}

static void
torn(void)
{
	static char text[4096], cut[4096];
	struct err e = { 0 };
	AUTO_FD(fd, open_text("", 0));
	unsigned bad = 0, wrong_code = 0;
	size_t len;
	int code;

	record_write(&full, fd, &e);
	lseek(fd, 0, SEEK_SET);
	len = (size_t)read_full(fd, text, sizeof(text));
	OK(len > 200 && text[len - 1] == '\n');
	for (size_t n = 0; n < len - 1; n++) {  /* all but the newline */
		bad += *try(text, n, &code) != '\0';
		wrong_code += code != EBADMSG;
	}
	IS_INT(bad, len - 1);
	IS_INT(wrong_code, 0);
	/* What a file system can leave after a power cut. */
	for (size_t n = 0; n < len - 1; n += 7) {
		memcpy(cut, text, n);
		memset(cut + n, 0, len - n);
		if (!*try(cut, len, &code) || code != EBADMSG)
			break;
		bad++;
	}
	OK(bad >= len - 1 + (len - 1) / 7);
	IS(try(text, len, &code), "");
	memcpy(cut, text, len);
	memcpy(strstr(cut, "\"created\",") + 1, "CREATED", 7);
	IS(try(cut, len, &code), "corrupt state: state.json: status `CREATED`");
	IS_INT(code, EBADMSG);
	try("{}", 2, &code);
	IS_INT(code, EBADMSG);
	try("", 0, &code);
	IS_INT(code, EBADMSG);
}

static void
fresh(void)
{
	struct arena a = { block, block + sizeof(block) };
	struct err e = { 0 };
	struct record r;

	IS_INT(record_init(&r, &a, &e), 0);
	IS(err_str(&e), "");
	IS_INT(r.status, STATUS_CREATING);
	IS_INT(r.creator.pid, getpid());
	OK(task_alive(&r.creator, NULL));
	OK(r.init.pid == 0 && !r.bundle);
	OK(r.owner == geteuid());
	IS_INT(strlen(r.boot_id), 36);
	IS_INT(strlen(r.created), sizeof("2025-01-01T00:00:00.000000000Z") - 1);
	IS_INT(record_this_boot(&r, &e), 1);
	r.boot_id = "00000000-0000-0000-0000-000000000000";
	IS_INT(record_this_boot(&r, &e), 0);
}

int
main(void)
{
	struct err e = { 0 };
	int fd = mkstemp(path);

	if (fd < 0)
		return 1;
	close(fd);
	round_trip();
	fewest();
	torn();
	if (procfs_open(&e))
		SKIP(11, "no /proc");
	else
		fresh();
	unlink(path);
	return done();
}
