// SPDX-License-Identifier: Apache-2.0
#include "harness/container/unpickler.h"

#include <algorithm>

#include "harness/container/little_endian.h"
#include "harness/tensor/broken.h"

namespace reprise::pickle {

void Unpickler::trouble(const std::string& why) const {
  broken("{} is not a readable pickle: {} at byte {}", place_, why, made_.bytes_.bytes.size() - rest_.size());
}

Bytes Unpickler::take(std::uint64_t count) {
  if (count > rest_.size()) trouble(fmt::format("it ends, {} more bytes were wanted", count - rest_.size()));
  const Bytes taken = rest_.first(count);
  rest_ = rest_.subspan(count);
  return taken;
}

template <class Number>
Number Unpickler::take_number() {
  return number_at<Number>(take(sizeof(Number)), 0);
}

std::string_view Unpickler::take_line() {
  const std::string_view text = text_of(rest_);
  const auto end = text.find('\n');
  if (end == text.npos) trouble("a line without an end");
  take(end + 1);
  return text.substr(0, end);
}

Ref Unpickler::make(Value value) {
  constexpr std::size_t most = 10'000'000;
  if (made_.values_.size() >= most) trouble(fmt::format("more than {} values", most));
  made_.values_.push_back(std::move(value));
  return static_cast<Ref>(made_.values_.size() - 1);
}

Ref Unpickler::make_text(Kind kind, std::uint64_t length) {
  return make({.kind = kind, .text = text_of(take(length))});
}

// Two's complement of any length; one that does not fit 64 bits is kept as its bytes.
Ref Unpickler::make_whole(Bytes little_endian) {
  if (little_endian.size() > 8) return make({.kind = Kind::number, .text = text_of(little_endian)});
  const bool negative = !little_endian.empty() && (little_endian.back() & std::byte{0x80}) != std::byte{0};
  std::uint64_t bits = negative ? UINT64_MAX : 0;
  if (!little_endian.empty()) std::memcpy(&bits, little_endian.data(), little_endian.size());
  return make({.kind = Kind::whole, .whole = static_cast<std::int64_t>(bits)});
}

Ref Unpickler::make_global(std::string_view module, std::string_view name) {
  made_.texts_.push_back(fmt::format("{}.{}", module, name));
  return make({.kind = Kind::global, .text = made_.texts_.back()});
}

Ref Unpickler::make_object(Ref head, Ref arguments) {
  return make({.kind = Kind::object, .head = head, .arguments = arguments});
}

Ref Unpickler::pop() {
  if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) trouble("a value that is not there");
  const Ref ref = stack_.back();
  stack_.pop_back();
  return ref;
}

Ref Unpickler::top() {
  const Ref ref = pop();
  stack_.push_back(ref);
  return ref;
}

Value& Unpickler::target() { return made_.values_[top()]; }

std::vector<Ref> Unpickler::pop_to_mark() {
  if (marks_.empty()) trouble("a mark that is not there");
  const auto from = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
  std::vector<Ref> taken(from, stack_.end());
  stack_.erase(from, stack_.end());
  marks_.pop_back();
  return taken;
}

void Unpickler::fill_items(Value& value, std::vector<Ref> items) {
  if (value.kind != Kind::list && value.kind != Kind::set && value.kind != Kind::object)
    trouble("items for what is not a list");
  value.items.insert(value.items.end(), items.begin(), items.end());
}

void Unpickler::fill_pairs(Value& value, std::vector<Ref> pairs) {
  if (value.kind != Kind::dict && value.kind != Kind::object) trouble("entries for what is not a dict");
  if (pairs.size() % 2 != 0) trouble("a key without a value");
  value.pairs.insert(value.pairs.end(), pairs.begin(), pairs.end());
}

void Unpickler::remember(std::uint64_t number) { memo_[number] = top(); }

void Unpickler::recall(std::uint64_t number) {
  const auto found = memo_.find(number);
  if (found == memo_.end()) trouble(fmt::format("memo {} is not there", number));
  push(found->second);
}

void Unpickler::run() {
  while (true) {
    const auto opcode = take_number<unsigned char>();
    if (opcode == '.') break;
    if (!number(opcode) && !text(opcode) && !container(opcode) && !filling(opcode) && !memo(opcode) &&
        !object(opcode) && !global(opcode) && !stack(opcode))
      trouble(fmt::format("the opcode 0x{:02x}", opcode));
  }
  made_.root_ = pop();
  made_.end_ = made_.bytes_.bytes.size() - rest_.size();
}

}  // namespace reprise::pickle
