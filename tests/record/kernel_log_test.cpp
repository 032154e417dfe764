// SPDX-License-Identifier: Apache-2.0
// Which kernels operator calls launch, told by a CUPTI that is made up. Each test does its work in a process
// of its own: what CUPTI and the driver are is decided once in a process.
#include "harness/record/operators/kernel_log.h"

#include <ATen/Functions.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <dlfcn.h>
#include <sys/wait.h>
#include <torch/library.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <functional>
#include <thread>

#include "harness/base/text.h"
#include "harness/record/operators/cupti_library.h"
#include "harness/record/operators/op_tracer.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

using Launch = void (*)(const char*, const std::int32_t*, int);

void* made_cupti() { return ::dlopen(REPRISE_MADE_CUPTI, RTLD_NOW); }

std::size_t made_number(const char* name) {
  return reinterpret_cast<std::size_t (*)()>(::dlsym(made_cupti(), name))();
}

void launch(const char* name, std::int32_t blocks) {
  const std::int32_t sizes[] = {blocks, 2, 1, 128, 1, 1, 1024, 512};
  reinterpret_cast<Launch>(::dlsym(made_cupti(), "made_cupti_launch"))(name, sizes, 40);
}

constexpr const char* reduce_kernel = "_ZN2at6native13reduce_kernelILi4EEEvi";
constexpr const char* own_kernel = "_ZN7reprise4cuda6leavesEv";

at::Tensor inner(const at::Tensor& x) {
  launch("ampere_sgemm_64x32_nn", 7);
  launch("ampere_sgemm_64x32_nn", 7);
  launch(own_kernel, 1);
  launch("ampere_sgemm_64x32_nn", 7);
  return at::empty_like(x);
}
at::Tensor outer(const at::Tensor& x) {
  static const auto op = c10::Dispatcher::singleton()
                             .findSchemaOrThrow("made_kernels::inner", "")
                             .typed<at::Tensor(const at::Tensor&)>();
  launch(reduce_kernel, 1);
  const at::Tensor made = op.call(x);
  launch(reduce_kernel, 2);
  return made;
}

at::Tensor call(const char* name, const at::Tensor& x) {
  return c10::Dispatcher::singleton().findSchemaOrThrow(name, "").typed<at::Tensor(const at::Tensor&)>().call(
      x);
}

// What `work` says, in a child with this environment; "died" where it did not come to its end.
std::string in_child(const std::vector<std::pair<std::string, std::string>>& environment,
                     const std::function<std::string()>& work) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::setenv("REPRISE_CUPTI_LIBRARY", REPRISE_MADE_CUPTI, 1);
    for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
    std::string said;
    try {
      said = work();
    } catch (const std::exception& error) {
      said = std::string("threw ") + error.what();
    }
    const auto written = ::write(ends[1], said.data(), said.size());
    ::_exit(written == static_cast<ssize_t>(said.size()) ? 0 : 1);
  }
  ::close(ends[1]);
  std::string said;
  char part[4096];
  for (ssize_t got = 0; (got = ::read(ends[0], part, sizeof part)) > 0;)
    said.append(part, static_cast<std::size_t>(got));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? said : "died: " + said;
}

// With a driver whose first GPU is in use.
std::string with_cuda(const std::function<std::string()>& work,
                      std::vector<std::pair<std::string, std::string>> environment = {}) {
  environment.emplace_back("MADE_DRIVER_ACTIVE", "1");
  return in_child(environment, [&] {
    return ::dlopen(REPRISE_MADE_DRIVER, RTLD_NOW) == nullptr ? std::string(::dlerror()) : work();
  });
}

Watch every_step() {
  Watch watch;
  watch.ops.first = 0;
  watch.ops.last = 9;
  return watch;
}

// One line for each launch: the call's name, then what it launched.
std::string told(const std::vector<OpCall>& calls) {
  std::string text;
  for (const auto& call : calls)
    for (const auto& kernel : call.kernels)
      text += fmt::format("{}: {} {}x{}x{} {} {} {} *{}\n", call.name, kernel.name, kernel.grid[0],
                          kernel.grid[1], kernel.grid[2], kernel.block[0], kernel.shared, kernel.registers,
                          kernel.count);
  return text;
}

constexpr const char* told_of_outer =
    "made_kernels::outer: void at::native::reduce_kernel<4>(int) 1x2x1 128 1536 40 *1\n"
    "made_kernels::outer: void at::native::reduce_kernel<4>(int) 2x2x1 128 1536 40 *1\n"
    "made_kernels::inner: ampere_sgemm_64x32_nn 7x2x1 128 1536 40 *3\n";

}  // namespace

TORCH_LIBRARY(made_kernels, m) {
  m.def("inner(Tensor x) -> Tensor", &inner);
  m.def("outer(Tensor x) -> Tensor", &outer);
}

TEST_CASE("each call has the kernels that it launched itself, in order, without reprise's own") {
  const std::string said = with_cuda([] {
    OpWindow window(every_step(), 1, "/nowhere");
    call("made_kernels::outer", at::ones({3}));
    const std::string text = told(window.take());
    return text + fmt::format("{} {} {}", kernels_place(), made_number("made_cupti_enabled"),
                              made_number("made_cupti_pushed"));
  });
  CHECK(said == std::string(told_of_outer) + "cupti 0 0");
}

