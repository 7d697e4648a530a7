/* SPDX-License-Identifier: MIT */
/* spec_write.c -- a template in pieces; some only go into some configs. */
#include "spec_write.h"

#include <string.h>

#include "err.h"
#include "fmt.h"
#include "io.h"
#include "version.h"

enum when { ALWAYS, ROOT, ROOTLESS, MQUEUE, CGROUP_NS };

#define CAPS "[ \"CAP_AUDIT_WRITE\", \"CAP_KILL\", " \
	"\"CAP_NET_BIND_SERVICE\" ]"

/* Without other ids mapped, devpts can't be told gid=5; a network namespace
 * of its own would leave a rootless container without any network, and without
 * one sysfs can't be mounted. */
static const struct piece {
	enum when when;
	const char *text;
} pieces[] = {
	{ ALWAYS,
"{\n"
"	\"ociVersion\": \"" OCI_VERSION "\",\n"
"	\"process\": {\n"
"		\"terminal\": " },
	{ ALWAYS, FEAT_PTY ? "true" : "false" },
	{ ALWAYS, ",\n"
"		\"user\": { \"uid\": 0, \"gid\": 0 },\n"
"		\"args\": [ \"sh\" ],\n"
"		\"env\": [\n"
"			\"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:"
	"/usr/bin:/sbin:/bin\",\n"
"			\"TERM=xterm\"\n"
"		],\n"
"		\"cwd\": \"/\",\n"
"		\"capabilities\": {\n"
"			\"bounding\": " CAPS ",\n"
"			\"effective\": " CAPS ",\n"
"			\"permitted\": " CAPS "\n"
"		},\n"
"		\"rlimits\": [\n"
"			{ \"type\": \"RLIMIT_NOFILE\", \"hard\": 1024, "
	"\"soft\": 1024 }\n"
"		],\n"
"		\"noNewPrivileges\": true\n"
"	},\n"
"	\"root\": { \"path\": \"rootfs\", \"readonly\": true },\n"
"	\"hostname\": \"wherry\",\n"
"	\"mounts\": [\n"
"		{\n"
"			\"destination\": \"/proc\",\n"
"			\"type\": \"proc\",\n"
"			\"source\": \"proc\"\n"
"		},\n"
"		{\n"
"			\"destination\": \"/dev\",\n"
"			\"type\": \"tmpfs\",\n"
"			\"source\": \"tmpfs\",\n"
"			\"options\": [ \"nosuid\", \"strictatime\", "
	"\"mode=755\", \"size=65536k\" ]\n"
"		},\n"
"		{\n"
"			\"destination\": \"/dev/pts\",\n"
"			\"type\": \"devpts\",\n"
"			\"source\": \"devpts\",\n"
"			\"options\": [ \"nosuid\", \"noexec\", "
	"\"newinstance\", \"ptmxmode=0666\", \"mode=0620\"" },
	{ ROOT, ", \"gid=5\"" },
	{ ALWAYS, " ]\n"
"		},\n"
"		{\n"
"			\"destination\": \"/dev/shm\",\n"
"			\"type\": \"tmpfs\",\n"
"			\"source\": \"shm\",\n"
"			\"options\": [ \"nosuid\", \"noexec\", \"nodev\", "
	"\"mode=1777\", \"size=65536k\" ]\n"
"		},\n" },
	{ MQUEUE,
"		{\n"
"			\"destination\": \"/dev/mqueue\",\n"
"			\"type\": \"mqueue\",\n"
"			\"source\": \"mqueue\",\n"
"			\"options\": [ \"nosuid\", \"noexec\", \"nodev\" ]\n"
"		},\n" },
	{ ROOT,
"		{\n"
"			\"destination\": \"/sys\",\n"
"			\"type\": \"sysfs\",\n"
"			\"source\": \"sysfs\",\n"
"			\"options\": [ \"nosuid\", \"noexec\", \"nodev\", "
	"\"ro\" ]\n"
"		},\n" },
	{ ROOTLESS,
"		{\n"
"			\"destination\": \"/sys\",\n"
"			\"type\": \"none\",\n"
"			\"source\": \"/sys\",\n"
"			\"options\": [ \"rbind\", \"nosuid\", \"noexec\", "
	"\"nodev\", \"ro\" ]\n"
"		},\n" },
	{ ALWAYS,
"		{\n"
"			\"destination\": \"/sys/fs/cgroup\",\n"
"			\"type\": \"cgroup\",\n"
"			\"source\": \"cgroup\",\n"
"			\"options\": [ \"nosuid\", \"noexec\", \"nodev\", "
	"\"relatime\", \"ro\" ]\n"
"		}\n"
"	],\n"
"	\"linux\": {\n" },
	{ ROOT,
"		\"resources\": {\n"
"			\"devices\": [\n"
"				{ \"allow\": false, \"access\": \"rwm\" }\n"
"			]\n"
"		},\n" },
	{ ROOTLESS,
"		\"uidMappings\": [\n"
"			{ \"containerID\": 0, \"hostID\": @UID@, "
	"\"size\": 1 }\n"
"		],\n"
"		\"gidMappings\": [\n"
"			{ \"containerID\": 0, \"hostID\": @GID@, "
	"\"size\": 1 }\n"
"		],\n" },
	{ ALWAYS,
"		\"namespaces\": [\n"
"			{ \"type\": \"pid\" },\n" },
	{ ROOT,
"			{ \"type\": \"network\" },\n" },
	{ ROOTLESS,
"			{ \"type\": \"user\" },\n" },
	{ CGROUP_NS,
"			{ \"type\": \"cgroup\" },\n" },
	{ ALWAYS,
"			{ \"type\": \"ipc\" },\n"
"			{ \"type\": \"uts\" },\n"
"			{ \"type\": \"mount\" }\n"
"		],\n"
"		\"maskedPaths\": [\n"
"			\"/proc/acpi\",\n"
"			\"/proc/asound\",\n"
"			\"/proc/kcore\",\n"
"			\"/proc/keys\",\n"
"			\"/proc/latency_stats\",\n"
"			\"/proc/sched_debug\",\n"
"			\"/proc/scsi\",\n"
"			\"/proc/timer_list\",\n"
"			\"/proc/timer_stats\",\n"
"			\"/sys/firmware\"\n"
"		],\n"
"		\"readonlyPaths\": [\n"
"			\"/proc/bus\",\n"
"			\"/proc/fs\",\n"
"			\"/proc/irq\",\n"
"			\"/proc/sys\",\n"
"			\"/proc/sysrq-trigger\"\n"
"		]\n"
"	}\n"
"}\n" },
};

/* One piece, with the number in the place of its @UID@ or @GID@. */
static int
put(const struct spec_template *t, const char *text, int fd)
{
	const char *mark;

	while ((mark = strchr(text, '@'))) {
		if (write_all(fd, text, (size_t)(mark - text)) ||
		    fmt_fd(fd, "%u", mark[1] == 'U' ? t->uid : t->gid) < 0)
			return -1;
		text = mark + strlen("@UID@");
	}
	return write_all(fd, text, strlen(text));
}

int
spec_write(const struct spec_template *t, int fd, struct err *e)
{
	const bool on[] = {
		[ALWAYS] = true, [ROOT] = !t->rootless,
		[ROOTLESS] = t->rootless, [MQUEUE] = t->mqueue,
		[CGROUP_NS] = t->cgroup_ns,
	};
	unsigned i;

	for (i = 0; i < COUNT(pieces); i++) {
		if (on[pieces[i].when] && put(t, pieces[i].text, fd))
			return err_sys(e, "write");
	}
	return 0;
}
