// SPDX-License-Identifier: Apache-2.0
#pragma once
// A place in the code of a script: where an operator was called, in the terms of whoever wrote it. Places are
// shown to people and compared by nobody: no digest of a state, a stage or a call holds them.
#include <cstdint>
#include <memory>
#include <string>

namespace reprise {

struct CodePlace {
  std::string file;       // counted from the folder in which the command was started if it lies there, else
                          // whole; "" where no place is known
  std::int64_t line = 0;  // 0: which line of the function it is cannot be told (torch.compile compiled it)
  std::string function;   // "Block.forward"
  std::string source;     // the text of the line, or of the lines that the call goes over; "" not at hand
  std::string part;       // the call itself, where the line makes more than one; else ""
  std::string module;     // whose forward ran: "transformer.h.0.ln_1 (LayerNorm)"; "" none
  std::string through;    // where `file` is of an installed package: the place of the script's own code that
                          // led there, as to_text() has it
  bool operator==(const CodePlace&) const = default;
};

// "train.py:18", "train.py in Block.forward (compiled, so which line is not known)".
std::string short_text(const CodePlace& place);
// "train.py:18 in Block.forward: x = self.ln_1(x)".
std::string to_text(const CodePlace& place);

// Of an operator call; shared by all calls that are made there.
struct KnownPlace {
  std::shared_ptr<const CodePlace> at;

  explicit operator bool() const { return at && !at->file.empty(); }
  const CodePlace& operator*() const { return *at; }
  const CodePlace* operator->() const { return at.get(); }
  friend bool operator==(const KnownPlace& a, const KnownPlace& b) {
    return a && b ? *a == *b : static_cast<bool>(a) == static_cast<bool>(b);
  }
};

}  // namespace reprise
