/* Calls every kernel with arrays of exactly the lengths that its comment asks for, at all small shapes and with random numbers, for
   Scripts/sanitize: what is read or written beside an array ends the program. */
#include "CBidualKernels.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 1;

static uint64_t next_number(void) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return state >> 33;
}

/* A number from -1 to 1; often 0, as padding and ties have it. */
static double number(void) { return next_number() % 8 == 0 ? 0 : (double)next_number() * 0x1p-30 - 1; }

/* Arrays that end where they end; freed together. */
static void *arrays[64];
static int held;

static void *array(ptrdiff_t bytes) {
  void *memory = NULL;
  if (posix_memalign(&memory, 64, bytes > 0 ? (size_t)bytes : 1)) abort();
  memset(memory, 0, (size_t)bytes);
  return arrays[held++] = memory;
}

static void release(void) {
  while (held > 0) free(arrays[--held]);
}

static double *doubles(ptrdiff_t count) {
  double *result = array(count * (ptrdiff_t)sizeof(double));
  for (ptrdiff_t k = 0; k < count; k++) result[k] = number();
  return result;
}

static float *floats(ptrdiff_t count) {
  float *result = array(count * (ptrdiff_t)sizeof(float));
  for (ptrdiff_t k = 0; k < count; k++) result[k] = (float)number();
  return result;
}

static double *positive(ptrdiff_t count) {
  double *result = doubles(count);
  for (ptrdiff_t k = 0; k < count; k++) result[k] = fabs(result[k]) + 0.01;
  return result;
}

static int32_t *indices(ptrdiff_t count) { return array(count * (ptrdiff_t)sizeof(int32_t)); }

static void cones(ptrdiff_t rows, ptrdiff_t rank) {
  double *dots = doubles(rows * rank), *v = doubles(rows), *middle = doubles(rows);
  int32_t *index = indices(rows);
  for (ptrdiff_t i = 0; i < rows; i++) index[i] = (int32_t)i;
  bidual_cone_sums(rows, rank, dots, v, doubles(rows), doubles(rank));
  bidual_cone_midpoint(rows, dots, dots + (rank - 1) * rows, 0.25, 0.75, middle);
  for (ptrdiff_t replaced = 0; replaced < rank; replaced++)
    bidual_cone_child(rows, rank, dots, v, index, middle, replaced, doubles(rows * rank), array(rows), doubles(rank),
                      doubles(rows * rank), doubles(rows), indices(rows));
  release();
}

#define MASKED(TYPE, ARRAY)                                                                                         \
  static void masked_##TYPE(ptrdiff_t items, ptrdiff_t rows, ptrdiff_t outputs, ptrdiff_t features, ptrdiff_t tile) { \
    const ptrdiff_t bytes = (rows + 7) / 8, all = outputs * features, width = all < tile ? all : tile;              \
    uint8_t *bits = array(bytes * items);                                                                           \
    for (ptrdiff_t b = 0; b < bytes; b++)                                                                           \
      for (ptrdiff_t i = 0; i < items; i++)                                                                         \
        bits[b * items + i] = (uint8_t)(next_number() & (b < rows / 8 ? 255 : (1 << rows % 8) - 1));                \
    TYPE *source = ARRAY(rows * width), *design = ARRAY(rows * features);                                           \
    bidual_masked_spread_##TYPE(rows, outputs, design, features, ARRAY(rows * outputs), all - width, width, source); \
    bidual_masked_sums_##TYPE(items, rows, bits, items, source, width, width, tile, ARRAY(1024 * tile),             \
                              ARRAY(items * tile));                                                                 \
    bidual_masked_dots_##TYPE(rows, outputs, design, features, ARRAY(rows * tile), all - width, width, tile,        \
                              ARRAY(rows * outputs));                                                               \
    release();                                                                                                      \
  }                                                                                                                 \
  static void relu_##TYPE(ptrdiff_t rows, ptrdiff_t width) {                                                        \
    TYPE *heights = ARRAY(rows * width), *output = ARRAY(width), *rest = ARRAY(rows), *gradient = ARRAY(width);      \
    TYPE *kinks = ARRAY(width), *slopes = ARRAY(width);                                                             \
    for (ptrdiff_t j = 0; j < width; j++) kinks[j] = (TYPE)0.1, slopes[j] = 5;                                      \
    bidual_relu_outputs_##TYPE(rows, width, heights, output, rest);                                                 \
    bidual_smooth_relu_outputs_##TYPE(rows, width, heights, output, kinks, slopes, rest);                           \
    bidual_smooth_relu_adjoint_##TYPE(rows, width, heights, output, kinks, slopes, rest, gradient);                 \
    bidual_relu_adjoint_##TYPE(rows, width, heights, output, rest, gradient);                                       \
    release();                                                                                                      \
  }

