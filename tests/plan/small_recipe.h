// SPDX-License-Identifier: Apache-2.0
#pragma once
// A recipe of the tests' own, written to a scratch folder.
#include <string>

#include "harness/base/files.h"
#include "harness/plan/recipe.h"
#include "scratch.h"

namespace reprise {

inline std::string small_recipe_text() {
  return "summary = \"a recipe for tests\"\n"
         "program = \"small\"\n"
         "[train]\n"
         "steps = 20\n"
         "batch = 2\n"
         "samples = 8\n"
         "evaluate_every = 10\n"
         "[parameters]\n"
         "model = \"mlp\"\n"
         "lr = 0.5\n"
         "width = 16\n"
         "bias = true\n"
         "[choices]\n"
         "model = [\"linear\", \"mlp\", \"cnn\"]\n"
         "[[data]]\n"
         "name = \"train\"\n"
         "file = \"small/train.npy\"\n"
         "sha256 = \"" +
         std::string(64, 'a') +
         "\"\n"
         "source = \"https://example.org\"\n"
         "[metric]\n"
         "name = \"accuracy\"\n"
         "unit = \"%\"\n"
         "better = \"higher\"\n"
         "margin = 1\n"
         "[pins]\n"
         "batch-order = \"sequential\"\n"
         "[watch]\n"
         "checkpoint_every = 5\n"
         "keep = \"none\"\n";
}

inline Recipe small_recipe(const Scratch& scratch) {
  write_atomically(scratch / "small.toml", small_recipe_text());
  return read_recipe(scratch / "small.toml");
}

}  // namespace reprise
