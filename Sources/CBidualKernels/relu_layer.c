#include "CBidualKernels.h"
#include "clones.h"

/* Both tests are !(h <= 0), so that a height that is not a number stays one. */

BIDUAL_CLONES
void bidual_relu_outputs(ptrdiff_t rows, ptrdiff_t width, const double *restrict heights,
                         const double *restrict output, double *restrict predictions) {
  for (ptrdiff_t i = 0; i < rows; i++) {
#pragma clang fp reassociate(on) contract(fast)
    const double *restrict h = heights + i * width;
    double sum = 0;
    for (ptrdiff_t j = 0; j < width; j++) sum += output[j] * (h[j] <= 0 ? 0 : h[j]);
    predictions[i] = sum;
  }
}

BIDUAL_CLONES
void bidual_relu_adjoint(ptrdiff_t rows, ptrdiff_t width, double *restrict heights,
                         const double *restrict output, const double *restrict slopes,
                         double *restrict outputGradient) {
  for (ptrdiff_t i = 0; i < rows; i++) {
#pragma clang fp contract(fast)
    double *restrict h = heights + i * width;
    double slope = slopes[i];
    for (ptrdiff_t j = 0; j < width; j++) {
      outputGradient[j] += slope * (h[j] <= 0 ? 0 : h[j]);
      h[j] = h[j] <= 0 ? 0 : slope * output[j];
    }
  }
}

/* The share of a ReLU that is open: 0 below -kink, 1 above kink, linear between. */
static inline double openness(double height, double kink, double slope) {
  double share = (height + kink) * slope;
  share = share <= 0 ? 0 : share;
  return share >= 1 ? 1 : share;
}

BIDUAL_CLONES
void bidual_smooth_relu_outputs(ptrdiff_t rows, ptrdiff_t width, const double *restrict heights,
                                const double *restrict output, const double *restrict kinks,
                                const double *restrict slopes, double *restrict predictions) {
  for (ptrdiff_t i = 0; i < rows; i++) {
#pragma clang fp reassociate(on) contract(fast)
    const double *restrict h = heights + i * width;
    double sum = 0;
    for (ptrdiff_t j = 0; j < width; j++) {
      double open = openness(h[j], kinks[j], slopes[j]);
      sum += output[j] * open * (h[j] + kinks[j] - kinks[j] * open);
    }
    predictions[i] = sum;
  }
}

BIDUAL_CLONES
void bidual_smooth_relu_adjoint(ptrdiff_t rows, ptrdiff_t width, double *restrict heights,
                                const double *restrict output, const double *restrict kinks,
                                const double *restrict slopes, const double *restrict weights,
                                double *restrict outputGradient) {
  for (ptrdiff_t i = 0; i < rows; i++) {
#pragma clang fp contract(fast)
    double *restrict h = heights + i * width;
    double weight = weights[i];
    for (ptrdiff_t j = 0; j < width; j++) {
      double open = openness(h[j], kinks[j], slopes[j]);
      outputGradient[j] += weight * open * (h[j] + kinks[j] - kinks[j] * open);
      h[j] = weight * output[j] * open;
    }
  }
}
