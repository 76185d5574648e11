/* The steps before and after the masked sums, for one floating-point type; included by the file of each
   type, which defines REAL and the names of the kernels.

   Column q of a tile that starts at column `first` is column first + q of a row-major d x c block: feature
   (first + q) / c and output (first + q) mod c. */
#pragma once
#include "CBidualKernels.h"
#include "clones.h"

BIDUAL_CLONES
void MASKED_SPREAD(ptrdiff_t rows, ptrdiff_t outputs, const REAL *restrict design, ptrdiff_t features,
                   const REAL *restrict residual, ptrdiff_t first, ptrdiff_t width, REAL *restrict source) {
  for (ptrdiff_t i = 0; i < rows; i++) {
    const REAL *restrict x = design + i * features;
    REAL *restrict out = source + i * width;
    if (outputs == 1) {
      for (ptrdiff_t q = 0; q < width; q++) out[q] = residual[i] * x[first + q];
      continue;
    }
    const REAL *restrict r = residual + i * outputs;
    ptrdiff_t j = first / outputs, k = first % outputs;
    for (ptrdiff_t q = 0; q < width; q++) {
      out[q] = r[k] * x[j];
      if (++k == outputs) k = 0, j++;
    }
  }
}

BIDUAL_CLONES
void MASKED_DOTS(ptrdiff_t rows, ptrdiff_t outputs, const REAL *restrict design, ptrdiff_t features,
                 const REAL *restrict sums, ptrdiff_t first, ptrdiff_t width, ptrdiff_t tile,
                 REAL *restrict fitted) {
  for (ptrdiff_t i = 0; i < rows; i++) {
    const REAL *restrict x = design + i * features;
    const REAL *restrict sum = sums + i * tile;
    if (outputs == 1) {
#pragma clang fp reassociate(on) contract(fast)
      REAL value = 0;
      for (ptrdiff_t q = 0; q < width; q++) value += sum[q] * x[first + q];
      fitted[i] += value;
      continue;
    }
    REAL *restrict f = fitted + i * outputs;
    ptrdiff_t j = first / outputs, k = first % outputs;
    for (ptrdiff_t q = 0; q < width; q++) {
      f[k] += sum[q] * x[j];
      if (++k == outputs) k = 0, j++;
    }
  }
}
