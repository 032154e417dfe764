// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where each thing lies in a trace file: what the writer and the reader must agree on. docs/trace-format.md
// says the same to strangers. Chunk sizes are no part of the format.
#include <array>
#include <cstdint>
#include <string_view>

#include "harness/trace/trace.h"

namespace reprise::layout {

inline constexpr std::size_t name_width = 160;   // bytes of a tensor's or a metric's name
inline constexpr std::size_t dtype_width = 16;   // of a dtype
inline constexpr std::size_t shape_width = 128;  // of a shape as text, "4000,40"
inline constexpr std::size_t sha256_width = 64;  // of a SHA-256 as hexadecimal digits
inline constexpr std::size_t pin_width = 64;     // of a pin's name or value

// Stages in a trace of a recipe, which has no stage `auxiliary`; one of a command has them all.
inline constexpr std::size_t recipe_stages = stage_count - 1;

inline constexpr std::uint64_t rows_per_commit = 64;
inline constexpr std::uint64_t no_sample = ~std::uint64_t{0};  // fills /order at row 0

// The first word of a row of /loss; 0 where the step has no loss.
inline constexpr std::array<std::string_view, 5> loss_dtypes = {"", "F32", "F64", "BF16", "F16"};

// What of the tables is whole in the file, as they lie in /counts. Raised after the tables are flushed,
// before /committed is.
struct Counts {
  std::uint64_t tensors = 0, metrics = 0, metric_names = 0, leaf_digests = 0, leaf_spans = 0,
                pin_readings = 0;
};
inline constexpr std::size_t counts = 6;
static_assert(sizeof(Counts) == 8 * counts);

// A row of /leaves/span: `count` digests from `first` on belong to a column at a step.
struct Span {
  std::uint64_t step, column, first, count;
};
static_assert(sizeof(Span) == 32);

// A row of /ops/call; texts are places in /ops/text_end. `sequence` is a signed number.
struct CallRow {
  std::uint64_t step, phase, role, order, depth, sequence, name, scope, scalars, first_tensor, inputs,
      outputs;
};
inline constexpr std::size_t call_words = 12;
static_assert(sizeof(CallRow) == 8 * call_words);

// A row of /ops/tensor.
struct OpTensorRow {
  Digest digest;
  std::uint64_t dtype, shape, seen;
};
inline constexpr std::size_t op_tensor_words = 5;
static_assert(sizeof(OpTensorRow) == 8 * op_tensor_words);

// A row of /ops/kernel. The rows of a call end where /ops/kernel_end says.
struct KernelRow {
  std::uint64_t name;
  std::uint64_t grid[3], block[3];
  std::uint64_t shared, registers, count;
};
inline constexpr std::size_t kernel_words = 10;
static_assert(sizeof(KernelRow) == 8 * kernel_words);

// A row of /ops/place: texts, but for `line`.
struct PlaceRow {
  std::uint64_t file, line, function, source, part, module, through;
};
inline constexpr std::size_t place_words = 7;
static_assert(sizeof(PlaceRow) == 8 * place_words);

// A row of /ops/line: rows of /ops/place, counted from 1; 0 where the place is not known.
struct LineRow {
  std::uint64_t place, forward;
};
inline constexpr std::size_t line_words = 2;
static_assert(sizeof(LineRow) == 8 * line_words);

// What of /ops is whole, as it lies in /ops/counts.
struct OpCounts {
  std::uint64_t calls = 0, tensors = 0, text_bytes = 0, texts = 0;
};
inline constexpr std::size_t op_counts = 4;
static_assert(sizeof(OpCounts) == 8 * op_counts);

}  // namespace reprise::layout
