// SPDX-License-Identifier: Apache-2.0
#include "harness/container/msgpack.h"

#include <bit>

#include "harness/container/byte_reader.h"

namespace reprise::msgpack {
namespace {

constexpr std::string_view what = "a value of its MessagePack";

class Reader {
 public:
  explicit Reader(Bytes message) : from_(message) {}
  std::uint32_t value(int depth);
  std::uint64_t left() const { return from_.left(); }
  std::vector<Value> values;

 private:
  // A number of 1, 2, 4 or 8 bytes, most significant first.
  std::uint64_t big_endian(unsigned bytes) {
    std::uint64_t number = 0;
    for (const std::byte byte : from_.take(bytes, what))
      number = number << 8 | static_cast<std::uint64_t>(byte);
    return number;
  }
  void fill(std::uint32_t made, unsigned char mark, int depth);
  bool fill_number(Value& value, unsigned char mark);
  bool fill_bytes(Value& value, unsigned char mark);
  void fill_items(std::uint32_t made, Kind kind, std::uint64_t count, int depth);
  ByteReader from_;
};

std::uint32_t Reader::value(int depth) {
  constexpr std::size_t most = 10'000'000;
  constexpr int deepest = 256;
  if (depth > deepest) broken("its values are nested deeper than {} levels", deepest);
  if (values.size() >= most) broken("it has more than {} values", most);
  const auto mark = from_.number<unsigned char>(what);
  const auto made = static_cast<std::uint32_t>(values.size());
  values.emplace_back();
  fill(made, mark, depth);
  return made;
}

void Reader::fill(std::uint32_t made, unsigned char mark, int depth) {
  if (mark >= 0x80 && mark < 0x90) return fill_items(made, Kind::map, mark & 0x0F, depth);
  if (mark >= 0x90 && mark < 0xA0) return fill_items(made, Kind::list, mark & 0x0F, depth);
  if (mark == 0xDC || mark == 0xDD)
    return fill_items(made, Kind::list, big_endian(mark == 0xDC ? 2 : 4), depth);
  if (mark == 0xDE || mark == 0xDF)
    return fill_items(made, Kind::map, big_endian(mark == 0xDE ? 2 : 4), depth);
  if (!fill_number(values[made], mark) && !fill_bytes(values[made], mark))
    broken("its MessagePack has the mark 0x{:02x} before byte {}", mark, from_.at());
}

bool Reader::fill_number(Value& value, unsigned char mark) {
  const auto set = [&](Kind kind, std::uint64_t bits) { return value.kind = kind, value.bits = bits, true; };
  if (mark < 0x80) return set(Kind::natural, mark);
  if (mark >= 0xE0) return set(Kind::whole, static_cast<std::uint64_t>(static_cast<std::int8_t>(mark)));
  if (mark == 0xC0) return true;
  if (mark == 0xC2 || mark == 0xC3) return set(Kind::truth, mark & 1u);
  if (mark == 0xCA) {
    const auto number = std::bit_cast<float>(static_cast<std::uint32_t>(big_endian(4)));
    return set(Kind::number, std::bit_cast<std::uint64_t>(static_cast<double>(number)));
  }
  if (mark == 0xCB) return set(Kind::number, big_endian(8));
  if (mark >= 0xCC && mark <= 0xCF) return set(Kind::natural, big_endian(1u << (mark - 0xCC)));
  if (mark < 0xD0 || mark > 0xD3) return false;
  const unsigned bytes = 1u << (mark - 0xD0), unused = 64 - 8 * bytes;
  const auto wide = static_cast<std::int64_t>(big_endian(bytes) << unused) >> unused;
  return set(Kind::whole, static_cast<std::uint64_t>(wide));
}

bool Reader::fill_bytes(Value& value, unsigned char mark) {
  std::uint64_t length = 0;
  if (mark >= 0xA0 && mark < 0xC0)
    value.kind = Kind::text, length = mark & 0x1F;
  else if (mark >= 0xD9 && mark <= 0xDB)
    value.kind = Kind::text, length = big_endian(1u << (mark - 0xD9));
  else if (mark >= 0xC4 && mark <= 0xC6)
    value.kind = Kind::bytes, length = big_endian(1u << (mark - 0xC4));
  else if (mark >= 0xC7 && mark <= 0xC9)
    value.kind = Kind::extension, length = big_endian(1u << (mark - 0xC7));
  else if (mark >= 0xD4 && mark <= 0xD8)
    value.kind = Kind::extension, length = 1u << (mark - 0xD4);
  else
    return false;
  if (value.kind == Kind::extension) value.type = from_.number<std::int8_t>(what);
  value.bytes = from_.take(length, what);
  return true;
}

// Each value takes a byte at least, so a count beyond the bytes that are left is a lie.
void Reader::fill_items(std::uint32_t made, Kind kind, std::uint64_t count, int depth) {
  if (kind == Kind::map) count *= 2;
  if (count > from_.left())
    broken("its MessagePack should have {} values from byte {} on: it was cut short", count, from_.at());
  values[made].kind = kind;
  std::vector<std::uint32_t> items;
  for (std::uint64_t i = 0; i < count; ++i) items.push_back(value(depth + 1));
  values[made].items = std::move(items);
}

}  // namespace

std::vector<Value> read(Bytes message) {
  Reader reader(message);
  reader.value(0);
  if (reader.left() > 0) broken("{} bytes follow its MessagePack", reader.left());
  return std::move(reader.values);
}

std::optional<std::string_view> text(const Value& value) {
  if (value.kind != Kind::text) return std::nullopt;
  return text_of(value.bytes);
}

}  // namespace reprise::msgpack
