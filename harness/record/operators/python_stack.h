// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where the script's own code stands while it calls an operator: read off the frames of the calling thread by
// Python's C functions, so that no handler of a signal, no tracer and no compiler of the script meets it. It
// takes Python's lock for that, which an operator's thread has mostly let go; so no lock of reprise's may be
// held meanwhile. What a place is called is asked for later, by Python (recorder/observe/lines.py).
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "harness/record/operators/python_functions.h"
#include "harness/tables/code_place.h"

namespace reprise {

// Whose code a file holds, as far as its path tells.
enum class CodeKind {
  script,     // the script's own
  package,    // an installed one's
  hidden,     // torch's, Python's own library's, the recorder's
  module,     // of torch, where it calls a module: its `self` is that module
  generated,  // by a compiler, or of torch where it runs what one compiled
};

class PythonStack {
 public:
  static PythonStack& of_process();  // never freed: threads may outlive main()

  // Before that nobody is asked. `hidden` (torch, the recorder), `library` (Python's own) and `generated`:
  // how paths begin; `module_file`, `module_function`: the code of torch that calls a module's forward.
  struct Paths {
    std::vector<std::string> hidden, library, generated;
    std::string module_file, module_function;
  };
  void begin(const PythonFunctions& functions, Paths paths);

  struct Standing {
    KnownPlace place;    // gets its words before the step is written
    bool within = true;  // in code that was called from within the frame `base`
  };
  // Of the calling thread. `base`: the frame in which it began what it is in now, nullptr: nothing special.
  Standing standing(const void* base);
  // The calling thread's innermost frame, which stays where it is until it returns; nullptr if it runs no
  // Python.
  const void* innermost();

  // A place without words, as addresses of Python's objects: code, where in it (f_lasti), whether it is
  // compiled, a weak reference to the module, and code and where in it of the script that led there.
  using Words = std::array<std::int64_t, 6>;
  // How many there are since the last time. With Python's lock held, here and below.
  std::size_t take_nameless();
  Words nameless(std::size_t which) const { return nameless_.at(which).words; }
  void name(std::size_t which, CodePlace place) { *nameless_.at(which).place = std::move(place); }

 private:
  struct Walk;
  CodeKind kind_of(void* code);
  CodeKind read_kind(void* code) const;
  std::string text_of(void* object, const char* attribute) const;
  std::int64_t position_of(void* frame) const;
  void* self_of(void* frame) const;
  void look_at(void* frame, Walk& walk);
  KnownPlace place_of(const Walk& walk);

  PythonFunctions python_{};
  Paths paths_;
  bool begun_ = false;
  std::mutex lock_;  // of what follows, beside Python's own, which not every Python has
  std::unordered_map<void*, CodeKind> kinds_;  // of code objects, which are kept for it
  struct Nameless {
    Words words;
    std::shared_ptr<CodePlace> place;
  };
  std::map<Words, Nameless> fresh_;
  std::vector<Nameless> nameless_;
};

}  // namespace reprise
