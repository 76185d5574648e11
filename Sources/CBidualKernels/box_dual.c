#include "CBidualKernels.h"
#include "clones.h"
#include "lanes.h"

/* Eight problems max{c + g.x + x.Hx/2 : |x_j| <= 1} at once, one a lane: number k of a vector or matrix stands
   at 8 k + lane. All arithmetic is by lanes, so that a problem's answer does not depend on its neighbours. */

#define SMALLEST 0x1p-900
/* The largest barrier to start from, as a share of what the quadratic can gain along an axis. */
#define BARRIER_SHARE 0.1

/* Lower Cholesky factor of diag(D) - H below the diagonal of L and the diagonal's inverse; the lanes that have one.
   Where a pivot is not above `share` of its parts, 1 stands in for it. */
INLINE void factor(ptrdiff_t d, const double *H, const double *D, double share, lanes *restrict L,
                   lanes *restrict inverse, lane_mask *found) {
#pragma clang fp contract(fast)
  lane_mask ok = SPLAT(0) == 0;
  for (ptrdiff_t j = 0; j < d; j++) {
    lanes given = LOAD(D + 8 * j), own = LOAD(H + 8 * (j * d + j));
    lanes pivot = given - own;
    for (ptrdiff_t k = 0; k < j; k++) pivot -= L[j * d + k] * L[j * d + k];
    lane_mask positive = pivot > share * (ABSOLUTE(given) + ABSOLUTE(own)) + SMALLEST;
    ok &= positive;
    inverse[j] = 1 / ROOT(PICK(positive, pivot, SPLAT(1)));
    for (ptrdiff_t i = j + 1; i < d; i++) {
      lanes t = -LOAD(H + 8 * (i * d + j));
      for (ptrdiff_t k = 0; k < j; k++) t -= L[i * d + k] * L[j * d + k];
      L[i * d + j] = t * inverse[j];
    }
  }
  *found = ok;
}

/* x with L L' x = b; b and x may be the same. */
INLINE void solve(ptrdiff_t d, const lanes *L, const lanes *inverse, const lanes *b, lanes *x) {
#pragma clang fp contract(fast)
  for (ptrdiff_t i = 0; i < d; i++) {
    lanes t = b[i];
    for (ptrdiff_t k = 0; k < i; k++) t -= L[i * d + k] * x[k];
    x[i] = t * inverse[i];
  }
  for (ptrdiff_t i = d - 1; i >= 0; i--) {
    lanes t = x[i];
    for (ptrdiff_t k = i + 1; k < d; k++) t -= L[k * d + i] * x[k];
    x[i] = t * inverse[i];
  }
}

/* The lower triangle of (L L')^-1; W is scratch for d * d lanes. */
INLINE void invert(ptrdiff_t d, const lanes *L, const lanes *inverse, lanes *restrict W, lanes *restrict M) {
#pragma clang fp contract(fast)
  for (ptrdiff_t j = 0; j < d; j++) {
    W[j * d + j] = inverse[j];
    for (ptrdiff_t i = j + 1; i < d; i++) {
      lanes t = SPLAT(0);
      for (ptrdiff_t k = j; k < i; k++) t += L[i * d + k] * W[k * d + j];
      W[i * d + j] = -t * inverse[i];
    }
  }
  for (ptrdiff_t i = 0; i < d; i++)
    for (ptrdiff_t j = 0; j <= i; j++) {
      lanes t = SPLAT(0);
      for (ptrdiff_t k = i; k < d; k++) t += W[k * d + i] * W[k * d + j];
      M[i * d + j] = t;
    }
}

ptrdiff_t bidual_box_dual_scratch(ptrdiff_t d) { return 8 * (4 * d * d + 10 * d + 8); }

