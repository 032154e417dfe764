// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who of another thread wrote a tensor of the state that the thread that trains was not seen to write: known
// by the content that a call left behind.
#include <string>
#include <vector>

#include "harness/trace/op_call.h"

namespace reprise {

// The newest call of another thread that left this content behind; nullptr: there is none, or the thread that
// trains left it too.
const OpCall* left_by_thread(const std::vector<OpCall>& calls, const Digest& content);

// The newest call of another thread that writes memory of this form in place; nullptr: none.
const OpCall* writes_beside(const std::vector<OpCall>& calls, const std::string& dtype,
                            const std::vector<std::int64_t>& shape);

// "aten::lerp_.Scalar of Thread-1 (average), train.py:9".
std::string writer_text(const OpCall& call);

}  // namespace reprise
