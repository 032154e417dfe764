// SPDX-License-Identifier: Apache-2.0
// LibTorch gives element i of a large draw to thread i mod T of a grid that never exceeds what the card holds
// at once (ATen/native/cuda/DistributionTemplates.h, calc_execution_policy), so draws above that size depend
// on the card. Here the card's own numbers are held against that arithmetic, done on the CPU.
#include <ATen/ops/empty.h>

#include "bench/cuda_torch/torch_measure.h"
#include "harness/base/error.h"
#include "harness/record/device.h"
#include "probes/streams/grid_rule.h"

namespace reprise::torch_measures {
namespace {

constexpr std::uint64_t seed = 20261125;

struct Draw {
  std::vector<std::int32_t> values;
  std::uint64_t offset;  // of the generator afterwards
};

Draw drawn(std::int64_t count) {
  at::Generator generator = *device_generator();
  generator.set_current_seed(seed);
  const at::Tensor tensor = at::empty({count}, at::TensorOptions().device(device_in_use()).dtype(at::kInt))
                                .random_(generator)
                                .cpu();
  const auto* data = tensor.const_data_ptr<std::int32_t>();
  return {{data, data + count}, generator.get_offset()};
}

Draw predicted(std::uint64_t count, std::uint64_t most_threads) {
  return {random_integers(count, most_threads, seed), advance_of(count, most_threads)};
}

// Of the card; in a dry run, of an H100, whose prediction is held against that of a card twice as large: they
// must part where the draw is larger than what the smaller card holds, and nowhere else.
struct Card {
  std::uint64_t processors = 132, threads = 2048;
  std::uint64_t most_threads() const {
    return static_cast<std::uint64_t>(drawn_at_once(static_cast<int>(processors), static_cast<int>(threads)));
  }
};

Card card_in_use() {
  const auto& gpu = gpu_in_use();
  if (!gpu) return {};
  return {static_cast<std::uint64_t>(gpu->processors),
          static_cast<std::uint64_t>(gpu->threads_per_processor)};
}

Json compared(std::uint64_t count, std::uint64_t most, bool& ok) {
  const Draw wanted = predicted(count, most);
  const Draw found = is_dry_run() ? predicted(count, 2 * most) : drawn(static_cast<std::int64_t>(count));
  std::uint64_t wrong = 0;
  for (std::uint64_t i = 0; i < count; ++i) wrong += found.values[i] != wanted.values[i];
  const bool equal = wrong == 0 && found.offset == wanted.offset;
  ok = ok && equal == (!is_dry_run() || count <= most);
  return {
      {"elements", count}, {"wrong", wrong}, {"offset", found.offset}, {"predicted_offset", wanted.offset}};
}

Json run(const Plan&) {
  const Card card = card_in_use();
  const std::uint64_t most = card.most_threads();
  Json result{
      {"processors", card.processors}, {"threads_per_processor", card.threads}, {"most_threads", most}};
  bool ok = true;
  for (const std::uint64_t count :
       {std::uint64_t{1000}, most - 1, most, most + 1, 3 * most + 5, 9 * most + 7})
    result["draws"].push_back(compared(count, most, ok));
  result["ok"] = ok;
  return result;
}

}  // namespace

extern const TorchMeasure random{.summary = "random numbers of the card against their prediction",
                                 .run = run};

}  // namespace reprise::torch_measures
