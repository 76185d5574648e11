#define REAL double
#define MASKED_SUMS bidual_masked_sums_double
#define MASKED_WIDTHS(CASE) CASE(4) CASE(8) CASE(12) CASE(16) CASE(20) CASE(24)
#include "masked_sums.h"
