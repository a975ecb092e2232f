/* A price list whose look-up trusts its caller: a null list traps where it is read past the end of memory. */
#include <emscripten/emscripten.h>

struct item {
  const char *name;
  int cents;
};

static const struct item list[] = {{"apple", 120}, {"pear", 80}, {"fig", 45}};

static int look_up(const struct item *items, int index) {
  const struct item *item = &items[index];
  return item->cents; /* crash here */
}

/* Called from JavaScript's event loop: no caller of it is left to catch anything. */
static void later(void *index) {
  look_up(list, (int)(long)index);
}

EMSCRIPTEN_KEEPALIVE int price(int index) {
  return look_up(list, index);
}

EMSCRIPTEN_KEEPALIVE void price_later(int index) {
  emscripten_async_call(later, (void *)(long)index, 1);
}
