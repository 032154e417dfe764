// SPDX-License-Identifier: Apache-2.0
#include "fake_cuda/runtime/stream.h"

#include <algorithm>
#include <map>

#include "fake_cuda/fault.h"

namespace reprise::fake_cuda {

Streams::Streams(std::uint64_t seed, bool late,
                 std::function<void(const std::string&, const std::string&)> lost)
    : random_(seed), patience_(2ULL << random_() % 8), late_(late), lost_(std::move(lost)) {}

Stream* Streams::create(int device, bool blocking, int priority) {
  auto stream = std::make_unique<Stream>();
  stream->device = device;
  stream->blocking = blocking;
  stream->priority = priority;
  created_.push_back(std::move(stream));
  return created_.back().get();
}

void Streams::destroy(Stream* stream) {
  perform(stream->tail);
  std::erase_if(created_, [&](const auto& one) { return one.get() == stream; });
}

Stream* Streams::find(cudaStream_t handle, int device) {
  const auto fresh = [&] {
    auto stream = std::make_unique<Stream>();
    stream->device = device;
    return stream;
  };
  if (handle == nullptr || handle == cudaStreamLegacy) {
    for (const auto& one : defaults_)
      if (one->device == device) return one.get();
    defaults_.push_back(fresh());
    defaults_.back()->legacy = true;
    return defaults_.back().get();
  }
  if (handle == cudaStreamPerThread) {
    for (const auto& [thread, one] : per_thread_)
      if (thread == std::this_thread::get_id() && one->device == device) return one.get();
    per_thread_.emplace_back(std::this_thread::get_id(), fresh());
    return per_thread_.back().second.get();
  }
  for (const auto& one : created_)
    if (one.get() == reinterpret_cast<Stream*>(handle)) return one.get();
  return nullptr;
}

std::vector<Stream*> Streams::all() {
  std::vector<Stream*> streams;
  for (const auto& one : created_) streams.push_back(one.get());
  for (const auto& one : defaults_) streams.push_back(one.get());
  for (const auto& [thread, one] : per_thread_) streams.push_back(one.get());
  return streams;
}

// The legacy default stream and the blocking streams of a device wait for one another.
void Streams::add_implicit(Stream* stream, Work& work) {
  for (Stream* other : all()) {
    if (other == stream || other->device != stream->device || !other->tail || other->capture) continue;
    if ((stream->legacy && other->blocking) || (other->legacy && stream->blocking))
      work.after.push_back(other->tail);
  }
}

cudaError_t Streams::queue(Stream* stream, std::string name, std::function<void()> run,
                           std::vector<WorkPtr> after) {
  auto work = std::make_shared<Work>(Work{std::move(name), std::move(run), std::move(after)});
  if (stream->tail) work->after.push_back(stream->tail);
  if (const auto& capture = stream->capture) {
    capture->nodes.push_back(work);
    for (const auto& before : work->after) capture->open.erase(before.get());
    capture->open.insert(work.get());
    stream->tail = work;
    return capture->broken ? cudaErrorStreamCaptureInvalidated : cudaSuccess;
  }
  if (stream->legacy) {
    for (Stream* other : all()) {
      if (!other->capture || !other->blocking || other->device != stream->device) continue;
      other->capture->broken = true;
      return cudaErrorStreamCaptureImplicit;
    }
  }
  add_implicit(stream, *work);
  stream->tail = work;
  tick();
  return cudaSuccess;
}

void Streams::wait_all() {
  auto streams = all();
  std::shuffle(streams.begin(), streams.end(), random_);
  for (Stream* stream : streams)
    if (!stream->capture) perform(stream->tail);
}

void Streams::run(Work& work) {
  try {
    if (work.run && !lost_device_) work.run();
  } catch (const Fault& fault) {
    lost_device_ = true;
    lost_(work.name, fault.what());
  }
}

void Streams::finish(Work& work) {
  run(work);
  work.done = true;
  work.after.clear();
  work.run = nullptr;
}

void Streams::perform(const WorkPtr& goal) {
  if (!goal || goal->done) return;
  std::vector<WorkPtr> open = {goal};
  while (!open.empty()) {
    const WorkPtr work = open.back();
    std::vector<WorkPtr> before;
    for (const auto& one : work->after)
      if (!one->done) before.push_back(one);
    if (work->done || before.empty()) {
      open.pop_back();
      if (work->done) continue;
      finish(*work);
      // While somebody waits, other streams go on as well.
      if (!late_ && random_() % 2 == 0) run_any();
    } else {
      open.push_back(before[random_() % before.size()]);
    }
  }
}

// Runs the next pieces of work of a stream drawn.
void Streams::run_any() {
  std::vector<Stream*> streams;
  for (Stream* one : all())
    if (!one->capture && one->tail && !one->tail->done) streams.push_back(one);
  if (streams.empty()) return;
  const WorkPtr tail = streams[random_() % streams.size()]->tail;
  for (std::uint64_t pieces = 1 + random_() % 4; pieces > 0 && !tail->done; --pieces) {
    WorkPtr goal = tail;
    while (true) {
      std::vector<WorkPtr> before;
      for (const auto& one : goal->after)
        if (!one->done) before.push_back(one);
      if (before.empty()) break;
      goal = before[random_() % before.size()];
    }
    finish(*goal);
  }
}

void Streams::tick() {
  if (!late_ && random_() % patience_ == 0) run_any();
}

void Streams::replay(const Graph& graph) {
  std::map<const Work*, std::size_t> place;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) place[graph.nodes[i].get()] = i;
  std::vector<bool> done(graph.nodes.size(), false);
  for (std::size_t count = 0; count < graph.nodes.size(); ++count) {
    std::vector<std::size_t> ready;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      const auto& after = graph.nodes[i]->after;
      if (!done[i] && std::all_of(after.begin(), after.end(), [&](const WorkPtr& one) {
            const auto found = place.find(one.get());
            return found == place.end() || done[found->second];
          }))
        ready.push_back(i);
    }
    const std::size_t next = ready.at(random_() % ready.size());
    run(*graph.nodes[next]);
    done[next] = true;
  }
}

}  // namespace reprise::fake_cuda
