// Exceptions in every way that C++ has: thrown through frames with destructors, caught by type, by base and by all,
// thrown again, replaced, in loops, in constructors, out of callbacks; with frames of changing size around them. Ends
// in a trap.
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

static volatile unsigned seed = 12345;

static unsigned next() { return seed = seed * 1103515245u + 12345u; }

struct Counted {
  static inline int alive = 0;
  int id;
  explicit Counted(int id) : id(id) { alive++; }
  ~Counted() { alive -= id >= 0 ? 1 : 0; }
};

struct Refused : std::runtime_error {
  int code;
  Refused(const std::string &why, int code) : std::runtime_error(why), code(code) {}
};

[[gnu::noinline]] static int parse(const char *text, int depth) {
  Counted here(depth);
  int local[4] = {depth, depth * 2, text[0], here.id};
  if (depth == 0) {
    switch (next() >> 16 & 3) {
      case 0: throw Refused(text, local[2]);
      case 1: throw depth + local[3] + 7;
      case 2: throw std::out_of_range("far");
      default: return local[1] + 1;
    }
  }
  return parse(text + 1, depth - 1) + local[0];
}

[[gnu::noinline]] static int guarded(const char *text, int depth) {
  int before = depth * 3, caught = 0;
  try {
    Counted outer(depth);
    before += parse(text, depth);
  } catch (const Refused &refused) {
    caught = refused.code + before;
  } catch (const std::exception &other) {
    caught = static_cast<int>(std::string(other.what()).size()) + before;
  } catch (int code) {
    caught = code;
  }
  return caught + before;
}

[[gnu::noinline]] static int again(int depth) {
  std::vector<Counted> kept;
  for (int i = 0; i < depth; i++) {
    try {
      kept.emplace_back(-1 - i);
      try {
        kept.push_back(Counted(parse("nested", i)));
      } catch (int code) {
        if (code > 7) throw std::logic_error(std::to_string(code));
        kept.emplace_back(-code);
      }
    } catch (const std::logic_error &) {
      if (i + 1 == depth) throw;
      kept.clear();
    } catch (...) {
      kept.emplace_back(-i);
    }
  }
  return static_cast<int>(kept.size());
}

struct Whole {
  Counted first;
  std::unique_ptr<int> second;
  Whole(int start) try : first(start), second(std::make_unique<int>(parse("whole", start))) {
  } catch (...) {
    throw Refused("constructor", start);
  }
};

[[gnu::noinline]] static int each(const std::map<std::string, int> &named, const std::function<int(int)> &use) {
  int sum = 0;
  for (const auto &[name, value] : named) {
    char copy[32];
    std::snprintf(copy, sizeof copy, "%s=%d", name.c_str(), value);
    try {
      sum += use(value) + copy[0];
    } catch (const Refused &refused) {
      sum -= refused.code;
    }
  }
  return sum;
}

[[gnu::noinline]] static long round(int turn) {
  std::map<std::string, int> named{{"one", turn}, {"two", turn & 3}, {"three", turn * 2 & 3}};
  long sum = guarded("some text to look at", turn % 6);
  try {
    sum += again(turn % 4);
  } catch (const std::exception &failed) {
    sum += failed.what()[0];
  }
  sum += each(named, [&](int value) {
    Whole whole(value % 4);
    return *whole.second + turn;
  });
  return sum;
}

// Stands in a try block at even depths, in a handler at odd ones.
[[gnu::noinline]] static int last(int depth) {
  int kept[2] = {depth, depth * 5};
  if (depth == 0) __builtin_trap();
  try {
    Counted here(depth);
    if (depth % 2 == 0) return last(depth - 1) + kept[0];
    throw depth;
  } catch (int code) {
    return last(code - 1) + kept[1];
  }
}

int main() {
  long sum = 0;
  for (int turn = 0; turn < 40; turn++) sum += round(turn);
  std::printf("%ld %d\n", sum, Counted::alive);
  return last(6);
}
