// SPDX-License-Identifier: Apache-2.0
// The instructions at which lanes of a warp wait for one another: shuffles, votes and the warp's barrier.
#include <bit>

#include "fake_cuda/fault.h"
#include "fake_cuda/ptx_warp.h"

namespace reprise::fake_cuda {

// Lets go on those of the waiting lanes (all at one instruction) whose mask is complete: every lane it
// names waits at the same instruction. Tells whether any did.
bool Warp::release(std::uint32_t waiting) {
  const std::size_t at = counter_[static_cast<unsigned>(std::countr_zero(waiting))];
  const Instruction& instruction = kernel_.code[at];
  const int mask_row = instruction.inputs.back();
  std::uint32_t here = 0;
  for (unsigned lane = 0; lane < warp_size; ++lane)
    if ((waiting_ >> lane & 1) && counter_[lane] == at) here |= 1U << lane;
  require(instruction, mask_row, here);
  const Lanes& masks = rows_[static_cast<std::size_t>(mask_row)];
  bool any = false;
  for (std::uint32_t left = here; left != 0;) {
    const auto first = static_cast<unsigned>(std::countr_zero(left));
    const auto mask = static_cast<std::uint32_t>(masks[first]);
    if (!(mask >> first & 1)) fault(instruction, first, "a thread that its own mask does not name");
    left &= ~(1U << first);
    const std::uint32_t wanted = mask & live_;
    if ((wanted & ~here) != 0) continue;
    // Hardware lets this pass; the manual does not promise it for lanes that never came.
    if (wanted != mask) fault(instruction, first, "a mask that names lanes that have ended, or never were");
    for (unsigned lane = 0; lane < warp_size; ++lane)
      if ((wanted >> lane & 1) && static_cast<std::uint32_t>(masks[lane]) != mask)
        fault(instruction, lane, "threads that wait for one another name different masks");
    together(instruction, wanted);
    for (unsigned lane = 0; lane < warp_size; ++lane)
      if (wanted >> lane & 1) ++counter_[lane];
    waiting_ &= ~wanted;
    here &= ~wanted;
    left &= ~wanted;
    any = true;
  }
  return any;
}

// Nobody else can go: a mask may have become complete because a lane ended.
bool Warp::release_waiting() {
  for (std::uint32_t left = waiting_; left != 0; left &= left - 1)
    if (release(1U << std::countr_zero(left))) return true;
  return false;
}

void Warp::together(const Instruction& instruction, std::uint32_t lanes) {
  if (instruction.kind == Kind::shuffle)
    shuffle(instruction, lanes);
  else if (instruction.kind == Kind::vote)
    vote(instruction, lanes);
  else if (lanes == live_)
    ++syncs_;
}

// The PTX manual's rule: `clamp` holds the segment's mask and the last lane a source may be.
void Warp::shuffle(const Instruction& instruction, std::uint32_t lanes) {
  for (int i = 0; i < 3; ++i) require(instruction, instruction.inputs[static_cast<std::size_t>(i)], lanes);
  const auto row = [&](std::size_t i) -> const Lanes& {
    return rows_[static_cast<std::size_t>(instruction.inputs[i])];
  };
  const Lanes values = row(0);
  Lanes out{}, in_range{};
  for (unsigned lane = 0; lane < warp_size; ++lane) {
    if (!(lanes >> lane & 1)) continue;
    const auto by = static_cast<unsigned>(row(1)[lane] & 31), clamp = static_cast<unsigned>(row(2)[lane]);
    const unsigned segment = clamp >> 8 & 31, low = lane & segment, high = low | (clamp & 31 & ~segment);
    int source = 0;
    bool valid = true;
    if (instruction.mode == "up") {
      source = static_cast<int>(lane) - static_cast<int>(by);
      valid = source >= static_cast<int>(high);
    } else {
      source = static_cast<int>(instruction.mode == "bfly"   ? lane ^ by
                                : instruction.mode == "down" ? lane + by
                                                             : low | (by & ~segment));
      valid = source <= static_cast<int>(high);
    }
    if (!valid) source = static_cast<int>(lane);
    if (!(lanes >> source & 1))
      fault(instruction, lane,
            "a shuffle from lane " + std::to_string(source) +
                ", which takes no part: it has ended or the mask does not name it");
    out[lane] = values[static_cast<std::size_t>(source)] & 0xFFFFFFFF;
    in_range[lane] = valid ? 1 : 0;
  }
  set_row(instruction.results[0], out, lanes);
  if (instruction.results.size() > 1) set_row(instruction.results[1], in_range, lanes);
}

void Warp::vote(const Instruction& instruction, std::uint32_t lanes) {
  require(instruction, instruction.inputs[0], lanes);
  const Lanes& asked = rows_[static_cast<std::size_t>(instruction.inputs[0])];
  std::uint32_t yes = 0;
  for (unsigned lane = 0; lane < warp_size; ++lane)
    if ((lanes >> lane & 1) && asked[lane] != 0) yes |= 1U << lane;
  Lanes out{};
  out.fill(instruction.mode == "ballot" ? yes : instruction.mode == "any" ? yes != 0 : yes == lanes);
  set_row(instruction.results[0], out, lanes);
}

}  // namespace reprise::fake_cuda
