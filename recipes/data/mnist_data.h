// SPDX-License-Identifier: Apache-2.0
#pragma once
// MNIST from its idx files.
#include <string>

#include "harness/record/training/program.h"
#include "recipes/data/labelled.h"

namespace reprise {

// The recipe's data files "PART-images" and "PART-labels": float32 images of [samples, 1, rows, columns] from
// 0 to 1 (pixels / 255), and their digits.
Labelled read_mnist(const Setup& setup, const std::string& part);

}  // namespace reprise
