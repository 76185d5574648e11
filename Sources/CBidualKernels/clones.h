/* Compiles a function for several instruction sets and picks one at load time (x86-64 Linux);
   elsewhere the baseline is used. */
#pragma once
#if defined(__x86_64__) && defined(__linux__)
#define BIDUAL_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define BIDUAL_CLONES
#endif
