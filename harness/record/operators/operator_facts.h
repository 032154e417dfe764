// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the tracer must know of an operator, read once from its schema.
#include <ATen/core/function_schema.h>
#include <ATen/core/operator_name.h>

#include <string>
#include <vector>

namespace reprise {

struct OperatorFacts {
  std::string name;                    // "aten::add.Tensor"
  std::vector<std::string> arguments;  // their names, in order
  std::vector<bool> overwritten;  // per argument: written without being read ("out=", the target of copy_)
  std::vector<bool> written;      // per argument
  std::vector<bool> view;         // per result: it shares an argument's memory and was not written
  bool makes_empty = false;       // its results are memory that nobody has written, unless fill is on
  bool hands_over = false;        // its result is memory from elsewhere, written or not (set_)
  bool resizes = false;           // its result is memory that it may have made larger
  bool random = false;            // it may draw from a generator
  bool returns_nothing = false;   // what it leaves behind is in the arguments it wrote
};

// Kept for the life of the process; for any thread.
const OperatorFacts& facts_of(const c10::OperatorName& name, const c10::FunctionSchema& schema);
// The same if the operator has been asked for before; nullptr if not.
const OperatorFacts* known_facts_of(const c10::OperatorName& name);

}  // namespace reprise
