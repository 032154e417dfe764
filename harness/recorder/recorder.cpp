// SPDX-License-Identifier: Apache-2.0
// What sitecustomize.py calls, by ctypes: plain C functions over one Session, which is never freed, since
// threads of LibTorch may outlive main(). Each gives back nothing, or a sentence about what went wrong: an
// exception must not cross into Python.
#include <ATen/Version.h>
#include <ATen/core/Tensor.h>
#include <ATen/record_function.h>
#include <c10/core/Device.h>
#include <torch/version.h>

#include <cstring>
#include <exception>
#include <string>
#include <string_view>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/record/operators/op_threads.h"
#include "harness/record/operators/python_stack.h"
#include "harness/record/queued_digests.h"
#include "harness/recorder/program_watch.h"
#include "harness/recorder/self_test.h"
#include "harness/recorder/session.h"

namespace {

reprise::Session* session = nullptr;
reprise::RecorderTest* self_test = nullptr;

template <class Work>
const char* guarded(Work work) {
  static auto* sentence = new std::string;
  try {
    work();
    return nullptr;
  } catch (const std::exception& error) {
    *sentence = error.what();
    // LibTorch's messages go on with a stack; the first line is the sentence.
    *sentence = sentence->substr(0, sentence->find('\n'));
    return sentence->c_str();
  } catch (...) {
    return "something other than an exception was thrown";
  }
}

// Memory in a row of words: stage, name, dtype, element's bytes, axes, address, shape..., strides...
const std::int64_t* add_memory(const std::int64_t* words) {
  const auto axes = static_cast<std::size_t>(words[4]);
  const std::int64_t *shape = words + 6, *strides = shape + axes;
  session->add(static_cast<reprise::Stage>(words[0]), words[1],
               reprise::TensorView{.dtype = session->name_of(words[2]),
                                   .shape = {shape, axes},
                                   .strides = {strides, axes},
                                   .data = reinterpret_cast<const void*>(words[5]),
                                   .element_bytes = static_cast<std::size_t>(words[3])});
  return strides + axes;
}

// What Python calls _cdata, as a tensor of its own.
at::Tensor tensor_of(std::int64_t handle) {
  return at::Tensor(
      c10::intrusive_ptr<c10::TensorImpl>::reclaim_copy(reinterpret_cast<c10::TensorImpl*>(handle)));
}

}  // namespace

#define REPRISE_EXPORT extern "C" __attribute__((visibility("default")))

// The torch that this library was built for. Its classes are laid out as in that version and no other, and a
// foreign one is mostly misread in silence, so whoever loads it compares.
static_assert(std::string_view(REPRISE_TORCH).starts_with(TORCH_VERSION),
              "the headers are those of the torch that was asked for");
REPRISE_EXPORT const char* reprise_torch() { return REPRISE_TORCH; }

REPRISE_EXPORT const char* reprise_self_test_begin() {
  return guarded([] { self_test = new reprise::RecorderTest; });
}

REPRISE_EXPORT const char* reprise_self_test_end(const float* values, const float* sums, std::int64_t count) {
  return guarded([&] { self_test->end(values, sums, count); });
}

REPRISE_EXPORT void reprise_count_calls() { reprise::count_calls(); }
REPRISE_EXPORT std::int64_t reprise_calls_counted() { return reprise::calls_counted(); }

REPRISE_EXPORT const char* reprise_begin(const char* plan, const char* folder) {
  return guarded([&] {
    session = new reprise::Session(reprise::plan_from_toml(reprise::read_file(plan, "plan"), plan), folder);
  });
}

// Of a program without Python; nobody but the library watches it. Its torch says its version in
// show_config().
REPRISE_EXPORT const char* reprise_watch_program(const char* plan, const char* folder) {
  return guarded([&] {
    constexpr std::string_view mark = "TORCH_VERSION=";
    const std::string built = at::show_config();
    if (const auto at = built.find(mark); at != std::string::npos)
      if (const std::string_view found = std::string_view(built).substr(at + mark.size());
          !found.starts_with(TORCH_VERSION))
        reprise::fail("wanted torch {}, which the recorder was built for, found torch {}", REPRISE_TORCH,
                      found.substr(0, found.find(',')));
    session = new reprise::Session(reprise::plan_from_toml(reprise::read_file(plan, "plan"), plan), folder);
    reprise::watch_program(*session, folder);
  });
}

// `thread`: its number in the operating system; an empty name forgets it.
REPRISE_EXPORT void reprise_thread(std::int64_t thread, const char* name) {
  reprise::name_thread(thread, name);
}

// Python's C functions, and how the paths begin of code that is not the script's own, a line each; whether
// places are wanted at all, because operator calls are.
REPRISE_EXPORT std::int64_t reprise_lines(const void* const* functions, const char* hidden,
                                          const char* library, const char* generated, const char* module_file,
                                          const char* module_function) {
  if (!session->wants_lines()) return 0;
  reprise::PythonFunctions python;
  std::memcpy(&python, functions, sizeof python);
  const auto lines = [](const char* text) {
    return *text ? reprise::split(text, '\n') : std::vector<std::string>();
  };
  reprise::PythonStack::of_process().begin(
      python, {lines(hidden), lines(library), lines(generated), module_file, module_function});
  return 1;
}

