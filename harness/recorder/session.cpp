// SPDX-License-Identifier: Apache-2.0
#include "harness/recorder/session.h"

#include <ATen/record_function.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/machine/cpu.h"
#include "harness/record/device_digest.h"
#include "harness/record/facts.h"
#include "harness/record/fault_injection.h"
#include "harness/record/gpu_facts.h"
#include "harness/record/operators/kernel_log.h"
#include "harness/record/operators/op_tensor.h"
#include "harness/record/tensor_digest.h"
#include "harness/trace/call_file.h"

namespace reprise {
namespace {

// What is the script's own to set.
std::vector<std::string_view> left_to_the_script(const Plan& plan) {
  // A script chooses its device and stream by itself; {device} in its command hands it the pin.
  std::vector<std::string_view> left = {"device", "stream"};
  if (plan.command && plan.command->seeding == Seeding::script) left.push_back("seed");
  return left;
}

}  // namespace

Session::Session(Plan plan, std::filesystem::path folder)
    : plan_(std::move(plan)), folder_(std::move(folder)) {
  const at::DisableRecordFunctionGuard unwatched;
  if (emulated_cpu(plan_.placement.cpu) && this_cpu().emulator.empty())
    fail(
        "the plan wants cpu={}, and no emulator runs this process: a program that an emulated one starts "
        "runs on this machine's own processor; train in the process that the command starts",
        plan_.placement.cpu);
  if (const auto given = folder_ / "given.json"; std::filesystem::exists(given))
    facts_ = nlohmann::json::parse(read_file(given, "facts")).get<Facts>();
  own_folder_ = folder_ / fmt::format("process-{}", ::getpid());
  values_ = ValueKeeper::of(plan_.watch, own_folder_);
  if (plan_.watch.dump || !plan_.watch.values.empty()) std::filesystem::create_directories(own_folder_);
  pins_.emplace(plan_.pins);
  impose_pins(plan_.pins, left_to_the_script(plan_), Variables::of_the_script);
  watch(0);
}

std::int64_t Session::number_of(const std::string& name) {
  names_.push_back(name);
  return std::ssize(names_) - 1;
}

const std::string& Session::name_of(std::int64_t number) const {
  check(number >= 0 && number < std::ssize(names_), "a name is handed over before it is used");
  return names_[static_cast<std::size_t>(number)];
}

void Session::add_gpu_facts(int number) {
  const GpuList& list = gpus_here();
  const auto found = std::ranges::find(list.gpus, number, &Gpu::index);
  const CudaVersions versions = loaded_cuda_versions();
  for (const auto& [key, value] :
       found == list.gpus.end() ? cuda_facts(versions) : gpu_facts(*found, list, versions))
    facts_[key] = value;
}

void Session::watch(std::int64_t step) { window_.emplace(plan_.watch, step, own_folder_ / call_file_name); }

std::vector<OpCall> Session::take_calls(std::optional<std::int64_t> next) {
  std::vector<OpCall> calls;
  try {
    if (window_) calls = next ? window_->go_on(*next) : window_->take();
  } catch (const Error& error) {
    troubles_.emplace_back(error.what());
  }
  if (window_ && next && window_->awake()) return calls;
  window_.reset();
  if (next) watch(*next);
  return calls;
}

bool Session::is_due(Stage stage) const {
  if (injected_ || stage != Stage::weights || !writer_) return false;
  const Fault* fault = fault_at(plan_, step_ + 1);
  return fault != nullptr && fault->weight != nullptr;
}

void Session::inject_fault(Stage stage, const TensorView& tensor) {
  if (!is_due(stage)) return;
  fault_at(plan_, step_ + 1)
      ->weight({static_cast<std::byte*>(const_cast<void*>(static_cast<const void*>(tensor.data))),
                tensor.element_bytes});
  injected_ = true;
}

void Session::inject_fault_there(Stage stage, const TensorView& tensor, c10::Device device) {
  if (!is_due(stage)) return;
  const at::DisableRecordFunctionGuard unwatched;
  at::Tensor there = tensor_there(tensor, device);
  const at::Tensor here = there.to(at::kCPU);
  inject_fault(stage, view_of(here, "a weight"));
  there.copy_(here);
}

void Session::add(Stage stage, std::int64_t name, const TensorView& tensor) {
  inject_fault(stage, tensor);
  if (writer_) values_.see(step_ + 1, stage, name_of(name), tensor);
  gather(stage, name, tensor);
}

void Session::gather(Stage stage, std::int64_t name, const TensorView& tensor) {
  if (stage == Stage::loss) gathered_.loss = loss_of(tensor);
  gathered_.of(stage).push_back(named_digest(name_of(name), tensor));
}

Lack Session::add(Stage stage, std::int64_t name, const at::Tensor& tensor) {
  if (tensor.is_meta()) return Lack::on_meta;
  if (tensor.is_conj() || tensor.is_neg()) return Lack::lazy;
  if (!is_plain(tensor)) return Lack::not_plain;
  if (!has_dtype_name(tensor.scalar_type())) return Lack::dtype;
  if (tensor.is_cpu()) {
    add(stage, name, device_view_of(tensor, name_of(name)));
  } else if (tensor.is_cuda()) {
    const TensorView view = device_view_of(tensor, name_of(name));
    inject_fault_there(stage, view, tensor.device());
    if (writer_) see_there(values_, step_ + 1, stage, name_of(name), tensor);
    gathered_there_.add(stage, name_of(name), view, tensor.device());
  } else {
    const at::DisableRecordFunctionGuard unwatched;
    if (writer_) see_there(values_, step_ + 1, stage, name_of(name), tensor);
    const at::Tensor here = copied_to_cpu(tensor, false);
    gather(stage, name, view_of(here, name_of(name)));
  }
  return Lack::nothing;
}

void Session::add_rows(std::int64_t name, const at::Tensor& tensor, const RowRange& rows) {
  if (!tensor.is_cpu() || tensor.is_conj() || tensor.is_neg() || !is_plain(tensor) ||
      !has_dtype_name(tensor.scalar_type()))
    return;
  const TensorView view = view_of(tensor, name_of(name));
  std::vector<std::int64_t> shape(view.shape.begin(), view.shape.end());
  if (!shape.empty()) shape.front() = rows.end - rows.begin;
  gathered_.of(Stage::weights)
      .push_back({name_of(name), std::string(view.dtype), std::move(shape), row_sum(view, rows), {}});
}

TensorDigest Session::weight_digest(const std::string& name, const TensorView& tensor) {
  inject_fault(Stage::weights, tensor);
  if (writer_) values_.see(step_ + 1, Stage::weights, name, tensor);
  return named_digest(name, tensor);
}

void Session::observe_generator() {
  const at::DisableRecordFunctionGuard unwatched;
  gathered_.of(Stage::rng).push_back(generator_digest());
}

void Session::end_of_begin() {
  if (began_) return;
  began_ = true;
  begin_calls_ = take_calls(1);
}

namespace {

constexpr Stage state_stages[] = {Stage::rng, Stage::weights, Stage::optimizer, Stage::auxiliary};

}  // namespace

void Session::keep_initial() {
  check(!initial_ && !writer_, "the initial state is taken once");
  observe_generator();
  gathered_there_.take_into(gathered_, true);
  initial_.emplace();
  for (const auto stage : state_stages) std::swap(initial_->of(stage), gathered_.of(stage));
}

void Session::forget_stage(Stage stage) {
  gathered_there_.take_into(gathered_, true);
  gathered_.of(stage).clear();
}

bool Session::changed(const Tensors& tensors) {
  const at::DisableRecordFunctionGuard unwatched;
  Tensors readable;
  for (const auto& one : tensors)
    if (is_observable(one.tensor) || is_observable_there(one.tensor)) readable.push_back(one);
  const auto digests = Digests(readable, false).take();
  bool other = false;
  for (std::size_t i = 0; i < readable.size(); ++i) {
    const auto [known, is_new] = content_.try_emplace(readable[i].name, digests[i].digest);
    other = other || (!is_new && known->second != digests[i].digest);
    known->second = digests[i].digest;
  }
  return other;
}

StepRecord Session::first_row() {
  StepRecord row;
  gathered_there_.take_into(gathered_, true);
  if (!initial_) observe_generator();
  for (const auto stage : state_stages) std::swap(row.of(stage), gathered_.of(stage));
  if (!initial_) return row;
  row.of(Stage::rng) = std::move(initial_->of(Stage::rng));
  for (const auto stage : {Stage::weights, Stage::optimizer, Stage::auxiliary})
    for (TensorDigest& tensor : initial_->of(stage))
      if (const auto name = initial_names_.find(tensor.name); name != initial_names_.end()) {
        tensor.name = name->second;
        row.of(stage).push_back(std::move(tensor));
      }
  initial_.reset();
  return row;
}

void Session::begin_rows(const std::filesystem::path& path) {
  check(!writer_, "a trace begins once");
  end_of_begin();
  StepRecord row = first_row();
  for (const auto& [key, value] : gather_facts()) facts_[key] = value;
  if (const std::string kernels = plan_.watch.ops.empty() ? "" : kernels_place(); !kernels.empty())
    facts_["kernels.device"] = kernels;
  writer_ = std::make_unique<TraceWriter>(path, TraceHead{plan_, facts_, {}});
  hold(std::move(row), std::move(begin_calls_));
}

// What kills a process leaves no time for its newest row; that it was made is known all the same.
void Session::count_step(bool in_backward) {
  if (counter_ < 0) counter_ = ::open((own_folder_ / "steps").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  const std::string text = fmt::format("{:020}{}", step_, in_backward ? '+' : ' ');
  if (counter_ >= 0 && ::pwrite(counter_, text.data(), text.size(), 0) < 0) counter_ = -1;
}

void Session::end_step() {
  check(writer_ != nullptr, "a step follows row 0");
  gathered_.step = ++step_;
  auto calls = take_calls(done() ? std::nullopt : std::optional(step_ + 1));
  observe_generator();
  see_generator(values_, step_);
  values_.end_step(step_);
  hold(std::exchange(gathered_, {}), std::move(calls));
  count_step(false);
}

void Session::hold(StepRecord record, std::vector<OpCall> calls) {
  write_held(false);
  const at::DisableRecordFunctionGuard unwatched;
  held_ = Row{std::move(record), std::exchange(gathered_there_, {}), std::move(calls), pins_->read()};
}

// Step 1 is a checkpoint too: most differences begin there, and only leaves tell in which part of a tensor.
void Session::fetch_held(bool last) {
  StepRecord& record = held_->record;
  record.checkpoint = last || record.step <= 1 || record.step % plan_.watch.checkpoint_every == 0;
  held_->there.take_into(record, record.checkpoint);
}

// A row that cannot be written ends the trace: one that lacks a row is none, and the first reason is the
// reason.
namespace {

// Places have their words by now.
void name_writers(std::vector<OpCall>& calls) {
  for (OpCall& call : calls)
    for (OpTensor& input : call.inputs) {
      if (input.writer_place && !input.writer.empty())
        input.writer += fmt::format(" ({})", short_text(*input.writer_place));
      input.writer_place = {};
    }
}

}  // namespace

void Session::write_held(bool last) {
  if (!held_ || broken_) return;
  broken_ = true;
  fetch_held(last);
  Row row = std::move(*held_);
  held_.reset();
  StepRecord& record = row.record;
  name_writers(row.calls);
  writer_->write_calls(row.calls);
  writer_->write(record);
  broken_ = false;
  const bool changed = row.pins != written_pins_;
  written_pins_ = row.pins;
  if (record.checkpoint || changed) writer_->write_pins(row.pins);
}

void Session::finish() {
  window_.reset();
  if (!writer_) return;
  write_held(true);
  if (!broken_) writer_->finish();
  writer_.reset();
}

}  // namespace reprise
