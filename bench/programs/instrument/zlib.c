/* Packs and unpacks a text with zlib. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { SIZE = 1 << 18 };

__attribute__((export_name("run"))) unsigned run(unsigned rounds) {
  static unsigned char text[SIZE], packed[SIZE + SIZE / 8], again[SIZE];
  unsigned seed = 1, sum = 0;
  for (unsigned i = 0; i < SIZE; i++) {
    if (i % 61 == 0) seed = seed * 1103515245u + 12345u;
    text[i] = "abcdefgh ijklmno pqrst\n"[(seed >> (i % 16)) % 23];
  }
  while (rounds--) {
    uLongf length = sizeof packed, back = sizeof again;
    compress2(packed, &length, text, SIZE, 6);
    uncompress(again, &back, packed, length);
    sum = sum * 31 + crc32(0, again, back) + length;
    text[sum % SIZE]++;
  }
  return sum;
}
