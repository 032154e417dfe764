// SPDX-License-Identifier: Apache-2.0
// torch.save before 1.6, or with _use_new_zipfile_serialization=False: five pickles, one after the other (a
// number, a version, the machine, the object, the keys of its storages), then the storages, each behind the
// number of its elements.
#include <map>

#include "harness/checkpoint/format.h"
#include "harness/checkpoint/torch_file.h"
#include "harness/container/little_endian.h"
#include "harness/tensor/broken.h"
#include "harness/tensor/safetensors.h"

namespace reprise::checkpoint_formats {
namespace {

using reprise::pickle::Kind;
using reprise::pickle::Pickle;
using reprise::pickle::Ref;

constexpr std::string_view magic("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 13);

// The number, behind the marks of a protocol and, since protocol 4, of a frame.
Fit fit(const Candidate& candidate) {
  const Bytes file = candidate.file.bytes;
  if (!starts_with(file, "\x80")) return Fit::no;
  for (const std::size_t at : {2, 11})
    if (file.size() > at && starts_with(file.subspan(at), magic)) return Fit::yes;
  return Fit::no;
}

// The rest of the file, from which one thing after the other is taken.
struct Rest {
  Kept bytes;

  Kept take(std::uint64_t count, std::string_view what) {
    if (count > bytes.bytes.size())
      broken("{} has {} bytes, {} are left: it was cut short", what, count, bytes.bytes.size());
    const Kept taken = part_of(bytes, 0, count);
    bytes = part_of(bytes, count, bytes.bytes.size() - count);
    return taken;
  }

  std::unique_ptr<Pickle> pickle(std::string_view what) {
    auto found = std::make_unique<Pickle>(bytes, what);
    take(found->end(), what);
    return found;
  }
};

void check_head(Rest& rest) {
  constexpr std::int64_t known_version = 1001;
  rest.pickle("its magic number");
  const auto version = rest.pickle("its version");
  if (const auto number = version->whole(version->root()); number != known_version)
    broken("its version is {}, the only known one is {}", number ? std::to_string(*number) : "no number",
           known_version);
  const auto machine = rest.pickle("the description of its machine");
  const auto order = machine->entry(machine->root(), "little_endian");
  if (order && (*machine)[*order].kind == Kind::truth && (*machine)[*order].whole == 0)
    throw Broken("it was written on a big-endian machine",
                 "load it and save it again on a little-endian one");
}

// Element types by key: a storage in the file says only how many elements it has.
std::map<std::string, std::string> storage_dtypes(const Pickle& object) {
  constexpr std::size_t view = 5;
  std::map<std::string, std::string> dtypes;
  for (Ref ref = 0; ref < object.size(); ++ref) {
    const auto named = storage_name(object, ref);
    if (!named) continue;
    const auto& key = object.arguments(ref);
    if (key.size() > view && object[key[view]].kind != Kind::none)
      throw Broken(
          fmt::format("its storage '{}' is a view of another, as torch before 0.4 wrote", shown(named->key)),
          "load it and save it again with a newer torch");
    const auto [place, fresh] = dtypes.emplace(named->key, named->dtype);
    if (!fresh && place->second != named->dtype)
      broken("its storage '{}' has two element types", shown(named->key));
  }
  return dtypes;
}

std::map<std::string, Kept, std::less<>> storages(const Pickle& keys,
                                                  const std::map<std::string, std::string>& dtypes,
                                                  Rest rest) {
  std::map<std::string, Kept, std::less<>> found;
  if (keys[keys.root()].kind != Kind::list) broken("the keys of its storages are not a list");
  for (const Ref ref : keys[keys.root()].items) {
    const std::string key(keys.text(ref).value_or(""));
    const auto dtype = dtypes.find(key);
    if (dtype == dtypes.end()) broken("its storage '{}' is of an element type that is not known", shown(key));
    const auto elements = number_at<std::int64_t>(rest.take(8, "the size of a storage").bytes, 0);
    const auto name = fmt::format("its storage '{}'", shown(key));
    const std::uint64_t bytes = bytes_of_tensor(name, dtype->second, std::vector{elements});
    if (!found.emplace(key, rest.take(bytes, name)).second) broken("{} is there twice", name);
  }
  if (!rest.bytes.bytes.empty())
    throw Broken(fmt::format("{} bytes follow its last storage", rest.bytes.bytes.size()),
                 "save each checkpoint into a file of its own");
  return found;
}

CheckpointFile read(const Candidate& candidate) {
  Rest rest{candidate.file};
  check_head(rest);
  const auto object = rest.pickle("its object");
  const auto keys = rest.pickle("the list of its storages");
  const auto found = storages(*keys, storage_dtypes(*object), rest);
  return python_values(*object, [&](std::string_view key) -> std::optional<StoredBytes> {
    const auto storage = found.find(key);
    if (storage == found.end()) return std::nullopt;
    return StoredBytes{storage->second.bytes.size(), [bytes = storage->second] { return bytes; }};
  });
}

}  // namespace

extern const CheckpointFormat torch_legacy{
    .name = "PyTorch before 1.6",
    .summary = "torch.save with _use_new_zipfile_serialization=False: as for PyTorch zip",
    .home = Home::file,
    .mark = "its magic number",
    .fit = fit,
    .read = read,
    .values = "Python",
};

}  // namespace reprise::checkpoint_formats
