// SPDX-License-Identifier: Apache-2.0
#pragma once
// The parts of a trace that are known before its first step: what was run, and on what data.
#include <string>
#include <vector>

#include "harness/hdf5/hdf5.h"
#include "harness/plan/plan.h"
#include "harness/tables/table_rows.h"
#include "harness/trace/trace.h"

namespace reprise {

struct TraceHead {
  Plan plan;
  Facts facts;
  std::vector<TensorDigest> data;
};

// A dataset of it as it lies in the file; also, as "format", the attribute of that name.
struct HeadPart {
  std::string path;
  std::uint64_t rows = 1;  // 1 of a scalar
  std::vector<char> bytes;
};

std::vector<HeadPart> parts_of(const TraceHead& head);
// As they stand in the first record of a journal, and back.
std::vector<std::byte> record_of(const std::vector<HeadPart>& parts);
std::vector<HeadPart> parts_of(const std::vector<TableRows>& record);
// The text of one; a Trouble if it is not there.
std::string text_of(const std::vector<HeadPart>& parts, const std::string& path);

// Into a new file. Parts that it does not know are left out.
void write_head(h5::File& file, const std::vector<HeadPart>& parts);

}  // namespace reprise
