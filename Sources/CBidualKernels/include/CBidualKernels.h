/* The hot kernels of Bidual. Each has a naive twin in the tests; the processor's instruction set is
   chosen when the program is loaded, without compiler flags. */
#pragma once
#include <stddef.h>
#include <stdint.h>

/* Sums of one simplicial cone of the branch-and-bound polar.

   A cone has `rank` generators and `rows` mixed rows; dots[k * rows + i] is row i at generator k and
   v[i] its dual weight. With sign_i = [sum_k dots[k * rows + i] > 0] it adds to sums[k]
     v_i * max(dot, 0)            for v_i > 0   (the chord of a convex kink), and
     sign_i * v_i * dot           for v_i < 0   (one of the lines above a concave kink),
   and returns sum_i v_i * max(sum_k dots[k * rows + i], 0), the mixed rows' share of the objective
   at the sum of the generators. `center` is scratch for `rows` doubles and holds the rows there. */
double bidual_cone_sums(ptrdiff_t rows, ptrdiff_t rank, const double *dots, const double *v, double *center,
                        double *sums);

/* The rows at a point between two generators: middle[i] = firstShare * first[i] + secondShare * second[i]. */
void bidual_cone_midpoint(ptrdiff_t rows, const double *first, const double *second, double firstShare,
                          double secondShare,
                          double *middle);

/* Builds the mixed rows of a child cone, whose generator `replaced` is the midpoint `middle`.

   Rows with one sign on all generators leave the list: the positive ones are added to `linear`
   (v_i * x_i, x_i = the row `index[i]` of `design`, `rank` numbers each), the others vanish.
   flags is scratch for `rows` bytes. The child's arrays are packed: childDots has the returned
   number of rows as its stride. They may not overlap the parent's. */
ptrdiff_t bidual_cone_child(ptrdiff_t rows, ptrdiff_t rank, const double *dots, const double *v,
                            const int32_t *index, const double *middle, ptrdiff_t replaced,
                            const double *design, uint8_t *flags, double *linear, double *childDots,
                            double *childV, int32_t *childIndex);

/* Sums of source rows picked by bits: for every item i and column k < width

     sums[i * tile + k] += sum of source[s * sourceStride + k] over rows s whose bit of item i is set.

   Bit s of item i is bit s mod 8 of bytes[(s / 8) * byteStride + i]; bits at sourceRows and beyond must be
   zero. `tile` >= width is one of 4, 8, 12, 16, 20, 24 for doubles and 8, 16, 24, 32 for floats; columns
   from width on are left as they are. `tables` is scratch for 1024 * tile numbers. An item's result does
   not depend on the items beside it, as long as all counts of items are below 192 or all are not. */
void bidual_masked_sums_double(ptrdiff_t items, ptrdiff_t sourceRows, const uint8_t *bytes,
                               ptrdiff_t byteStride, const double *source, ptrdiff_t sourceStride,
                               ptrdiff_t width, ptrdiff_t tile, double *tables, double *sums);
void bidual_masked_sums_float(ptrdiff_t items, ptrdiff_t sourceRows, const uint8_t *bytes, ptrdiff_t byteStride,
                              const float *source, ptrdiff_t sourceStride, ptrdiff_t width, ptrdiff_t tile,
                              float *tables, float *sums);

/* `width` columns from `first` of the row-wise outer products x_i r_i^T (features x outputs, row-major):
   source[i * width + q] = design[i, (first + q) / outputs] * residual[i, (first + q) % outputs]. */
void bidual_masked_spread_double(ptrdiff_t rows, ptrdiff_t outputs, const double *design, ptrdiff_t features,
                                 const double *residual, ptrdiff_t first, ptrdiff_t width, double *source);
void bidual_masked_spread_float(ptrdiff_t rows, ptrdiff_t outputs, const float *design, ptrdiff_t features,
                                const float *residual, ptrdiff_t first, ptrdiff_t width, float *source);

/* The row products that end a masked forward map:
   fitted[i, (first + q) % outputs] += sums[i * tile + q] * design[i, (first + q) / outputs], q < width. */
void bidual_masked_dots_double(ptrdiff_t rows, ptrdiff_t outputs, const double *design, ptrdiff_t features,
                               const double *sums, ptrdiff_t first, ptrdiff_t width, ptrdiff_t tile,
                               double *fitted);
void bidual_masked_dots_float(ptrdiff_t rows, ptrdiff_t outputs, const float *design, ptrdiff_t features,
                              const float *sums, ptrdiff_t first, ptrdiff_t width, ptrdiff_t tile,
                              float *fitted);