BIDUAL_CLONES
void bidual_box_dual(ptrdiff_t d, const double *restrict H, const double *restrict g,
                     const double *restrict c, double barrier, ptrdiff_t steps, double *restrict D,
                     double *restrict scratch) {
#pragma clang fp contract(fast)
  lanes *L = (lanes *)scratch, *W = L + d * d, *M = W + d * d, *A = M + d * d;
  lanes *inverse = A + d * d, *x = inverse + d, *move = x + d, *trial = move + d, *next = trial + d;
  lanes *image = next + d, *from = image + d, *best = from + d, *along = best + d;
  const lanes constant = LOAD(c), zero = SPLAT(0), one = SPLAT(1);
  lanes mu = SPLAT(barrier), least = SPLAT(INFINITY), size = ABSOLUTE(constant), length = one;
  lane_mask active = zero == 0, moved = zero != 0;
  /* A start for which diag(D) - H is diagonally dominant. A barrier much larger than what the quadratic can gain would
     take all steps to come down from: small boxes at a maximum would never be bounded by less than their parents. */
  lanes range = zero;
  for (ptrdiff_t j = 0; j < d; j++) {
    lanes row = LOAD(H + 8 * (j * d + j));
    for (ptrdiff_t l = 0; l < d; l++)
      if (l != j) row += ABSOLUTE(LOAD(H + 8 * (j * d + l)));
    next[j] = PICK(row > 0, row, zero) + ABSOLUTE(LOAD(g + 8 * j));
    range += next[j];
  }
  range = BARRIER_SHARE * range / (double)d + SMALLEST;
  mu = PICK(range < mu, range, mu);
  for (ptrdiff_t j = 0; j < d; j++) {
    next[j] += mu;
    best[j] = from[j] = next[j];
    move[j] = zero;
    size += next[j];
  }
  for (ptrdiff_t step = 0; step < steps && ANY(active); step++) {
    lane_mask ok;
    factor(d, H, (const double *)next, 1e-13, L, inverse, &ok);
    /* Where the step was too long it is halved; a start that fails is doubled. */
    lane_mask failed = active & ~ok;
    lane_mask fresh = active & ok;
    for (ptrdiff_t j = 0; j < d; j++) along[j] = LOAD(g + 8 * j);
    solve(d, L, inverse, along, x);
    lanes value = zero;
    for (ptrdiff_t j = 0; j < d; j++) value += next[j] + along[j] * x[j];
    value = constant + 0.5 * value;
    lane_mask better = fresh & (value < least);
    least = PICK(better, value, least);
    for (ptrdiff_t j = 0; j < d; j++) {
      best[j] = PICK(better, next[j], best[j]);
      from[j] = PICK(fresh, next[j], from[j]);
    }
    active &= ~(fresh & (least <= -1e-13 * size));
    /* A point of the box: x cut off and swept once, coordinate by coordinate. Is the bound near its value? */
    if (step > 0 && ANY(fresh & active)) {
      lanes q = constant;
      for (ptrdiff_t j = 0; j < d; j++) {
        trial[j] = PICK(x[j] > 1, one, PICK(x[j] < -1, -one, x[j]));
      }
      for (ptrdiff_t j = 0; j < d; j++) {
        lanes t = zero;
        for (ptrdiff_t l = 0; l < d; l++) t += LOAD(H + 8 * (j * d + l)) * trial[l];
        image[j] = t;
      }
      for (ptrdiff_t j = 0; j < d; j++) {
        lanes own = LOAD(H + 8 * (j * d + j)), slope = along[j] + image[j] - own * trial[j];
        lanes peak = -slope / PICK(own < 0, own, -one);
        peak = PICK(peak > 1, one, PICK(peak < -1, -one, peak));
        peak = PICK(own < 0, peak, PICK(slope > 0, one, -one));
        lanes by = peak - trial[j];
        trial[j] = peak;
        for (ptrdiff_t l = 0; l < d; l++) image[l] += LOAD(H + 8 * (l * d + j)) * by;
      }
      for (ptrdiff_t j = 0; j < d; j++) q += trial[j] * (along[j] + 0.5 * image[j]);
      active &= ~(fresh & (q > 0) & (least - q < 0.4 * least));
    }
    fresh &= active;
    if (ANY(fresh)) {
      invert(d, L, inverse, W, M);
      for (ptrdiff_t j = 0; j < d; j++) {
        lanes own = next[j], diagonal = M[j * d + j];
        trial[j] = mu * (diagonal + 1 / own) - 0.5 * (1 - x[j] * x[j]);
        for (ptrdiff_t l = 0; l <= j; l++) A[j * d + l] = M[j * d + l] * (x[j] * x[l] + mu * M[j * d + l]);
        A[j * d + j] += mu / (own * own);
      }
      /* Cholesky of A in place. */
      lane_mask solvable = zero == 0;
      for (ptrdiff_t j = 0; j < d; j++) {
        lanes pivot = A[j * d + j];
        for (ptrdiff_t k = 0; k < j; k++) pivot -= A[j * d + k] * A[j * d + k];
        lane_mask positive = pivot > 0;
        solvable &= positive;
        inverse[j] = 1 / ROOT(PICK(positive, pivot, one));
        for (ptrdiff_t i = j + 1; i < d; i++) {
          lanes t = A[i * d + j];
          for (ptrdiff_t k = 0; k < j; k++) t -= A[i * d + k] * A[j * d + k];
          A[i * d + j] = t * inverse[j];
        }
      }
      solve(d, A, inverse, trial, along);
      lanes decrement = zero;
      for (ptrdiff_t j = 0; j < d; j++) decrement += trial[j] * along[j];
      active &= ~(fresh & ~(solvable & (decrement >= 0)));
      fresh &= active;
      decrement = ROOT(PICK(fresh, decrement / mu, zero));
      lanes damped = PICK(decrement > 0.7, 1.5 / (1 + decrement), one);
      damped = PICK(damped > 1, one, damped);
      length = PICK(fresh, damped, length);
      for (ptrdiff_t j = 0; j < d; j++) move[j] = PICK(fresh, along[j], move[j]);
      mu = PICK(fresh & (decrement < 0.9), 0.15 * mu, mu);
    }
    length = PICK(failed, 0.5 * length, length);
    lane_mask unstarted = failed & ~moved;
    moved |= fresh;
    for (ptrdiff_t j = 0; j < d; j++) {
      lanes to = from[j] + length * move[j];
      to = PICK(to > 0, to, 0.1 * from[j]);
      to = PICK(unstarted, 2 * next[j], to);
      next[j] = PICK(active, to, next[j]);
    }
  }
  for (ptrdiff_t j = 0; j < d; j++) STORE(D + 8 * j, best[j]);
}

