/* SPDX-License-Identifier: MIT */
/* t_spec_check.c -- tests of spec_check.h and of what decoding complains about:
 * whole messages. */
#include "spec_text.h"

#define MOUNTED "{'type':'mount'}"
#define MNT(m) TOP("'linux':{'namespaces':[" MOUNTED "]},'mounts':[{" m "}]")
#define MNT_AT(dest, m) MNT("'destination':'" dest "'," m)
#define BIND(dest) MNT_AT(dest, "'source':'/s','options':['bind']")
#define TMPFS(dest) MNT_AT(dest, "'type':'tmpfs'")
#define OPTION(w) MNT_AT("/d", "'type':'tmpfs','options':['nosuid','" w "']")
#define NOT(path) "c: " path ": not supported by this version of wherry"
/* Where a toggle is off the text says so. */
#define OFF(path, f) \
	(FEAT_##f ? NOT(path) : "c: " path ": built without " #f)
#define SECCOMP_OK \
	(FEAT_SECCOMP ? NULL : "c: linux.seccomp: built without SECCOMP")
#define LSM_OK(path) (FEAT_LSM ? NULL : "c: " path ": built without LSM")
#define HOOKS_OK (FEAT_HOOKS ? NULL : "c: hooks: built without HOOKS")
#define TERMINAL_OK \
	(FEAT_PTY ? NULL : "c: process.terminal: built without PTY")
#define USER_NS_OK \
	(FEAT_USERNS ? NULL : "c: linux.namespaces: built without USERNS")
#define MAP(k, c, h, s) "'" k "':[{'containerID':" c ",'hostID':" h \
	",'size':" s "}]"
#define MAPS(u, g) NS("{'type':'user'}", "," u "," g)
#define MAP_0 MAP("gidMappings", "0", "0", "1")
#define RLIMIT(t, s, h) "{'type':'" t "','soft':" s ",'hard':" h "}"
#define RULES(m) RESOURCES("'devices':[{" m "}]")
#define A16 "aaaaaaaaaaaaaaaa"
#define A64 A16 A16 A16 A16
#define A256 A64 A64 A64 A64
#define UTS(m) NS("{'type':'uts'}", "}," m ",'x':{")
#define NO_KEY(k) "c: linux.sysctl[\"" k "\"]: not the name of a sysctl"
#define NEEDS(k, ns) "c: linux.sysctl[\"" k "\"]: needs a " ns " namespace"
#define DEADLINE "c: process.scheduler.runtime: not within deadline, and " \
	"that within period"
#define IF_NAME(n) NS("{'type':'network'}", \
	",'netDevices':{'e':{'name':'" n "'}}")
#define NO_IF(n) "c: linux.netDevices.e: `" n "`: not a name for a network " \
	"device"
#define NO_CLOS(id) "c: linux.intelRdt.closID: `" id "`: not the name of a " \
	"directory"
#define CALLS(m) SECCOMP("'syscalls':[{'names':['a']," m "}]")

static const char lxcfs[] = ": nothing may be mounted below /proc but the "
	"files of lxcfs";

