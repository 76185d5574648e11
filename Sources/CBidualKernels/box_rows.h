/* Rows of a block on a box: their heights, and weighted sums of products of columns. */
#pragma once
#include "lanes.h"

/* A fictitious feature of every row: intervals never have length zero, so that nothing is divided by zero. */
#define LEAST_RADIUS 0x1p-70

/* The column of the box's axis j. */
INLINE const double *axis_column(const double *block, ptrdiff_t stride, ptrdiff_t face, ptrdiff_t j) {
  return block + (j < face ? j : j + 1) * stride;
}

/* Eight rows at the box's center and their radii: t is within radius of center on the box. */
INLINE void heights(ptrdiff_t d, ptrdiff_t face, const double *block, ptrdiff_t stride, ptrdiff_t i,
                    const double *center, const double *half, lanes *height, lanes *radius, lanes *square) {
#pragma clang fp contract(fast)
  lanes c = LOAD(block + face * stride + i), r = SPLAT(LEAST_RADIUS), s = SPLAT(LEAST_RADIUS * LEAST_RADIUS);
  for (ptrdiff_t j = 0; j < d; j++) {
    lanes x = LOAD(axis_column(block, stride, face, j) + i);
    lanes y = x * half[j];
    c += x * center[j];
    r += ABSOLUTE(y);
    s += y * y;
  }
  *height = c;
  *radius = r;
  *square = s;
}

/* Adds sum_i weight_i a_i b_i for every pair of the columns first + k, k < m, and second + l, l < n. */
INLINE void tile(const ptrdiff_t m, const ptrdiff_t n, ptrdiff_t rows, const double *weight,
                 const double *const *a, const double *const *b, ptrdiff_t d, double *sums) {
#pragma clang fp contract(fast)
  lanes acc[4][4];
  for (ptrdiff_t k = 0; k < m; k++)
    for (ptrdiff_t l = 0; l < n; l++) acc[k][l] = SPLAT(0);
  for (ptrdiff_t i = 0; i < rows; i += 8) {
    lanes w = LOAD(weight + i), y[4];
    for (ptrdiff_t l = 0; l < n; l++) y[l] = LOAD(b[l] + i);
    for (ptrdiff_t k = 0; k < m; k++) {
      lanes x = w * LOAD(a[k] + i);
      for (ptrdiff_t l = 0; l < n; l++) acc[k][l] += x * y[l];
    }
  }
  for (ptrdiff_t k = 0; k < m; k++)
    for (ptrdiff_t l = 0; l < n; l++) sums[k * d + l] += TOTAL(acc[k][l]);
}

#define TILE(M, N)                         \
  case 4 * M + N:                          \
    tile(M, N, rows, weight, a, b, d, sums); \
    break;
#define TILES(M) TILE(M, 1) TILE(M, 2) TILE(M, 3) TILE(M, 4)

/* The same for up to four columns each, whose numbers the compiler does not know. */
INLINE void small_tile(ptrdiff_t m, ptrdiff_t n, ptrdiff_t rows, const double *weight, const double *const *a,
                       const double *const *b, ptrdiff_t d, double *sums) {
  switch (4 * m + n) { TILES(1) TILES(2) TILES(3) TILES(4) }
}

#undef TILES
#undef TILE

/* Adds sum_i weight_i x_ij x_il to the lower triangle of the d x d sums, and numbers to some entries above it. */
INLINE void weighted_gram(ptrdiff_t d, ptrdiff_t rows, const double *weight, const double *const *columns,
                          double *sums) {
  for (ptrdiff_t j = 0; j < d; j += 4)
    for (ptrdiff_t l = 0; l <= j; l += 4) {
      ptrdiff_t m = d - j < 4 ? d - j : 4, n = d - l < 4 ? d - l : 4;
      small_tile(m, n, rows, weight, columns + j, columns + l, d, sums + j * d + l);
    }
}
