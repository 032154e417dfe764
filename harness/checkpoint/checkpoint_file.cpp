// SPDX-License-Identifier: Apache-2.0
#include "harness/checkpoint/checkpoint_file.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/checkpoint/format.h"
#include "harness/tensor/broken.h"

namespace reprise {
namespace fs = std::filesystem;

namespace {

struct Match {
  const CheckpointFormat* format = nullptr;
  Fit fit = Fit::no;
};

// The format that it looks like most; of two, the first on the shelf.
Match match_of(const Candidate& candidate) {
  Match best;
  for (const auto& [name, format] : checkpoint_formats_shelf())
    if (const Fit fit = format->fit(candidate); fit > best.fit) best = {format, fit};
  return best;
}

// "safetensors, npz or HDF5"
std::string any_of(std::vector<std::string> words) {
  const std::string last = words.back();
  words.pop_back();
  return words.empty() ? last : join(words, ", ") + " or " + last;
}

std::vector<std::string> marks_in(Home home) {
  std::vector<std::string> marks;
  for (const auto& [name, format] : checkpoint_formats_shelf())
    if (format->home == home) marks.emplace_back(format->mark);
  return marks;
}

std::string name_a_file() {
  std::vector<std::string> names;
  for (const auto& [name, format] : checkpoint_formats_shelf())
    if (format->home != Home::folder) names.emplace_back(format->name);
  return "name a file of " + any_of(names);
}

[[noreturn]] void refuse_unknown(const Candidate& candidate) {
  if (candidate.folder)
    throw Broken("it is a folder without " + any_of(marks_in(Home::folder)), "name one file in it");
  if (candidate.archive)
    throw Broken("it is a zip archive without " + any_of(marks_in(Home::archive)), name_a_file());
  throw Broken(candidate.file.bytes.empty() ? "it is empty" : "it has the form of no known format",
               name_a_file());
}

Candidate candidate_at(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return {path, true};
  Candidate candidate{path, false, map_file(path)};
  if (is_zip(candidate.file.bytes)) candidate.archive = std::make_shared<const ZipArchive>(candidate.file);
  return candidate;
}

CheckpointFile read_anything(const fs::path& path) {
  const Candidate candidate = candidate_at(path);
  const CheckpointFormat* format = match_of(candidate).format;
  if (format == nullptr) refuse_unknown(candidate);
  CheckpointFile found = format->read(candidate);
  if (found.format.empty()) found.format = format->name;
  if (found.values.empty()) found.values = format->values;
  return found;
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
        fail("wanted the tensor '{}' of {}, found that {}; {}", shown(name), path, why.what(), why.hint);
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
  Candidate candidate{path, fs::is_directory(path, ignored)};
  if (!candidate.folder) {
    if (!fs::is_regular_file(path, ignored)) return false;
    candidate.file = map_file(path);
    if (is_zip(candidate.file.bytes)) return true;
  }
  const CheckpointFormat* format = match_of(candidate).format;
  return format != nullptr && (format->is_other == nullptr || !format->is_other(candidate));
}

void count_opaque(CheckpointFile& found, const std::string& what, const std::string& name) {
  Opaque& opaque = found.opaque[what];
  if (opaque.count++ == 0) opaque.first = name;
}

}  // namespace reprise
