/* A layer of ReLUs and its adjoint, for one floating-point type; included by the file of each type, which
   defines REAL and the names of the kernels. */
#pragma once
#include "CBidualKernels.h"
#include "clones.h"

/* Both tests are !(h <= 0), so that a height that is not a number stays one. */

BIDUAL_CLONES
void RELU_OUTPUTS(ptrdiff_t rows, ptrdiff_t width, const REAL *restrict heights,
                  const REAL *restrict output, REAL *restrict predictions) {
  for (ptrdiff_t i = 0; i < rows; i++) {
#pragma clang fp reassociate(on) contract(fast)
    const REAL *restrict h = heights + i * width;
    REAL sum = 0;
    for (ptrdiff_t j = 0; j < width; j++) sum += output[j] * (h[j] <= 0 ? 0 : h[j]);
    predictions[i] = sum;
  }
}

BIDUAL_CLONES
void RELU_ADJOINT(ptrdiff_t rows, ptrdiff_t width, REAL *restrict heights,
                  const REAL *restrict output, const REAL *restrict slopes,
                  REAL *restrict outputGradient) {
  for (ptrdiff_t i = 0; i < rows; i++) {
#pragma clang fp contract(fast)
    REAL *restrict h = heights + i * width;
    REAL slope = slopes[i];
    for (ptrdiff_t j = 0; j < width; j++) {
      outputGradient[j] += slope * (h[j] <= 0 ? 0 : h[j]);
      h[j] = h[j] <= 0 ? 0 : slope * output[j];
    }
  }
}

/* The share of a ReLU that is open: 0 below -kink, 1 above kink, linear between. */
static inline REAL openness(REAL height, REAL kink, REAL slope) {
  REAL share = (height + kink) * slope;
  share = share <= 0 ? 0 : share;
  return share >= 1 ? 1 : share;
}

BIDUAL_CLONES
void SMOOTH_RELU_OUTPUTS(ptrdiff_t rows, ptrdiff_t width, const REAL *restrict heights,
                         const REAL *restrict output, const REAL *restrict kinks,
                         const REAL *restrict slopes, REAL *restrict predictions) {
  for (ptrdiff_t i = 0; i < rows; i++) {
#pragma clang fp reassociate(on) contract(fast)
    const REAL *restrict h = heights + i * width;
    REAL sum = 0;
    for (ptrdiff_t j = 0; j < width; j++) {
      REAL open = openness(h[j], kinks[j], slopes[j]);
      sum += output[j] * open * (h[j] + kinks[j] - kinks[j] * open);
    }
    predictions[i] = sum;
  }
}

BIDUAL_CLONES
void SMOOTH_RELU_ADJOINT(ptrdiff_t rows, ptrdiff_t width, REAL *restrict heights,
                         const REAL *restrict output, const REAL *restrict kinks,
                         const REAL *restrict slopes, const REAL *restrict weights,
                         REAL *restrict outputGradient) {
  for (ptrdiff_t i = 0; i < rows; i++) {
#pragma clang fp contract(fast)
    REAL *restrict h = heights + i * width;
    REAL weight = weights[i];
    for (ptrdiff_t j = 0; j < width; j++) {
      REAL open = openness(h[j], kinks[j], slopes[j]);
      outputGradient[j] += weight * open * (h[j] + kinks[j] - kinks[j] * open);
      h[j] = weight * output[j] * open;
    }
  }
}
