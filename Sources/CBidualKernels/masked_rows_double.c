#define REAL double
#define MASKED_SPREAD bidual_masked_spread_double
#define MASKED_DOTS bidual_masked_dots_double
#include "masked_rows.h"