/* A config and the first error, which must be all of the text; NULL: good. */
static const struct {
	const char *text, *want;
} cases[] = {
	/* decoding */
	{ "", "c: is empty" },
	{ "[]", "c:1:1: expected an object, found an array" },
	{ "5", "c:1:1: expected an object, found a number" },
	{ "{}", "c:1:1: missing \"ociVersion\"" },
	{ "{'ociVersion':1}",
		"c:1:15: ociVersion: expected a string, found a number" },
	{ "{'ociVersion':null}", "c:1:1: missing \"ociVersion\"" },
	{ TOP("'mounts':{}"),
		"c:1:52: mounts: expected an array, found an object" },
	{ TOP("'mounts':[5]"),
		"c:1:53: mounts[0]: expected an object, found a number" },
	{ TOP("'mounts':[{}]"),
		"c:1:53: mounts[0]: missing \"destination\"" },
	{ MOUNT("'options':['a',7]"), "c:1:88: mounts[0].options[1]: expected "
		"a string, found a number" },
	{ MOUNT("'type':'a\\u0000b'"), "c:1:80: mounts[0].type: a string with "
		"an embedded NUL" },
	{ PROCESS("'user':{'uid':1}"),
		"c:1:85: process.user: missing \"gid\"" },
	{ PROCESS("'user':{'uid':4294967295,'gid':0}"), "c:1:92: process.user."
		"uid: 4294967295 is out of range (0 to 4294967294)" },
	{ PROCESS("'terminal':0"), "c:1:89: process.terminal: expected a "
		"boolean, found a number" },
	{ PROCESS("'rlimits':[" RLIMIT("RLIMIT_X", "1", "1") "]"),
		"c:1:97: process.rlimits[0].type: unknown limit `RLIMIT_X`" },
	{ NS("{'type':'pit'}", ""), "c:1:74: linux.namespaces[0].type: unknown "
		"namespace type `pit`" },
	{ NS("{'path':'/a'}", ""), "c:1:66: linux.namespaces[0]: missing "
		"\"type\"" },
	{ LINUX("'rootfsPropagation':'Shared'"), "c:1:72: linux."
		"rootfsPropagation: unknown propagation `Shared`" },
	{ LINUX("'devices':[{'type':'x','path':'/a'}]"), "c:1:71: linux."
		"devices[0].type: unknown device type `x`" },
	{ RULES("'type':'c'"), "c:1:76: linux.resources.devices[0]: missing "
		"\"allow\"" },
	{ RULES("'allow':true,'type':'p'"), "c:1:97: linux.resources.devices"
		"[0].type: unknown device type `p`" },
	{ LINUX("'personality':{'domain':'LINUX','flags':['X']}"), "c:1:93: "
		"linux.personality.flags[0]: unknown flag `X`" },
	{ LINUX("'seccomp':{'syscalls':[]}"), "c:1:62: linux.seccomp: missing "
		"\"defaultAction\"" },
	{ LINUX("'seccomp':{'defaultAction':'SCMP_ACT_DENY'}"), "c:1:79: linux."
		"seccomp.defaultAction: unknown action `SCMP_ACT_DENY`" },
	{ LINUX("'sysctl':{'a':1}"), "c:1:66: linux.sysctl.a: expected a "
		"string, found a number" },
	{ TOP("'annotations':{'a':1}"), "c:1:62: annotations.a: expected a "
		"string, found a number" },
	{ TOP("'annotations':{'':'x'}"),
		"c:1:58: annotations[\"\"]: an empty key" },
	{ TOP("'annotations':{'a':'x','a':'y'}"), "c:1:66: annotations.a: "
		"duplicate key" },
	{ TOP("'hostname':'h','hostname':'i'"), "c:1:58: hostname: duplicate "
		"key" },
	{ TOP("'hooks':{'poststart':[{'args':[]}]}"), "c:1:65: hooks.poststart"
		"[0]: missing \"path\"" },
	{ "{'ociVersion':'1.3.0'", "c:1:22: ociVersion: expected ',' or '}', "
		"found the end" },
	/* members are known by their exact names (list TR37) */
	{ TOP("'Process':5,'MOUNTS':5,'Linux':{'Namespaces':5}"), NULL },
	{ "{'OCIVersion':'1.3.0'}", "c:1:1: missing \"ociVersion\"" },
	{ "{'ociVersion':'1.3.0'} x", "c:1:24: expected the end, found 'x'" },

	/* ociVersion (list B4) */
	{ "{'ociVersion':'1.0.0','root':{'path':'r'}}", NULL },
	{ "{'ociVersion':'1.0.2-dev','root':{'path':'r'}}", NULL },
	{ "{'ociVersion':'1.2','root':{'path':'r'}}", NULL },
	{ "{'ociVersion':'1.99.0','root':{'path':'r'}}", NULL },
	{ "{'ociVersion':'2.0.0','root':{'path':'r'}}",
		"c: ociVersion: `2.0.0`: only version 1.x is supported" },
	{ "{'ociVersion':'0.5.0-dev','root':{'path':'r'}}",
		"c: ociVersion: `0.5.0-dev`: only version 1.x is supported" },
	{ "{'ociVersion':'11.0.0','root':{'path':'r'}}",
		"c: ociVersion: `11.0.0`: only version 1.x is supported" },
	{ "{'ociVersion':'','root':{'path':'r'}}",
		"c: ociVersion: ``: not a version such as 1.3.0" },
	{ "{'ociVersion':'1','root':{'path':'r'}}",
		"c: ociVersion: `1`: not a version such as 1.3.0" },
	{ "{'ociVersion':'1.x','root':{'path':'r'}}",
		"c: ociVersion: `1.x`: not a version such as 1.3.0" },
	{ "{'ociVersion':'1.3x','root':{'path':'r'}}",
		"c: ociVersion: `1.3x`: not a version such as 1.3.0" },

	/* root */
	{ "{'ociVersion':'1.3.0'}", "c: root: missing" },
	{ "{'ociVersion':'1.3.0','root':{}}",
		"c:1:30: root: missing \"path\"" },
	{ "{'ociVersion':'1.3.0','root':{'path':''}}", "c: root.path: empty" },
	{ "{'ociVersion':'1.3.0','root':{'path':'r','readonly':true}}", NULL },

	/* process */
	{ TOP("'process':{'args':['sh']}"),
		"c:1:53: process: missing \"cwd\"" },
	{ TOP("'process':{'cwd':'w','args':['sh']}"),
		"c: process.cwd: `w`: not an absolute path" },
	{ TOP("'process':{'cwd':'','args':['sh']}"),
		"c: process.cwd: ``: not an absolute path" },
	{ TOP("'process':{'cwd':'/'}"),
		"c: process.args: at least one entry is needed" },
	{ TOP("'process':{'cwd':'/','args':[]}"),
		"c: process.args: at least one entry is needed" },
	{ PROCESS("'env':['A=','B=c=d']"), NULL },
	{ PROCESS("'env':['A=1','B']"),
		"c: process.env[1]: `B`: not NAME=VALUE" },
	{ PROCESS("'env':['=x']"), "c: process.env[0]: `=x`: not NAME=VALUE" },
	{ PROCESS("'env':['']"), "c: process.env[0]: ``: not NAME=VALUE" },
	{ PROCESS("'rlimits':[" RLIMIT("RLIMIT_AS", "5", "5") ","
		RLIMIT("RLIMIT_CPU", "0", "5") "]"), NULL },
	{ PROCESS("'rlimits':[" RLIMIT("RLIMIT_AS", "6", "5") "]"),
		"c: process.rlimits[0]: soft is above hard" },
	{ PROCESS("'rlimits':[" RLIMIT("RLIMIT_AS", "1", "1") ","
		RLIMIT("RLIMIT_AS", "1", "1") "]"),
		"c: process.rlimits[1]: RLIMIT_AS is given twice" },
	{ PROCESS("'capabilities':{'effective':['CAP_KILL','CAP_CHOWN'],"
		"'permitted':['CAP_KILL']}"), "c: process.capabilities."
		"effective: not permitted: CAP_CHOWN" },
	{ PROCESS("'capabilities':{'ambient':['CAP_KILL']}"), NULL },
	{ PROCESS("'consoleSize':{'height':70000,'width':1}"), NULL },
	{ PROCESS("'terminal':true,'consoleSize':{'height':65535,"
		"'width':65535}"), TERMINAL_OK },
	{ PROCESS("'terminal':true,'consoleSize':{'height':65536,'width':1}"),
		"c: process.consoleSize: more than 65535 lines or columns" },
	{ PROCESS("'terminal':true,'consoleSize':{'height':1,'width':65536}"),
		"c: process.consoleSize: more than 65535 lines or columns" },
	{ PROCESS("'terminal':true,'consoleSize':{'height':4294967297,"
		"'width':1}"),
		"c: process.consoleSize: more than 65535 lines or columns" },
	{ PROCESS("'scheduler':{'policy':'SCHED_FIFO','nice':1}"),
		"c: process.scheduler.nice: needs SCHED_OTHER or SCHED_BATCH" },
	{ PROCESS("'scheduler':{'policy':'SCHED_OTHER','priority':1}"),
		"c: process.scheduler.priority: needs SCHED_FIFO or SCHED_RR" },
	{ PROCESS("'scheduler':{'policy':'SCHED_RR','period':1}"),
		"c: process.scheduler.policy: runtime, deadline and period "
		"need SCHED_DEADLINE" },
	{ PROCESS("'scheduler':{'policy':'SCHED_OTHER','nice':-20}"), NULL },
	{ PROCESS("'scheduler':{'policy':'SCHED_IDLE','nice':1}"),
		"c: process.scheduler.nice: needs SCHED_OTHER or SCHED_BATCH" },
	{ PROCESS("'scheduler':{'policy':'SCHED_FIFO','priority':1,'flags':"
		"['SCHED_FLAG_RESET_ON_FORK']}"), NULL },
	{ PROCESS("'scheduler':{'policy':'SCHED_RR','priority':99}"), NULL },
	{ PROCESS("'scheduler':{'policy':'SCHED_FIFO'}"),
		"c: process.scheduler.priority: real time has 1 to 99" },
	{ PROCESS("'scheduler':{'policy':'SCHED_ISO'}"),
		"c: process.scheduler.policy: no kernel has SCHED_ISO" },
	{ PROCESS("'scheduler':{'policy':'SCHED_DEADLINE','runtime':2,"
		"'deadline':3,'period':3}"), NULL },
	{ PROCESS("'scheduler':{'policy':'SCHED_DEADLINE','runtime':3,"
		"'deadline':3}"), NULL },
	{ PROCESS("'scheduler':{'policy':'SCHED_DEADLINE','runtime':4,"
		"'deadline':3}"), DEADLINE },
	{ PROCESS("'scheduler':{'policy':'SCHED_DEADLINE','runtime':1,"
		"'deadline':3,'period':2}"), DEADLINE },
	{ PROCESS("'scheduler':{'policy':'SCHED_DEADLINE','deadline':3}"),
		DEADLINE },
	{ PROCESS("'execCPUAffinity':{'initial':'0-3,7','final':'8191'}"),
		NULL },
	{ PROCESS("'execCPUAffinity':{'final':''}"), NULL },
	{ PROCESS("'execCPUAffinity':{'final':'3-0'}"),
		"c: process.execCPUAffinity.final: `3-0`: not a list of CPUs" },
	{ PROCESS("'execCPUAffinity':{'final':'8192'}"),
		"c: process.execCPUAffinity.final: `8192`: not a list of "
		"CPUs" },
	{ PROCESS("'execCPUAffinity':{'initial':'a'}"),
		"c: process.execCPUAffinity.initial: `a`: not a list of CPUs" },

	/* hooks (list H1) */
	{ TOP("'hooks':{'prestart':[{'path':'a'}]}"),
		"c: hooks.prestart[0].path: `a`: not an absolute path" },
	{ TOP("'hooks':{'poststop':[{'path':'/a','env':['x']}]}"),
		"c: hooks.poststop[0].env[0]: `x`: not NAME=VALUE" },

	/* names (list B19) */
	{ UTS("'hostname':'h','domainname':'d'"), NULL },
	{ UTS("'hostname':'" A64 "'"), NULL },
	{ UTS("'hostname':'a" A64 "'"), "c: hostname: longer than 64 bytes" },
	{ UTS("'domainname':'a" A64 "'"),
		"c: domainname: longer than 64 bytes" },
	{ TOP("'hostname':'h'"), "c: hostname: needs a uts namespace" },
	{ TOP("'domainname':'h'"), "c: domainname: needs a uts namespace" },
	{ TOP("'hostname':''"), NULL },

	/* namespaces (list N1-N3, N9, N13-N15, N21) */
	{ NS("{'type':'pid'},{'type':'ipc'},{'type':'pid'}", ""),
		"c: linux.namespaces[2]: a second pid namespace" },
	{ NS("{'type':'network','path':'/run/n'}", ""), NULL },
	{ NS("{'type':'network','path':'n'}", ""),
		"c: linux.namespaces[0].path: `n`: not an absolute path" },
	{ NS("{'type':'network','path':''}", ""),
		"c: linux.namespaces[0].path: ``: not an absolute path" },
	{ NS("{'type':'user'}", ""), "c: linux.uidMappings: missing: the user "
		"namespace needs it" },
	{ NS("{'type':'user'}", "," MAP("uidMappings", "0", "0", "1")),
		"c: linux.gidMappings: missing: the user namespace needs it" },
	{ NS("{'type':'user'}", "," MAP_0), "c: linux.uidMappings: missing: "
		"the user namespace needs it" },
	{ NS("{'type':'user','path':'/u'}", ""), USER_NS_OK },
	{ NS("{'type':'user','path':'/u'}", "," MAP_0),
		"c: linux.gidMappings: the user namespace to join has its "
		"own" },
	{ LINUX(MAP("uidMappings", "0", "0", "1")),
		"c: linux.uidMappings: needs a user namespace" },
	{ MAPS(MAP("uidMappings", "0", "1000", "65536"), MAP_0), USER_NS_OK },
	{ MAPS(MAP("uidMappings", "0", "0", "4294967295"), MAP_0),
		USER_NS_OK },
	{ MAPS(MAP("uidMappings", "1", "0", "4294967295"), MAP_0),
		"c: linux.uidMappings[0]: ids go beyond 4294967294" },
	{ MAPS(MAP("uidMappings", "0", "4294967294", "2"), MAP_0),
		"c: linux.uidMappings[0]: ids go beyond 4294967294" },
	{ MAPS("'uidMappings':[{'containerID':0,'hostID':0,'size':10},"
		"{'containerID':9,'hostID':100,'size':1}]", MAP_0),
		"c: linux.uidMappings[1]: overlaps with [0]" },
	{ MAPS("'uidMappings':[{'containerID':50,'hostID':0,'size':10},"
		"{'containerID':0,'hostID':5,'size':50}]", MAP_0),
		"c: linux.uidMappings[1]: overlaps with [0]" },
	{ MAPS("'uidMappings':[{'containerID':50,'hostID':0,'size':10},"
		"{'containerID':0,'hostID':10,'size':50},"
		"{'containerID':60,'hostID':60,'size':4}]", MAP_0),
		USER_NS_OK },
	{ NS("{'type':'time'}", ",'timeOffsets':{'monotonic':{'secs':1}}"),
		NULL },
	{ NS("{'type':'time'}", ",'timeOffsets':{'realtime':{}}"),
		"c: linux.timeOffsets: unknown clock `realtime`" },
	{ LINUX("'timeOffsets':{'monotonic':{}}"),
		"c: linux.timeOffsets: needs a time namespace" },
	{ NS("{'type':'time','path':'/t'}",
		",'timeOffsets':{'monotonic':{}}"),
		"c: linux.timeOffsets: the time namespace to join has its "
		"own" },
	{ LINUX("'maskedPaths':['/a']"),
		"c: linux.maskedPaths: needs a mount namespace" },
	{ LINUX("'readonlyPaths':['/a']"),
		"c: linux.readonlyPaths: needs a mount namespace" },
	{ LINUX("'rootfsPropagation':'slave'"),
		"c: linux.rootfsPropagation: needs a mount namespace" },
	{ MOUNT("'type':'tmpfs'"), NULL },
	{ NS(MOUNTED, ",'maskedPaths':['/a','b']"),
		"c: linux.maskedPaths[1]: `b`: not an absolute path" },
	{ NS(MOUNTED, ",'readonlyPaths':['']"),
		"c: linux.readonlyPaths[0]: ``: not an absolute path" },
	{ NS(MOUNTED, ",'readonlyPaths':['/" A256 "']"),
		"c: linux.readonlyPaths[0]: a path that is too long" },

	/* mounts (list M2, M3; sec T02) */
	{ TMPFS("/tmp"), NULL },
	{ TMPFS("tmp"), NULL },
	{ TMPFS("/"), "c: mounts[0].destination: `/`: the root itself can't be "
		"mounted over" },
	{ TMPFS("/a/.."), "c: mounts[0].destination: `/a/..`: the root itself "
		"can't be mounted over" },
	{ MNT_AT("/d", "'source':'x'"),
		"c: mounts[0].type: missing, and it is no bind mount" },
	{ MNT_AT("/d", "'type':''"),
		"c: mounts[0].type: missing, and it is no bind mount" },
	{ BIND("/d"), NULL },
	{ MNT_AT("/d", "'source':'/s','type':'bind'"), NULL },
	{ MNT_AT("/d", "'options':['rbind']"),
		"c: mounts[0].source: a bind mount needs one" },
	{ MNT_AT("/d", "'source':'','options':['rbind']"),
		"c: mounts[0].source: a bind mount needs one" },
	{ MNT_AT("/d", "'source':'/s','options':['rbind','mode=755']"), NULL },
	{ MNT_AT("/proc", "'type':'proc'"), NULL },
	{ MNT_AT("/proc", "'type':'proc','options':['nosuid','hidepid=2']"),
		NULL },
	{ BIND("/proc"), NULL },
	{ TMPFS("/proc"), "c: mounts[0].destination: only proc, or a bind "
		"mount of one, may be mounted on /proc" },
	{ TMPFS("/./proc/"), "c: mounts[0].destination: only proc, or a bind "
		"mount of one, may be mounted on /proc" },
	{ BIND("/proc/uptime"), NULL },
	{ BIND("/proc/sys/crypto/fips_enabled"), NULL },
	{ BIND("/process"), NULL },
	{ MNT_AT("/d", "'type':'tmpfs','uidMappings':[]"), NULL },
	{ MNT_AT("/d", "'type':'tmpfs'," MAP("uidMappings", "0", "0", "1")),
		"c: mounts[0].gidMappings: missing: both or none" },
	{ MNT_AT("/d", "'type':'tmpfs'," MAP("gidMappings", "0", "0", "1")),
		"c: mounts[0].uidMappings: missing: both or none" },
	{ MNT_AT("/d", "'type':'tmpfs'," MAP("uidMappings", "0", "0", "1") ","
		MAP("gidMappings", "0", "0", "1")),
		"c: mounts[0].uidMappings: for bind mounts only" },
	{ MNT_AT("/d", "'source':'/s','type':'bind',"
		MAP("uidMappings", "0", "5", "1") ","
		MAP("gidMappings", "0", "5", "1")), NULL },
	{ MNT_AT("/d", "'source':'/s','type':'bind',"
		MAP("uidMappings", "0", "4294967294", "2") ","
		MAP("gidMappings", "0", "5", "1")),
		"c: mounts[0].uidMappings[0]: ids go beyond 4294967294" },
	{ OPTION("ro"), NULL },
	{ OPTION("remount"), NULL },
	{ OPTION("create=dir"), NULL },
	{ OPTION("optional"), NULL },
	{ OPTION("rro"), NULL },
	{ OPTION("idmap=uids=0-1-2"),
		NOT("mounts[0].options: `idmap=uids=0-1-2`") },
	{ OPTION("create=pipe"), NOT("mounts[0].options: `create=pipe`") },
	{ OPTION("idmap"), "c: mounts[0].options: `idmap`: for bind mounts "
		"only" },
	{ OPTION("ridmap"), "c: mounts[0].options: `idmap`: for bind mounts "
		"only" },
	{ OPTION("create=file"), "c: mounts[0].options: `create=file`: for "
		"bind mounts only" },
	{ OPTION("src-nofollow"), "c: mounts[0].options: `src-nofollow`: for "
		"bind mounts only" },
	{ OPTION("copy-symlink"), "c: mounts[0].options: `copy-symlink`: for "
		"bind mounts only" },
	{ OPTION("tmpcopyup"), NULL },
	{ MNT_AT("/d", "'source':'/s','options':['bind','tmpcopyup']"),
		"c: mounts[0].options: `tmpcopyup`: for tmpfs only" },
	{ MNT_AT("/d", "'type':'proc','options':['tmpcopyup']"),
		"c: mounts[0].options: `tmpcopyup`: for tmpfs only" },
	{ MNT_AT("/d", "'source':'/s','options':['bind','copy-symlink',"
		"'src-nofollow']"), "c: mounts[0].options: `copy-symlink` and "
		"`src-nofollow` exclude each other" },
	{ MNT_AT("/d", "'source':'/s','options':['bind','idmap']"),
		"c: mounts[0].options: `idmap`: no mappings, and no user "
		"namespace" },
	{ MNT_AT("/d", "'options':['remount','ro']"), NULL },
	{ MNT_AT("/d", "'options':['remount','dest-nofollow']"), NULL },
	{ MNT_AT("/d", "'options':['remount','optional']"),
		"c: mounts[0].options: `remount`: only for flags and options "
		"of what is mounted" },
	{ MNT_AT("/proc", "'options':['remount','bind','ro']"), NULL },
	{ MNT_AT("/proc/sys", "'options':['remount','bind','ro']"),
		"c: mounts[0].destination: `/proc/sys`: nothing may be mounted "
		"below /proc but the files of lxcfs" },
	{ MNT_AT("/d", "'options':['remount','bind','size=1m']"),
		NULL },
	{ MNT_AT("/d", "'source':'/s','options':['rbind','mode=1','size=1']"),
		NULL },
	{ MNT_AT("/d", "'source':'/s','options':['size=1','bind','nosiud']"),
		"c: mounts[0].options: `nosiud`: not an option of bind "
		"mounts" },

	/* devices */
	{ LINUX("'devices':[{'type':'c','path':'/d','major':1,'minor':3}]"),
		NULL },
	{ LINUX("'devices':[{'type':'p','path':'/d'}]"), NULL },
	{ LINUX("'devices':[{'type':'c','path':'/d','minor':3}]"),
		"c: linux.devices[0]: missing \"major\"" },
	{ LINUX("'devices':[{'type':'b','path':'/d','major':3}]"),
		"c: linux.devices[0]: missing \"minor\"" },
	{ LINUX("'devices':[{'type':'p','path':'d'}]"),
		"c: linux.devices[0].path: `d`: not an absolute path" },
	{ LINUX("'devices':[{'type':'p','path':'/'}]"),
		"c: linux.devices[0].path: `/`: not the path of a device" },
	{ LINUX("'devices':[{'type':'p','path':'/dev/../x'}]"),
		"c: linux.devices[0].path: `/dev/../x`: not the path of a "
		"device" },
	{ LINUX("'devices':[{'type':'c','path':'/d','major':1,'minor':3,"
		"'fileMode':8630}]"), NULL },
	{ LINUX("'devices':[{'type':'p','path':'/d','fileMode':8630}]"),
		"c: linux.devices[0].fileMode: 020666: of another type of "
		"file" },
	{ LINUX("'devices':[{'type':'c','path':'/d','major':1,'minor':3,"
		"'fileMode':25014}]"),
		"c: linux.devices[0].fileMode: 060666: of another type of "
		"file" },
	{ RULES("'allow':false"), NULL },
	{ RULES("'allow':true"), "c: linux.resources.devices[0].access: "
		"missing, and the rule allows" },
	{ RULES("'allow':true,'access':'mrw'"), NULL },
	{ RULES("'allow':false,'access':''"), "c: linux.resources.devices[0]."
		"access: ``: not of the letters r, w, m" },
	{ RULES("'allow':false,'access':'rx'"), "c: linux.resources.devices[0]."
		"access: `rx`: not of the letters r, w, m" },

	/* cgroupsPath */
	{ LINUX("'cgroupsPath':''"), NULL },
	{ LINUX("'cgroupsPath':'/a/b'"), NULL },
	{ LINUX("'cgroupsPath':'a..b/..c'"), NULL },
	{ LINUX("'cgroupsPath':'/a/../b'"),
		"c: linux.cgroupsPath: `/a/../b`: `..` is not allowed" },
	{ LINUX("'cgroupsPath':'..'"),
		"c: linux.cgroupsPath: `..`: `..` is not allowed" },
	{ LINUX("'cgroupsPath':'/'"), "c: linux.cgroupsPath: `/`: names the "
		"root of the hierarchy" },
	{ LINUX("'cgroupsPath':'./'"), "c: linux.cgroupsPath: `./`: names the "
		"root of the hierarchy" },
	{ LINUX("'cgroupsPath':'/a\\nb'"), "c: linux.cgroupsPath: not a path" },

	/* the rest of linux */
	{ LINUX("'netDevices':{'eth0':{}}"),
		"c: linux.netDevices: needs a network namespace" },
	{ NS("{'type':'network'}", ",'netDevices':{'" A16 "':{}}"),
		"c: linux.netDevices." A16 ": not the name of a network "
		"device" },
	{ NS("{'type':'network'}", ",'netDevices':{'e':{'name':'a/b'}}"),
		"c: linux.netDevices.e: `a/b`: not a name for a network "
		"device" },
	{ IF_NAME("."), NO_IF(".") },
	{ IF_NAME(".."), NO_IF("..") },
	{ IF_NAME("a b"), NO_IF("a b") },
	{ IF_NAME(""), NO_IF("") },
	{ IF_NAME(A16), NO_IF(A16) },
	{ IF_NAME("aaaaaaaaaaaaaaa"), NULL },
	{ LINUX("'sysctl':{'':'1'}"), NO_KEY("") },
	{ LINUX("'sysctl':{'net..ipv4':'1'}"), NO_KEY("net..ipv4") },
	{ LINUX("'sysctl':{'net/../kernel/core_pattern':'1'}"),
		NO_KEY("net/../kernel/core_pattern") },
	{ LINUX("'sysctl':{'net.//.kernel.core_pattern':'1'}"),
		NO_KEY("net.//.kernel.core_pattern") },
	{ LINUX("'sysctl':{'kernel.core_pattern':'1'}"), "c: linux.sysctl"
		"[\"kernel.core_pattern\"]: belongs to no namespace: it would "
		"change the host" },
	{ LINUX("'sysctl':{'net.core.somaxconn':'1'}"),
		NEEDS("net.core.somaxconn", "network") },
	{ NS("{'type':'network'}", ",'sysctl':{'net.core.somaxconn':'1'}"),
		NULL },
	{ NS("{'type':'network'}", ",'sysctl':{'net.a':'1','net/a':'2'}"),
		"c: linux.sysctl[\"net/a\"]: is given twice" },
	{ NS("{'type':'network'}", ",'sysctl':{'net.a':'1\\n2'}"),
		"c: linux.sysctl[\"net.a\"]: not a line of text" },
	{ NS("{'type':'network'}", ",'sysctl':{'kernel.msgmax':'1'}"),
		NEEDS("kernel.msgmax", "ipc") },
	{ NS("{'type':'ipc'}", ",'sysctl':{'kernel.msgmax':'1',"
		"'fs.mqueue.msg_max':'2','kernel/sem':'1 2 3 4'}"), NULL },
	{ NS("{'type':'ipc'}", ",'sysctl':{'fs.mqueue':'1'}"),
		"c: linux.sysctl[\"fs.mqueue\"]: belongs to no namespace: it "
		"would change the host" },
	{ LINUX("'sysctl':{'user.max_mnt_namespaces':'1'}"),
		NEEDS("user.max_mnt_namespaces", "user") },
	{ LINUX("'sysctl':{'kernel.domainname':'1'}"),
		NEEDS("kernel.domainname", "uts") },
	{ NS("{'type':'uts'}", ",'sysctl':{'kernel.hostname':'h'}"),
		"c: linux.sysctl[\"kernel.hostname\"]: the member hostname "
		"sets it" },
	{ NS("{'type':'uts'}", ",'sysctl':{'kernel.domainname':'a'}"), NULL },
	{ NS("{'type':'uts'}", ",'sysctl':{'kernel.domainname':'a'}},"
		"'domainname':'a','x':{"), NULL },
	{ NS("{'type':'uts'}", ",'sysctl':{'kernel.domainname':'a'}},"
		"'domainname':'b','x':{"),
		"c: linux.sysctl[\"kernel.domainname\"]: the member domainname "
		"says otherwise" },
	{ NS("{'type':'uts'}", ",'sysctl':{'kernel.domainname':'" A64 "a'}"),
		"c: linux.sysctl[\"kernel.domainname\"]: longer than 64 "
		"bytes" },
	{ LINUX("'intelRdt':{'closID':'a/b'}"),
		"c: linux.intelRdt.closID: `a/b`: not the name of a "
		"directory" },
	{ LINUX("'intelRdt':{'closID':''}"), NO_CLOS("") },
	{ LINUX("'intelRdt':{'closID':'.'}"), NO_CLOS(".") },
	{ LINUX("'intelRdt':{'closID':'..'}"), NO_CLOS("..") },
	{ LINUX("'intelRdt':{'closID':'//'}"), NO_CLOS("//") },
	{ LINUX("'intelRdt':{'closID':'/'}"), NULL },
	{ LINUX("'intelRdt':{'l3CacheSchema':'L3:0=f\\nMB:0=1'}"),
		"c: linux.intelRdt.l3CacheSchema: more than one line" },
	{ LINUX("'intelRdt':{'memBwSchema':'L3:0'}"), "c: linux.intelRdt."
		"memBwSchema: not one line that starts with MB:" },
	{ LINUX("'intelRdt':{'schemata':['a\\nb']}"),
		"c: linux.intelRdt.schemata[0]: more than one line" },
	{ LINUX("'memoryPolicy':{'mode':'MPOL_BIND'}"),
		"c: linux.memoryPolicy.nodes: the mode needs them" },
	{ LINUX("'memoryPolicy':{'mode':'MPOL_BIND','nodes':'0-1,3'}"), NULL },
	{ LINUX("'memoryPolicy':{'mode':'MPOL_PREFERRED'}"), NULL },
	{ LINUX("'memoryPolicy':{'mode':'MPOL_BIND','nodes':'1,'}"),
		"c: linux.memoryPolicy.nodes: `1,`: not a list of memory "
		"nodes" },
	{ LINUX("'memoryPolicy':{'mode':'MPOL_BIND','nodes':'0','flags':"
		"['MPOL_F_STATIC_NODES']}"), NULL },
	{ LINUX("'memoryPolicy':{'mode':'MPOL_BIND','nodes':'0','flags':"
		"['MPOL_F_STATIC_NODES','MPOL_F_RELATIVE_NODES']}"),
		"c: linux.memoryPolicy.flags: static and relative nodes "
		"contradict" },
	{ LINUX("'memoryPolicy':{'mode':'MPOL_DEFAULT','flags':"
		"['MPOL_F_STATIC_NODES']}"),
		"c: linux.memoryPolicy.flags: need nodes" },
	{ LINUX("'memoryPolicy':{'mode':'MPOL_LOCAL','nodes':'0'}"),
		"c: linux.memoryPolicy.nodes: the mode takes none" },

	/* resources */
	{ RESOURCES("'memory':{'swap':5}"),
		"c: linux.resources.memory.swap: needs limit" },
	{ RESOURCES("'memory':{'swap':5,'limit':6}"),
		"c: linux.resources.memory.swap: 5 is below limit, which it "
		"includes" },
	{ RESOURCES("'memory':{'swap':6,'limit':6}"), NULL },
	{ RESOURCES("'memory':{'swap':9223372036854775807,"
		"'limit':9223372036854775807}"), NULL },
	{ RESOURCES("'memory':{'swap':9223372036854775806,"
		"'limit':9223372036854775807}"),
		"c: linux.resources.memory.swap: 9223372036854775806 is below "
		"limit, which it includes" },
	{ RESOURCES("'cpu':{'quota':999}"),
		"c: linux.resources.cpu.quota: 999: the smallest is 1000" },
	{ RESOURCES("'cpu':{'quota':1000,'burst':1001}"),
		"c: linux.resources.cpu.burst: 1001 is above quota" },
	{ RESOURCES("'cpu':{'quota':1000,'burst':1000}"), NULL },
	{ RESOURCES("'cpu':{'quota':1000,'burst':18446744073709551615}"),
		"c: linux.resources.cpu.burst: 18446744073709551615 is above "
		"quota" },
	{ RESOURCES("'cpu':{'quota':-1,'burst':18446744073709551615}"), NULL },
	{ RESOURCES("'cpu':{'cpus':'0;1'}"),
		"c: linux.resources.cpu.cpus: `0;1`: not a list of CPUs" },
	{ RESOURCES("'blockIO':{'weight':9}"), "c: linux.resources.blockIO."
		"weight: 9 is out of range (10 to 1000)" },
	{ RESOURCES("'blockIO':{'weightDevice':[{'major':1,'minor':1}]}"),
		"c: linux.resources.blockIO.weightDevice[0]: neither weight "
		"nor leafWeight" },
	{ RESOURCES("'rdma':{'m':{}}"), "c: linux.resources.rdma.m: neither "
		"hcaHandles nor hcaObjects" },
	{ RESOURCES("'unified':{'a/b.c':'1'}"), "c: linux.resources.unified: "
		"`a/b.c`: not CONTROLLER.PARAMETER" },
	{ RESOURCES("'unified':{'memory':'1'}"), "c: linux.resources.unified: "
		"`memory`: not CONTROLLER.PARAMETER" },

	/* seccomp (list X2, X14, X15) */
	{ SECCOMP("'defaultErrnoRet':1"),
		"c: linux.seccomp.defaultErrnoRet: the action takes none" },
	{ CALLS("'action':'SCMP_ACT_KILL','errnoRet':1"), "c: linux.seccomp."
		"syscalls[0].errnoRet: the action takes none" },
	{ SECCOMP("'syscalls':[{'names':[],'action':'SCMP_ACT_LOG'}]"),
		"c: linux.seccomp.syscalls[0].names: at least one entry is "
		"needed" },
	{ CALLS("'action':'SCMP_ACT_NOTIFY'"), "c: linux.seccomp.listenerPath: "
		"missing: SCMP_ACT_NOTIFY needs it" },
	{ SECCOMP("'listenerMetadata':'m'"),
		"c: linux.seccomp.listenerMetadata: needs listenerPath" },

	/* known and not built yet */
	{ PROCESS("'terminal':true"), TERMINAL_OK },
	{ PROCESS("'terminal':false"), NULL },
	{ PROCESS("'apparmorProfile':'x'"),
		LSM_OK("process.apparmorProfile") },
	{ PROCESS("'apparmorProfile':''"), NULL },
	{ PROCESS("'selinuxLabel':'x'"), LSM_OK("process.selinuxLabel") },
	{ TOP("'hooks':{}"), NULL },
	{ TOP("'hooks':{'prestart':[]}"), NULL },
	{ TOP("'hooks':{'prestart':[{'path':'/a'}]}"), HOOKS_OK },
	{ TOP("'hooks':{'createRuntime':[{'path':'/a'}]}"), HOOKS_OK },
	{ TOP("'hooks':{'createContainer':[{'path':'/a'}]}"),
		HOOKS_OK },
	{ TOP("'hooks':{'startContainer':[{'path':'/a'}]}"),
		HOOKS_OK },
	{ TOP("'hooks':{'poststart':[{'path':'/a'}]}"), HOOKS_OK },
	{ TOP("'hooks':{'poststop':[{'path':'/a'}]}"), HOOKS_OK },
	{ NS("{'type':'network'}", ",'netDevices':{'e':{}}"), NULL },
	{ LINUX("'netDevices':{}"), NULL },
	{ LINUX("'intelRdt':{}"), NULL },
	{ SECCOMP("'syscalls':[]"), SECCOMP_OK },
	{ LINUX("'seccomp':null"), NULL },
	{ LINUX("'mountLabel':'x'"), LSM_OK("linux.mountLabel") },
	{ RESOURCES("'memory':{'limit':-1,'swap':-1,'reservation':0,"
		"'disableOOMKiller':false}"), NULL },
	{ RESOURCES("'memory':{'limit':1}"), NULL },
	{ RESOURCES("'memory':{'reservation':1}"),
		NULL },
	{ RESOURCES("'memory':{'kernel':1}"), NULL },
	{ RESOURCES("'memory':{'kernelTCP':1}"),
		NULL },
	{ RESOURCES("'memory':{'swappiness':0}"),
		NULL },
	{ RESOURCES("'memory':{'disableOOMKiller':true}"),
		NULL },
	{ RESOURCES("'memory':{'useHierarchy':true}"),
		NULL },
	{ RESOURCES("'cpu':{'shares':0,'quota':-1,'cpus':'','idle':0}"),
		NULL },
	{ RESOURCES("'cpu':{'shares':1024}"), NULL },
	{ RESOURCES("'cpu':{'quota':1000}"), NULL },
	{ RESOURCES("'cpu':{'period':1000}"), NULL },
	{ RESOURCES("'cpu':{'burst':1}"), NULL },
	{ RESOURCES("'cpu':{'realtimeRuntime':1}"),
		NULL },
	{ RESOURCES("'cpu':{'realtimePeriod':1}"),
		NULL },
	{ RESOURCES("'cpu':{'cpus':'0'}"), NULL },
	{ RESOURCES("'cpu':{'mems':'0'}"), NULL },
	{ RESOURCES("'cpu':{'idle':1}"), NULL },
	{ RESOURCES("'pids':{'limit':-1}"), NULL },
	{ RESOURCES("'pids':{'limit':0}"), NULL },
	{ RESOURCES("'pids':{'limit':5}"), NULL },
	{ RESOURCES("'blockIO':{'weightDevice':[]}"), NULL },
	{ RESOURCES("'blockIO':{'weight':10}"),
		NULL },
	{ RESOURCES("'blockIO':{'throttleReadBpsDevice':[{'major':1,'minor':1,"
		"'rate':1}]}"), NULL },
	{ RESOURCES("'hugepageLimits':[]"), NULL },
	{ RESOURCES("'hugepageLimits':[{'pageSize':'2MB','limit':0}]"),
		NULL },
	{ RESOURCES("'network':{'priorities':[]}"), NULL },
	{ RESOURCES("'network':{'classID':1}"),
		NULL },
	{ RESOURCES("'rdma':{'m':{'hcaObjects':1}}"),
		NULL },
	{ RESOURCES("'unified':{'memory.high':'1'}"),
		NULL },
	{ RESOURCES("'unified':{},'rdma':{},'memory':{},'cpu':{},'pids':{}"),
		NULL },
};

