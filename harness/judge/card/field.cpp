// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/card/field.h"

#include "harness/judge/card/component.h"

namespace reprise {

std::span<const Word<NeededFor>> words_of(NeededFor /*of*/) {
  static constexpr Word<NeededFor> words[] = {{NeededFor::running, "running it"},
                                              {NeededFor::equal_bits, "equal bits"},
                                              {NeededFor::checking, "checking a result"}};
  return words;
}

std::span<const Field> field_table() {
  using namespace components;
  using enum NeededFor;
  static constexpr Field table[] = {
      {"recipe_id", "name and digest of the recipe", "C2", training, checking},
      {"code", "repository, commit, whether it was changed", "C2", training, equal_bits},
      {"hyperparameters", "steps, batch, learning rate, schedule", "C2", training, running},
      {"toolchain", "container or compiler and its flags", "C4", libraries, equal_bits},
      {"libraries", "versions of framework, BLAS, cuDNN, CUDA, kernels", "C4", libraries, equal_bits},
      {"data", "files with SHA-256, licence and source", "D1-D3", datasets, equal_bits},
      {"split", "which examples train, validate and test", "D1, C1", preprocessing, equal_bits},
      {"order rule", "how batches follow from data and seed", "C2", preprocessing, equal_bits},
      {"batch-order digest", "of each epoch", "", metadata, checking},
      {"tokenizer", "SHA-256 of its files", "C4", libraries, equal_bits},
      {"rng", "algorithm; each stream and its seed", "", metadata, equal_bits},
      {"init digest", "digest of the initial weights", "", checkpoints, checking},
      {"numerics", "dtype, TF32, deterministic mode and the like", "", metadata, equal_bits},
      {"device", "GPU, driver, count; CPU and threads", "", metadata, equal_bits},
      {"checkpoints", "schedule and digests", "P2", checkpoints, checking},
      {"optimizer state", "kept with each checkpoint, with its digest", "P3", metadata, checking},
      {"final weights", "their digest", "P1", weights, checking},
      {"evaluation", "code, data digest, decoding parameters", "C3", evaluation, checking},
      {"claims", "values with spread, runs and margin", "", results, checking},
      {"margin, n_seeds", "fixed before the runs", "", "", checking},
      {"ledger", "every run that was started, with its outcome", "", "", checking},
  };
  return table;
}

const Field& field_named(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& field : field_table()) {
    if (field.name == name) return field;
    names.emplace_back(field.name);
  }
  fail("{}", unknown_name("field", name, names));
}

}  // namespace reprise
