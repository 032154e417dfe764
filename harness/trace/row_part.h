// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where several processes train one model, each leaves, beside the digests of what it holds of a weight, the
// sum over some rows of the whole weight (harness/tensor/row_sum.h): the rows that it holds, or, if it holds
// all, its share of them. Such a column is called "0.weight [rows 1 to 16 of 32]". It says nothing of its own
// where ranks hold the same rows; added up, the columns of all ranks compare models that lie in other parts.
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

// The weight of which a rank holds what is called so, where that is a shard of a DTensor, as the recorder
// names it
// ("0.weight" of "0.weight [shard 1 of 2 along axis 0]"); else the name itself.
std::string whole_name(const std::string& name);

// What the name of a column says; nothing where it is no such column's.
std::optional<RowPart> row_part(std::string_view name);
bool is_row_part(const Column& column);

// The names of those that a trace has.
std::set<std::string> row_parts(const Trace& trace);

}  // namespace reprise