MASKED(double, doubles)
MASKED(float, floats)

static void moments(ptrdiff_t rank, ptrdiff_t face, ptrdiff_t convex, ptrdiff_t concave) {
  const ptrdiff_t d = rank - 1, rows = convex + concave;
  double *block = doubles(rows * (rank + 1)), *center = doubles(d), *half = positive(d);
  for (ptrdiff_t i = 0; i < rows; i++) block[rank * rows + i] = (i < convex ? 1 : -1) * fabs(number());
  int32_t *index = indices(rows + 8);
  ptrdiff_t kept_convex = 0;
  bidual_moment_sums(rank, face, convex, concave, block, rows, center, half,
                     doubles(3 + convex + concave * (d + 3) + 8 * (d + 1)), doubles(3 + 2 * d + d * d));
  const ptrdiff_t kept =
    bidual_moment_fold(rank, face, convex, concave, block, rows, center, half, index, doubles(rank), &kept_convex);
  const ptrdiff_t packed = (kept_convex + 7) / 8 * 8 + (kept - kept_convex + 7) / 8 * 8;
  bidual_moment_gather(rank, block, rows, kept, kept_convex, index, doubles(packed * (rank + 1)));
  release();
}

static void vectors(ptrdiff_t rank, ptrdiff_t face, ptrdiff_t outputs, ptrdiff_t rows, int curved) {
  const ptrdiff_t d = rank - 1;
  double *block = doubles(rows * (rank + 1 + outputs)), *center = doubles(d), *half = positive(d);
  double *lines = doubles(7 * rows);
  ptrdiff_t convex = 0;
  bidual_vector_lines(rank, face, outputs, rows, curved, block, center, half, lines,
                      doubles(outputs * (2 + d + d * d)));
  bidual_vector_split(rank, face, outputs, rows, block, half, doubles(outputs), lines, indices(rows + 8), &convex,
                      doubles(2 + outputs + 2 * d));
  bidual_vector_fold(rank, face, outputs, rows, block, center, half, doubles(rows), indices(rows + 8),
                     doubles(outputs * rank));
  release();
}

static void duals(ptrdiff_t d) {
  double *h = doubles(8 * d * d), *g = doubles(8 * d), *c = doubles(8), *dual = positive(8 * d);
  for (ptrdiff_t j = 0; j < d; j++)
    for (ptrdiff_t l = 0; l < j; l++) memcpy(h + 8 * (l * d + j), h + 8 * (j * d + l), 8 * sizeof(double));
  double *scratch = doubles(bidual_box_dual_scratch(d));
  bidual_box_dual(d, h, g, c, 0.1, 12, dual, scratch);
  bidual_box_bound(d, h, g, c, dual, doubles(8), doubles(8 * d), scratch);
  release();
}

int main(void) {
  for (ptrdiff_t rows = 1; rows <= 40; rows++) {
    for (ptrdiff_t rank = 1; rank <= 6; rank++) cones(rows, rank);
    for (ptrdiff_t width = 1; width <= 20; width++) relu_double(rows, width), relu_float(rows, width);
    bidual_adam_step(rows, 0.1, 0.01, 0.1, 1, 1e-8, doubles(rows), doubles(rows), positive(rows), doubles(rows));
    release();
  }
  const ptrdiff_t counts[] = {1, 3, 191, 192, 200};
  for (int k = 0; k < 5; k++)
    for (ptrdiff_t rows = 1; rows <= 70; rows++)
      for (ptrdiff_t outputs = 1; outputs <= 3; outputs++) {
        for (ptrdiff_t tile = 4; tile <= 24; tile += 4) masked_double(counts[k], rows, outputs, 1 + rows % 9, tile);
        for (ptrdiff_t tile = 8; tile <= 32; tile += 8) masked_float(counts[k], rows, outputs, 1 + rows % 9, tile);
      }
  const ptrdiff_t ranks[] = {1, 2, 3, 4, 5, 8, 9, 13, 33, BIDUAL_LARGEST_MOMENT_RANK};
  for (int k = 0; k < 10; k++)
    for (ptrdiff_t face = 0; face < ranks[k]; face += face < 4 ? 1 : 7) {
      for (ptrdiff_t convex = 0; convex <= 24; convex += 8)
        for (ptrdiff_t concave = 0; concave <= 24; concave += 8) moments(ranks[k], face, convex, concave);
      for (ptrdiff_t outputs = 1; outputs <= 6; outputs++)
        for (ptrdiff_t rows = 8; rows <= 24; rows += 8)
          for (int curved = 0; curved < 2; curved++) vectors(ranks[k], face, outputs, rows, curved);
    }
  for (ptrdiff_t d = 1; d < BIDUAL_LARGEST_MOMENT_RANK; d += d < 9 ? 1 : 9) duals(d);
  printf("no kernel left its arrays\n");
}
