/* Sums of rows picked by bits, for one floating-point type; included by the file of each type, which
   defines REAL, MASKED_WIDTHS (the tile widths that are compiled) and the name of the kernel.

   The method of four Russians: all 256 sums of eight source rows go into a table once, and each byte of
   the bits then costs one table row instead of eight masked rows. Four tables are read at once, so that
   the sums are loaded and stored once for 32 source rows. Where the items are too few to pay for 256
   sums, a byte is read as two tables of 16. */
#pragma once
#include "CBidualKernels.h"
#include "clones.h"

#define INLINE static inline __attribute__((always_inline))

/* All 2^bits sums of `rows` <= bits source rows, padded with zeros to `tile` columns. */
INLINE void build_table(const REAL *restrict source, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t width,
                        const ptrdiff_t tile, int bits, REAL *restrict table) {
  for (ptrdiff_t k = 0; k < tile; k++) table[k] = 0;
  for (int b = 0; b < bits; b++) {
    const ptrdiff_t half = (ptrdiff_t)1 << b;
    REAL *restrict upper = table + half * tile;
    REAL line[64] = {0};
    if (b < rows)
      for (ptrdiff_t k = 0; k < width; k++) line[k] = source[b * stride + k];
    for (ptrdiff_t s = 0; s < half; s++)
      for (ptrdiff_t k = 0; k < tile; k++) upper[s * tile + k] = table[s * tile + k] + line[k];
  }
}

INLINE void add_byte(const REAL *restrict table, const uint8_t *restrict bytes, ptrdiff_t items,
                     const ptrdiff_t tile, REAL *restrict sums) {
  for (ptrdiff_t i = 0; i < items; i++) {
    const REAL *restrict a = table + (ptrdiff_t)bytes[i] * tile;
    for (ptrdiff_t k = 0; k < tile; k++) sums[i * tile + k] += a[k];
  }
}

INLINE void add_four_bytes(const REAL *restrict tables, const uint8_t *restrict bytes, ptrdiff_t byteStride,
                           ptrdiff_t items, const ptrdiff_t tile, REAL *restrict sums) {
  for (ptrdiff_t i = 0; i < items; i++) {
    const REAL *restrict a = tables + (ptrdiff_t)bytes[i] * tile;
    const REAL *restrict b = tables + (256 + (ptrdiff_t)bytes[i + byteStride]) * tile;
    const REAL *restrict c = tables + (512 + (ptrdiff_t)bytes[i + 2 * byteStride]) * tile;
    const REAL *restrict d = tables + (768 + (ptrdiff_t)bytes[i + 3 * byteStride]) * tile;
    REAL *restrict sum = sums + i * tile;
    for (ptrdiff_t k = 0; k < tile; k++) sum[k] += (a[k] + b[k]) + (c[k] + d[k]);
  }
}

INLINE void add_two_nibbles(const REAL *restrict tables, const uint8_t *restrict bytes, ptrdiff_t items,
                            const ptrdiff_t tile, REAL *restrict sums) {
  for (ptrdiff_t i = 0; i < items; i++) {
    const REAL *restrict a = tables + (ptrdiff_t)(bytes[i] & 15) * tile;
    const REAL *restrict b = tables + (16 + (ptrdiff_t)(bytes[i] >> 4)) * tile;
    for (ptrdiff_t k = 0; k < tile; k++) sums[i * tile + k] += a[k] + b[k];
  }
}

INLINE ptrdiff_t least(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }

INLINE void masked_sums(ptrdiff_t items, ptrdiff_t sourceRows, const uint8_t *restrict bytes,
                        ptrdiff_t byteStride, const REAL *restrict source, ptrdiff_t stride, ptrdiff_t width,
                        const ptrdiff_t tile, REAL *restrict tables, REAL *restrict sums) {
  ptrdiff_t row = 0;
  if (items < 192) {
    for (; row < sourceRows; row += 8) {
      const REAL *restrict rows = source + row * stride;
      build_table(rows, stride, least(4, sourceRows - row), width, tile, 4, tables);
      build_table(rows + 4 * stride, stride, least(4, sourceRows - row - 4), width, tile, 4,
                  tables + 16 * tile);
      add_two_nibbles(tables, bytes + row / 8 * byteStride, items, tile, sums);
    }
    return;
  }
  for (; row + 24 < sourceRows; row += 32) {
    for (ptrdiff_t t = 0; t < 4; t++)
      build_table(source + (row + 8 * t) * stride, stride, least(8, sourceRows - row - 8 * t), width, tile, 8,
                  tables + 256 * t * tile);
    add_four_bytes(tables, bytes + row / 8 * byteStride, byteStride, items, tile, sums);
  }
  for (; row < sourceRows; row += 8) {
    build_table(source + row * stride, stride, least(8, sourceRows - row), width, tile, 8, tables);
    add_byte(tables, bytes + row / 8 * byteStride, items, tile, sums);
  }
}

#define MASKED_CASE(TILE)                                                                                       \
  case TILE:                                                                                                    \
    masked_sums(items, sourceRows, bytes, byteStride, source, sourceStride, width, TILE, tables, sums);        \
    break;

BIDUAL_CLONES
void MASKED_SUMS(ptrdiff_t items, ptrdiff_t sourceRows, const uint8_t *restrict bytes, ptrdiff_t byteStride,
                 const REAL *restrict source, ptrdiff_t sourceStride, ptrdiff_t width, ptrdiff_t tile,
                 REAL *restrict tables, REAL *restrict sums) {
  switch (tile) { MASKED_WIDTHS(MASKED_CASE) }
}