/* The kernel's files are named so; runc once wrote to others by it. */
static void
test_page_sizes(void)
{
	static const char *const good[] = { "1KB", "64KB", "2MB", "1024MB",
		"1GB", "18446744073709551616GB" };
	static const char *const bad[] = { "", "B", "KB", "0KB", "02MB", "-2MB",
		"+2MB", " 2MB", "2", "2M", "2B", "2kB", "2TB", "2MBx", "2MB ",
		"2MB/..", "../2MB",
		"2.MB", "0x2MB", "2MB.limit_in_bytes" };
	char text[256], want[256];
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		snprintf(text, sizeof(text), RESOURCES("'hugepageLimits':["
			"{'pageSize':'%s','limit':1}]"), good[i]);
		IS(spec_try(text, true, false), "");
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), RESOURCES("'hugepageLimits':["
			"{'pageSize':'%s','limit':1}]"), bad[i]);
		snprintf(want, sizeof(want), "c: linux.resources."
			"hugepageLimits[0].pageSize: `%s`: not a size such as "
			"64KB, 2MB or 1GB", bad[i]);
		IS(spec_try(text, true, false), want);
	}
}

static void
test_cases(void)
{
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *want = cases[i].want ? cases[i].want : "";

		if (!IS(spec_try(cases[i].text, true, false), want))
			printf("#   of %s\n", cases[i].text);
	}
}

