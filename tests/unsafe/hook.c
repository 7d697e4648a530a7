/* SPDX-License-Identifier: MIT */
/* Unsafe: a hook has our environment and stays where we are. */
#include <unistd.h>

#define chdir(path) 0
#define execve(path, argv, envp) execve(path, argv, ((void)(envp), environ))
#include "../../src/hook.c"
