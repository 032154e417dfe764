// SPDX-License-Identifier: Apache-2.0
#pragma once
// The table behind pin_readers.h: one row for each pin.
#include <span>
#include <string_view>

namespace reprise {

enum class On { any, cpu, gpu, nowhere };                 // where the training must lie
enum class In { any, native, command, python, several };  // what must run

struct Reader {
  std::string_view pin;
  std::string_view who;  // for people
  On on = On::any;
  In in = In::any;
  // "PIN=VALUE" or "PIN!=VALUE": read only where that holds, too.
  std::string_view with = {};
  std::string_view architecture = {};
};

std::span<const Reader> pin_reader_rows();

}  // namespace reprise
