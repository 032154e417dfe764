// SPDX-License-Identifier: Apache-2.0
#pragma once
// The operator calls of a trace file: /ops, which is there only if the plan's window holds a step. Texts that
// calls share (names, shapes, arguments) stand in it once.
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/tables/growing.h"
#include "harness/trace/layout.h"
#include "harness/trace/op_call.h"

namespace reprise {

class OpTables {
 public:
  OpTables();

  void make(h5::File& file);
  void open(hid_t file);
  void close();
  // Rows wait in memory until write_pending().
  void add(const OpCall& call);
  bool pending() const { return call_.pending(); }
  void write_pending();
  // As of a table (growing.h).
  void put_unkept(std::vector<std::byte>& record);
  Growing* named(const std::string& path);  // none of that name: nullptr
  // To be called once what was written is flushed.
  void raise_counts();

 private:
  std::uint64_t text(const std::string& text);
  void add_tensor(const OpTensor& tensor);
  void add_kernel(const KernelLaunch& kernel);
  std::uint64_t place(const KnownPlace& place);
  std::array<Growing*, 10> all();

  Growing call_, thread_, tensor_, writer_, kernel_, kernel_end_, line_, place_, text_bytes_, text_end_;
  h5::Dataset counts_;
  std::map<std::string, std::uint64_t> texts_;                                      // a text -> its place
  std::map<std::array<std::uint64_t, layout::place_words>, std::uint64_t> places_;  // a row -> its number
};

}  // namespace reprise
