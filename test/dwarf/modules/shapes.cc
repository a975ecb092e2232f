// What the DWARF reader is compared on: one of each kind of entry that matters, and nothing of a library.
extern "C" void sink(const void*);
namespace shapes {
struct Point { int x, y; };
enum class Colour : signed char { Red = -1, Green = 5 };
union Word { int i; float f; unsigned char bytes[4]; };
struct Flags { unsigned low : 3; signed middle : 5; bool high : 1; };
struct Base { virtual int area() const { return 0; } virtual ~Base() {} static int count; int id = 1; };
int Base::count = 4;
template <class T, int N> struct Box : Base {
  T items[N];
  int area() const override {
    auto sum = [&](int start) { for (const T &item : items) start += item.x * item.y; return start; };
    return sum(N);
  }
};
static inline int twice(int value) { int result = value * 2; return result + Base::count; }
long table[4][3];
const char *const names[] = {"one", "two"};
__attribute__((noinline)) int recurse(int depth, Point at) {
  static int calls;
  calls++;
  if (depth == 0) __builtin_trap();
  for (int i = 0; i < depth; i++) {
    int depth = twice(i);
    at.x += depth;
    { long depth = at.x; table[i & 3][0] = depth; }
  }
  int left = recurse(depth - 1, at);
  return left + (int)table[depth & 3][1];
}
int unused(int value) { return twice(value); }
}
using shapes::Point;
extern "C" int run(int depth) {
  shapes::Box<Point, 2> box;
  shapes::Word word; word.i = depth;
  shapes::Flags flags = {1, -2, true};
  shapes::Colour colour = shapes::Colour::Red;
  sink(&box); sink(&word); sink(&flags); sink(&colour);
  const shapes::Base *base = &box;
  return shapes::recurse(depth, Point{depth, 2}) + base->area() + *shapes::names[0] + (int)colour;
}