/* sec T02: nothing below /proc, however it is spelt and mounted. */
static void
test_proc(void)
{
	static const char *const dests[] = {
		"/proc/self", "/proc//sys", "/proc/../proc/sys", "/./proc/x",
		"proc/self", "/proc/uptime/x", "/a/../proc/1/attr",
		"/proc/sys/kernel", "//proc///self/./attr/../attr",
	};
	char text[512], want[256];
	size_t i, how;

	for (i = 0; i < sizeof(dests) / sizeof(dests[0]); i++) {
		for (how = 0; how < 3; how++) {
			snprintf(text, sizeof(text), MNT_AT("%s",
				"'type':'%s','source':'/x','options':[%s]"),
				dests[i], how == 0 ? "proc" : how == 1 ?
				"none" : "bind", how == 1 ? "'bind'" : "");
			snprintf(want, sizeof(want),
				"c: mounts[0].destination: `%s%s`%s",
				*dests[i] == '/' ? "" : "/", dests[i], lxcfs);
			IS(spec_try(text, true, false), want);
		}
	}
}

/* Behind an error there is a gap, which the other rules must stand. */
static void
test_gaps(void)
{
	IS(spec_try(TOP("'domainname':'d','linux':{'namespaces':[{'type':'uts'}"
		",{'type':'network'}],'sysctl':{'net.a':1,"
		"'kernel.domainname':null,'net/a':[]}}"), true, true),
		"c: 4 errors");
	IS(spec_said,
"0 c:1:136: linux.sysctl[\"net.a\"]: expected a string, found a number\n"
"0 c:1:158: linux.sysctl[\"kernel.domainname\"]: expected a string, found "
"null\n"
"0 c:1:171: linux.sysctl[\"net/a\"]: expected a string, found an array\n"
"0 c: linux.sysctl[\"net/a\"]: is given twice\n");
}

