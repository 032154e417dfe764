// SPDX-License-Identifier: Apache-2.0
#include "harness/checkpoint/format.h"
#include "harness/checkpoint/hdf5_tensors.h"

namespace reprise::checkpoint_formats {
namespace {

constexpr std::string_view weights = "model.weights.h5";

Fit fit(const Candidate& candidate) {
  return candidate.archive && candidate.archive->find(weights) != nullptr ? Fit::yes : Fit::no;
}

CheckpointFile read(const Candidate& candidate) {
  const ZipArchive& archive = *candidate.archive;
  return read_hdf5(archive.content(*archive.find(weights)));
}

}  // namespace

extern const CheckpointFormat keras{
    .name = "Keras",
    .summary = "a .keras: the paths of the datasets in its model.weights.h5",
    .home = Home::archive,
    .mark = "model.weights.h5",
    .fit = fit,
    .read = read,
};

}  // namespace reprise::checkpoint_formats
