// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reading a trace proves it: tensor digests make the stages', stages the roots, roots the chain; a loss, a
// batch's samples and kept leaves make the digests of their tensors; the plan's text makes its names; and the
// seal covers the rest. So a value that was changed, or rotted, is refused and never taken for evidence.
// Whoever forges a trace makes all of these anew: only a signature tells that.
#include <chrono>
#include <cstdint>
#include <string>

#include "harness/trace/trace_file.h"

namespace reprise {

// An Error that names the dataset, the step and, where it can be told, the tensor. Reads the whole file once.
void prove(const Trace::File& file, Reading how = Reading::proven);

// The same, or for `as_it_stands` a look at all of it, in a process of its own (own_process.h):
// HDF5 1.10 can be made to crash, or to run for ever, by a file that lies, and such a file is then refused
// like any other damaged one. What was read there without harm is read here after it. A file that this
// process has proven already is not read again while it is the same file. Of a run that did not end, what
// proves itself may be less than what is there: `content` then says so.
void prove_apart(TraceContent& content, Reading how);

// For those who prove many (proof_together.h). The processor time that the proof of this file may take.
std::chrono::seconds proof_limit(const std::filesystem::path& path);
// Whether it is sound and finished; nothing is thrown, and nothing kept. In the process that asks.
bool proves(const std::filesystem::path& path, Reading how = Reading::proven);
// Which file it is, as it now is: its place on the disk, size and time; "" for none.
std::string file_mark(const std::filesystem::path& path);
bool is_proven(const std::filesystem::path& path, Reading how = Reading::proven);
// From here on the file with this mark is one that this process has proven.
void keep_as_proven(const std::string& mark, Reading how = Reading::proven);
// An Error that says of the trace that it is no evidence.
[[noreturn]] void fail_as_no_evidence(const std::filesystem::path& path, const h5::Trouble& trouble);

}  // namespace reprise
