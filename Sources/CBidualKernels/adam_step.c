#include "CBidualKernels.h"
#include "clones.h"

BIDUAL_CLONES
void bidual_adam_step(ptrdiff_t count, double firstShare, double secondShare, double rate, double secondScale,
                      double epsilon, const double *restrict gradient, double *restrict first,
                      double *restrict second, double *restrict values) {
/* Uncontracted, every clone computes the same bytes. */
#pragma clang fp contract(off)
  for (ptrdiff_t k = 0; k < count; k++) {
    first[k] += firstShare * (gradient[k] - first[k]);
    second[k] += secondShare * (gradient[k] * gradient[k] - second[k]);
    values[k] -= rate * first[k] / (__builtin_elementwise_sqrt(second[k] * secondScale) + epsilon);
  }
}
