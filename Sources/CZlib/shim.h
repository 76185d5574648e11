#pragma once
#include <zlib.h>

/* inflateInit2 is a macro, which Swift does not see; 16 asks for gzip's head and checksum. */
static inline int bidual_gunzip_begin(z_stream *stream) {
  return inflateInit2(stream, 16 + MAX_WBITS);
}

/* Less than nought stands for a stream without head and checksum. */
static inline int bidual_inflate_begin(z_stream *stream) {
  return inflateInit2(stream, -MAX_WBITS);
}
