#include "CBidualKernels.h"
#include "box_rows.h"
#include "clones.h"

/* The share of sum_j (x_j h_j)^2 that is taken for a row's second moment on the box. */
#define SPREAD 0.6

BIDUAL_CLONES
void bidual_moment_sums(ptrdiff_t rank, ptrdiff_t face, ptrdiff_t convex, ptrdiff_t concave,
                        const double *restrict block, ptrdiff_t stride, const double *restrict center,
                        const double *restrict half, double *restrict scratch, double *restrict sums) {
#pragma clang fp contract(fast)
  const ptrdiff_t d = rank - 1, rows = convex + concave;
  const double *restrict weights = block + rank * stride;
  double *restrict gradient = sums + 3, *restrict shares = gradient + d, *restrict hessian = shares + d;
  double *restrict curvature = scratch, *restrict gathered = scratch + rows;
  const double *columns[BIDUAL_LARGEST_MOMENT_RANK];
  lanes slope[BIDUAL_LARGEST_MOMENT_RANK], share[BIDUAL_LARGEST_MOMENT_RANK];
  lanes constant = SPLAT(0), value = SPLAT(0), mixed = SPLAT(0);
  for (ptrdiff_t j = 0; j < d; j++) {
    columns[j] = axis_column(block, stride, face, j);
    slope[j] = share[j] = SPLAT(0);
  }
  for (ptrdiff_t k = 0; k < d * d; k++) hessian[k] = 0;

  for (ptrdiff_t i = 0; i < convex; i += 8) {
    lanes p = LOAD(weights + i), c, r, n;
    heights(d, face, block, stride, i, center, half, &c, &r, &n);
    lanes size = ABSOLUTE(c), s = SPREAD * n, reach = r - size, shift = s / r, sign = SIGN(c);
    lane_mask is_mixed = size < r, is_tangent = size + shift >= reach;
    lanes a = ROOT(c * c + s), b = r + shift;
    lanes alpha = PICK(is_tangent, 2 * reach, SPLAT(0.5)) / PICK(is_tangent, b * b, a);
    lanes beta = PICK(is_tangent, sign * (1 - 2 * alpha * shift), 2 * alpha * c);
    lanes gamma = PICK(is_tangent, size + alpha * shift * shift, alpha * c * c + 0.5 * a);
    alpha = PICK(is_mixed, alpha, SPLAT(0));
    beta = PICK(is_mixed, beta, sign);
    gamma = PICK(is_mixed, gamma, size);
    constant += p * gamma;
    value += p * size;
    mixed += PICK(is_mixed & (p != 0), SPLAT(1), SPLAT(0));
    STORE(curvature + i, 2 * p * alpha);
    lanes q = p * beta;
    for (ptrdiff_t j = 0; j < d; j++) slope[j] += q * LOAD(columns[j] + i);
  }
  for (ptrdiff_t i = convex; i < rows; i += 8) {
    lanes p = LOAD(weights + i), c, r, n;
    heights(d, face, block, stride, i, center, half, &c, &r, &n);
    lanes size = ABSOLUTE(c), s = SPREAD * n, inverse = 1 / r, shift = s * inverse;
    lane_mask is_mixed = size < r, is_curved = (shift > size) & is_mixed;
    lanes lost = PICK(is_mixed, ROOT(c * c + s) - PICK(is_curved, shift, size), SPLAT(0));
    lanes q = p * PICK(is_curved, c * inverse, SIGN(c));
    lanes weight = -p * lost / n;
    constant += p * PICK(is_curved, SPLAT(0), size);
    value += p * size;
    mixed += PICK(is_mixed & (p != 0), SPLAT(1), SPLAT(0));
    STORE(curvature + i, 2 * p * PICK(is_curved, inverse, SPLAT(0)));
    for (ptrdiff_t j = 0; j < d; j++) {
      lanes x = LOAD(columns[j] + i);
      slope[j] += q * x;
      share[j] += weight * (x * x);
    }
  }
  sums[0] = TOTAL(constant);
  sums[1] = TOTAL(value);
  sums[2] = TOTAL(mixed);
  for (ptrdiff_t j = 0; j < d; j++) {
    gradient[j] = half[j] * TOTAL(slope[j]);
    shares[j] = half[j] * half[j] * TOTAL(share[j]);
  }

  weighted_gram(d, convex, curvature, columns, hessian);
  /* Few concave rows are curved: they are gathered first. */
  ptrdiff_t curved = 0;
  int32_t *restrict index = (int32_t *)gathered;
  gathered += (concave + 1) / 2;
  for (ptrdiff_t i = convex; i < rows; i++) {
    index[curved] = (int32_t)i;
    curved += curvature[i] != 0;
  }
  if (curved > 0) {
    const ptrdiff_t padded = (curved + 7) / 8 * 8;
    double *restrict weight = gathered + d * padded;
    for (ptrdiff_t j = 0; j < d; j++) {
      double *restrict to = gathered + j * padded;
      for (ptrdiff_t k = 0; k < curved; k++) to[k] = columns[j][index[k]];
      for (ptrdiff_t k = curved; k < padded; k++) to[k] = 0;
    }
    for (ptrdiff_t k = 0; k < curved; k++) weight[k] = curvature[index[k]];
    for (ptrdiff_t k = curved; k < padded; k++) weight[k] = 0;
    for (ptrdiff_t j = 0; j < d; j++) columns[j] = gathered + j * padded;
    weighted_gram(d, padded, weight, columns, hessian);
  }
  for (ptrdiff_t j = 0; j < d; j++)
    for (ptrdiff_t l = 0; l <= j; l++)
      hessian[j * d + l] = hessian[l * d + j] = hessian[j * d + l] * half[j] * half[l];
}

