// Expressions of C++ and what clang makes of them: each with its value and its type, a line each (build.sh).
#include <algorithm>
#include <array>
#include <cmath>
#include <compare>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>

// Plain functions and templates that say what they were given: the library's type names would need RTTI.
template <typename T> constexpr std::string_view name() {
  std::string_view all = __PRETTY_FUNCTION__;
  auto start = all.find("T = ") + 4;
  return all.substr(start, all.rfind(']') - start);
}
template <typename T> void show(const char *text, T value) {
  auto type = name<T>();
  printf("%s\t", text);
  if constexpr (requires { value < 0; value == 0; requires !(__is_arithmetic(T)); })
    printf("%s", value < 0 ? "less" : value > 0 ? "greater" : value == 0 ? "equal" : "unordered");
  else if constexpr (__is_same(T, float)) printf("%.9g", value);
  else if constexpr (__is_same(T, double)) printf("%.17g", value);
  else if constexpr (__is_same(T, bool)) printf("%s", value ? "true" : "false");
  else if constexpr (T(-1) < T(0)) printf("%lld", static_cast<long long>(value));
  else printf("%llu", static_cast<unsigned long long>(value));
  printf("\t%.*s\n", static_cast<int>(type.size()), type.data());
}
#define SHOW(...) show(#__VA_ARGS__, __VA_ARGS__);

int main() {
  SHOW(1'000'000) SHOW(0x1'0) SHOW(0b1'0'1) SHOW(1'000u) SHOW(5z) SHOW(5uz) SHOW(5.f) SHOW(1.) SHOW(0x1.8p1) SHOW(1'0.5e1)
  SHOW('a') SHOW('\xff') SHOW('ab') SHOW(u8'a') SHOW(u'\u00e9') SHOW(U'\U0001f980') SHOW(L'\u00e9')
  SHOW("abc"[1]) SHOW(R"(a\n)"[1]) SHOW(R"x(a)")x"[2]) SHOW(u8"\u00e9"[0]) SHOW(U"\u00e9"[0]) SHOW(uR"(\u)"[0])
  SHOW(sizeof(R"(a\n)")) SHOW(sizeof(L"\u00e9")) SHOW(sizeof("a" R"(b)" "c"))
  SHOW(int(2.9)) SHOW(double(3)) SHOW(unsigned(3)) SHOW(int{3}) SHOW(bool(2)) SHOW(char(65)) SHOW(float(1) / 3)
  SHOW(static_cast<short>(70000)) SHOW(static_cast<unsigned char>(-1)) SHOW(static_cast<long>(1.9))
  SHOW(not true) SHOW(true and false) SHOW(true or false) SHOW(6 bitand 3) SHOW(6 bitor 1) SHOW(6 xor 3) SHOW(compl 1)
  SHOW(1 not_eq 2) SHOW(not 1 == 0) SHOW(1 <=> 2) SHOW(2 <=> 2) SHOW(2.5 <=> 1.) SHOW((1 <=> 2) < 0) SHOW(1 < 2)
  SHOW(1 <=> 2 < 0) SHOW(alignof(double)) SHOW(alignof(int[3])) SHOW(alignof(long double)) SHOW(sizeof(int)) SHOW(1 == 1)
  SHOW(true + true) SHOW('a' + 1) SHOW(-7 / 2) SHOW(-7 % 2) SHOW(1u - 2) SHOW(true ? 1 : 2.5) SHOW(1 << 3 | 1)
  SHOW(std::numeric_limits<int>::max()) SHOW(std::numeric_limits<int>::min()) SHOW(std::numeric_limits<unsigned char>::max())
  SHOW(std::numeric_limits<long long>::lowest()) SHOW(std::numeric_limits<double>::epsilon()) SHOW(std::numeric_limits<double>::max())
  SHOW(std::numeric_limits<float>::min()) SHOW(std::numeric_limits<float>::lowest()) SHOW(std::numeric_limits<float>::infinity() > 1)
  SHOW(std::numeric_limits<bool>::max()) SHOW(std::numeric_limits<short>::min()) SHOW(std::numeric_limits<unsigned>::max() + 1)
  SHOW(std::max(1, 2)) SHOW(std::min(1, 2)) SHOW(std::max('a', 'b')) SHOW(std::min(2.5, 1.)) SHOW(std::clamp(5, 1, 3)) SHOW(std::clamp(0, 1, 3))
  SHOW(std::clamp(2, 1, 3)) SHOW(std::abs(-3)) SHOW(std::abs(-3.5)) SHOW(std::abs(-3L)) SHOW(std::move(5) + 1) SHOW((1, 2.5)) SHOW(int{7}) SHOW(bool{true})
  SHOW(u8'a' + 1) SHOW(u8'a' == 'a') SHOW(sizeof(u8"ab")) SHOW(true + 1) SHOW(!5) SHOW(static_cast<bool>(0.1)) SHOW(bool(0.)) SHOW(char8_t(65) < u8'B')
  return 0;
}
