// SPDX-License-Identifier: Apache-2.0
#include "fake_cuda/ptx_decode.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <utility>

#include "fake_cuda/fault.h"
#include "fake_cuda/ptx_operations.h"
#include "fake_cuda/ptx_text.h"

namespace reprise::fake_cuda {

namespace {

// One statement while it is read: the opcode in its parts, and the operands.
struct Reading {
  Names& names;
  Instruction instruction;
  std::vector<std::string> parts;  // of the opcode: ld, global, v2, u64
  std::vector<std::string> operands;

  [[noreturn]] void refuse(const std::string& why) const {
    throw Fault("PTX: " + why + " in '" + instruction.text + "'");
  }
  void expect_operands(std::size_t count) const {
    if (operands.size() != count) refuse("expected " + std::to_string(count) + " operands");
  }
  int input(std::size_t i) { return names.row_of(operands[i]); }
  int result(const std::string& operand) { return operand == "_" ? sink : names.row_of(operand); }
};

std::vector<std::string> parts_of(const std::string& opcode) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < opcode.size(); ++i) {
    if (opcode[i] == '.')
      parts.emplace_back();
    else
      parts.back() += opcode[i];
  }
  return parts;
}

// {%r1, %r2} or one operand.
std::vector<std::string> members_of(const std::string& operand) {
  if (operand.empty() || operand.front() != '{') return {operand};
  return list_of(std::string_view(operand).substr(1, operand.size() - 2));
}

int type_bits(const std::string& type) {
  static const std::map<std::string, int> bits = {
      {"u8", 8},   {"s8", 8},   {"b8", 8},   {"u16", 16}, {"s16", 16}, {"b16", 16}, {"u32", 32},
      {"s32", 32}, {"b32", 32}, {"u64", 64}, {"s64", 64}, {"b64", 64}, {"pred", 1}};
  const auto found = bits.find(type);
  return found == bits.end() ? 0 : found->second;
}

void read_arithmetic(Reading& r, const Operation& operation) {
  Instruction& to = r.instruction;
  r.expect_operands(1 + operation.input_bits.size());
  to.kind = Kind::compute;
  to.compute = operation.compute;
  to.width = operation.result_bits;
  to.is_signed = operation.result_signed;
  to.results = {r.result(r.operands[0])};
  for (std::size_t i = 1; i < r.operands.size(); ++i) {
    const int row = r.input(i), have = r.names.bits_of(row), want = operation.input_bits[i - 1];
    // A conversion may read part of a wider register; every other width must fit.
    if (have != 0 && have != want && !(to.name.starts_with("cvt.") && have > want))
      r.refuse("an operand of " + std::to_string(have) + " bits, expected " + std::to_string(want) + ",");
    to.inputs.push_back(row);
  }
}

void read_move(Reading& r) {
  Instruction& to = r.instruction;
  r.expect_operands(2);
  to.width = type_bits(r.parts.at(1));
  if (r.parts.size() != 2 || to.width == 0) r.refuse("a modifier that is not supported");
  const bool many_out = r.operands[0][0] == '{', many_in = r.operands[1][0] == '{';
  if (many_out && many_in) r.refuse("two vectors");
  to.kind = many_out ? Kind::unpack : many_in ? Kind::pack : Kind::move;
  to.name += many_out ? " {}," : many_in ? ", {}" : "";
  for (const auto& member : members_of(r.operands[0])) to.results.push_back(r.result(member));
  for (const auto& member : members_of(r.operands[1])) to.inputs.push_back(r.names.row_of(member));
  to.width /= static_cast<int>(std::max(to.results.size(), to.inputs.size()));
}

// [name+16]: the row of the base goes to inputs[0].
void read_address(Reading& r, const std::string& operand) {
  if (operand.size() < 3 || operand.front() != '[' || operand.back() != ']') r.refuse("expected an address");
  std::string inner = operand.substr(1, operand.size() - 2);
  if (const std::size_t sign = inner.find('+'); sign != std::string::npos) {
    const std::string number = trimmed(inner.substr(sign + 1));
    char* end = nullptr;
    r.instruction.offset = std::strtoll(number.c_str(), &end, 0);
    if (number.empty() || *end != '\0') r.refuse("an offset that is not a number");
    inner = inner.substr(0, sign);
  }
  r.instruction.inputs.insert(r.instruction.inputs.begin(), r.names.row_of(trimmed(inner)));
}

bool read_space(const std::string& part, Space& space) {
  static const std::map<std::string, Space> spaces = {{"global", Space::global},
                                                      {"shared", Space::shared},
                                                      {"local", Space::local},
                                                      {"param", Space::parameter}};
  const auto found = spaces.find(part);
  if (found != spaces.end()) space = found->second;
  return found != spaces.end();
}

// Loads and stores. Hints to the cache change nothing here and are left out of the name.
void read_access(Reading& r, bool load) {
  static const std::set<std::string> hints = {"ca", "cg", "cs", "lu", "cv", "wb", "wt"};
  Instruction& to = r.instruction;
  to.kind = load ? Kind::load : Kind::store;
  to.name = r.parts[0];
  for (std::size_t i = 1; i + 1 < r.parts.size(); ++i) {
    const std::string& part = r.parts[i];
    if (hints.contains(part) || part.starts_with("L1::") || part.starts_with("L2::")) continue;
    if (part == "nc" && load)
      to.constant = true;
    else if (part == "v2" || part == "v4")
      to.vector = part[1] - '0';
    else if (part != "volatile" && !read_space(part, to.space))
      r.refuse("the modifier ." + part + " is not supported");
    to.name += "." + part;
  }
  const std::string& type = r.parts.back();
  to.width = type_bits(type);
  if (to.width < 8) r.refuse("the type ." + type + " is not supported");
  to.is_signed = type[0] == 's';
  to.name += "." + type;
  r.expect_operands(2);
  for (const auto& member : members_of(r.operands[load ? 0 : 1]))
    (load ? to.results : to.inputs).push_back(load ? r.result(member) : r.names.row_of(member));
  if (to.results.size() + to.inputs.size() != static_cast<std::size_t>(to.vector))
    r.refuse("a vector of another size");
  read_address(r, r.operands[load ? 1 : 0]);
}

