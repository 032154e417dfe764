// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "harness/checkpoint/format.h"
#include "harness/checkpoint/numpy_values.h"
#include "harness/tensor/broken.h"

namespace reprise::checkpoint_formats {
namespace {

constexpr std::string_view ending = ".npy";

// Archives of other programs may hold arrays beside what is theirs.
Fit fit(const Candidate& candidate) {
  const auto is_array = [](const auto& record) { return record.first.ends_with(ending); };
  return candidate.archive && std::ranges::any_of(candidate.archive->records(), is_array) ? Fit::perhaps
                                                                                          : Fit::no;
}

CheckpointFile read(const Candidate& candidate) {
  CheckpointFile found;
  for (const auto& [name, record] : candidate.archive->records()) {
    if (name.ends_with(ending))
      add_npy(found, name.substr(0, name.size() - ending.size()), candidate.archive->content(record));
    else
      count_opaque(found, "a record that is not an array", shown(name));
  }
  return found;
}

}  // namespace

extern const CheckpointFormat npz{
    .name = "npz",
    .summary = "numpy.savez: the arrays' names",
    .home = Home::archive,
    .mark = "any .npy",
    .fit = fit,
    .read = read,
};

}  // namespace reprise::checkpoint_formats
