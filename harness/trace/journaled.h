// SPDX-License-Identifier: Apache-2.0
#pragma once
// What of a trace is read. Beside the file of a run that did not end lies the journal of its writer; the
// trace is made from it again, in a file of its own, because a lost power may have cost any page of the
// first.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "harness/trace/trace.h"

namespace reprise {

struct TraceContent {
  std::filesystem::path path;        // the trace, as people know it
  std::filesystem::path file;        // what is read: the same, or one that was made from its journal
  std::shared_ptr<const void> name;  // that one has a name for as long; whoever has opened it needs none
  // Nothing counts but so many rows, which prove each other.
  bool rows_alone = false;
  std::uint64_t rows = UINT64_MAX;
  bool prove_as_read = false;  // its rows were not proven when it was opened
  std::string why_no_more;     // why not all that is there is read; "" if it is
};

// Of "trace.h5.partial", "trace.h5.journal"; "" of any other name.
std::filesystem::path journal_of(const std::filesystem::path& trace);

// An Error with one sentence if there can be no trace: missing, a folder, not HDF5, shorter than it says it
// is, a journal that does not fit itself. A run's folder becomes the trace inside it.
TraceContent trace_content_of(const std::filesystem::path& path);

}  // namespace reprise
