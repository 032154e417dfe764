// SPDX-License-Identifier: Apache-2.0
#include "harness/checkpoint/gguf_file.h"

#include <algorithm>
#include <bit>

#include "harness/base/text.h"
#include "harness/checkpoint/ggml_types.h"
#include "harness/checkpoint/plain_values.h"
#include "harness/container/byte_reader.h"

namespace reprise {
namespace {

enum class Type : std::uint32_t { text = 8, list = 9 };

// The dtypes of metadata that have a fixed size, by their numbers; "" for the two that have none.
constexpr std::string_view dtypes[] = {"U8",   "I8", "U16", "I16", "U32", "I32", "F32",
                                       "BOOL", "",   "",    "U64", "I64", "F64"};
constexpr std::uint64_t sizes[] = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

std::string_view take_text(ByteReader& from, std::string_view what) {
  return text_of(from.take(from.number<std::uint64_t>(what), what));
}

std::string value_text(ByteReader& from, Bytes file, std::uint32_t type, int depth);

// The first members are told; the others are in the digest of the whole.
std::string list_text(ByteReader& from, Bytes file, int depth) {
  constexpr std::uint64_t told = 8;
  constexpr int deepest = 4;
  if (depth >= deepest) broken("its metadata are nested deeper than {} levels", deepest);
  const auto type = from.number<std::uint32_t>("a list of its metadata");
  const auto count = from.number<std::uint64_t>("a list of its metadata");
  const std::uint64_t begin = from.at();
  std::vector<std::string> members;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t size = type < std::size(sizes) ? sizes[type] : 0;
    if (i == told && size > 0) {
      if (count - i > from.left() / size)
        broken("a list of its metadata has {} values: it was cut short", count);
      from.take((count - i) * size, "a list of its metadata");
      break;
    }
    auto text = value_text(from, file, type, depth + 1);
    if (i < told) members.push_back(std::move(text));
  }
  const std::string text = join(members, ", ");
  if (count <= told) return "[" + text + "]";
  const Bytes all = file.subspan(begin, from.at() - begin);
  const auto bytes = static_cast<std::int64_t>(all.size());
  return fmt::format("[{}, ... ({} values, digest {})]", text, count,
                     to_text(tensor_digest("U8", {&bytes, 1}, all)));
}

std::string value_text(ByteReader& from, Bytes file, std::uint32_t type, int depth) {
  constexpr std::string_view what = "a value of its metadata";
  if (type >= std::size(sizes)) broken("its metadata have a value of the unknown type {}", type);
  if (type == static_cast<std::uint32_t>(Type::text)) return text_in_quotes(take_text(from, what));
  if (type == static_cast<std::uint32_t>(Type::list)) return list_text(from, file, depth);
  return element_text(dtypes[type], from.take(sizes[type], what));
}

class Gguf {
 public:
  explicit Gguf(const Kept& file) : file_(file), from_(file.bytes) {}
  CheckpointFile read();

 private:
  struct Place {
    std::string name, dtype;
    std::vector<std::int64_t> shape;
    std::uint64_t offset, bytes;
  };
  void read_head();
  void read_metadata(std::uint64_t count);
  void read_place();
  void check_places(std::uint64_t begin);

  Kept file_;
  ByteReader from_;
  CheckpointFile found_;
  std::vector<Place> places_;
  std::uint32_t alignment_ = 32;
};

void Gguf::read_head() {
  constexpr std::uint32_t oldest = 2, newest = 3;
  from_.take(4, "its mark");
  const auto version = from_.number<std::uint32_t>("its version");
  if (const auto turned = __builtin_bswap32(version); turned >= 1 && turned <= newest)
    throw Broken("it is a big-endian GGUF", "convert it on a little-endian machine");
  if (version < oldest || version > newest)
    throw Broken(fmt::format("it is GGUF version {}, those known are {} and {}", version, oldest, newest),
                 version < oldest ? "convert it again with a newer llama.cpp" : "use a newer reprise");
}

void Gguf::read_metadata(std::uint64_t count) {
  constexpr std::uint32_t u32 = 4;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto key = take_text(from_, "a key of its metadata");
    const auto type = from_.number<std::uint32_t>("a value of its metadata");
    const std::uint64_t begin = from_.at();
    keep_plain(found_, key, value_text(from_, file_.bytes, type, 0));
    if (key != "general.alignment") continue;
    if (type != u32) broken("its general.alignment is no 32-bit number");
    alignment_ = number_at<std::uint32_t>(file_.bytes, begin);
    if (!std::has_single_bit(alignment_)) broken("its general.alignment is {}, no power of two", alignment_);
  }
}

