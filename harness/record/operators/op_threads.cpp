// SPDX-License-Identifier: Apache-2.0
#include "harness/record/operators/op_threads.h"

#include <pthread.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <mutex>

namespace reprise {
namespace {

struct Named {
  std::mutex lock;
  std::map<std::int64_t, std::string> names;
};

// Never freed: threads may outlive main().
Named& named() {
  static auto* all = new Named;
  return *all;
}

// What the process is called, which a thread without a name of its own is called too.
std::string name_of_process() {
  std::ifstream file("/proc/self/comm");
  std::string name;
  std::getline(file, name);
  return name;
}

}  // namespace

void name_thread(std::int64_t thread, std::string name) {
  const std::lock_guard lock(named().lock);
  if (name.empty())
    named().names.erase(thread);
  else
    named().names[thread] = std::move(name);
}

void name_this_thread(std::string name) { name_thread(::gettid(), std::move(name)); }

std::string name_of_this_thread() {
  const std::int64_t thread = ::gettid();
  {
    const std::lock_guard lock(named().lock);
    const auto found = named().names.find(thread);
    if (found != named().names.end()) return found->second;
  }
  if (thread == ::getpid()) return "main thread";
  char name[32] = "";
  ::pthread_getname_np(::pthread_self(), name, sizeof name);
  return *name == '\0' || name == name_of_process() ? "unnamed thread" : name;
}

}  // namespace reprise
