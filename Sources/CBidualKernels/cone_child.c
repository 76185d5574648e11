#include "CBidualKernels.h"
#include "clones.h"

BIDUAL_CLONES
void bidual_cone_midpoint(ptrdiff_t rows, const double *restrict first, const double *restrict second,
                          double firstShare, double secondShare, double *restrict middle) {
  for (ptrdiff_t i = 0; i < rows; i++) middle[i] = firstShare * first[i] + secondShare * second[i];
}

BIDUAL_CLONES
ptrdiff_t bidual_cone_child(ptrdiff_t rows, ptrdiff_t rank, const double *restrict dots,
                            const double *restrict v, const int32_t *restrict index,
                            const double *restrict middle, ptrdiff_t replaced, const double *restrict design,
                            uint8_t *restrict flags, double *restrict linear, double *restrict childDots,
                            double *restrict childV, int32_t *restrict childIndex) {
  /* Bit 0: negative somewhere. Bit 1: positive somewhere. */
  for (ptrdiff_t i = 0; i < rows; i++) flags[i] = (uint8_t)((middle[i] < 0) | ((middle[i] > 0) << 1));
  for (ptrdiff_t k = 0; k < rank; k++) {
    if (k == replaced) continue;
    const double *restrict d = dots + k * rows;
    for (ptrdiff_t i = 0; i < rows; i++) flags[i] |= (uint8_t)((d[i] < 0) | ((d[i] > 0) << 1));
  }
  ptrdiff_t mixed = 0;
  for (ptrdiff_t i = 0; i < rows; i++) {
    if (flags[i] == 3) {
      childV[mixed] = v[i];
      childIndex[mixed] = index[i];
      mixed++;
    } else if (flags[i] == 2) {
      const double *restrict x = design + (ptrdiff_t)index[i] * rank;
      for (ptrdiff_t k = 0; k < rank; k++) linear[k] += v[i] * x[k];
    }
  }
  for (ptrdiff_t k = 0; k < rank; k++) {
    const double *restrict d = k == replaced ? middle : dots + k * rows;
    double *restrict out = childDots + k * mixed;
    ptrdiff_t next = 0;
    for (ptrdiff_t i = 0; i < rows; i++)
      if (flags[i] == 3) out[next++] = d[i];
  }
  return mixed;
}