/* The predictions of a ReLU layer: predictions[i] = sum_j output[j] * max(heights[i * width + j], 0). */
void bidual_relu_outputs_double(ptrdiff_t rows, ptrdiff_t width, const double *heights, const double *output,
                                double *predictions);
void bidual_relu_outputs_float(ptrdiff_t rows, ptrdiff_t width, const float *heights, const float *output,
                               float *predictions);

/* The adjoint of `bidual_relu_outputs`, with slopes[i] the derivative of a loss by prediction i: adds
   sum_i slopes[i] * max(heights[i * width + j], 0) to outputGradient[j], and overwrites each height by the
   derivative by it, slopes[i] * output[j] where it is positive and 0 elsewhere. */
void bidual_relu_adjoint_double(ptrdiff_t rows, ptrdiff_t width, double *heights, const double *output,
                                const double *slopes, double *outputGradient);
void bidual_relu_adjoint_float(ptrdiff_t rows, ptrdiff_t width, float *heights, const float *output,
                               const float *slopes, float *outputGradient);

/* The two for a ReLU whose kink is rounded off: with k = kinks[j] > 0, slopes[j] = 1/(2k), and the share
   c = (h + k)/(2k), cut off at 0 and 1, it is c * (h + k - k * c) with derivative c: the ReLU outside
   (-k, k), and at most k/4 above it. */
void bidual_smooth_relu_outputs_double(ptrdiff_t rows, ptrdiff_t width, const double *heights,
                                       const double *output, const double *kinks, const double *slopes,
                                       double *predictions);
void bidual_smooth_relu_outputs_float(ptrdiff_t rows, ptrdiff_t width, const float *heights,
                                      const float *output, const float *kinks, const float *slopes,
                                      float *predictions);
void bidual_smooth_relu_adjoint_double(ptrdiff_t rows, ptrdiff_t width, double *heights, const double *output,
                                       const double *kinks, const double *slopes, const double *weights,
                                       double *outputGradient);
void bidual_smooth_relu_adjoint_float(ptrdiff_t rows, ptrdiff_t width, float *heights, const float *output,
                                      const float *kinks, const float *slopes, const float *weights,
                                      float *outputGradient);

/* One step of Adam in `count` weights: with g = gradient[k],
     first[k]  += firstShare * (g - first[k]),    second[k] += secondShare * (g * g - second[k]),
     values[k] -= rate * first[k] / (sqrt(secondScale * second[k]) + epsilon). */
void bidual_adam_step(ptrdiff_t count, double firstShare, double secondShare, double rate, double secondScale,
                      double epsilon, const double *gradient, double *first, double *second, double *values);

/* The largest rank of the box kernels below. */
#define BIDUAL_LARGEST_MOMENT_RANK 64

/* Sums of one box of the polar by quadratic moments: sum_i p_i |t_i| is replaced by a quadratic above it.

   A block holds the rows x_i column by column, column a at block + a * stride, and the weights p behind the last
   of the `rank` columns: first `convex` rows with p >= 0, then `concave` rows with p <= 0, both multiples
   of 8 (rows of zeros with p = 0 fill up). The box is {1 at the face, center_j + half_j * e_j on the d = rank - 1 other
   axes, |e_j| <= 1}; a row takes t_i = C_i + sum_j x_ij half_j e_j there, |t_i - C_i| <= R_i.

   Writes to sums, d + d + d * d + 3 numbers: the constant of the quadratic in e; the value at the center
   sum_i p_i |C_i|; the number of rows with |C_i| < R_i; its d slopes; the d shares of the axes in
   what the concave rows lose; its d x d Hessian. `scratch` holds 3 + convex + concave * (d + 3) + 8 * (d + 1) doubles. */
void bidual_moment_sums(ptrdiff_t rank, ptrdiff_t face, ptrdiff_t convex, ptrdiff_t concave,
                        const double *block, ptrdiff_t stride, const double *center, const double *half,
                        double *scratch, double *sums);

/* Finds the rows that change sign on a box, |C_i| < R_i and p_i != 0, and writes their indices, the convex first;
   returns how many there are, and in keptConvex how many of them are convex. The others are linear on the box:
   sum_i p_i sign(C_i) x_i is added to `linear`, rank numbers. `index` holds convex + concave + 8 numbers. */