TEST_CASE("kernels belong to the step and the thread of their call, over many buffers") {
  const std::string said = with_cuda([] {
    OpWindow window(every_step(), 1, "/nowhere");
    call("made_kernels::outer", at::ones({3}));
    const std::string first = told(window.go_on(2));
    std::thread([] { call("made_kernels::inner", at::ones({3})); }).join();
    for (int i = 0; i < 8000; ++i) call("made_kernels::inner", at::ones({3}));
    const auto calls = window.take();
    std::size_t inner_calls = 0, right = 0, of_threads = 0;
    for (const auto& one : calls) {
      if (one.name != "made_kernels::inner") continue;
      ++inner_calls;
      right += one.kernels.size() == 1 && one.kernels[0].count == 3 && one.step == 2 ? 1 : 0;
      of_threads += one.thread.empty() ? 0 : 1;
    }
    return first + fmt::format("{} {} {} {}", inner_calls, right, of_threads,
                               made_number("made_cupti_delivered") > 4);
  });
  CHECK(said == std::string(told_of_outer) + "8001 8001 1 true");
}

TEST_CASE("what reprise launches within a call is of no call") {
  const std::string said = with_cuda([] {
    KernelLog log;
    const bool heard = log.begin_call(5, true);
    launch("theirs", 1);
    {
      const KernelLog::OwnWork own(log);
      launch("a_copy_that_reprise_makes", 1);
    }
    launch("theirs", 2);
    log.end_call();
    log.gather(true);
    const auto kernels = log.taken(5);
    return fmt::format("{} {} {} {}", heard, kernels.size(), log.taken(5).size(), log.taken(0).size());
  });
  CHECK(said == "true 2 0 0");
}

TEST_CASE("without CUDA in use CUPTI is not touched, and no call has kernels") {
  const auto work = [] {
    OpWindow window(every_step(), 1, "/nowhere");
    call("made_kernels::outer", at::ones({3}));
    const bool touched = made_number("made_cupti_asked") > 0;
    return told(window.take()) + "[" + kernels_place() + "]" + (touched ? " touched" : "");
  };
  CHECK(in_child({{"MADE_DRIVER_ACTIVE", "1"}}, work) == "[]");  // no driver loaded
  CHECK(in_child({}, [&] {
          return ::dlopen(REPRISE_MADE_DRIVER, RTLD_NOW) == nullptr ? std::string(::dlerror()) : work();
        }) == "[]");
}

TEST_CASE("CUDA that comes into use within a window is listened to from the next call on") {
  const std::string said = in_child({}, [] {
    ::dlopen(REPRISE_MADE_DRIVER, RTLD_NOW);
    OpWindow window(every_step(), 0, "/nowhere");
    call("made_kernels::outer", at::ones({3}));
    ::setenv("MADE_DRIVER_ACTIVE", "1", 1);
    call("made_kernels::outer", at::ones({3}));
    return told(window.take());
  });
  CHECK(said == told_of_outer);
}

TEST_CASE("a CUPTI that is busy, refuses, is missing or of an unknown version is one sentence") {
  const auto place = [](const std::string& variable, const std::string& value) {
    return with_cuda(
        [] {
          OpWindow window(every_step(), 1, "/nowhere");
          call("made_kernels::outer", at::ones({3}));
          const std::string text = told(window.take());
          return text + kernels_place() +
                 (made_number("made_cupti_enabled") == 0 ? "" : ", and it still listens");
        },
        {{variable, value}});
  };
  CHECK(place("MADE_CUPTI_FAIL", "cuptiActivityEnable:39") ==
        "none: another profiler has CUPTI (CUPTI_ERROR_MULTIPLE_SUBSCRIBERS_NOT_SUPPORTED)");
  CHECK(place("MADE_CUPTI_FAIL", "cuptiActivityEnable:35") ==
        "none: this user may not ask which kernels run (CUPTI_ERROR_INSUFFICIENT_PRIVILEGES)");
  CHECK(place("MADE_CUPTI_FAIL", "cuptiActivityRegisterCallbacks:1") ==
        "none: CUPTI does not hand over its records (CUPTI_ERROR_UNKNOWN)");
  CHECK(place("MADE_CUPTI_FAIL", "cuptiGetVersion:999") ==
        "none: CUPTI does not say its version (CUPTI_ERROR_UNKNOWN)");
  CHECK(place("MADE_CUPTI_VERSION", "140000") ==
        "none: wanted the CUPTI of CUDA 11, 12 or 13, found version 140000");
  CHECK_THAT(place("REPRISE_CUPTI_LIBRARY", "/nowhere/libcupti.so"),
             Contains("none: CUPTI does not load: /nowhere/libcupti.so: cannot open"));
  CHECK(place("REPRISE_CUPTI_LIBRARY", REPRISE_MADE_DRIVER) ==
        "none: this libcupti.so lacks a function that CUDA 11 has");
}

TEST_CASE("asking beforehand whether kernels can be told leaves nothing listening") {
  const std::string said = with_cuda([] {
    const std::string place = kernels_place();
    return fmt::format("{} {}", place, made_number("made_cupti_enabled"));
  });
  CHECK(said == "cupti 0");
}

TEST_CASE("CUPTI is looked for beside LibTorch, where its wheels lie") {
  const auto paths = cupti_beside("/site-packages/torch/lib");
  REQUIRE(paths.size() == 2);
  CHECK(paths[0] == "/site-packages/nvidia/cu13/lib/libcupti.so.13");
  CHECK(paths[1] == "/site-packages/nvidia/cuda_cupti/lib/libcupti.so.12");
}
