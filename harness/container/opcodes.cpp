// SPDX-License-Identifier: Apache-2.0
// The opcodes of Python's pickletools, protocols 2 to 5, kind by kind.
#include "harness/container/little_endian.h"
#include "harness/container/unpickler.h"

#include <fmt/core.h>

namespace reprise::pickle {
namespace {

template <class Number>
Number number_in(Bytes bytes) {
  return number_at<Number>(bytes, 0);
}

}  // namespace

bool Unpickler::number(unsigned char opcode) {
  switch (opcode) {
    case 'N':
      return push(make({.kind = Kind::none})), true;
    case 0x88:
    case 0x89:
      return push(make({.kind = Kind::truth, .whole = opcode == 0x88})), true;
    case 'J':
      return push(make({.kind = Kind::whole, .whole = number_in<std::int32_t>(take(4))})), true;
    case 'K':
      return push(make({.kind = Kind::whole, .whole = number_in<std::uint8_t>(take(1))})), true;
    case 'M':
      return push(make({.kind = Kind::whole, .whole = number_in<std::uint16_t>(take(2))})), true;
    case 0x8a:
      return push(make_whole(take(number_in<std::uint8_t>(take(1))))), true;
    case 0x8b:
      return push(make_whole(take(number_in<std::uint32_t>(take(4))))), true;
    case 'G': {
      const auto big_endian = number_in<std::uint64_t>(take(8));
      const auto bits = static_cast<std::int64_t>(__builtin_bswap64(big_endian));
      return push(make({.kind = Kind::number, .whole = bits})), true;
    }
    default:
      return false;
  }
}

bool Unpickler::text(unsigned char opcode) {
  switch (opcode) {
    case 'X':
      return push(make_text(Kind::text, number_in<std::uint32_t>(take(4)))), true;
    case 0x8c:
      return push(make_text(Kind::text, number_in<std::uint8_t>(take(1)))), true;
    case 0x8d:
      return push(make_text(Kind::text, number_in<std::uint64_t>(take(8)))), true;
    case 'T':
    case 'B':
      return push(make_text(opcode == 'T' ? Kind::text : Kind::bytes, number_in<std::uint32_t>(take(4)))),
             true;
    case 'U':
    case 'C':
      return push(make_text(opcode == 'U' ? Kind::text : Kind::bytes, number_in<std::uint8_t>(take(1)))),
             true;
    case 0x8e:
    case 0x96:
      return push(make_text(Kind::bytes, number_in<std::uint64_t>(take(8)))), true;
    default:
      return false;
  }
}

bool Unpickler::container(unsigned char opcode) {
  const auto marked = [&](Kind kind) { push(make({.kind = kind, .items = pop_to_mark()})); };
  const auto last = [&](int count) {
    std::vector<Ref> items(static_cast<std::size_t>(count));
    for (int i = count; i-- > 0;) items[static_cast<std::size_t>(i)] = pop();
    push(make({.kind = Kind::tuple, .items = std::move(items)}));
  };
  switch (opcode) {
    case ']':
      return push(make({.kind = Kind::list})), true;
    case ')':
      return push(make({.kind = Kind::tuple})), true;
    case '}':
      return push(make({.kind = Kind::dict})), true;
    case 0x8f:
      return push(make({.kind = Kind::set})), true;
    case 'l':
      return marked(Kind::list), true;
    case 't':
      return marked(Kind::tuple), true;
    case 0x91:
      return marked(Kind::set), true;
    case 0x85:
    case 0x86:
    case 0x87:
      return last(opcode - 0x84), true;
    default:
      return false;
  }
}

bool Unpickler::filling(unsigned char opcode) {
  switch (opcode) {
    case 'a': {
      const Ref item = pop();
      return fill_items(target(), {item}), true;
    }
    case 'e':
    case 0x90: {
      auto items = pop_to_mark();
      return fill_items(target(), std::move(items)), true;
    }
    case 's': {
      const Ref value = pop(), key = pop();
      return fill_pairs(target(), {key, value}), true;
    }
    case 'u': {
      auto pairs = pop_to_mark();
      return fill_pairs(target(), std::move(pairs)), true;
    }
    case 'd': {
      Value dict{.kind = Kind::dict};
      fill_pairs(dict, pop_to_mark());
      return push(make(std::move(dict))), true;
    }
    default:
      return false;
  }
}

bool Unpickler::memo(unsigned char opcode) {
  switch (opcode) {
    case 'q':
      return remember(number_in<std::uint8_t>(take(1))), true;
    case 'r':
      return remember(number_in<std::uint32_t>(take(4))), true;
    case 0x94:
      return remember(memo_.size()), true;
    case 'h':
      return recall(number_in<std::uint8_t>(take(1))), true;
    case 'j':
      return recall(number_in<std::uint32_t>(take(4))), true;
    default:
      return false;
  }
}

bool Unpickler::object(unsigned char opcode) {
  switch (opcode) {
    case 'R':
    case 0x81: {
      const Ref arguments = pop(), head = pop();
      return push(make_object(head, arguments)), true;
    }
    case 0x92: {  // with keyword arguments
      const Ref keywords = pop(), arguments = pop(), head = pop();
      const Ref made = make_object(head, arguments);
      made_.values_[made].items.push_back(keywords);
      return push(made), true;
    }
    case 'o': {
      auto items = pop_to_mark();
      if (items.empty()) trouble("an object without a class");
      const Ref head = items.front();
      items.erase(items.begin());
      const Ref arguments = make({.kind = Kind::tuple, .items = std::move(items)});
      return push(make_object(head, arguments)), true;
    }
    case 'b': {
      const Ref state = pop();
      Value& built = target();
      if (built.kind != Kind::object || built.state != nothing) trouble("attributes for what has none");
      return built.state = state, true;
    }
    case 'Q': {
      const Ref key = pop();
      return push(make({.kind = Kind::persistent, .arguments = key})), true;
    }
    default:
      return false;
  }
}

bool Unpickler::global(unsigned char opcode) {
  switch (opcode) {
    case 'c': {
      const auto module = take_line(), name = take_line();
      return push(make_global(module, name)), true;
    }
    case 0x93: {
      const Value name = made_[pop()], module = made_[pop()];
      if (name.kind != Kind::text || module.kind != Kind::text) trouble("a global whose name is not text");
      return push(make_global(module.text, name.text)), true;
    }
    case 'i': {
      const auto module = take_line(), name = take_line();
      const Ref arguments = make({.kind = Kind::tuple, .items = pop_to_mark()});
      return push(make_object(make_global(module, name), arguments)), true;
    }
    case 0x82:
      return push(make_global("extension", std::to_string(number_in<std::uint8_t>(take(1))))), true;
    case 0x83:
      return push(make_global("extension", std::to_string(number_in<std::uint16_t>(take(2))))), true;
    case 0x84:
      return push(make_global("extension", std::to_string(number_in<std::int32_t>(take(4))))), true;
    default:
      return false;
  }
}

bool Unpickler::stack(unsigned char opcode) {
  switch (opcode) {
    case 0x80:
      if (const auto protocol = number_in<std::uint8_t>(take(1)); protocol > 5)
        trouble(fmt::format("protocol {}, the newest known is 5,", protocol));
      return true;
    case 0x95:  // a frame's length: it only helps readers of streams
      return take(8), true;
    case '(':
      return marks_.push_back(stack_.size()), true;
    case '1':
      return pop_to_mark(), true;
    case '0':
      if (!marks_.empty() && marks_.back() == stack_.size()) return marks_.pop_back(), true;
      return pop(), true;
    case '2': {
      const Ref ref = top();
      return push(ref), true;
    }
    default:
      return false;
  }
}

}  // namespace reprise::pickle
