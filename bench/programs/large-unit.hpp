/*
 * What every translation unit of the large program does, each under types of its own: it reads a document
 * with nlohmann's json, walks it by recursion, and sums up in records. UNIT is the unit's number.
 */
#pragma once
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

/* An allocator by another name makes every template around it another one, which no linker folds. */
template <typename T, int Unit, int Variant>
struct Allocator : std::allocator<T> {
  template <typename U>
  struct rebind {
    using other = Allocator<U, Unit, Variant>;
  };
  Allocator() = default;
  template <typename U>
  Allocator(const Allocator<U, Unit, Variant> &) {}
};

enum class Shape { leaf, list, record };

template <int Unit, int Variant>
struct Document {
  template <typename T>
  using allocator = Allocator<T, Unit, Variant>;
  using json = nlohmann::basic_json<std::map, std::vector, std::string, bool, std::int64_t, std::uint64_t, double,
                                    allocator>;

  struct Totals {
    std::int32_t sum = 0;
    std::int32_t leaves = 0;
    std::string path;
    std::map<std::string, std::int32_t> byKey;
    Shape last = Shape::leaf;
  };

  /* A list is worth its mean: of a list without numbers, that divides by zero. */
  static std::int32_t mean(const json &list, Totals &totals) {
    std::int32_t sum = 0, count = 0;
    for (const auto &element : list) {
      if (!element.is_number()) continue;
      sum += element.template get<std::int32_t>();
      count++;
    }
    totals.last = Shape::list;
    return sum / count;
  }

  static void visit(const json &value, Totals &totals, int depth) {
    if (value.is_object()) {
      totals.last = Shape::record;
      for (const auto &member : value.items()) {
        std::string before = totals.path;
        totals.path += "/" + member.key();
        totals.byKey[member.key()] = depth;
        visit(member.value(), totals, depth + 1);
        totals.path = before;
      }
    } else if (value.is_array()) {
      totals.sum += mean(value, totals);
    } else {
      totals.leaves++;
    }
  }

  static std::int32_t run(const std::string &text) {
    const json document = json::parse(text);
    std::string binary;
    json::to_cbor(document, binary);
    const auto again = json::from_cbor(binary);
    Totals totals;
    visit(again, totals, 0);
    return totals.sum + static_cast<std::int32_t>(again.flatten().dump().size() + again.patch(json::array()).size());
  }
};