BIDUAL_CLONES
void bidual_box_bound(ptrdiff_t d, const double *restrict H, const double *restrict g,
                      const double *restrict c, const double *restrict D, double *restrict bounds,
                      double *restrict shares, double *restrict scratch) {
#pragma clang fp contract(fast)
  lanes *L = (lanes *)scratch, *inverse = L + d * d, *x = inverse + d;
  lane_mask ok;
  factor(d, H, D, 0, L, inverse, &ok);
  for (ptrdiff_t j = 0; j < d; j++) x[j] = LOAD(g + 8 * j);
  solve(d, L, inverse, x, x);
  lanes sum = SPLAT(0), size = ABSOLUTE(LOAD(c)), excess = SPLAT(0), trace = SPLAT(0), reach = SPLAT(0);
  const double unit = (double)(d + 8) * 0x1p-52;
  for (ptrdiff_t j = 0; j < d; j++) {
    lanes given = LOAD(D + 8 * j), slope = LOAD(g + 8 * j), own = LOAD(H + 8 * (j * d + j));
    ok &= given > 0;
    lanes residual = slope - given * x[j], scale = ABSOLUTE(slope) + given * ABSOLUTE(x[j]);
    for (ptrdiff_t l = 0; l < d; l++) {
      lanes term = LOAD(H + 8 * (j * d + l)) * x[l];
      residual += term;
      scale += ABSOLUTE(term);
    }
    lanes far = 1 + ABSOLUTE(x[j]), spread = x[j] * x[j];
    STORE(shares + 8 * j, given * PICK(spread < 1, spread, SPLAT(1)));
    sum += given + x[j] * slope;
    excess += (ABSOLUTE(residual) + unit * scale) * far;
    size += given + ABSOLUTE(x[j] * slope);
    trace += given + ABSOLUTE(own);
    reach += far * far;
  }
  /* Guides/certificate.md, The boxes, derives each of these charges. */
  lanes bound = LOAD(c) + 0.5 * sum + 2 * excess + unit * (size + trace * reach) + SMALLEST;
  ok &= bound < INFINITY;
  STORE(bounds, PICK(ok, bound, SPLAT(INFINITY)));
}