BIDUAL_CLONES
ptrdiff_t bidual_moment_fold(ptrdiff_t rank, ptrdiff_t face, ptrdiff_t convex, ptrdiff_t concave,
                             const double *restrict block, ptrdiff_t stride, const double *restrict center,
                             const double *restrict half, int32_t *restrict index, double *restrict linear,
                             ptrdiff_t *restrict childConvex) {
#pragma clang fp contract(fast)
  const ptrdiff_t d = rank - 1, rows = convex + concave;
  const double *restrict weights = block + rank * stride;
  lanes sums[BIDUAL_LARGEST_MOMENT_RANK];
  for (ptrdiff_t a = 0; a < rank; a++) sums[a] = SPLAT(0);
  ptrdiff_t kept = 0, keptConvex = 0;
  for (ptrdiff_t i = 0; i < rows; i += 8) {
    lanes p = LOAD(weights + i), c, r, n;
    heights(d, face, block, stride, i, center, half, &c, &r, &n);
    lane_mask is_mixed = (ABSOLUTE(c) < r) & (p != 0);
    lanes q = PICK(is_mixed, SPLAT(0), p * SIGN(c));
    if (ANY(q != 0))
      for (ptrdiff_t a = 0; a < rank; a++) sums[a] += q * LOAD(block + a * stride + i);
    for (ptrdiff_t k = 0; k < 8; k++) {
      index[kept] = (int32_t)(i + k);
      kept -= is_mixed[k];
    }
    if (i + 8 == convex) keptConvex = kept;
  }
  for (ptrdiff_t a = 0; a < rank; a++) linear[a] += TOTAL(sums[a]);
  *childConvex = keptConvex;
  return kept;
}

void bidual_moment_gather(ptrdiff_t rank, const double *restrict block, ptrdiff_t stride, ptrdiff_t kept,
                          ptrdiff_t keptConvex, const int32_t *restrict index, double *restrict child) {
  const ptrdiff_t convex = (keptConvex + 7) / 8 * 8, concave = (kept - keptConvex + 7) / 8 * 8;
  for (ptrdiff_t a = 0; a <= rank; a++) {
    const double *restrict from = block + a * stride;
    double *restrict to = child + a * (convex + concave);
    for (ptrdiff_t k = 0; k < keptConvex; k++) to[k] = from[index[k]];
    for (ptrdiff_t k = keptConvex; k < convex; k++) to[k] = 0;
    to += convex - keptConvex;
    for (ptrdiff_t k = keptConvex; k < kept; k++) to[k] = from[index[k]];
    for (ptrdiff_t k = kept; k < keptConvex + concave; k++) to[k] = 0;
  }
}