// How many places have no words yet; each in six words, as PythonStack says.
REPRISE_EXPORT std::int64_t reprise_places() {
  return static_cast<std::int64_t>(reprise::PythonStack::of_process().take_nameless());
}
REPRISE_EXPORT void reprise_place(std::int64_t which, std::int64_t* words) {
  const auto found = reprise::PythonStack::of_process().nameless(static_cast<std::size_t>(which));
  std::memcpy(words, found.data(), sizeof found);
}
REPRISE_EXPORT void reprise_name_place(std::int64_t which, std::int64_t line, const char* const* texts) {
  reprise::PythonStack::of_process().name(static_cast<std::size_t>(which),
                                          {texts[0], line, texts[1], texts[2], texts[3], texts[4], texts[5]});
}

REPRISE_EXPORT std::int64_t reprise_name(const char* name) { return session->number_of(name); }

REPRISE_EXPORT const char* reprise_fact(const char* key, const char* value) {
  return guarded([&] { session->add_fact(key, value); });
}

// `count` words that hold whole rows, of what is no tensor.
REPRISE_EXPORT const char* reprise_memory(const std::int64_t* words, std::int64_t count) {
  return guarded([&] {
    const std::int64_t* end = words + count;
    while (words < end) words = add_memory(words);
  });
}

// Tensors, three words each: stage, name, and what Python calls _cdata. `lacks` gets one of reprise::Lack for
// each. What lies on a GPU is queued there when this returns.
REPRISE_EXPORT const char* reprise_tensors(const std::int64_t* words, std::int64_t count,
                                           std::int8_t* lacks) {
  return guarded([&] {
    session->forget();  // of a call that failed, whose tensors are gone
    for (std::int64_t i = 0; i < count; ++i, words += 3) {
      lacks[i] = static_cast<std::int8_t>(
          session->add(static_cast<reprise::Stage>(words[0]), words[1], tensor_of(words[2])));
    }
    session->submit();
  });
}

// Rows of weights of which other ranks hold others, five words each: name, what Python calls _cdata, the rows
// [begin, end) of it, and which row of the whole tensor the first of these is.
REPRISE_EXPORT const char* reprise_rows(const std::int64_t* words, std::int64_t count) {
  return guarded([&] {
    for (const std::int64_t* end = words + 5 * count; words < end; words += 5)
      session->add_rows(words[0], tensor_of(words[1]), {words[2], words[3], words[4]});
  });
}

// Facts of a GPU in use, by its number in this process, and of the libraries that compute on it.
REPRISE_EXPORT const char* reprise_gpu_facts(std::int64_t gpu) {
  return guarded([&] { session->add_gpu_facts(static_cast<int>(gpu)); });
}

// Where the digests of a GPU's tensors are made: "cuda", or "cpu: WHY".
REPRISE_EXPORT const char* reprise_digest_place(std::int64_t gpu) {
  static auto* place = new std::string;
  const char* trouble = guarded([&] {
    const at::DisableRecordFunctionGuard unwatched;
    *place = reprise::digest_place({c10::kCUDA, static_cast<c10::DeviceIndex>(gpu)});
  });
  if (trouble != nullptr) *place = std::string("cpu: ") + trouble;
  return place->c_str();
}

REPRISE_EXPORT const char* reprise_end_of_begin() {
  return guarded([] { session->end_of_begin(); });
}

REPRISE_EXPORT const char* reprise_keep_initial() {
  return guarded([] { session->keep_initial(); });
}

REPRISE_EXPORT const char* reprise_forget_initial() {
  return guarded([] { session->forget_initial(); });
}

REPRISE_EXPORT const char* reprise_forget_stage(std::int64_t stage) {
  return guarded([&] { session->forget_stage(static_cast<reprise::Stage>(stage)); });
}

// Tensors, two words each: name, and what Python calls _cdata. Whether one has other content than what had
// its name when this was asked last: 1; 0: none has; -1: they cannot be read.
REPRISE_EXPORT std::int64_t reprise_changed(const std::int64_t* words, std::int64_t count) {
  std::int64_t answer = -1;
  guarded([&] {
    reprise::Tensors tensors;
    for (std::int64_t i = 0; i < count; ++i)
      tensors.push_back({session->name_of(words[2 * i]), tensor_of(words[2 * i + 1])});
    answer = session->changed(tensors) ? 1 : 0;
  });
  return answer;
}

REPRISE_EXPORT const char* reprise_name_initial(std::int64_t from, std::int64_t to) {
  return guarded([&] { session->name_initial(from, to); });
}

REPRISE_EXPORT const char* reprise_begin_rows(const char* trace) {
  return guarded([&] { session->begin_rows(trace); });
}

REPRISE_EXPORT const char* reprise_end_step() {
  return guarded([] { session->end_step(); });
}

REPRISE_EXPORT void reprise_backward_begins() { session->backward_begins(); }

REPRISE_EXPORT std::int64_t reprise_done() { return session->done() ? 1 : 0; }

REPRISE_EXPORT const char* reprise_finish() {
  return guarded([] {
    session->finish();
    if (!session->troubles().empty()) reprise::fail("{}", session->troubles().front());
  });
}
