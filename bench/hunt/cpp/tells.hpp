// What a generated program tells its host: with FULL, every variable as the JSON of truth.ts, in terms of the library's
// public functions alone. Included by what bench/hunt/cpp generates.
#pragma once
#include <array>
#include <bitset>
#include <complex>
#include <cstdio>
#include <deque>
#include <forward_list>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#define HOST(name) __attribute__((import_module("env"), import_name(#name)))
extern "C" {
HOST(told_json) void told_json(int, const char *, unsigned long);
HOST(begin) void begin(int);
HOST(end) void end(int);
HOST(sink) void sink(long long);
HOST(opaque) int opaque(int);
}

#ifdef FULL
using Text = std::string;

template <class T, template <class...> class Of> constexpr bool is = false;
template <class... Parts, template <class...> class Of> constexpr bool is<Of<Parts...>, Of> = true;
template <class T> constexpr bool is_bits = false;
template <size_t Count> constexpr bool is_bits<std::bitset<Count>> = true;
template <class T>
concept Record = requires(const T &value, Text &to) { value.tell_members(to); };
template <class T>
concept Map = requires { typename T::mapped_type; };
template <class T>
concept Pointer = std::is_pointer_v<T> || is<T, std::unique_ptr> || is<T, std::shared_ptr>;

template <class T> void tell(Text &to, const T &value);

// The parts one after another, each told by `one`.
template <class Range> void tell_all(Text &to, const Range &range, auto &&one) {
  to += "[";
  bool is_first = true;
  for (const auto &each : range) {
    if (!is_first) to += ",";
    is_first = false;
    one(each);
  }
  to += "]";
}

template <class T> void tell(Text &to, const T &value) {
  auto part = [&](const auto &each) { tell(to, each); };
  if constexpr (Record<T>) {
    value.tell_members(to);
  } else if constexpr (std::is_same_v<T, bool>) {
    to += value ? "{\"truth\":true" : "{\"truth\":false";
    to += "}";
  } else if constexpr (std::is_integral_v<T>) {
    to += "{\"integer\":\"" + std::to_string(value) + "\"}";
  } else if constexpr (std::is_floating_point_v<T>) {
    char digits[64];
    snprintf(digits, sizeof digits, "{\"float\":\"%.17g\"}", double(value));
    to += digits;
  } else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, std::string_view>) {
    to += "{\"text\":";
    tell_all(to, value, [&](char unit) { to += std::to_string((unsigned char)unit); });
    to += "}";
  } else if constexpr (is<T, std::complex>) {
    to += "{\"complex\":";
    tell_all(to, std::array{value.real(), value.imag()}, part);
    to += "}";
  } else if constexpr (is_bits<T>) {
    to += "{\"bits\":\"" + value.to_string() + "\"}";
  } else if constexpr (is<T, std::optional>) {
    to += value ? "{\"some\":" : "{\"none\":true";
    if (value) tell(to, *value);
    to += "}";
  } else if constexpr (is<T, std::variant>) {
    to += "{\"alternative\":";
    std::visit(part, value);
    to += "}";
  } else if constexpr (is<T, std::pair>) {
    to += "{\"members\":{\"first\":";
    tell(to, value.first);
    to += ",\"second\":";
    tell(to, value.second);
    to += "}}";
  } else if constexpr (is<T, std::tuple>) {
    to += "{\"fields\":[";
    auto separated = [&, is_first = true](const auto &each) mutable {
      if (!is_first) to += ",";
      is_first = false;
      tell(to, each);
    };
    std::apply([&](const auto &...each) { (separated(each), ...); }, value);
    to += "]}";
  } else if constexpr (Pointer<T>) {
    to += value ? "{\"pointee\":" : "{\"null\":true";
    if (value) {
      tell(to, *value);
      if constexpr (is<T, std::shared_ptr>) to += ",\"strong\":" + std::to_string(value.use_count());
    }
    to += "}";
  } else if constexpr (Map<T>) {
    to += "{\"pairs\":";
    tell_all(to, value, [&](const auto &pair) { tell_all(to, std::array{0, 1}, [&](int side) {
      if (side == 0) tell(to, pair.first);
      else tell(to, pair.second);
    }); });
    to += "}";
  } else {
    to += "{\"elements\":";
    if constexpr (std::is_same_v<T, std::vector<bool>>) tell_all(to, value, [&](bool each) { tell(to, each); });
    else tell_all(to, value, part);
    to += "}";
  }
}

template <class T> void told(int number, const T &value) {
  Text text;
  tell(text, value);
  told_json(number, text.data(), text.size());
}
#define TELLS(...) __VA_ARGS__
#define TELL(number, value) told(number, value)
#define BEGIN(function) begin(function)
#define END(function) end(function)
#else
#define TELLS(...)
#define TELL(number, value)
#define BEGIN(function)
#define END(function)
#endif
