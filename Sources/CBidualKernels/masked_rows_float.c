#define REAL float
#define MASKED_SPREAD bidual_masked_spread_float
#define MASKED_DOTS bidual_masked_dots_float
#include "masked_rows.h"
