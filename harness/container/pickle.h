// SPDX-License-Identifier: Apache-2.0
#pragma once
// A pickle as plain data. Python runs a pickle as a program that may import and call anything; here every
// opcode only builds a value that says what would have been made: a call of os.system is an object whose head
// is the global "posix.system" and whose arguments are a text. Nothing is called, nothing is imported. Values
// lie in one list and refer to one another by number, so that a nest of any depth, or a ring, is built and
// dropped without recursion. Written here:
// libraries that read pickles make the objects, which is what must not happen.
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/container/mapped_file.h"

namespace reprise::pickle {

using Ref = std::uint32_t;
inline constexpr Ref nothing = UINT32_MAX;

enum class Kind : std::uint8_t {
  none,
  truth,
  whole,
  number,
  text,
  bytes,
  list,
  tuple,
  dict,
  set,
  global,
  object,
  persistent
};

struct Value {
  Kind kind = Kind::none;
  Ref head = nothing, arguments = nothing, state = nothing;  // of an object; a persistent one has `arguments`
  std::int64_t whole = 0;    // of a truth value or a whole number; of a number the bits of its double
  std::string_view text{};   // of a text or bytes; "module.name" of a global; a number too long for `whole`
  std::vector<Ref> items{};  // of a list, tuple, set, or an object that was appended to
  std::vector<Ref> pairs{};  // key, value, key, value, ...
};

class Pickle {
 public:
  // Protocols 2 to 5. Broken for what no pickler writes. `place` names it in messages.
  Pickle(Kept bytes, std::string_view place);
  Pickle(const Pickle&) = delete;
  Pickle& operator=(const Pickle&) = delete;

  Ref root() const { return root_; }
  // Bytes that the pickle takes; others may follow.
  std::uint64_t end() const { return end_; }
  std::size_t size() const { return values_.size(); }
  const Value& operator[](Ref ref) const { return values_[ref]; }
  // The head's name of an object ("torch._utils._rebuild_tensor_v2"), or empty.
  std::string_view head(Ref ref) const;
  // An object's arguments if they are a tuple, else none.
  const std::vector<Ref>& arguments(Ref ref) const;
  std::optional<std::int64_t> whole(Ref ref) const;
  std::optional<std::string_view> text(Ref ref) const;
  // Bytes, also those that protocol 2 has to write as a text that is encoded as latin1; nothing if it is
  // none.
  std::optional<Kept> bytes(Ref ref) const;
  // Whole numbers of a tuple, list or torch.Size.
  std::optional<std::vector<std::int64_t>> sizes(Ref ref) const;
  // The value under a text key of a dict, or of an object's attributes or entries.
  std::optional<Ref> entry(Ref ref, std::string_view key) const;

 private:
  friend class Unpickler;
  Kept bytes_;
  std::vector<Value> values_;
  std::deque<std::string> texts_;  // names of globals; all other texts are views of the file
  Ref root_ = nothing;
  std::uint64_t end_ = 0;
};

}  // namespace reprise::pickle
