// Exceptions thrown through frames with destructors and caught by type: what they cost where handlers are in their way.
// Half of the calls throw, so that what the frames cost without is in it as well.
#include <stdexcept>
#include <string>

static int alive;

struct Counted {
  int id;
  explicit Counted(int id) : id(id) { alive++; }
  ~Counted() { alive -= id >= 0; }
};

[[gnu::noinline]] static int descend(unsigned seed, int depth) {
  Counted here(depth);
  if (depth > 0) return descend(seed * 1103515245u + 12345u, depth - 1) + here.id;
  if (seed >> 16 & 1) throw std::runtime_error("odd");
  return seed & 0xff;
}

extern "C" [[gnu::used, gnu::export_name("run")]] unsigned run(int rounds) {
  unsigned sum = 0, seed = 1;
  for (int round = 0; round < rounds; round++) {
    seed = seed * 1103515245u + 12345u;
    try {
      sum += descend(seed, 5);
    } catch (const std::runtime_error &error) {
      sum = sum * 31 + error.what()[0] + alive;
    }
  }
  return sum;
}
