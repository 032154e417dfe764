// SPDX-License-Identifier: Apache-2.0
#pragma once
// The order in which a DataLoader of torch with shuffle=True goes through its samples, with the draws that it
// takes from the generator of the process.
#include <ATen/core/Generator.h>

#include <cstdint>
#include <vector>

namespace reprise {

class LoaderOrder {
 public:
  // Takes from `generator` what `epochs` passes over the training loader take, if nothing else draws between
  // them: for each a seed of the workers, which decides nothing here, and then the seed of its order.
  LoaderOrder(at::Generator generator, std::int64_t epochs, std::int64_t samples);
  // A permutation of the samples. An Error for an epoch beyond those drawn.
  std::vector<std::uint64_t> epoch(std::uint32_t index) const;

 private:
  std::vector<std::uint64_t> seeds_;
  std::int64_t samples_;
};

}  // namespace reprise
