// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where several processes train one model, each leaves, beside the digests of what it holds of a weight, the
// sum over some of its rows (harness/tensor/row_sum.h): those that it holds, or its share of them, as a
// column called "0.weight [rows 1 to 16 of 32]". The columns of all ranks add up to the whole weight's.
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "harness/trace/trace.h"

namespace reprise {

struct RowPart {
  std::string tensor;                        // "0.weight"
  std::int64_t first = 0, last = 0, of = 0;  // counted from 1; `last` belongs to it
};

// "0.weight" of "0.weight [shard 1 of 2 along axis 0]", what a rank holds of a DTensor; else the name.
std::string whole_name(const std::string& name);

// What the name of a column says; nothing where it is no such column's.
std::optional<RowPart> row_part(std::string_view name);
bool is_row_part(const Column& column);
std::set<std::string> row_parts(const Trace& trace);  // their names

}  // namespace reprise
