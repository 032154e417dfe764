// SPDX-License-Identifier: Apache-2.0
#include "harness/record/operators/op_memory.h"

#include "harness/tensor/digest.h"

namespace reprise {
namespace {

Digest bytes_of(const c10::StorageImpl& storage) {
  const auto size = static_cast<std::int64_t>(storage.nbytes());
  const auto* from = static_cast<const std::byte*>(storage.data());
  if (from == nullptr) return {};
  return tensor_digest("U8", {&size, 1}, {from, static_cast<std::size_t>(size)});
}

std::string named(const RunningCall& call) {
  return call.name + " of " + (call.thread_name.empty() ? "the thread that trains" : call.thread_name);
}

}  // namespace

OpMemory::Memory& OpMemory::memory_of(const at::Tensor& tensor, bool* is_new) {
  const void* key = storage_of(tensor);
  const auto found = all_.find(key);
  if (is_new != nullptr) *is_new = found == all_.end();
  if (found != all_.end()) return found->second;
  const bool there = !tensor.device().is_cpu();
  return all_.emplace(key, Memory{.storage = tensor.storage().getWeakStorageImpl(), .there = there})
      .first->second;
}

bool OpMemory::unchanged(const Memory& memory, const c10::StorageImpl& storage) {
  return memory.there || bytes_of(storage) == memory.content;
}

OpMemory::Memory::Writes OpMemory::others(const Memory& memory, std::int64_t thread) {
  Memory::Writes sum;
  for (const auto& [writer, writes] : memory.writes) {
    if (writer == thread) continue;
    sum.begun += writes.begun;
    sum.ended += writes.ended;
  }
  return sum;
}

void OpMemory::write(Memory& memory, const RunningCall& call) {
  memory.fresh = memory.hidden = false;
  memory.last = call.thread;
  memory.writer = named(call);
  memory.written_at = call.forward.at ? call.forward : call.place;
}

OpMemory::Found OpMemory::read(const at::Tensor& tensor, const RunningCall& call) {
  const std::lock_guard lock(lock_);
  bool is_new = false;
  Memory& memory = memory_of(tensor, &is_new);
  // Inside another call, and never seen: that call's own code made it. A number made a tensor is written.
  if (is_new && call.depth > 0 && tensor.dim() > 0) memory.hidden = true;
  Found found;
  found.ended = others(memory, call.thread).ended;
  if (memory.fresh && !unchanged(memory, *tensor.storage().unsafeGetStorageImpl())) {
    memory.fresh = false;
    if (call.depth == 0) {
      memory.writer = no_operator;
      memory.written_at = {};
    }
  }
  const bool unwritten = memory.fresh && !memory.filled;  // as far as calls are known
  if (memory.hidden || (unwritten && memory.there)) found.seen = Seen::hidden;
  if (memory.last != call.thread || memory.writer == no_operator) {
    found.writer = memory.writer;
    found.place = memory.written_at;
  }
  if (unwritten && !memory.there) {
    found.seen = Seen::unwritten;
    found.writer = memory.maker;
    found.place = memory.made_at;
  }
  return found;
}

std::string OpMemory::changed_since(const c10::StorageImpl& storage, const RunningCall& call,
                                    const Found& before) {
  const std::lock_guard lock(lock_);
  const auto place = all_.find(&storage);
  if (place == all_.end()) return {};
  Memory& memory = place->second;
  if (memory.fresh && !unchanged(memory, storage)) write(memory, call);
  const auto now = others(memory, call.thread);
  return now.ended == before.ended && now.begun == now.ended ? std::string() : memory.writer;
}

void OpMemory::begin_write(const at::Tensor& tensor, bool overwritten, const RunningCall& call) {
  const std::lock_guard lock(lock_);
  Memory& memory = memory_of(tensor);
  ++memory.writes[call.thread].begun;
  if (overwritten) memory.hidden = true;
}

void OpMemory::end_write(const void* storage, const RunningCall& call) {
  const std::lock_guard lock(lock_);
  const auto found = all_.find(storage);
  if (found == all_.end()) return;
  write(found->second, call);
  ++found->second.writes[call.thread].ended;
}

void OpMemory::wrote(const at::Tensor& tensor, const RunningCall& call) {
  const std::lock_guard lock(lock_);
  Memory& memory = memory_of(tensor);
  write(memory, call);
  auto& writes = memory.writes[call.thread];
  ++writes.begun;
  ++writes.ended;
}

void OpMemory::made(const at::Tensor& tensor, bool filled, const RunningCall& call) {
  const std::lock_guard lock(lock_);
  Memory& memory = memory_of(tensor);
  memory.fresh = true;
  memory.hidden = false;
  memory.filled = filled;
  memory.last = call.thread;
  memory.maker = call.name;
  memory.made_at = call.forward.at ? call.forward : call.place;
  if (!memory.there) memory.content = bytes_of(*tensor.storage().unsafeGetStorageImpl());
}

void OpMemory::resized(const at::Tensor& tensor) {
  const std::lock_guard lock(lock_);
  Memory& memory = memory_of(tensor);
  memory.fresh = false;
  memory.hidden = true;
}

bool OpMemory::still_unwritten(const void* storage) {
  const std::lock_guard lock(lock_);
  const auto found = all_.find(storage);
  if (found == all_.end() || !found->second.fresh || found->second.filled || found->second.there)
    return false;
  const auto alive = found->second.storage.lock();
  return alive && unchanged(found->second, *alive);
}

}  // namespace reprise
