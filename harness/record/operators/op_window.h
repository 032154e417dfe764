// SPDX-License-Identifier: Apache-2.0
#pragma once
// What an operator window holds while it is open: the calls of each thread that were not taken yet. Shared by
// all threads that call operators; a thread's own calls are locked by itself and by who takes them.
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/plan/plan.h"
#include "harness/record/operators/call_keeper.h"
#include "harness/record/operators/kernel_log.h"
#include "harness/record/operators/op_digests.h"
#include "harness/record/operators/op_memory.h"
#include "harness/trace/op_call.h"

namespace reprise {

// What one thread has called and was not taken yet.
struct ThreadCalls {
  std::mutex lock;  // of what follows: the thread itself, and who takes its calls
  std::string name;
  std::int64_t number = 0;  // by the order in which they first called
  bool trains = false;
  std::uint64_t epoch = 0;  // of the thread that trains: what began in an earlier step is forgotten
  std::int64_t order = 0, depth = 0;
  std::size_t taken = 0;                     // rows before the first of `calls`
  std::size_t open_row = 0;                  // the row of the outermost call that it is inside of
  std::int64_t open_order = 0;               // and its order
  std::int64_t optimizer = 0, evaluate = 0;  // how many such scopes it is inside of
  struct Node {                              // of a backward pass
    std::int64_t sequence;                   // its number in the thread that made it; -1: none is known
    std::uint64_t maker;                     // LibTorch's number of that thread
    const void* frame;                       // of Python, in which the pass began
  };
  std::vector<Node> backward;  // those that it is inside of
  std::vector<std::string> scopes;
  std::vector<OpCall> calls;
  struct Fresh {  // an output that nobody has written yet
    std::size_t row, output;
    const void* storage;
  };
  std::vector<Fresh> fresh;

  // A call's number for CUPTI, never 0. `row`: counted from the first that the thread made.
  std::uint64_t call_number(std::size_t row) const {
    return (static_cast<std::uint64_t>(number) + 1) << 40 | row;
  }
  std::string shown_name() const { return trains ? std::string() : name; }
  void forget_scopes() {
    ++epoch;
    depth = optimizer = evaluate = 0;
    backward.clear();
    scopes.clear();
  }
};

struct Window {
  std::uint64_t number = 0;  // tells windows apart for a thread that saw an earlier one
  std::atomic<std::int64_t> step = 0;
  std::int64_t min_elements = 0;
  std::set<Phase> phases;
  std::optional<CallPlace> dump;
  std::int64_t of_that_name = 0;  // calls of the operator to be kept that its thread made in its step so far
  std::optional<CallKeeper> keeper;
  std::atomic<bool> fill = false;  // fresh memory is filled, so its content means something
  OpMemory memory;
  KernelLog kernels;
  OpDigests digests;
  std::mutex lock;  // of what follows
  std::vector<std::unique_ptr<ThreadCalls>> threads;
  std::map<std::string, std::int64_t> same_name;          // threads of that name so far
  std::map<std::int64_t, std::string> scope_of_sequence;  // of forward calls, for backward ones
  // Where the script made the nodes of its backward passes, by thread and sequence number.
  std::map<std::pair<std::uint64_t, std::int64_t>, KnownPlace> place_of_node;
  std::string trouble;
  std::size_t troubles = 0;
};

// The window that is open, if one is.
std::shared_ptr<Window> listening();
void listen(std::shared_ptr<Window> window);

// Of the calling thread.
ThreadCalls& own_calls(Window& window);
// The first one is kept in words.
void note_trouble(Window& window, const char* words);

// The calls of the step that ends, by role: the thread that trains, then the others by their names.
std::vector<OpCall> take_step(Window& window);
// What was not recorded of the step, as a sentence; "" nothing.
std::string lack_of(Window& window);
// The calling thread trains, from this step on.
void begin_step(Window& window, std::int64_t step);

}  // namespace reprise
