// SPDX-License-Identifier: Apache-2.0
#include "probes/probe.h"

#include <ATen/CPUGeneratorImpl.h>

#include <mutex>

#include "harness/base/text.h"
#include "harness/record/device.h"

namespace reprise {
namespace {

constexpr Word<Family> family_words[] = {{Family::elementwise, "elementwise"},
                                         {Family::indexing, "indexing"},
                                         {Family::reduction, "reduction"},
                                         {Family::normalization, "normalization"},
                                         {Family::convolution, "convolution"},
                                         {Family::product, "product"},
                                         {Family::attention, "attention"},
                                         {Family::recurrent, "recurrent"},
                                         {Family::pooling, "pooling"},
                                         {Family::resampling, "resampling"},
                                         {Family::loss, "loss"},
                                         {Family::ordering, "ordering"},
                                         {Family::factorization, "factorization"},
                                         {Family::optimizer, "optimizer"},
                                         {Family::random, "random"}};

void start_anew(at::Generator generator, std::uint64_t seed) {
  const std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_current_seed(seed);
}

}  // namespace

std::span<const Word<Family>> words_of(Family /*family*/) { return family_words; }

const at::Tensor& Given::operator[](std::string_view name) const {
  std::vector<std::string> names;
  for (const auto& input : inputs_) {
    if (input.name == name) return input.tensor;
    names.push_back(input.name);
  }
  fail("{}", unknown_name("input of this probe", name, names));
}

void Given::seed_generators() const {
  start_anew(at::detail::getDefaultCPUGenerator(), seed_);
  if (const auto generator = device_generator()) start_anew(*generator, seed_);
}

}  // namespace reprise
