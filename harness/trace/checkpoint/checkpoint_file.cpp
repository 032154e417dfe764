// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/checkpoint/checkpoint_file.h"

#include <algorithm>
#include <optional>

#include "harness/base/files.h"
#include "harness/trace/broken.h"
#include "harness/trace/checkpoint/formats.h"
#include "harness/trace/checkpoint/little_endian.h"

namespace reprise {
namespace fs = std::filesystem;

namespace {

constexpr std::string_view hdf5_mark = "\x89HDF\r\n\x1a\n";
// torch.save before 1.6: several pickles, the first of them this number.
constexpr std::string_view legacy_mark("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 15);

bool is_index_name(const fs::path& path) { return path.string().ends_with(".index.json"); }

// The index of shards in a folder; nothing if there is none.
std::optional<fs::path> index_in(const fs::path& folder) {
  std::optional<fs::path> found;
  for (const auto& entry : list_folder(folder)) {
    if (!is_index_name(entry)) continue;
    if (found) throw Broken("the folder holds two indexes of checkpoints", "name one of the *.index.json");
    found = entry;
  }
  return found;
}

bool has_metadata(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_regular_file(folder / ".metadata", ignored);
}

bool is_safetensors(Bytes file) { return file.size() > 8 && file[8] == std::byte{'{'}; }

bool is_pickle(Bytes file) {
  return file.size() > 2 && file[0] == std::byte{0x80} && file[1] >= std::byte{2} && file[1] <= std::byte{5};
}

CheckpointFile read_file_of_tensors(const fs::path& path) {
  const Kept file = map_file(path);
  if (is_zip(file.bytes)) return read_zip(file);
  if (starts_with(file.bytes, hdf5_mark)) return read_hdf5(path);
  if (starts_with(file.bytes, "\x93NUMPY")) return read_npy(file);
  if (starts_with(file.bytes, legacy_mark))
    throw Broken("it is a file of torch.save before 1.6, or with _use_new_zipfile_serialization=False",
                 "save it again: torch.save(torch.load(PATH, weights_only=True), \"new.pt\")");
  if (is_pickle(file.bytes)) return read_pickle(file);
  if (is_safetensors(file.bytes)) return read_safetensors(file);
  throw Broken(file.bytes.empty() ? "it is empty" : "it has the form of no known format",
               "name a file of safetensors, PyTorch, numpy, HDF5 or Keras");
}

CheckpointFile read_anything(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_directory(path, ignored))
    return is_index_name(path) ? read_index(path) : read_file_of_tensors(path);
  if (has_metadata(path)) return read_distributed(path);
  if (const auto index = index_in(path)) return read_index(*index);
  throw Broken("it is a folder without .metadata and without a *.index.json", "name one file in it");
}

[[noreturn]] void refuse(const std::string& path, const Broken& why) {
  fail("wanted a checkpoint, found {}: {}; {}", path, why.what(), why.hint);
}

void check_names(CheckpointFile& found) {
  std::ranges::sort(found.tensors, {}, &FileTensor::name);
  const auto twice = std::ranges::adjacent_find(found.tensors, {}, &FileTensor::name);
  if (twice != found.tensors.end()) broken("two tensors have the name '{}'", shown(twice->name));
}

// Values are read later; what is broken in them is told with the path too.
void add_path(CheckpointFile& found, const std::string& path) {
  for (FileTensor& tensor : found.tensors)
    tensor.load = [load = std::move(tensor.load), path, name = tensor.name] {
      try {
        return load();
      } catch (const Broken& why) {
        fail("wanted the tensor '{}' of {}: {}; {}", shown(name), path, why.what(), why.hint);
      }
    };
}

}  // namespace

CheckpointFile read_checkpoint(const fs::path& path) {
  try {
    CheckpointFile found = read_anything(path);
    check_names(found);
    add_path(found, path.string());
    return found;
  } catch (const Broken& why) {
    refuse(path.string(), why);
  }
}

bool is_checkpoint(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    const auto entries = list_folder(path);
    return has_metadata(path) || std::ranges::any_of(entries, is_index_name);
  }
  if (!fs::is_regular_file(path, ignored)) return false;
  if (is_index_name(path)) return true;
  const Kept file = map_file(path);
  if (starts_with(file.bytes, hdf5_mark)) return !is_trace(path);
  return is_zip(file.bytes) || starts_with(file.bytes, "\x93NUMPY") || is_pickle(file.bytes) ||
         is_safetensors(file.bytes);
}

}  // namespace reprise
