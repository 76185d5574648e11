#include "CBidualKernels.h"
#include "box_rows.h"
#include "clones.h"

/* The weights of output k. */
INLINE const double *output_column(ptrdiff_t rank, ptrdiff_t rows, const double *block, ptrdiff_t k) {
  return block + (rank + 1 + k) * rows;
}

/* Adds sum_i weight_i q_ik x_ij to sums[k * columns + j], x given by `columns` columns. */
INLINE void output_sums(ptrdiff_t rank, ptrdiff_t outputs, ptrdiff_t rows, const double *block,
                        const double *weight, const double *const *x, ptrdiff_t columns, double *sums) {
  for (ptrdiff_t k = 0; k < outputs; k += 4) {
    const double *q[4];
    const ptrdiff_t m = outputs - k < 4 ? outputs - k : 4;
    for (ptrdiff_t p = 0; p < m; p++) q[p] = output_column(rank, rows, block, k + p);
    for (ptrdiff_t j = 0; j < columns; j += 4)
      small_tile(m, columns - j < 4 ? columns - j : 4, rows, weight, q, x + j, columns, sums + k * columns + j);
  }
}

BIDUAL_CLONES
void bidual_vector_lines(ptrdiff_t rank, ptrdiff_t face, ptrdiff_t outputs, ptrdiff_t rows, ptrdiff_t curved,
                         const double *restrict block, const double *restrict center,
                         const double *restrict half, double *restrict lines, double *restrict sums) {
#pragma clang fp contract(fast)
  const ptrdiff_t d = rank - 1;
  double *restrict size = lines, *restrict middle = lines + rows, *restrict slope = lines + 2 * rows;
  double *restrict reach = lines + 3 * rows, *restrict spread = lines + 4 * rows, *restrict weight = lines + 5 * rows;
  double *restrict curvature = lines + 6 * rows;
  const double *columns[BIDUAL_LARGEST_MOMENT_RANK];
  for (ptrdiff_t j = 0; j < d; j++) columns[j] = axis_column(block, rows, face, j);
  for (ptrdiff_t i = 0; i < rows; i += 8) {
    lanes c, r, n;
    heights(d, face, block, rows, i, center, half, &c, &r, &n);
    lanes a = ABSOLUTE(c), sign = SIGN(c), near = r - a, inverse = 1 / r;
    lane_mask is_mixed = a < r;
    lanes alpha = SPLAT(0), mid = 0.5 * (r * r + a * a) * inverse, rise = c * inverse;
    lanes far = 0.5 * near * (r + a) * inverse;
    if (curved) {
      /* The parabola that touches |t| at b and -b, or at b and the nearer end, lowered by half of what it loses. */
      lanes b = 0.5 * (r + a), wide = PICK(b >= near, b + near, 2 * b);
      alpha = 2 * PICK(b >= near, near, b) / (wide * wide);
      rise = sign * (2 * alpha * (a - b) + 1);
      far = 0.5 * alpha * b * b;
      mid = a + alpha * a * (a - 2 * b) + far;
    }
    STORE(size + i, a);
    STORE(middle + i, PICK(is_mixed, mid, a));
    STORE(slope + i, PICK(is_mixed, rise, sign));
    STORE(reach + i, PICK(is_mixed, far, SPLAT(0)));
    STORE(spread + i, PICK(is_mixed, far / n, SPLAT(0)));
    STORE(curvature + i, PICK(is_mixed, alpha, SPLAT(0)));
  }
  double *restrict values = sums, *restrict middles = sums + outputs, *restrict slopes = sums + 2 * outputs;
  double *restrict squares = slopes + outputs * d;
  for (ptrdiff_t k = 0; k < outputs * d; k++) slopes[k] = 0;
  output_sums(rank, outputs, rows, block, slope, columns, d, slopes);
  for (ptrdiff_t k = 0; k < outputs * d * d; k++) squares[k] = 0;
  for (ptrdiff_t k = 0; k < outputs; k++) {
    const double *q = output_column(rank, rows, block, k);
    lanes value = SPLAT(0), mid = SPLAT(0);
    for (ptrdiff_t i = 0; i < rows; i += 8) {
      value += LOAD(q + i) * LOAD(size + i);
      mid += LOAD(q + i) * LOAD(middle + i);
      STORE(weight + i, LOAD(q + i) * LOAD(curvature + i));
    }
    values[k] = TOTAL(value);
    middles[k] = TOTAL(mid);
    double *restrict square = squares + k * d * d;
    if (curved) weighted_gram(d, rows, weight, columns, square);
    for (ptrdiff_t j = 0; j < d; j++) {
      slopes[k * d + j] *= half[j];
      for (ptrdiff_t l = 0; l <= j; l++) square[j * d + l] *= half[j] * half[l];
    }
  }
}

