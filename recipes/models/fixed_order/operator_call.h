// SPDX-License-Identifier: Apache-2.0
#pragma once
// Each operator of this room is one of LibTorch's dispatcher, `fixed_order::NAME`, so that traces of
// operators name it as they name LibTorch's own. What it calls inside is its own affair and not recorded.
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/record_function.h>
#include <torch/library.h>

namespace reprise::fixed_order {

// `Unseen<&function>::call` is the function, without the operators that it calls inside.
template <auto function>
struct Unseen;

template <class Result, class... Arguments, Result (*function)(Arguments...)>
struct Unseen<function> {
  static Result call(Arguments... arguments) {
    const at::RecordFunctionGuard unseen(/*is_enabled=*/false);
    return function(arguments...);
  }
};

// The registered operator, to be called with what `function` takes.
template <class Result, class... Arguments>
c10::TypedOperatorHandle<Result(Arguments...)> registered(const char* name,
                                                          Result (* /*function*/)(Arguments...)) {
  return c10::Dispatcher::singleton().findSchemaOrThrow(name, "").template typed<Result(Arguments...)>();
}

}  // namespace reprise::fixed_order
