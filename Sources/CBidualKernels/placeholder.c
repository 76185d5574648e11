#include "CBidualKernels.h"
