// SPDX-License-Identifier: Apache-2.0
#pragma once
// Digits as the recipes on images see them: on the run's device and in its number format, batch by batch, and
// the part of the test set that they are evaluated on.
#include "harness/record/training/program.h"
#include "recipes/data/labelled.h"

namespace reprise {

struct Digits {
  Labelled train, test;
  Labelled seen;  // the first `test_samples` of the test set
  Labelled batch(const Setup& setup, std::int64_t i) const;
  Tensors tensors() const;  // what belongs into the trace's data
};

// An Error where test_samples is not 1 or more, or text_drop no share.
Digits read_digits(const Setup& setup);

// Names of the digits, the empty text in place of a share text_drop of them: keyed by step and place. I64 of
// [batch, word_length].
at::Tensor told_words(const Setup& setup, std::int64_t step, const at::Tensor& labels);

// Ten digits, `each` times, in order, on the run's device: what is drawn at an evaluation.
at::Tensor asked_digits(const Setup& setup, std::int64_t each);

// lr, after a linear rise over `warmup` steps; `i` counts from 1.
double warmed_rate(const Setup& setup, std::int64_t i);

}  // namespace reprise
