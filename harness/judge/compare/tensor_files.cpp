// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/compare/tensor_files.h"

#include <algorithm>
#include <cstring>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/judge/compare/ulp.h"
#include "harness/tensor/safetensors.h"

namespace reprise {
namespace {

bool same_bytes(Bytes a, Bytes b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

// Element types whose values ULP does not know, and blocks of quantized ones, are compared as they lie, byte
// by byte if need be.
TensorDistance distance(const FileTensor& tensor, Bytes a, Bytes b) {
  const bool by_bytes = bits_of(tensor.dtype) == 0 || tensor.dtype.starts_with("F8") ||
                        tensor.dtype.starts_with("F6") || tensor.dtype.starts_with("F4");
  TensorDistance found = distance_of(by_bytes ? "U8" : tensor.dtype, a, b);
  found.name = tensor.name;
  return found;
}

std::vector<Rename>::const_iterator first_fit(const std::string& name, const std::vector<Rename>& renames) {
  return std::ranges::find_if(renames, [&](const Rename& one) { return name.starts_with(one.from); });
}

void rename(CheckpointFile& file, const std::vector<Rename>& renames) {
  std::vector<bool> used(renames.size());
  for (FileTensor& tensor : file.tensors) {
    const auto fits = first_fit(tensor.name, renames);
    if (fits != renames.end()) used[static_cast<std::size_t>(fits - renames.begin())] = true;
    tensor.name = renamed(tensor.name, renames);
  }
  for (std::size_t i = 0; i < renames.size(); ++i)
    if (!used[i])
      fail(
          "no tensor of the first checkpoint has a name that begins with '{}' and is not renamed already; "
          "see "
          "`reprise digest` for its names",
          renames[i].from);
  std::ranges::sort(file.tensors, {}, &FileTensor::name);
  const auto twice = std::ranges::adjacent_find(file.tensors, {}, &FileTensor::name);
  if (twice != file.tensors.end())
    fail("after renaming two tensors have the name '{}'; rename fewer", twice->name);
}

}  // namespace

Rename rename_of(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == text.npos || text.size() == 1)
    fail("wanted OLD=NEW for --rename, found '{}'; try --rename module.= to take a prefix away", text);
  return {std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

std::vector<Rename> renames_of(const std::vector<std::string>& texts) {
  std::vector<Rename> renames;
  for (const auto& text : texts) renames.push_back(rename_of(text));
  return renames;
}

std::string renamed(const std::string& name, const std::vector<Rename>& renames) {
  const auto fits = first_fit(name, renames);
  return fits == renames.end() ? name : fits->to + name.substr(fits->from.size());
}

std::string form_of(const FileTensor& tensor) {
  std::vector<std::string> sizes;
  for (const auto size : tensor.shape) sizes.push_back(std::to_string(size));
  return fmt::format("{}[{}]", tensor.dtype, join(sizes, ", "));
}

TensorFileDiff compare(CheckpointFile left, const CheckpointFile& right, const std::vector<Rename>& renames) {
  rename(left, renames);
  TensorFileDiff diff;
  auto a = left.tensors.begin();
  auto b = right.tensors.begin();
  while (a != left.tensors.end() || b != right.tensors.end()) {
    if (b == right.tensors.end() || (a != left.tensors.end() && a->name < b->name)) {
      diff.only_left.push_back((a++)->name);
    } else if (a == left.tensors.end() || b->name < a->name) {
      diff.only_right.push_back((b++)->name);
    } else {
      const FileTensor &first = *a++, &second = *b++;
      if (first.dtype != second.dtype || first.shape != second.shape) {
        diff.other_form.push_back({first.name, form_of(first), form_of(second)});
        continue;
      }
      const Kept one = row_major(first), other = row_major(second);
      if (same_bytes(one.bytes, other.bytes))
        ++diff.equal;
      else
        diff.differing.push_back(distance(first, one.bytes, other.bytes));
    }
  }
  return diff;
}

}  // namespace reprise
