// SPDX-License-Identifier: Apache-2.0
#pragma once
// The machine behind pickle.h: one opcode after the other, a stack, marks on it, and a memo.
#include <string>
#include <unordered_map>

#include "harness/container/pickle.h"

namespace reprise::pickle {

class Unpickler {
 public:
  Unpickler(Pickle& pickle, std::string_view place)
      : made_(pickle), place_(place), rest_(pickle.bytes_.bytes) {}
  void run();

 private:
  // Each takes one kind of opcodes and says whether this was one of them.
  bool number(unsigned char opcode);
  bool text(unsigned char opcode);
  bool container(unsigned char opcode);
  bool filling(unsigned char opcode);
  bool memo(unsigned char opcode);
  bool object(unsigned char opcode);
  bool global(unsigned char opcode);
  bool stack(unsigned char opcode);

  Bytes take(std::uint64_t count);
  template <class Number>
  Number take_number();
  std::string_view take_line();
  [[noreturn]] void trouble(const std::string& why) const;

  Ref make(Value value);
  Ref make_text(Kind kind, std::uint64_t length);
  Ref make_whole(Bytes little_endian);
  Ref make_global(std::string_view module, std::string_view name);
  Ref make_object(Ref head, Ref arguments);
  void push(Ref ref) { stack_.push_back(ref); }
  Ref pop();
  Ref top();
  Value& target();  // the value that is being filled, below the mark
  std::vector<Ref> pop_to_mark();
  void fill_items(Value& value, std::vector<Ref> items);
  void fill_pairs(Value& value, std::vector<Ref> pairs);
  void remember(std::uint64_t number);
  void recall(std::uint64_t number);

  Pickle& made_;
  std::string_view place_;
  Bytes rest_;
  std::vector<Ref> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::uint64_t, Ref> memo_;
};

}  // namespace reprise::pickle