BIDUAL_CLONES
ptrdiff_t bidual_vector_split(ptrdiff_t rank, ptrdiff_t face, ptrdiff_t outputs, ptrdiff_t rows,
                              double *restrict block, const double *restrict half,
                              const double *restrict direction, double *restrict lines,
                              int32_t *restrict index, ptrdiff_t *restrict convex, double *restrict sums) {
#pragma clang fp contract(fast)
  const ptrdiff_t d = rank - 1;
  const double *restrict size = lines, *restrict slope = lines + 2 * rows, *restrict reach = lines + 3 * rows;
  double *restrict spread = lines + 4 * rows, *restrict weight = lines + 5 * rows;
  double *restrict along = block + rank * rows;
  double *restrict across = sums + 2, *restrict slopes = across + outputs, *restrict shares = slopes + d;
  lanes constant = SPLAT(0), lost = SPLAT(0);
  for (ptrdiff_t i = 0; i < rows; i += 8) {
    lanes p = SPLAT(0), far = LOAD(reach + i);
    for (ptrdiff_t k = 0; k < outputs; k++)
      p += direction[k] * LOAD(output_column(rank, rows, block, k) + i);
    STORE(along + i, p);
    lanes folded = PICK(far == 0, p, SPLAT(0));
    constant += folded * LOAD(size + i);
    lost += ABSOLUTE(p) * far;
    /* The signs of the rows that are linear. */
    STORE(weight + i, PICK(far == 0, LOAD(slope + i), SPLAT(0)));
  }
  const double *columns[BIDUAL_LARGEST_MOMENT_RANK];
  const double *const weights = along;
  for (ptrdiff_t j = 0; j < d; j++) {
    columns[j] = axis_column(block, rows, face, j);
    slopes[j] = shares[j] = 0;
  }
  for (ptrdiff_t j = 0; j < d; j += 4)
    small_tile(1, d - j < 4 ? d - j : 4, rows, weight, &weights, columns + j, d, slopes + j);
  for (ptrdiff_t i = 0; i < rows; i++) weight[i] = 0;
  for (ptrdiff_t k = 0; k < outputs; k++) {
    const double *q = output_column(rank, rows, block, k);
    lanes sum = SPLAT(0);
    for (ptrdiff_t i = 0; i < rows; i += 8) {
      lanes rest = ABSOLUTE(LOAD(q + i) - direction[k] * LOAD(along + i));
      sum += rest * LOAD(reach + i);
      STORE(weight + i, LOAD(weight + i) + rest * LOAD(spread + i));
    }
    across[k] = TOTAL(sum);
  }
  for (ptrdiff_t j = 0; j < d; j++) {
    lanes share = SPLAT(0);
    for (ptrdiff_t i = 0; i < rows; i += 8) {
      lanes x = LOAD(columns[j] + i);
      share += LOAD(weight + i) * (x * x);
    }
    slopes[j] *= half[j];
    shares[j] = half[j] * half[j] * TOTAL(share);
  }
  sums[0] = TOTAL(constant);
  sums[1] = TOTAL(lost);

  ptrdiff_t kept = 0;
  for (ptrdiff_t i = 0; i < rows; i++) {
    index[kept] = (int32_t)i;
    kept += (reach[i] != 0) & (along[i] > 0);
  }
  *convex = kept;
  for (ptrdiff_t i = 0; i < rows; i++) {
    index[kept] = (int32_t)i;
    kept += (reach[i] != 0) & (along[i] < 0);
  }
  return kept;
}

BIDUAL_CLONES
ptrdiff_t bidual_vector_fold(ptrdiff_t rank, ptrdiff_t face, ptrdiff_t outputs, ptrdiff_t rows,
                             const double *restrict block, const double *restrict center,
                             const double *restrict half, double *restrict scratch, int32_t *restrict index,
                             double *restrict linear) {
#pragma clang fp contract(fast)
  const double *columns[BIDUAL_LARGEST_MOMENT_RANK];
  for (ptrdiff_t a = 0; a < rank; a++) columns[a] = block + a * rows;
  ptrdiff_t kept = 0;
  for (ptrdiff_t i = 0; i < rows; i += 8) {
    lanes c, r, n;
    heights(rank - 1, face, block, rows, i, center, half, &c, &r, &n);
    /* Rows of zeros are of this radius, and no others that change sign. */
    lane_mask is_mixed = (ABSOLUTE(c) < r) & (r > LEAST_RADIUS);
    STORE(scratch + i, PICK(is_mixed, SPLAT(0), SIGN(c)));
    for (ptrdiff_t k = 0; k < 8; k++) {
      index[kept] = (int32_t)(i + k);
      kept -= is_mixed[k];
    }
  }
  output_sums(rank, outputs, rows, block, scratch, columns, rank, linear);
  return kept;
}
