/* Reads a text in JSON into maps, lists and texts of the library, and writes it again. */
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

struct Value {
  virtual ~Value() = default;
  virtual void write(std::string &out) const = 0;
};
using Owned = std::unique_ptr<Value>;

struct Number final : Value {
  double value;
  explicit Number(double given) : value(given) {}
  void write(std::string &out) const override { out += std::to_string(static_cast<long long>(value)); }
};
struct Text final : Value {
  std::string value;
  void write(std::string &out) const override { out += '"' + value + '"'; }
};
struct List final : Value {
  std::vector<Owned> items;
  void write(std::string &out) const override {
    out += '[';
    for (const auto &item : items) item->write(out), out += ',';
    out += ']';
  }
};
struct Map final : Value {
  std::map<std::string, Owned> members;
  void write(std::string &out) const override {
    out += '{';
    for (const auto &[name, value] : members) out += '"' + name + "\":", value->write(out), out += ',';
    out += '}';
  }
};

class Reader {
  const std::string &text;
  std::size_t at = 0;

  char skip() {
    while (text[at] == ' ' || text[at] == ',' || text[at] == ':') at++;
    return text[at];
  }
  std::string quoted() {
    std::size_t start = ++at;
    while (text[at] != '"') at++;
    return text.substr(start, at++ - start);
  }

public:
  explicit Reader(const std::string &given) : text(given) {}
  Owned read() {
    switch (skip()) {
      case '"': {
        auto value = std::make_unique<Text>();
        value->value = quoted();
        return value;
      }
      case '[': {
        auto value = std::make_unique<List>();
        for (at++; skip() != ']';) value->items.push_back(read());
        at++;
        return value;
      }
      case '{': {
        auto value = std::make_unique<Map>();
        for (at++; skip() != '}';) {
          std::string name = quoted();
          value->members[name] = read();
        }
        at++;
        return value;
      }
      default: {
        double number = 0;
        while (text[at] >= '0' && text[at] <= '9') number = number * 10 + (text[at++] - '0');
        return std::make_unique<Number>(number);
      }
    }
  }
};

extern "C" __attribute__((export_name("run"))) unsigned run(unsigned rounds) {
  std::string text = "{\"items\": [";
  for (int i = 0; i < 400; i++)
    text += "{\"id\": " + std::to_string(i * 7919 % 1000) + ", \"name\": \"thing number " + std::to_string(i) +
            "\", \"tags\": [\"a\", \"b\", 3], \"inner\": {\"x\": 1, \"y\": [2, 3, {\"z\": 4}]}},";
  text += "]}";
  unsigned sum = 0;
  while (rounds--) {
    std::string out;
    Reader(text).read()->write(out);
    for (char byte : out) sum = sum * 31 + static_cast<unsigned char>(byte);
  }
  return sum;
}
