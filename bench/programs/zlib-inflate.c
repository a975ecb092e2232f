/*
 * Deflates a text at every level, inflates what came of it piece by piece through callbacks of the program's own, and
 * ends in a trap on the way.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

struct cursor {
  const unsigned char *bytes;
  unsigned at, length, piece;
};

static unsigned char text[20000], packed[24000], window[32768], plain[20000];

static unsigned write_text(unsigned seed) {
  static const char *const words[] = {"frame", "local", "memory", "stack", "a", "the", "pointer", "recovered"};
  unsigned at = 0;
  while (at < sizeof text - 16) {
    seed = seed * 1103515245u + 12345u;
    at += (unsigned)sprintf((char *)text + at, "%s ", words[seed >> 16 & 7]);
  }
  return at;
}

static unsigned deflated(unsigned length, int level, int strategy) {
  z_stream stream = {0};
  if (deflateInit2(&stream, level, Z_DEFLATED, -15, 8, strategy) != Z_OK) abort();
  stream.next_in = text;
  stream.avail_in = length;
  stream.next_out = packed;
  stream.avail_out = sizeof packed;
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) abort();
  deflateEnd(&stream);
  return (unsigned)stream.total_out;
}

static unsigned piece_of(void *from, z_const unsigned char **bytes) {
  struct cursor *cursor = from;
  unsigned left = cursor->length - cursor->at;
  unsigned count = left < cursor->piece ? left : cursor->piece;
  *bytes = (unsigned char *)cursor->bytes + cursor->at;
  cursor->at += count;
  return count;
}

static int take(void *into, unsigned char *bytes, unsigned count) {
  struct cursor *cursor = into;
  memcpy(plain + cursor->at, bytes, count);
  cursor->at += count;
  return crc32(0, bytes, count) == 0;
}

static unsigned inflated(unsigned length) {
  z_stream stream = {0};
  struct cursor from = {packed, 0, length, 1000}, into = {plain, 0, sizeof plain, 0};
  if (inflateBackInit(&stream, 15, window) != Z_OK) abort();
  if (inflateBack(&stream, piece_of, &from, take, &into) != Z_STREAM_END) abort();
  inflateBackEnd(&stream);
  return into.at;
}

int main(void) {
  unsigned checksum = 0;
  for (int level = 1; level <= 9; level += 2) {
    unsigned length = write_text((unsigned)level);
    unsigned count = inflated(deflated(length, level, level % 3 == 0 ? Z_FIXED : Z_DEFAULT_STRATEGY));
    if (count != length || memcmp(text, plain, count) != 0) abort();
    uLongf size = sizeof plain;
    if (uncompress(plain, &size, packed, 8) == Z_OK) abort();
    checksum = (unsigned)adler32(checksum, plain, count);
  }
  printf("%x\n", checksum);
  __builtin_trap();
}
