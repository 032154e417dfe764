// SPDX-License-Identifier: Apache-2.0
#include "harness/recorder/program_watch.h"

#include <ATen/record_function.h>
#include <c10/core/GradMode.h>
#include <torch/version.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <mutex>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/record/operators/op_arguments.h"
#include "harness/record/operators/op_tensor.h"
#include "harness/record/operators/operator_facts.h"
#include "harness/record/tensor_digest.h"
#include "harness/recorder/session.h"

namespace reprise {
namespace {

constexpr std::string_view backward_node = "autograd::engine::evaluate_function";
constexpr std::string_view what_is_seen =
    "a program without Python: parameters are named by the order in which they are first used; optimizer "
    "state, buffers "
    "and batches are not observed";

// The words of this process without the run's own folder, which is another in every run.
std::string own_arguments(const std::string& run) {
  std::ifstream in("/proc/self/cmdline", std::ios::binary);
  std::string words((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (words.ends_with('\0')) words.pop_back();
  return replace_all(replace_all(std::move(words), std::string(1, '\0'), " "), run, "{run}");
}

struct Parameter {
  std::string name;
  c10::weak_intrusive_ptr<c10::TensorImpl> tensor;
  TensorDigest latest;  // taken when it was written last, for it may be gone when the row is
};

// A scalar with a history, of which ones_like was taken: that is how backward() begins.
struct PossibleLoss {
  std::string dtype;
  std::vector<std::int64_t> shape;
  std::array<std::byte, 8> bits{};
  std::size_t bytes = 0;
};

struct WrittenParameters final : at::ObserverContext {
  std::vector<std::size_t> places;
};

class ProgramWatch {
 public:
  ProgramWatch(Session& session, std::filesystem::path folder)
      : session_(session), folder_(std::move(folder)) {}

  std::unique_ptr<at::ObserverContext> start(const at::RecordFunction& record) {
    const auto name = record.operator_name();
    if (!name) {
      if (std::string_view(record.name()).starts_with(backward_node)) see_backward();
      return nullptr;
    }
    const auto* facts = known_facts_of(*name);
    if (facts == nullptr) {
      const auto schema = record.operator_schema();
      if (!schema) return nullptr;
      facts = &facts_of(*name, *schema);
    }
    auto written = std::make_unique<WrittenParameters>();
    const auto inputs = record.inputs();
    for (std::size_t i = 0; i < inputs.size() && i < facts->written.size(); ++i)
      each_tensor(inputs[i], [&](const at::Tensor& tensor) {
        if (is_observable(tensor))
          see(tensor, *facts, facts->written[i], *written);
        else if (tensor.defined() && !tensor.device().is_cpu() && tensor.requires_grad() && tensor.is_leaf())
          elsewhere_ = true;
      });
    if (written->places.empty()) return nullptr;
    return written;
  }

  void end(const WrittenParameters& written) {
    for (const auto place : written.places) {
      Parameter& parameter = parameters_[place];
      if (const auto tensor = tensor_of(parameter))
        parameter.latest = session_.weight_digest(parameter.name, view_of(*tensor, parameter.name));
    }
  }

  void finish() {
    if (finished_) return;
    finished_ = true;
    end_step();
    session_.finish();
    write_observed();
  }

  void trouble(const char* words) {
    ++troubles_[std::string(words).substr(0, std::string_view(words).find('\n'))];
  }

  std::mutex lock;

 private:
  static std::optional<at::Tensor> tensor_of(const Parameter& parameter) {
    auto alive = parameter.tensor.lock();
    if (!alive) return std::nullopt;
    return at::Tensor(std::move(alive));
  }

  void see(const at::Tensor& tensor, const OperatorFacts& facts, bool written, WrittenParameters& found) {
    const auto known = places_.find(tensor.const_data_ptr());
    if (written) {
      if (known == places_.end() || !(backward_ || stepping_)) return;
      begin_step();
      found.places.push_back(known->second);
      return;
    }
    const bool parameter = tensor.requires_grad() && tensor.is_leaf();
    if (parameter && c10::GradMode::is_enabled()) {
      end_step();
      if (!began_ && known == places_.end()) add(tensor);
    } else if (facts.name.starts_with("aten::ones_like") && tensor.numel() == 1 && tensor.requires_grad()) {
      see_loss(tensor);
    }
  }

  void add(const at::Tensor& tensor) {
    if (parameters_.empty()) session_.end_of_begin();
    const std::string name = "parameter." + std::to_string(parameters_.size());
    places_[tensor.const_data_ptr()] = parameters_.size();
    parameters_.push_back({name, c10::weak_intrusive_ptr<c10::TensorImpl>(tensor.getIntrusivePtr()), {}});
  }

  void see_loss(const at::Tensor& tensor) {
    const TensorView view = view_of(tensor, "the loss");
    if (view.element_bytes > 8 || !tensor.is_floating_point()) return;
    loss_ = PossibleLoss{std::string(view.dtype), tensor.sizes().vec(), {}, view.element_bytes};
    std::memcpy(loss_->bits.data(), view.data, view.element_bytes);
  }

  // The first node of a backward pass, or another one.
  void see_backward() {
    end_step();
    backward_ = true;
    if (!loss_) return;
    const std::vector<std::int64_t> strides(loss_->shape.size(), 1);
    const std::string name = ++losses_ == 1 ? "loss" : "loss." + std::to_string(losses_);
    session_.add(Stage::loss, session_.number_of(name),
                 {loss_->dtype, loss_->shape, strides, loss_->bits.data(), loss_->bytes});
    loss_.reset();
  }

  // Before the first write of a step: gradients are whole, weights are as they were.
  void begin_step() {
    if (stepping_) return;
    stepping_ = true;
    backward_ = false;
    if (!began_) begin_rows();
    for (const auto& parameter : parameters_) {
      const auto tensor = tensor_of(parameter);
      if (tensor && tensor->grad().defined() && is_observable(tensor->grad()))
        session_.add_digest(Stage::gradients,
                            named_digest(parameter.name, view_of(tensor->grad(), parameter.name)));
    }
  }

  void begin_rows() {
    began_ = true;
    const auto& own = session_.own_folder();
    std::filesystem::create_directories(own);
    std::ofstream(own / "began");
    session_.add_fact("process.arguments", own_arguments(folder_.string()));
    if (const char* place = std::getenv("REPRISE_PLACE")) session_.add_fact("process.place", place);
    if (const char* rank = std::getenv("RANK")) session_.add_fact("process.rank", rank);
    for (auto& parameter : parameters_) {
      const auto tensor = tensor_of(parameter);
      if (!tensor) continue;
      parameter.latest = named_digest(parameter.name, view_of(*tensor, parameter.name));
      session_.add_digest(Stage::weights, parameter.latest);
    }
    session_.begin_rows(own / "trace.h5");
  }

  void end_step() {
    if (!stepping_) return;
    stepping_ = false;
    for (const auto& parameter : parameters_)
      if (parameter.latest.digest.present()) session_.add_digest(Stage::weights, parameter.latest);
    session_.end_step();
    losses_ = 0;
    if (!session_.done()) return;
    finish();
    std::fflush(nullptr);
    ::_exit(0);
  }

  void write_observed() {
    for (const auto& words : session_.troubles()) ++troubles_[words];
    if (elsewhere_)
      trouble("parameters on another device than the CPU are not seen in a program without Python");
    const nlohmann::json observed{{"pid", ::getpid()},
                                  {"torch", REPRISE_TORCH},
                                  {"steps", session_.steps()},
                                  {"optimizers", nlohmann::json::array()},
                                  {"troubles", troubles_},
                                  {"unobserved", nlohmann::json::object()},
                                  {"files", nlohmann::json::array()},
                                  {"notes", {what_is_seen}}};
    const auto place = began_ ? session_.own_folder() / "observed.json"
                              : folder_ / fmt::format("observed-{}.json", ::getpid());
    write_atomically(place, observed.dump(1));
  }

  Session& session_;
  std::filesystem::path folder_;
  std::vector<Parameter> parameters_;
  std::unordered_map<const void*, std::size_t> places_;  // of parameters, by where their elements lie
  std::optional<PossibleLoss> loss_;
  std::map<std::string, int> troubles_;
  int losses_ = 0;
  bool backward_ = false, stepping_ = false, began_ = false, finished_ = false;
  bool elsewhere_ = false;  // there are parameters on another device
};

ProgramWatch* watch = nullptr;
pid_t watched_process = 0;

template <class Work>
auto guarded(Work work) -> decltype(work()) {
  const at::DisableRecordFunctionGuard unwatched;
  const std::lock_guard lock(watch->lock);
  try {
    return work();
  } catch (const std::exception& error) {
    watch->trouble(error.what());
    return decltype(work())();
  }
}

void finish_once() {
  if (::getpid() == watched_process) guarded([] { watch->finish(); });
}

// When the process ends, LibTorch's own variables of the main thread are gone before what atexit() registered
// runs. One of ours that is made later than those is gone earlier, and then the recording can still be ended.
struct EndOfMainThread {
  ~EndOfMainThread() {
    if (::gettid() == watched_process) finish_once();
  }
};

std::unique_ptr<at::ObserverContext> on_program_call(const at::RecordFunction& record) {
  if (::getpid() != watched_process) return nullptr;
  thread_local const EndOfMainThread end;
  static_cast<void>(end);
  return guarded([&] { return watch->start(record); });
}

void on_program_call_end(const at::RecordFunction&, at::ObserverContext* context) {
  if (context == nullptr || ::getpid() != watched_process) return;
  guarded([&] { watch->end(*static_cast<const WrittenParameters*>(context)); });
}

}  // namespace

void watch_program(Session& session, const std::filesystem::path& folder) {
  check(watch == nullptr, "a program is watched once");
  watched_process = ::getpid();
  watch = new ProgramWatch(session, folder);
  at::addGlobalCallback(at::RecordFunctionCallback(&on_program_call, &on_program_call_end)
                            .needsInputs(true)
                            .scopes({at::RecordScope::FUNCTION, at::RecordScope::BACKWARD_FUNCTION}));
  std::atexit(&finish_once);  // where the main thread called no operator
}

}  // namespace reprise
