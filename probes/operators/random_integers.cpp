// SPDX-License-Identifier: Apache-2.0
// A card's own integers are held against the grid rule (probes/streams/grid_rule.h), round the size from
// which they depend on the card: what is drawn otherwise than that says ends the probe.
#include <ATen/core/Generator.h>
#include <ATen/ops/empty.h>

#include "harness/base/error.h"
#include "harness/record/device.h"
#include "probes/probe.h"
#include "probes/streams/grid_rule.h"

namespace reprise::probes {
namespace {

at::Tensor drawn_integers(const Given& given, std::int64_t count) {
  given.seed_generators();
  return at::empty({count}, given["x"].options().dtype(at::kInt)).random_();
}

void hold_against_rule(const at::Tensor& numbers, std::uint64_t at_once, std::uint64_t seed) {
  const at::Tensor here = numbers.cpu();
  const auto count = static_cast<std::uint64_t>(here.numel());
  const auto* found = here.const_data_ptr<std::int32_t>();
  const auto wanted = random_integers(count, at_once, seed);
  std::uint64_t wrong = 0;
  for (std::uint64_t i = 0; i < count; ++i) wrong += found[i] != wanted[i] ? 1 : 0;
  if (wrong > 0)
    fail(
        "of {} integers this card draws {} otherwise than the grid rule says; the rule is not this "
        "LibTorch's",
        count, wrong);
}

Tensors integers_of_sizes(const Given& given) {
  const auto& gpu = gpu_in_use();
  if (!gpu) return {{"out", drawn_integers(given, 65536)}};
  const std::int64_t most = drawn_at_once(gpu->processors, gpu->threads_per_processor);
  Tensors all;
  for (const std::int64_t count :
       {std::int64_t{65536}, most - 1, most, most + 1, 3 * most + 5, 9 * most + 7}) {
    all.push_back({fmt::format("out of {}", count), drawn_integers(given, count)});
    hold_against_rule(all.back().tensor, static_cast<std::uint64_t>(most), given.seed());
  }
  return all;
}

}  // namespace

extern const Probe random_integers{
    .summary = "random whole numbers; on a card held against the grid rule",
    .family = Family::random,
    .inputs = [](const Drawing& draw) -> Tensors { return {draw.normal("x", {1})}; },
    .call = integers_of_sizes,
    .draws = true,
};

}  // namespace reprise::probes
