// SPDX-License-Identifier: Apache-2.0
#pragma once
// Work in streams. Nothing runs when it is queued: it runs when somebody must wait for it, or earlier where
// the order is drawn, as real devices do at any time in between.
#include <cuda_runtime_api.h>

#include <functional>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace reprise::fake_cuda {

struct Work;
using WorkPtr = std::shared_ptr<Work>;

struct Work {
  std::string name;
  std::function<void()> run;
  std::vector<WorkPtr> after;  // what must have run before; emptied when this has run
  bool done = false;
};

struct Stream;

struct Capture {
  cudaStreamCaptureMode mode = cudaStreamCaptureModeGlobal;
  std::thread::id thread;
  Stream* origin = nullptr;
  bool broken = false;
  std::vector<WorkPtr> nodes;
  std::set<Work*> open;  // nodes that no other node comes after
  unsigned long long id = 0;
};

struct Stream {
  int device = 0, priority = 0;
  bool blocking = true;  // waits for the legacy default stream, and that for it
  bool legacy = false;
  WorkPtr tail;
  std::shared_ptr<Capture> capture;
};

struct Event {
  bool recorded = false;
  WorkPtr at;
  std::shared_ptr<Capture> capture;
  int questions = 0;
};

struct Graph {
  std::vector<WorkPtr> nodes;
};

class Streams {
 public:
  // A fault of the device calls `lost` with the work's name and the sentence.
  Streams(std::uint64_t seed, bool late, std::function<void(const std::string&, const std::string&)> lost);

  Stream* create(int device, bool blocking, int priority);
  void destroy(Stream* stream);
  // Resolves the handles of default streams; null for a stream that does not exist (any more).
  Stream* find(cudaStream_t handle, int device);
  std::size_t live() const { return created_.size(); }

  // Queues work, in a capture as a node. An error if a stream under capture would come in without being
  // named.
  cudaError_t queue(Stream* stream, std::string name, std::function<void()> run,
                    std::vector<WorkPtr> after = {});
  void wait(Stream* stream) { perform(stream->tail); }
  void wait_all();
  void perform(const WorkPtr& goal);
  // Where the order is drawn: perhaps runs something that could run.
  void tick();
  // Runs the graph's nodes in an order that their dependencies allow.
  void replay(const Graph& graph);

  // Captures. unsafe() says whether a call that may allocate or wait is forbidden now, and breaks the
  // captures that forbid it.
  std::shared_ptr<Capture> begin_capture(Stream* stream, cudaStreamCaptureMode mode);
  cudaError_t end_capture(Stream* stream, std::unique_ptr<Graph>& graph);
  bool unsafe(cudaStreamCaptureMode thread_mode);
  bool any_capture() const;

  bool drawn() const { return !late_; }
  std::mt19937_64& random() { return random_; }

 private:
  std::vector<Stream*> all();
  void add_implicit(Stream* stream, Work& work);
  void run(Work& work);
  void finish(Work& work);
  void run_any();

  std::mt19937_64 random_;
  std::uint64_t patience_;  // one call in so many lets something run; drawn, so that some processes run late
  bool late_, lost_device_ = false;  // nothing runs on a lost device
  std::function<void(const std::string&, const std::string&)> lost_;
  std::vector<std::unique_ptr<Stream>> created_;
  std::vector<std::unique_ptr<Stream>> defaults_;  // legacy ones, by device
  std::vector<std::pair<std::thread::id, std::unique_ptr<Stream>>> per_thread_;
  unsigned long long captures_ = 0;
};

}  // namespace reprise::fake_cuda
