// SPDX-License-Identifier: Apache-2.0
#include "harness/record/operators/python_stack.h"

#include <algorithm>
#include <utility>

namespace reprise {
namespace {

// An object of Python that is ours to drop.
class OwnObject {
 public:
  OwnObject(const PythonFunctions& python, void* object) : python_(&python), object_(object) {}
  ~OwnObject() { reset(nullptr); }
  OwnObject(const OwnObject&) = delete;
  OwnObject& operator=(const OwnObject&) = delete;
  void* get() const { return object_; }
  void reset(void* object) {
    void* before = std::exchange(object_, object);
    if (before != nullptr) python_->drop(before);
  }

 private:
  const PythonFunctions* python_;
  void* object_;
};

class PythonHeld {
 public:
  explicit PythonHeld(const PythonFunctions& python) : python_(&python), state_(python.acquire()) {}
  ~PythonHeld() { python_->release(state_); }
  PythonHeld(const PythonHeld&) = delete;
  PythonHeld& operator=(const PythonHeld&) = delete;

 private:
  const PythonFunctions* python_;
  int state_;
};

bool begins_as_one_of(const std::string& path, const std::vector<std::string>& beginnings) {
  return std::ranges::any_of(beginnings, [&](const auto& beginning) { return path.starts_with(beginning); });
}

bool has(const std::string& path, const char* part) { return path.find(part) != std::string::npos; }

std::int64_t address(const void* object) { return reinterpret_cast<std::int64_t>(object); }

}  // namespace

PythonStack& PythonStack::of_process() {
  static auto* one = new PythonStack;
  return *one;
}

void PythonStack::begin(const PythonFunctions& functions, Paths paths) {
  python_ = functions;
  paths_ = std::move(paths);
  begun_ = true;
}

std::string PythonStack::text_of(void* object, const char* attribute) const {
  const OwnObject text(python_, python_.attribute(object, attribute));
  const OwnObject bytes(
      python_, text.get() == nullptr ? nullptr : python_.encoded(text.get(), "utf-8", "surrogateescape"));
  if (bytes.get() != nullptr) return python_.bytes(bytes.get());
  python_.forget_error();
  return {};
}

CodeKind PythonStack::read_kind(void* code) const {
  const std::string path = text_of(code, "co_filename");
  if (path.starts_with("<eval_with_key>") || has(path, "/torchinductor_") ||
      begins_as_one_of(path, paths_.generated))
    return CodeKind::generated;
  if (path == paths_.module_file && text_of(code, "co_name") == paths_.module_function)
    return CodeKind::module;
  if (path.empty() || path.starts_with("<frozen ")) return CodeKind::hidden;
  if (begins_as_one_of(path, paths_.hidden))
    return has(path, "/torch/_inductor/") || has(path, "/torch/_functorch/_aot_autograd/")
               ? CodeKind::generated
               : CodeKind::hidden;
  if (has(path, "/site-packages/") || has(path, "/dist-packages/")) return CodeKind::package;
  return begins_as_one_of(path, paths_.library) ? CodeKind::hidden : CodeKind::script;
}

CodeKind PythonStack::kind_of(void* code) {
  const std::lock_guard lock(lock_);
  const auto known = kinds_.find(code);
  if (known != kinds_.end()) return known->second;
  const CodeKind kind = read_kind(code);
  python_.keep(code);
  kinds_.emplace(code, kind);
  return kind;
}

std::int64_t PythonStack::position_of(void* frame) const {
  const OwnObject position(python_, python_.attribute(frame, "f_lasti"));
  const std::int64_t value = position.get() == nullptr ? -1 : python_.number(position.get());
  if (value < 0) python_.forget_error();
  return value;
}

// A weak reference to the module that is called there.
void* PythonStack::self_of(void* frame) const {
  const OwnObject locals(python_, python_.attribute(frame, "f_locals"));
  const OwnObject self(python_, locals.get() == nullptr ? nullptr : python_.item(locals.get(), "self"));
  void* weak = self.get() == nullptr ? nullptr : python_.weak(self.get(), nullptr);
  if (weak == nullptr) python_.forget_error();
  return weak;
}

// What was seen of a stack, from the innermost frame on.
struct PythonStack::Walk {
  void* code = nullptr;      // kept by kinds_, as the next
  void* own_code = nullptr;  // of the script, where `code` is a package's
  void* module = nullptr;    // a weak reference
  std::int64_t position = 0, own_position = 0;
  bool compiled = false, of_package = false, within = true;

  bool whole() const { return code != nullptr && module != nullptr && (!of_package || own_code != nullptr); }
};

void PythonStack::look_at(void* frame, Walk& walk) {
  const OwnObject code(python_, python_.frame_code(frame));
  const CodeKind kind = kind_of(code.get());
  if (kind == CodeKind::generated && walk.code == nullptr) walk.compiled = true;
  if (kind == CodeKind::module && walk.module == nullptr) walk.module = self_of(frame);
  const bool script = kind == CodeKind::script;
  if (walk.code == nullptr && (script || kind == CodeKind::package)) {
    walk.code = code.get();
    walk.of_package = !script;
    walk.position = position_of(frame);
  } else if (script && walk.of_package && walk.own_code == nullptr) {
    walk.own_code = code.get();
    walk.own_position = position_of(frame);
  }
}

KnownPlace PythonStack::place_of(const Walk& walk) {
  const Words words{address(walk.code),   walk.position,          walk.compiled ? 1 : 0,
                    address(walk.module), address(walk.own_code), walk.own_position};
  const std::lock_guard lock(lock_);
  auto [at, is_new] = fresh_.try_emplace(words, Nameless{words, nullptr});
  if (is_new) {
    at->second.place = std::make_shared<CodePlace>();
    python_.keep(walk.code);
    if (walk.own_code != nullptr) python_.keep(walk.own_code);
  } else if (walk.module != nullptr) {
    python_.drop(walk.module);
  }
  return {at->second.place};
}

PythonStack::Standing PythonStack::standing(const void* base) {
  if (!begun_ || python_.thread_state() == nullptr) return {};
  const PythonHeld held(python_);
  if (python_.error() != nullptr) return {};
  Walk walk;
  void* innermost = python_.frame();
  if (innermost != nullptr) python_.keep(innermost);
  for (OwnObject frame(python_, innermost); frame.get() != nullptr && !walk.whole();
       frame.reset(python_.frame_back(frame.get()))) {
    if (frame.get() == base) {
      if (walk.code != nullptr) break;
      if (walk.module != nullptr) python_.drop(std::exchange(walk.module, nullptr));
      walk.within = walk.compiled = false;
    }
    look_at(frame.get(), walk);
  }
  if (walk.code != nullptr) return {place_of(walk), walk.within};
  if (walk.module != nullptr) python_.drop(walk.module);
  return {{}, walk.within};
}

const void* PythonStack::innermost() {
  if (!begun_ || python_.thread_state() == nullptr) return nullptr;
  const PythonHeld held(python_);
  return python_.frame();
}

std::size_t PythonStack::take_nameless() {
  const auto drop = [&](std::int64_t object) {
    if (object != 0) python_.drop(reinterpret_cast<void*>(object));
  };
  for (const auto& [words, place] : nameless_)
    for (const auto object : {words[0], words[3], words[4]}) drop(object);
  nameless_.clear();
  const std::lock_guard lock(lock_);
  for (auto& [words, one] : fresh_) nameless_.push_back(std::move(one));
  fresh_.clear();
  return nameless_.size();
}

}  // namespace reprise
