/* Another unit with the same types. */
#include "shapes.h"

void touch(void) { host = 0; }

static int first(struct line *line, union number number) {
  return line->from.x + (int)number.whole;
}

void _start(void) {
  struct line line = {{1, 2}, {3, 4}, "line", ANGRY, 0};
  host = measure(&line, first);
}
