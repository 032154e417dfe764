// SPDX-License-Identifier: Apache-2.0
// A folder of torch.distributed.checkpoint: .metadata, a pickle that says which part of which tensor lies
// where, and *.distcp files, in which each part is a whole archive of torch.save.
#include <algorithm>
#include <cstring>

#include "harness/checkpoint/element_types.h"
#include "harness/checkpoint/format.h"
#include "harness/checkpoint/pickle_walk.h"
#include "harness/checkpoint/tensor_values.h"
#include "harness/checkpoint/torch_file.h"
#include "harness/tensor/broken.h"
#include "harness/tensor/safetensors.h"

namespace reprise::checkpoint_formats {
namespace {

namespace fs = std::filesystem;
using pickle::Kind;
using pickle::Ref;
using Sizes = std::vector<std::int64_t>;

constexpr std::string_view module_name = "torch.distributed.checkpoint.metadata.";

struct Slice {
  std::string file;
  std::uint64_t begin, length;
};

struct Part {
  Sizes offsets, sizes;
  Slice slice;
};

class Folder {
 public:
  explicit Folder(const fs::path& path)
      : path_(path), values_(map_file(path / ".metadata"), "its .metadata") {}
  CheckpointFile read();

 private:
  void read_places();
  void read_tensor(const std::string& name, Ref about, CheckpointFile& found);
  std::string dtype_of(Ref about) const;
  Part part_of_chunk(const std::string& name, Ref chunk) const;
  const Kept& file(const std::string& name);
  Ref entry(Ref ref, std::string_view key) const;

