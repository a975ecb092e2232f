/* What GCC describes and LLVM for Wasm does not, for want of registers to describe it by. */
#include "shapes.h"

volatile int host;

/* After the call no register has the arguments. */
__attribute__((noinline, noclone)) int scale(int value, int by) {
  host = value * by;
  touch();
  host = 1;
  return host;
}

/* What is computed is never used: it is described by typed operations. */
__attribute__((noinline, noclone)) int share(int part, unsigned whole) {
  double ratio = part / 8.0;
  float rounded = (float)whole;
  long long wide = part + (1LL << 32);
  unsigned char narrow = (unsigned char)whole;
  touch();
  host = 2;
  return host;
}

static inline int norm(const struct point *place) {
  touch();
  return place->x * place->x + place->y * place->y;
}

int measure(const struct line *line, operation_t operation) {
  struct point here = {3, 4};
  int length = norm(&here);
  host = scale(42, -7) + length;
  host += scale(host, 6);
  host += share(-9, 300u);
  return operation((struct line *)line, (union number){.whole = 5}) + host;
}
