// SPDX-License-Identifier: Apache-2.0
#include "harness/left/left_file.h"

#include <algorithm>
#include <cstring>
#include <tuple>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "harness/left/file_name.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

std::string size_text(std::uint64_t bytes) {
  const auto size = static_cast<double>(bytes);
  if (bytes >= std::uint64_t{1} << 30) return fmt::format("{:.1f} GiB", size / (1 << 30));
  return fmt::format("{:.1f} MiB", size / (1 << 20));
}

std::string form_of_left(const FileTensor& tensor) {
  std::vector<std::string> sizes;
  for (const auto size : tensor.shape) sizes.push_back(std::to_string(size));
  return fmt::format("{}[{}]", tensor.dtype, join(sizes, ", "));
}

void take(std::uint64_t bytes, std::uint64_t& from) { from -= std::min(from, bytes); }

// An index of shards is a text: the shards beside it are files of their own.
bool is_index(const std::string& name) { return name.ends_with(".json"); }

void add_tensors(const fs::path& path, LeftFile& file, LeftBudget& budget) {
  const CheckpointFile checkpoint = read_checkpoint(path);
  std::uint64_t bytes = 0;
  for (const auto& tensor : checkpoint.tensors) bytes += tensor.bytes;
  if (bytes > budget.checkpoint || checkpoint.tensors.size() > budget.tensors) {
    file.remark = fmt::format("holds {} tensors of {}, which is too much to compare one by one",
                              checkpoint.tensors.size(), size_text(bytes));
    return;
  }
  std::vector<LeftTensor> tensors;
  for (const auto& tensor : checkpoint.tensors)
    tensors.push_back({as_utf8(tensor.name), form_of_left(tensor), digest_of(tensor)});
  budget.tensors -= tensors.size();
  file.tensors = std::move(tensors);
  file.format = checkpoint.format;
  file.unread = checkpoint.scalars - checkpoint.plain.size();
  for (const auto& [what, values] : checkpoint.opaque) file.unread += values.count;
  if (checkpoint.plain.size() > budget.values) {
    file.unread += checkpoint.plain.size();
    return;
  }
  budget.values -= checkpoint.plain.size();
  for (const auto& value : checkpoint.plain) file.plain.push_back({as_utf8(value.name), as_utf8(value.text)});
  std::ranges::sort(file.plain, {}, [](const PlainValue& value) { return std::tie(value.name, value.text); });
}

void add_text(const fs::path& path, const fs::path& run, const std::string& copy, LeftFile& file,
              LeftBudget& budget) {
  const std::uint64_t most = std::min(budget.text, budget.copied);
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(file.bytes, most));
  const Kept content = map_file(path);
  const std::size_t looked = std::min(size, content.bytes.size());
  if (looked == 0 || std::memchr(content.bytes.data(), 0, looked) != nullptr) return;
  if (file.bytes > most) {
    file.remark = fmt::format("{} is too large to compare line by line", size_text(file.bytes));
    return;
  }
  make_folder((run / copy).parent_path());
  write_atomically(run / copy, {reinterpret_cast<const char*>(content.bytes.data()), content.bytes.size()});
  take(file.bytes, budget.copied);
  file.text = copy;
}

}  // namespace

LeftFile looked_at(const fs::path& path, const std::string& name, const fs::path& run,
                   const std::string& copy, LeftBudget& budget) {
  LeftFile file{as_utf8(name)};
  try {
    file.bytes = fs::file_size(path);
    if (file.bytes > budget.read) {
      file.remark = fmt::format("{} is too large to compare", size_text(file.bytes));
      return file;
    }
    take(file.bytes, budget.read);
    file.sha256 = sha256_file(path);
    if (!is_index(name) && is_checkpoint(path)) {
      if (file.bytes <= budget.checkpoint)
        add_tensors(path, file, budget);
      else
        file.remark = fmt::format("{} is too large to compare tensor by tensor", size_text(file.bytes));
    } else {
      add_text(path, run, copy, file, budget);
    }
  } catch (const std::exception& error) {
    // Also where it goes or grows while it is looked at.
    file.remark = "could not be read closer: " + as_utf8(error.what());
  }
  return file;
}

}  // namespace reprise