void Gguf::read_place() {
  constexpr std::uint32_t most_axes = 4;
  Place place{std::string(take_text(from_, "a tensor's name")), {}, {}, 0, 0};
  const auto axes = from_.number<std::uint32_t>("a tensor's shape");
  if (axes > most_axes)
    broken("the tensor '{}' has {} axes, GGUF knows {}", shown(place.name), axes, most_axes);
  std::uint64_t elements = 1;
  for (std::uint32_t i = 0; i < axes; ++i) {
    const auto size = from_.number<std::uint64_t>("a tensor's shape");
    if (size > INT64_MAX || __builtin_mul_overflow(elements, size, &elements))
      broken("the tensor '{}' has a shape that cannot be", shown(place.name));
    place.shape.insert(place.shape.begin(), static_cast<std::int64_t>(size));
  }
  const auto number = from_.number<std::uint32_t>("a tensor's type");
  place.offset = from_.number<std::uint64_t>("a tensor's offset");
  const auto type = ggml_type(number);
  if (!type) return count_opaque(found_, fmt::format("ggml type {}", number), shown(place.name));
  const auto row = place.shape.empty() ? 1 : static_cast<std::uint64_t>(place.shape.back());
  if (row % type->elements != 0)
    broken("the tensor '{}' has rows of {} elements, {} has blocks of {}", shown(place.name), row,
           type->dtype, type->elements);
  if (__builtin_mul_overflow(elements / type->elements, type->bytes, &place.bytes))
    broken("the tensor '{}' has a shape that cannot be", shown(place.name));
  place.dtype = type->dtype;
  places_.push_back(std::move(place));
}

void Gguf::check_places(std::uint64_t begin) {
  const std::uint64_t held = begin > file_.bytes.size() ? 0 : file_.bytes.size() - begin;
  std::ranges::sort(places_, {}, [](const Place& place) { return std::pair(place.offset, place.bytes); });
  std::uint64_t end = 0;
  for (const Place& place : places_) {
    if (place.offset % alignment_ != 0)
      broken("the tensor '{}' begins at byte {} of the data, no multiple of {}", shown(place.name),
             place.offset, alignment_);
    if (place.bytes > 0 && (place.offset > held || place.bytes > held - place.offset))
      broken("the tensor '{}' has {} bytes from byte {} of the data on, which has {}: it was cut short",
             shown(place.name), place.bytes, place.offset, held);
    if (place.bytes > 0 && place.offset < end)
      broken("the tensor '{}' overlaps the one before", shown(place.name));
    end = std::max(end, place.bytes > 0 ? place.offset + place.bytes : 0);
  }
}

CheckpointFile Gguf::read() {
  read_head();
  const auto tensors = from_.number<std::uint64_t>("its number of tensors");
  const auto values = from_.number<std::uint64_t>("its number of metadata");
  read_metadata(values);
  for (std::uint64_t i = 0; i < tensors; ++i) read_place();
  const std::uint64_t begin = (from_.at() + alignment_ - 1) / alignment_ * alignment_;
  check_places(begin);
  for (Place& place : places_) {
    const Kept bytes = place.bytes == 0 ? Kept{} : part_of(file_, begin + place.offset, place.bytes);
    found_.tensors.push_back({std::move(place.name), std::move(place.dtype), std::move(place.shape),
                              [bytes] {
                                return TensorData{bytes, {}};
                              },
                              place.bytes});
  }
  return std::move(found_);
}

}  // namespace

CheckpointFile read_gguf(const Kept& file) { return Gguf(file).read(); }

}  // namespace reprise