void read_shuffle(Reading& r) {
  Instruction& to = r.instruction;
  static const std::set<std::string> known = {"shfl.sync.bfly.b32", "shfl.sync.idx.b32", "shfl.sync.up.b32",
                                              "shfl.sync.down.b32"};
  if (!known.contains(to.name)) r.refuse("a shuffle that is not supported");
  to.kind = Kind::shuffle;
  to.mode = r.parts[2];
  to.width = 32;
  r.expect_operands(5);
  const std::string& out = r.operands[0];
  const std::size_t bar = out.find('|');
  to.results.push_back(r.result(trimmed(out.substr(0, bar))));
  if (bar != std::string::npos) to.results.push_back(r.result(trimmed(out.substr(bar + 1))));
  for (std::size_t i = 1; i < 5; ++i) to.inputs.push_back(r.input(i));
}

void read_vote(Reading& r) {
  Instruction& to = r.instruction;
  static const std::set<std::string> known = {"vote.sync.any.pred", "vote.sync.all.pred",
                                              "vote.sync.ballot.b32"};
  if (!known.contains(to.name)) r.refuse("a vote that is not supported");
  to.kind = Kind::vote;
  to.mode = r.parts[2];
  to.width = to.mode == "ballot" ? 32 : 1;
  r.expect_operands(3);
  to.results = {r.result(r.operands[0])};
  to.inputs = {r.input(1), r.input(2)};
}

// atom.global.add.u32 d, [a], b: what is done to the old value is a row of the table of arithmetic.
void read_atomic(Reading& r) {
  Instruction& to = r.instruction;
  static const std::set<std::string> known = {"add", "min", "max", "and", "or", "xor", "exch"};
  to.kind = Kind::atomic;
  const bool wanted = r.parts[0] == "atom";
  std::string type = r.parts.back(), how = r.parts.size() > 2 ? r.parts[r.parts.size() - 2] : "";
  for (std::size_t i = 1; i + 2 < r.parts.size(); ++i)
    if (r.parts[i] != "relaxed" && r.parts[i] != "gpu" && !read_space(r.parts[i], to.space))
      r.refuse("the modifier ." + r.parts[i] + " is not supported");
  to.mode = how;
  to.width = type_bits(type);
  const auto found = operations().find(how + "." + type);
  if (!known.contains(how) || (how != "exch" && found == operations().end()) || to.width < 32)
    r.refuse("an atomic operation that is not supported");
  if (how != "exch") to.compute = found->second.compute;
  r.expect_operands(wanted ? 3 : 2);
  if (wanted) to.results = {r.result(r.operands[0])};
  to.inputs = {r.input(wanted ? 2 : 1)};
  read_address(r, r.operands[wanted ? 1 : 0]);
}

void read_control(Reading& r) {
  Instruction& to = r.instruction;
  const std::string& name = to.name;
  if (name == "bra" || name == "bra.uni") {
    r.expect_operands(1);
    to.kind = Kind::branch;
    to.target = r.names.label(r.operands[0]);
  } else if (name == "ret" || name == "exit") {
    to.kind = Kind::end;
  } else if (name == "bar.warp.sync") {
    r.expect_operands(1);
    to.kind = Kind::warp_sync;
    to.inputs = {r.input(0)};
  } else if ((name == "bar.sync" || name == "barrier.sync") && r.operands == std::vector<std::string>{"0"}) {
    to.kind = Kind::barrier;
  } else if (name == "membar.gl" || name == "membar.cta" || name == "fence.acq_rel.gpu" ||
             name == "fence.acq_rel.cta") {
    to.kind = Kind::fence;
  } else {
    r.refuse("the instruction " + name + " is not supported");
  }
}

}  // namespace

Instruction decode(const std::string& statement, Names& names) {
  Reading r{names, {}, {}, {}};
  r.instruction.text = statement;
  std::string rest = statement;
  if (rest[0] == '@') {
    const std::size_t blank = rest.find_first_of(" \t");
    r.instruction.guard_negated = rest[1] == '!';
    r.instruction.guard = names.row_of(
        rest.substr(r.instruction.guard_negated ? 2 : 1, blank - 1 - r.instruction.guard_negated));
    rest = trimmed(rest.substr(blank));
  }
  const std::size_t blank = rest.find_first_of(" \t");
  r.instruction.name = rest.substr(0, blank);
  r.parts = parts_of(r.instruction.name);
  if (blank != std::string::npos) r.operands = list_of(rest.substr(blank));
  const std::string& first = r.parts[0];
  if (const auto found = operations().find(r.instruction.name); found != operations().end())
    read_arithmetic(r, found->second);
  else if (first == "mov" && r.parts.size() > 1)
    read_move(r);
  else if ((first == "ld" || first == "st") && r.parts.size() > 1)
    read_access(r, first == "ld");
  else if (first == "shfl")
    read_shuffle(r);
  else if (first == "vote")
    read_vote(r);
  else if (first == "atom" || first == "red")
    read_atomic(r);
  else
    read_control(r);
  return r.instruction;
}

}  // namespace reprise::fake_cuda