  fs::path path_;
  pickle::Pickle values_;
  std::map<std::pair<std::string, Sizes>, Slice> places_;
  std::map<std::string, Kept> files_;
};

Ref Folder::entry(Ref ref, std::string_view key) const {
  const auto found = values_.entry(ref, key);
  if (!found) broken("its .metadata says no {}", key);
  return *found;
}

void Folder::read_places() {
  const auto& pairs = values_[entry(values_.root(), "storage_data")].pairs;
  for (std::size_t i = 0; i < pairs.size(); i += 2) {
    const auto name = values_.text(entry(pairs[i], "fqn"));
    const auto offset = values_.entry(pairs[i], "offset");
    const auto file = values_.text(entry(pairs[i + 1], "relative_path"));
    const auto begin = values_.whole(entry(pairs[i + 1], "offset")),
               length = values_.whole(entry(pairs[i + 1], "length"));
    if (!name || !file || !begin || !length || *begin < 0 || *length < 0)
      broken("its .metadata has a place that cannot be read");
    if (fs::path(*file).filename() != *file || *file == "..")
      broken("its .metadata names the file '{}', which is not beside it", shown(*file));
    if (values_.entry(pairs[i + 1], "transform_descriptors"))
      throw Broken("its parts are packed",
                   "convert it: python -m torch.distributed.checkpoint.format_utils dcp_to_torch DIR FILE");
    const auto offsets = offset ? values_.sizes(*offset) : std::nullopt;
    places_[{std::string(*name), offsets.value_or(Sizes{})}] = {
        std::string(*file), static_cast<std::uint64_t>(*begin), static_cast<std::uint64_t>(*length)};
  }
}

// The properties of a tensor are a tuple that begins with the dtype, or, from other versions, attributes.
std::string Folder::dtype_of(Ref about) const {
  constexpr std::string_view torch = "torch.";
  const Ref properties = entry(about, "properties");
  const Ref state = values_[properties].state;
  std::optional<Ref> type = values_.entry(properties, "dtype");
  if (state != pickle::nothing && values_[state].kind == Kind::tuple && !values_[state].items.empty())
    type = values_[state].items[0];
  if (!type || values_[*type].kind != Kind::global || !values_[*type].text.starts_with(torch)) return {};
  return std::string(dtype_of_torch(values_[*type].text.substr(torch.size())));
}

Part Folder::part_of_chunk(const std::string& name, Ref chunk) const {
  const auto offsets = values_.sizes(entry(chunk, "offsets")), sizes = values_.sizes(entry(chunk, "sizes"));
  if (!offsets || !sizes) broken("a part of the tensor '{}' has no place", shown(name));
  const auto slice = places_.find({name, *offsets});
  if (slice == places_.end()) broken("a part of the tensor '{}' is in no file", shown(name));
  return {*offsets, *sizes, slice->second};
}

const Kept& Folder::file(const std::string& name) {
  const auto found = files_.find(name);
  return found != files_.end() ? found->second : files_.emplace(name, map_file(path_ / name)).first->second;
}

struct Whole {
  std::string name, dtype;
  Sizes shape;
  std::vector<std::pair<Part, Kept>> parts;
  std::uint64_t bytes;
};

// Rows of the part, each contiguous in the whole along the last axis.
void place_part(const Whole& whole, const Part& part, Bytes from, std::vector<std::byte>& to) {
  const std::size_t axes = whole.shape.size(), element = bits_of(whole.dtype) / 8;
  const std::uint64_t row = (axes == 0 ? 1 : static_cast<std::uint64_t>(part.sizes.back())) * element;
  const Sizes strides = row_major_strides(whole.shape);
  Sizes index(axes, 0);
  for (std::uint64_t done = 0; done < from.size(); done += row) {
    std::uint64_t at = 0;
    for (std::size_t i = 0; i < axes; ++i)
      at += static_cast<std::uint64_t>((part.offsets[i] + index[i]) * strides[i]);
    std::memcpy(to.data() + at * element, from.data() + done, row);
    for (std::size_t i = axes > 0 ? axes - 1 : 0; i-- > 0;) {
      if (++index[i] < part.sizes[i]) break;
      index[i] = 0;
    }
  }
}

TensorData load(const Whole& whole) {
  std::vector<std::byte> values(whole.bytes);
  for (const auto& [part, archive] : whole.parts) {
    const CheckpointFile one = read_torch_zip(std::make_shared<const ZipArchive>(archive));
    if (one.tensors.size() != 1 || one.tensors[0].dtype != whole.dtype || one.tensors[0].shape != part.sizes)
      broken("a part of the tensor '{}' is not what .metadata says", shown(whole.name));
    place_part(whole, part, row_major(one.tensors[0]).bytes, values);
  }
  return {kept(std::move(values)), {}};
}

bool overlap(const Part& a, const Part& b) {
  for (std::size_t axis = 0; axis < a.sizes.size(); ++axis)
    if (a.offsets[axis] >= b.offsets[axis] + b.sizes[axis] ||
        b.offsets[axis] >= a.offsets[axis] + a.sizes[axis])
      return false;
  return true;
}

// Parts lie within the tensor, do not overlap, and have as many elements: so they fill it.
void check_parts(const Whole& whole) {
  constexpr std::size_t most_parts = 20'000;
  if (whole.parts.size() > most_parts)
    broken("the tensor '{}' has more than {} parts", shown(whole.name), most_parts);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < whole.parts.size(); ++i) {
    const Part& part = whole.parts[i].first;
    if (part.sizes.size() != whole.shape.size() || part.offsets.size() != whole.shape.size())
      broken("a part of the tensor '{}' has another number of axes", shown(whole.name));
    sum += bytes_of_tensor(whole.name, whole.dtype, part.sizes);
    for (std::size_t axis = 0; axis < whole.shape.size(); ++axis)
      if (part.offsets[axis] < 0 || part.sizes[axis] > whole.shape[axis] ||
          part.offsets[axis] > whole.shape[axis] - part.sizes[axis])
        broken("a part of the tensor '{}' reaches beyond it", shown(whole.name));
  }
  for (std::size_t i = 0; i < whole.parts.size(); ++i)
    for (std::size_t j = i + 1; j < whole.parts.size(); ++j)
      if (overlap(whole.parts[i].first, whole.parts[j].first))
        broken("two parts of the tensor '{}' overlap", shown(whole.name));
  if (sum != whole.bytes)
    broken("the parts of the tensor '{}' have {} bytes of {}", shown(whole.name), sum, whole.bytes);
}

void Folder::read_tensor(const std::string& name, Ref about, CheckpointFile& found) {
  Whole whole{name, dtype_of(about), {}, {}, 0};
  const auto shape = values_.sizes(entry(about, "size"));
  if (whole.dtype.empty() || !shape) {
    return count_opaque(found, "a tensor of an unknown element type", shown(name));
  }
  whole.shape = *shape;
  whole.bytes = bytes_of_tensor(name, whole.dtype, whole.shape);
  std::uint64_t held = 0;
  for (const Ref chunk : values_[entry(about, "chunks")].items) {
    Part part = part_of_chunk(name, chunk);
    const Kept& all = file(part.slice.file);
    if (part.slice.begin > all.bytes.size() || part.slice.length > all.bytes.size() - part.slice.begin)
      broken("the file {} ends before a part of the tensor '{}': it was cut short", part.slice.file,
             shown(name));
    held += part.slice.length;
    const Kept slice = part_of(all, part.slice.begin, part.slice.length);
    whole.parts.emplace_back(std::move(part), slice);
  }
  check_parts(whole);
  if (whole.bytes > most_bytes_from(held))
    broken("the tensor '{}' would make {} bytes of {}", shown(name), whole.bytes, held);
  std::string dtype = whole.dtype;
  const std::uint64_t bytes = whole.bytes;
  found.tensors.push_back(
      {name, std::move(dtype), *shape, [whole = std::move(whole)] { return load(whole); }, bytes});
}

CheckpointFile Folder::read() {
  CheckpointFile found;
  if (values_.head(values_.root()) != std::string(module_name) + "Metadata")
    broken("its .metadata is of another kind");
  read_places();
  const auto& pairs = values_[entry(values_.root(), "state_dict_metadata")].pairs;
  for (std::size_t i = 0; i < pairs.size(); i += 2) {
    const auto name = values_.text(pairs[i]);
    if (!name) broken("its .metadata has a name that is not text");
    const std::string_view head = values_.head(pairs[i + 1]);
    if (head == std::string(module_name) + "TensorStorageMetadata") {
      read_tensor(std::string(*name), pairs[i + 1], found);
      continue;
    }
    count_opaque(found, "a value that is not a tensor", shown(*name));
  }
  return found;
}

Fit fit(const Candidate& candidate) {
  std::error_code ignored;
  return candidate.folder && fs::is_regular_file(candidate.path / ".metadata", ignored) ? Fit::yes : Fit::no;
}

}  // namespace

extern const CheckpointFormat distributed{
    .name = "torch.distributed.checkpoint",
    .summary = "a folder with a .metadata, whose names it has; parts are put together",
    .home = Home::folder,
    .mark = ".metadata",
    .fit = fit,
    .read = [](const Candidate& candidate) { return Folder(candidate.path).read(); },
};

}  // namespace reprise::checkpoint_formats
