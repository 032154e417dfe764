// SPDX-License-Identifier: Apache-2.0
#include "fake_cuda/ptx_race.h"

#include <string>

#include "fake_cuda/fault.h"

namespace reprise::fake_cuda {

namespace {

// Whether what `then` did is in order before what `now` does.
bool ordered(const Actor& then, const Actor& now) {
  if (then.thread == now.thread) return true;
  if (then.block != now.block) return false;
  const bool same_warp = then.thread / 32 == now.thread / 32;  // a block begins at a multiple of 32 here
  return then.barriers != now.barriers || (same_warp && then.syncs != now.syncs);
}

[[noreturn]] void race(const char* what, const Actor& then, const Actor& now, std::uint64_t address) {
  throw Fault("race: " + std::string(what) + " by threads " + std::to_string(then.thread) + " and " +
              std::to_string(now.thread) + " of the launch without a barrier between them, at byte " +
              std::to_string(address));
}

}  // namespace

RaceWatch::Page& RaceWatch::page_of(std::uint64_t address) {
  const std::uint64_t number = address / page_bytes;
  if (number != last_number_) {
    auto& page = pages_[number];
    if (!page) page = std::make_unique<Page>();
    last_number_ = number;
    last_ = page.get();
  }
  return *last_;
}

bool RaceWatch::in_order(const Trail& trail, const Actor& actor) {
  if (!trail.any) return true;
  if (trail.blocks) return false;
  if (!trail.several) return ordered(trail.actor, actor);
  if (trail.actor.block != actor.block) return false;
  const bool same_warp = !trail.warps && trail.actor.thread / 32 == actor.thread / 32;
  return trail.actor.barriers != actor.barriers || (same_warp && trail.actor.syncs != actor.syncs);
}

// One more who touched the byte: those before are forgotten where they are in order before this one, since
// then they are in order before everyone who comes in order after it.
void RaceWatch::extend(Trail& trail, const Actor& actor) {
  if (trail.any && !in_order(trail, actor)) {
    trail.blocks = trail.blocks || trail.actor.block != actor.block;
    trail.warps = trail.warps || trail.actor.thread / 32 != actor.thread / 32;
    trail.several = true;
  } else if (trail.actor.thread != actor.thread || trail.actor.barriers != actor.barriers) {
    trail.several = trail.warps = false;
  }
  trail.actor = actor;
  trail.any = true;
}

void RaceWatch::touch_cell(Cell& cell, std::uint64_t address, Touch touch, const Actor& actor) {
  Trail &written = cell.written, &read = cell.read;
  const bool writes = touch == Touch::write || touch == Touch::atomic;
  const bool atomics = touch == Touch::atomic && written.atomic;
  if (written.any && touch == Touch::read_constant)
    throw Fault("a load of read-only data (ld.global.nc) of what this launch wrote");
  if (!atomics && !in_order(written, actor))
    race(writes ? "written" : "written and read", written.actor, actor, address);
  if (!writes) {
    extend(read, actor);
    return;
  }
  if (!in_order(read, actor)) race("read and written", read.actor, actor, address);
  if (atomics)
    extend(written, actor);
  else
    written = {actor, true, touch == Touch::atomic, false, false, false};
}

void RaceWatch::touch(std::uint64_t address, unsigned bytes, Touch touch, const Actor& actor) {
  for (unsigned i = 0; i < bytes; ++i)
    touch_cell(page_of(address + i)[(address + i) % page_bytes], address + i, touch, actor);
}

bool RaceWatch::written(std::uint64_t address, unsigned bytes) const {
  for (unsigned i = 0; i < bytes; ++i) {
    const auto page = pages_.find((address + i) / page_bytes);
    if (page == pages_.end() || !(*page->second)[(address + i) % page_bytes].written.any) return false;
  }
  return true;
}

}  // namespace reprise::fake_cuda
