#include "CBidualKernels.h"
#include "clones.h"

BIDUAL_CLONES
double bidual_cone_sums(ptrdiff_t rows, ptrdiff_t rank, const double *restrict dots, const double *restrict v,
                        double *restrict center, double *restrict sums) {
  for (ptrdiff_t i = 0; i < rows; i++) center[i] = dots[i];
  for (ptrdiff_t k = 1; k < rank; k++) {
    const double *restrict d = dots + k * rows;
    for (ptrdiff_t i = 0; i < rows; i++) center[i] += d[i];
  }
  double value = 0;
  {
#pragma clang fp reassociate(on) contract(fast)
    for (ptrdiff_t i = 0; i < rows; i++) value += v[i] * (center[i] > 0 ? center[i] : 0);
  }
  for (ptrdiff_t k = 0; k < rank; k++) {
#pragma clang fp reassociate(on) contract(fast)
    const double *restrict d = dots + k * rows;
    double sum = 0;
    for (ptrdiff_t i = 0; i < rows; i++) {
      double chord = d[i] > 0 ? d[i] : 0;
      double line = center[i] > 0 ? d[i] : 0;
      sum += v[i] * (v[i] > 0 ? chord : line);
    }
    sums[k] += sum;
  }
  return value;
}
