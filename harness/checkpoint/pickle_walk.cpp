// SPDX-License-Identifier: Apache-2.0
#include "harness/checkpoint/pickle_walk.h"

#include <algorithm>
#include <array>

#include "harness/checkpoint/pickle_text.h"
#include "harness/checkpoint/plain_values.h"
#include "harness/tensor/broken.h"

namespace reprise {

using pickle::Kind;
using pickle::Ref;
using pickle::Value;

namespace {

// Objects that are plain data: they hold values and nothing else.
bool is_container(std::string_view head) {
  constexpr std::array<std::string_view, 16> heads{
      "collections.OrderedDict", "collections.defaultdict", "collections.deque",
      "collections.Counter",     "__builtin__.set",         "builtins.set",
      "__builtin__.frozenset",   "builtins.frozenset",      "__builtin__.list",
      "builtins.list",           "__builtin__.dict",        "builtins.dict",
      "argparse.Namespace",      "types.SimpleNamespace",   "torch.Size",
      "builtins.tuple"};
  return is_one_of(head, heads);
}

// A call without arguments.
bool is_empty_tuple(const Value& value) { return value.kind == Kind::tuple && value.items.empty(); }

}  // namespace

void PickleWalk::run() {
  visit(values_.root(), {});
  while (!path_.empty()) advance();
}

void PickleWalk::count_opaque(std::string_view what) {
  reprise::count_opaque(found_, shown(what), name_.empty() ? std::string(nameless) : name_);
}

void PickleWalk::keep(Ref ref) {
  const auto text = plain_text(values_, ref, work_);
  if (text)
    keep_plain(found_, name_.empty() ? "value" : name_, *text);
  else
    ++found_.scalars;
}

void PickleWalk::visit(Ref ref, std::string_view segment) {
  constexpr std::size_t most_visits = 10'000'000, longest_name = 4096;
  if (++visits_ > most_visits) broken("its values refer to one another more than {} times", most_visits);
  before_ = name_.size();
  if (!segment.empty()) {
    if (!name_.empty()) name_ += '.';
    name_ += segment;
    if (name_.size() > longest_name)
      broken("a name in it is longer than {} bytes: '{}'", longest_name, shown(name_));
  }
  const Value& value = values_[ref];
  if (!take_(ref, name_.empty() ? std::string(nameless) : name_)) {
    switch (value.kind) {
      case Kind::list:
      case Kind::tuple:
      case Kind::dict:
        if (name_.empty() || !value.items.empty() || !value.pairs.empty()) return enter(ref);
        keep(ref);  // that there is nothing is a value too
        break;
      case Kind::set:
      case Kind::object:
        return visit_object(ref);
      case Kind::global:
        is_plain_global(value.text) ? keep(ref) : count_opaque(value.text);
        break;
      case Kind::persistent:
        count_opaque("a reference to something outside the pickle");
        break;
      default:
        keep(ref);
    }
  }
  name_.resize(before_);
}

// The place of a member in a set says nothing: a set of plain values is one value.
void PickleWalk::visit_object(Ref ref) {
  const std::string_view head = values_.head(ref);
  const bool set = is_set(values_, ref);
  const auto text = set ? plain_text(values_, ref, work_) : std::nullopt;
  if (text || is_scalar_call(head)) {
    text ? keep_plain(found_, name_.empty() ? "value" : name_, *text) : keep(ref);
    return name_.resize(before_);
  }
  if (!set && !is_container(head)) count_opaque(head.empty() ? "an object of a computed class" : head);
  enter(ref);
}

void PickleWalk::enter(Ref ref) {
  constexpr std::size_t deepest = 1000;
  if (inside_[ref]) return name_.resize(before_);
  if (path_.size() >= deepest) broken("its values are nested deeper than {} levels", deepest);
  inside_[ref] = true;
  path_.push_back({ref, 0, before_});
}

void PickleWalk::advance() {
  Frame& frame = path_.back();
  const Value& value = values_[frame.value];
  std::size_t at = frame.next++;
  if (at < value.items.size()) return visit(value.items[at], std::to_string(at));
  at -= value.items.size();
  if (at < value.pairs.size() / 2) return visit(value.pairs[2 * at + 1], segment_of(value.pairs[2 * at], at));
  at -= value.pairs.size() / 2;
  if (value.kind == Kind::object && at < 2) {
    const bool plain = is_container(values_.head(frame.value));
    if (at == 0 && value.state != pickle::nothing) visit(value.state, {});
    const bool given = value.arguments != pickle::nothing && !is_empty_tuple(values_[value.arguments]);
    if (at == 1 && given) visit(value.arguments, plain ? "" : "arguments");
    return;
  }
  inside_[frame.value] = false;
  name_.resize(frame.name_length);
  path_.pop_back();
}

std::string PickleWalk::segment_of(Ref key, std::size_t position) const {
  if (const auto text = values_.text(key)) return std::string(*text);
  if (values_[key].kind == Kind::truth) return values_[key].whole != 0 ? "True" : "False";
  if (const auto whole = values_.whole(key)) return std::to_string(*whole);
  return fmt::format("entry{}", position);
}

}  // namespace reprise