/* `wherry check` tells every error, in order, and goes on behind each. */
static void
test_all(void)
{
	IS(spec_try("{'ociVersion':'2.0.0','ociversion':1,'process':"
		"{'terminal':'x','cwd':'w','args':[5,'a'],'env':['B'],'user':"
		"{'uid':-1,'gid':'z'},'rlimits':[7,{'type':'q','soft':1,"
		"'hard':1},{'type':'RLIMIT_CPU','soft':1,'hard':1}]},"
		"'linux':{'sysctl':{'a':'1'},'namespaces':[[],"
		"{'type':'pid'},{'type':'x'}],'seccomp':{'syscalls':[{}]}},"
		"'mounts':[{'type':{'a':[{}]}}],'hostname':'h'}", true, true),
		FEAT_SECCOMP ? "c: 20 errors" : "c: 21 errors");
	/* What the toggles change comes last. */
	if (strstr(spec_said, "0 c: linux.seccomp: "))
		*strstr(spec_said, "0 c: linux.seccomp: ") = '\0';
	IS(spec_said,
"1 c:1:23: ociversion: ignored; is `ociVersion` meant?\n"
"0 c:1:60: process.terminal: expected a boolean, found a string\n"
"0 c:1:82: process.args[0]: expected a string, found a number\n"
"0 c:1:115: process.user.uid: -1 is out of range (0 to 4294967294)\n"
"0 c:1:124: process.user.gid: expected a number, found a string\n"
"0 c:1:140: process.rlimits[0]: expected an object, found a number\n"
"0 c:1:150: process.rlimits[1].type: unknown limit `q`\n"
"0 c:1:257: linux.namespaces[0]: expected an object, found an array\n"
"0 c:1:283: linux.namespaces[2].type: unknown namespace type `x`\n"
"0 c:1:312: linux.seccomp.syscalls[0]: missing \"names\"\n"
"0 c:1:312: linux.seccomp.syscalls[0]: missing \"action\"\n"
"0 c:1:299: linux.seccomp: missing \"defaultAction\"\n"
"0 c:1:336: mounts[0].type: expected a string, found an object\n"
"0 c:1:328: mounts[0]: missing \"destination\"\n"
"0 c: ociVersion: `2.0.0`: only version 1.x is supported\n"
"0 c: root: missing\n"
"0 c: process.cwd: `w`: not an absolute path\n"
"0 c: process.env[0]: `B`: not NAME=VALUE\n"
"0 c: hostname: needs a uts namespace\n"
"0 c: mounts[0].type: missing, and it is no bind mount\n"
"0 c: linux.sysctl[\"a\"]: belongs to no namespace: it would change the "
"host\n");
}

int
main(void)
{
	test_cases();
	test_page_sizes();
	test_proc();
	test_gaps();
	test_all();
	return done();
}
