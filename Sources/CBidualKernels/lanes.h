/* Eight doubles that are worked on at once, whatever the processor: the compiler splits them into registers.
   Macros, because vectors as arguments would pin functions to one instruction set. */
#pragma once
#include <math.h>
#include <stddef.h>
#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))

typedef double lanes __attribute__((vector_size(64)));
/* The same in memory that is aligned for doubles only. */
typedef double loose_lanes __attribute__((vector_size(64), aligned(8), may_alias));
/* All bits of a lane are set or none. */
typedef int64_t lane_mask __attribute__((vector_size(64)));

#define LOAD(from) ((lanes)(*(const loose_lanes *)(from)))
#define STORE(to, value) (*(loose_lanes *)(to) = (value))
#define SPLAT(value) ((lanes){0} + (value))
#define PICK(mask, yes, no) ((lanes)(((mask) & (lane_mask)(yes)) | (~(mask) & (lane_mask)(no))))
#define ABSOLUTE(a) __builtin_elementwise_abs(a)
#define ROOT(a) __builtin_elementwise_sqrt(a)
#define SIGN(a) __builtin_elementwise_copysign(SPLAT(1.0), a)
#define TOTAL(a) ((((a)[0] + (a)[1]) + ((a)[2] + (a)[3])) + (((a)[4] + (a)[5]) + ((a)[6] + (a)[7])))
#define ANY(mask) __builtin_reduce_or(mask)