ptrdiff_t bidual_moment_fold(ptrdiff_t rank, ptrdiff_t face, ptrdiff_t convex, ptrdiff_t concave,
                             const double *block, ptrdiff_t stride, const double *center, const double *half,
                             int32_t *index, double *linear, ptrdiff_t *keptConvex);

/* Packs the rows found into a block of their own, whose stride is the number of its rows: both counts rounded up to
   multiples of 8. */
void bidual_moment_gather(ptrdiff_t rank, const double *block, ptrdiff_t stride, ptrdiff_t kept,
                          ptrdiff_t keptConvex, const int32_t *index, double *child);

/* The same boxes for weights with several outputs: sum_i q_i |t_i| with vectors q_i.

   A block holds `rows` rows, a multiple of 8, column by column: `rank` columns x, one column that `bidual_vector_split`
   writes, and `outputs` columns q. `lines` holds 7 * rows doubles. Rows of zeros with q = 0 fill up.

   Replaces each |t_i| by what is closest to it on the box, a line or, if `curved`, a parabola:
   |t_i| = middle_i + slope_i (t_i - C_i) + alpha_i (t_i - C_i)^2 + e_i with |e_i| <= reach_i, 0 for rows that keep their sign.
   Writes to sums, outputs * (2 + d + d * d) numbers: sum_i q_i |C_i|; sum_i q_i middle_i; the outputs x d matrix of the slopes
   sum_i q_i slope_i x_ij half_j; and for each output the d x d matrix sum_i q_i alpha_i x_ij half_j x_il half_l, of which only
   the lower triangle is meant. */
void bidual_vector_lines(ptrdiff_t rank, ptrdiff_t face, ptrdiff_t outputs, ptrdiff_t rows, ptrdiff_t curved,
                         const double *block, const double *center, const double *half, double *lines,
                         double *sums);

/* Splits the rows of the box that `lines` was written for along a unit vector g: p_i = g.q_i becomes the column `rank` of the
   block. Finds the rows that change sign with p_i > 0 (`convex` of them), then those with p_i < 0, writes their indices (rows + 8
   numbers) and returns how many there are. Writes to sums, 2 + outputs + 2 * d numbers: of the rows that keep their sign,
   sum_i p_i |C_i|; sum_i |p_i| reach_i; for each output sum_i |q_i - p_i g| reach_i; of the rows that keep their sign, the slopes
   sum_i p_i sign(C_i) x_ij half_j; and the axes' shares in what is lost across g. */
ptrdiff_t bidual_vector_split(ptrdiff_t rank, ptrdiff_t face, ptrdiff_t outputs, ptrdiff_t rows, double *block,
                              const double *half, const double *direction, double *lines, int32_t *index,
                              ptrdiff_t *convex, double *sums);

/* Writes the indices (rows + 8 numbers) of the rows that change sign on a box and returns how many there are; of the others,
   sum_i q_i sign(C_i) x_i is added to `linear`, outputs x rank. `scratch` holds `rows` doubles. */
ptrdiff_t bidual_vector_fold(ptrdiff_t rank, ptrdiff_t face, ptrdiff_t outputs, ptrdiff_t rows,
                             const double *block, const double *center, const double *half, double *scratch,
                             int32_t *index, double *linear);

/* Doubles of scratch for the two functions below, to be aligned to 64 bytes. */
ptrdiff_t bidual_box_dual_scratch(ptrdiff_t d);

/* Searches weights D > 0 for which the bound below of max{c + g.x + x.Hx/2 : |x_j| <= 1} is small.

   Eight problems at once, one a lane: number k of g (d numbers), H (d * d), D and c stands at 8 * k + lane. Damped Newton steps
   with a barrier, which starts at `barrier` > 0; at most `steps` steps, fewer where the bound is below zero or near the value at a point of the box. Nothing is promised of D. */
void bidual_box_dual(ptrdiff_t d, const double *H, const double *g, const double *c, double barrier,
                     ptrdiff_t steps, double *D, double *scratch);

/* Upper bounds of max{c + g.x + x.Hx/2 : |x_j| <= 1} in real arithmetic, by the dual point D; infinite where
   diag(D) - H isn't shown to be positive semidefinite. H is symmetric, bit by bit.

   shares, laid out like D, becomes D_j min(1, x_j^2) at the x = (diag(D) - H)^-1 g of the bound: what the axis j costs, free
   of the barrier's own weight in D. */
void bidual_box_bound(ptrdiff_t d, const double *H, const double *g, const double *c, const double *D,
                      double *bounds, double *shares, double *scratch);
