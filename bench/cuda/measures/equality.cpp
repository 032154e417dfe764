// SPDX-License-Identifier: Apache-2.0
#include "bench/cuda/measure.h"
#include "harness/tensor/element_walk.h"
#include "tests/cuda/random_tensor.h"

namespace reprise::measures {
namespace {

using cuda::RandomTensor;

constexpr std::size_t group = 64;  // tensors of one submit
constexpr std::uint64_t most = 64 << 20, memory = std::uint64_t{160} << 20;
// A dry run draws what a real one draws, all of it, into as much memory. A device that only pretends takes
// seconds for a MiB, so it gets the smaller tensors among them, and not many.
constexpr std::uint64_t dry_most = 4096, dry_cases = 64;

std::uint64_t bytes_of(const RandomTensor& tensor) {
  return elements_of(tensor.shape) * tensor.element_bytes;
}

Json described(const RandomTensor& tensor) {
  return {{"dtype", tensor.dtype}, {"shape", tensor.shape}, {"strides", tensor.strides}};
}

struct Tally {
  std::uint64_t drawn = 0, cases = 0, wrong = 0, bytes = 0, largest = 0;
  Json first = nullptr;
};

class Equality {
 public:
  Equality(Device& device, const Choices& choices)
      : device_(device), choices_(choices), random_(choices.seed, memory), copy_(memory) {
    copy_.upload(host(), memory);
  }

  Json run() {
    while (tally_.drawn < choices_.cases) compare(next_group());
    return {{"ok", tally_.wrong == 0},     {"drawn", tally_.drawn},
            {"cases", tally_.cases},       {"wrong", tally_.wrong},
            {"bytes", tally_.bytes},       {"largest_drawn_bytes", tally_.largest},
            {"first_wrong", tally_.first}, {"drawn_again_smaller", random_.drawn_again()}};
  }

 private:
  const std::byte* host() const { return reinterpret_cast<const std::byte*>(random_.memory().data()); }

  bool is_for_device(const RandomTensor& tensor, std::size_t before) const {
    return !choices_.dry || (bytes_of(tensor) <= dry_most && tally_.cases + before < dry_cases);
  }

  std::vector<RandomTensor> next_group() {
    std::vector<RandomTensor> tensors;
    for (std::size_t i = 0; i < group && tally_.drawn < choices_.cases; ++i, ++tally_.drawn) {
      RandomTensor one = random_.next(random_.size(1, most), random_.below(2) == 0);
      tally_.largest = std::max(tally_.largest, bytes_of(one));
      if (is_for_device(one, tensors.size())) tensors.push_back(std::move(one));
    }
    return tensors;
  }

  void compare(const std::vector<RandomTensor>& tensors) {
    if (tensors.empty()) return;
    std::vector<reprise_cuda_tensor> rows;
    for (const auto& one : tensors)
      // The random tensors' memory lies on the device at the same distances.
      rows.push_back({copy_.data() + (one.data - host()), one.dtype, one.shape.data(), one.strides.data(),
                      static_cast<std::uint32_t>(one.shape.size()),
                      static_cast<std::uint32_t>(one.element_bytes)});
    const auto found = device_.collect(device_.submit(rows, random_.below(2) == 0), rows.size());
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      tally_.bytes += bytes_of(tensors[i]);
      if (found[i] == digest_of(tensors[i].view()).digest) continue;
      if (tally_.wrong++ == 0) tally_.first = described(tensors[i]);
    }
    tally_.cases += tensors.size();
  }

  Device& device_;
  const Choices& choices_;
  cuda::RandomTensors random_;
  Memory copy_;
  Tally tally_;
};

Json run(Device& device, const Choices& choices) { return Equality(device, choices).run(); }

}  // namespace

extern const Measure equality{.summary = "digests of random layouts: device against CPU", .run = run};

}  // namespace reprise::measures
