// SPDX-License-Identifier: Apache-2.0
#pragma once
// A kernel read from PTX, ready to be interpreted. Every operand is a row: one 64-bit value for each of the
// 32 lanes of a warp. Registers, immediate values, addresses of variables and special registers (%tid.x) all
// are rows; a value narrower than 64 bits lies zero-extended in its row, a predicate as 0 or 1.
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace reprise::fake_cuda {

inline constexpr unsigned warp_size = 32;
using Lanes = std::array<std::uint64_t, warp_size>;

// Computes the lanes named by the mask from as many inputs as the operation has.
using Compute = void (*)(const Lanes* const* inputs, Lanes& out, std::uint32_t mask);

enum class Kind : std::uint8_t {
  compute,
  move,
  pack,
  unpack,
  load,
  store,
  atomic,
  shuffle,
  vote,
  warp_sync,
  barrier,
  fence,
  branch,
  end
};
enum class Space : std::uint8_t { generic, global, shared, local, parameter };
enum class Special : std::uint8_t {
  thread_x,
  thread_y,
  thread_z,
  threads_x,
  threads_y,
  threads_z,
  block_x,
  block_y,
  block_z,
  blocks_x,
  blocks_y,
  blocks_z,
  lane,
  warp
};

// Where the windows of the narrow spaces lie in the generic address space: beyond every address of the host.
inline constexpr std::uint64_t parameter_window = 1ULL << 60, shared_window = 2ULL << 60,
                               local_window = 3ULL << 60;

inline constexpr int sink = -1;  // the row of a result that nobody wants: `_`

struct Instruction {
  Kind kind = Kind::end;
  std::string name;  // opcode with its types, without hints to the cache: what tests of the interpreter cover
  std::string text;  // the statement, for messages
  int guard = sink;  // row of the predicate, if there is one
  bool guard_negated = false;
  std::vector<int> results, inputs;
  Compute compute = nullptr;  // of Kind::compute, and what an atomic does to old value and operands
  std::string mode;           // of shuffle and vote: bfly, idx, any, ballot
  int width = 64;             // bits of an element in memory, or of a part in pack and unpack
  int vector = 1;             // elements of a load or store
  bool is_signed = false;     // a load extends the sign
  bool constant = false;      // ld.global.nc: nothing of this launch may write there
  Space space = Space::generic;
  std::int64_t offset = 0;  // added to inputs[0], the address
  std::size_t target = 0;   // of a branch: index into the code
};

struct Parameter {
  std::size_t offset, bytes;
};

struct Kernel {
  std::string name;
  std::vector<Parameter> parameters;
  std::size_t parameter_bytes = 0, shared_bytes = 0, local_bytes = 0;
  unsigned most_threads = 1024;  // of a block
  std::vector<int> row_bits;     // width of each row
  std::vector<std::pair<int, std::uint64_t>> constants;
  std::vector<std::pair<int, Special>> specials;
  std::vector<Instruction> code;
};

struct Module {
  std::string target;  // sm_75
  std::map<std::string, Kernel> kernels;
};

// Reads PTX as nvcc writes it. Throws a Fault for any directive, opcode, modifier or operand it does not
// know.
Module parse_ptx(const std::string& text);

}  // namespace reprise::fake_cuda
