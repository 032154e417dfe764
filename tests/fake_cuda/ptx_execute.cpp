// SPDX-License-Identifier: Apache-2.0
// What an instruction does to the rows and to memory, for the lanes that take part in it.
#include <bit>
#include <cstring>

#include "fake_cuda/fault.h"
#include "fake_cuda/ptx_warp.h"

namespace reprise::fake_cuda {

namespace {

std::uint64_t cut(std::uint64_t value, int bits) { return bits >= 64 ? value : value & ((1ULL << bits) - 1); }

std::uint64_t extended(std::uint64_t value, int from, int to) {
  if (from >= 64 || !(value >> (from - 1) & 1)) return value;
  return cut(value | ~0ULL << from, to);
}

std::size_t index_of(int row) { return static_cast<std::size_t>(row); }

}  // namespace

void Warp::require(const Instruction& instruction, int row, std::uint32_t lanes) const {
  const std::uint32_t missing = lanes & ~defined_[index_of(row)];
  if (missing != 0)
    fault(instruction, static_cast<unsigned>(std::countr_zero(missing)),
          "a register that was never written is read");
}

void Warp::set_row(int row, const Lanes& values, std::uint32_t lanes) {
  if (row == sink) return;
  Lanes& to = rows_[index_of(row)];
  if (lanes == ~0U)
    to = values;
  else
    for (std::uint32_t left = lanes; left != 0; left &= left - 1) {
      const auto lane = static_cast<unsigned>(std::countr_zero(left));
      to[lane] = values[lane];
    }
  defined_[index_of(row)] |= lanes;
}

void Warp::execute(const Instruction& instruction, std::uint32_t lanes, BlockMemory& memory) {
  switch (instruction.kind) {
    case Kind::compute: {
      std::array<const Lanes*, 4> inputs{};
      for (std::size_t i = 0; i < instruction.inputs.size(); ++i) {
        require(instruction, instruction.inputs[i], lanes);
        inputs[i] = &rows_[index_of(instruction.inputs[i])];
      }
      Lanes out;
      instruction.compute(inputs.data(), out, lanes);
      const int row = instruction.results[0];
      const int have = row == sink ? 0 : kernel_.row_bits[index_of(row)];
      if (instruction.is_signed && have > instruction.width)
        for (auto& value : out) value = extended(value, instruction.width, have);
      set_row(row, out, lanes);
      return;
    }
    case Kind::move:
    case Kind::pack:
    case Kind::unpack:
      return move(instruction, lanes);
    case Kind::load:
    case Kind::store:
    case Kind::atomic:
      return access(instruction, lanes, memory);
    default:
      return;  // a fence: the interpreter keeps no caches
  }
}

// A plain move may copy what was never written: nvcc does so for values that a path leaves open.
void Warp::move(const Instruction& instruction, std::uint32_t lanes) {
  const int bits = instruction.width;
  if (instruction.kind == Kind::move) {
    Lanes out = rows_[index_of(instruction.inputs[0])];
    for (auto& value : out) value = cut(value, bits);
    const std::uint32_t known = defined_[index_of(instruction.inputs[0])];
    set_row(instruction.results[0], out, lanes);
    if (instruction.results[0] != sink) defined_[index_of(instruction.results[0])] &= known | ~lanes;
    return;
  }
  Lanes whole{};
  for (std::size_t i = 0; i < instruction.inputs.size(); ++i) {
    require(instruction, instruction.inputs[i], lanes);
    const Lanes& part = rows_[index_of(instruction.inputs[i])];
    for (unsigned lane = 0; lane < warp_size; ++lane)
      whole[lane] |=
          instruction.kind == Kind::pack ? cut(part[lane], bits) << (bits * static_cast<int>(i)) : part[lane];
  }
  if (instruction.kind == Kind::pack) return set_row(instruction.results[0], whole, lanes);
  for (std::size_t i = 0; i < instruction.results.size(); ++i) {
    Lanes part{};
    for (unsigned lane = 0; lane < warp_size; ++lane)
      part[lane] = cut(whole[lane] >> (bits * static_cast<int>(i)), bits);
    set_row(instruction.results[i], part, lanes);
  }
}

void Warp::access(const Instruction& instruction, std::uint32_t lanes, BlockMemory& memory) {
  for (const int row : instruction.inputs) require(instruction, row, lanes);
  for (std::uint32_t left = lanes; left != 0; left &= left - 1) {
    const auto lane = static_cast<unsigned>(std::countr_zero(left));
    try {
      if (instruction.kind == Kind::atomic)
        atomic_lane(instruction, lane, memory);
      else
        access_lane(instruction, lane, memory);
    } catch (const Fault& trouble) {
      fault(instruction, lane, trouble.what());
    }
  }
}

void Warp::access_lane(const Instruction& instruction, unsigned lane, BlockMemory& memory) {
  const bool store = instruction.kind == Kind::store;
  const auto size = static_cast<unsigned>(instruction.width) / 8;
  const std::uint64_t address =
      rows_[index_of(instruction.inputs[0])][lane] + static_cast<std::uint64_t>(instruction.offset);
  const Touch touch = store ? Touch::write : instruction.constant ? Touch::read_constant : Touch::read;
  std::byte* at = memory.touch(instruction.space, address, size * static_cast<unsigned>(instruction.vector),
                               touch, actor(lane), number_ * warp_size + lane);
  for (std::size_t i = 0; i < static_cast<std::size_t>(instruction.vector); ++i, at += size) {
    if (store) {
      std::memcpy(at, &rows_[index_of(instruction.inputs[1 + i])][lane], size);
      continue;
    }
    std::uint64_t value = 0;
    std::memcpy(&value, at, size);
    const int row = instruction.results[i];
    if (row == sink) continue;
    if (instruction.is_signed) value = extended(value, instruction.width, kernel_.row_bits[index_of(row)]);
    rows_[index_of(row)][lane] = value;
    defined_[index_of(row)] |= 1U << lane;
  }
}

void Warp::atomic_lane(const Instruction& instruction, unsigned lane, BlockMemory& memory) {
  const auto size = static_cast<unsigned>(instruction.width) / 8;
  const std::uint64_t address =
      rows_[index_of(instruction.inputs[0])][lane] + static_cast<std::uint64_t>(instruction.offset);
  std::byte* at =
      memory.touch(instruction.space, address, size, Touch::atomic, actor(lane), number_ * warp_size + lane);
  Lanes old{}, out{};
  std::memcpy(&old[0], at, size);
  Lanes operand{};
  operand[0] = rows_[index_of(instruction.inputs[1])][lane];
  const std::array<const Lanes*, 2> inputs = {&old, &operand};
  if (instruction.mode == "exch")
    out[0] = operand[0];
  else
    instruction.compute(inputs.data(), out, 1);
  std::memcpy(at, &out[0], size);
  if (instruction.results.empty() || instruction.results[0] == sink) return;
  rows_[index_of(instruction.results[0])][lane] = old[0];
  defined_[index_of(instruction.results[0])] |= 1U << lane;
}

}  // namespace reprise::fake_cuda
