#define REAL float
#define MASKED_SUMS bidual_masked_sums_float
#define MASKED_WIDTHS(CASE) CASE(8) CASE(16) CASE(24) CASE(32)
#include "masked_sums.h"
