// SPDX-License-Identifier: Apache-2.0
#include <cctype>
#include <cstdlib>

#include "fake_cuda/fault.h"
#include "fake_cuda/ptx_decode.h"
#include "fake_cuda/ptx_kernel.h"
#include "fake_cuda/ptx_text.h"

namespace reprise::fake_cuda {

namespace {

constexpr int any_width = 0;  // of a number, or of a variable's address

const std::map<std::string, Special> specials = {
    {"%tid.x", Special::thread_x},    {"%tid.y", Special::thread_y},    {"%tid.z", Special::thread_z},
    {"%ntid.x", Special::threads_x},  {"%ntid.y", Special::threads_y},  {"%ntid.z", Special::threads_z},
    {"%ctaid.x", Special::block_x},   {"%ctaid.y", Special::block_y},   {"%ctaid.z", Special::block_z},
    {"%nctaid.x", Special::blocks_x}, {"%nctaid.y", Special::blocks_y}, {"%nctaid.z", Special::blocks_z},
    {"%laneid", Special::lane},       {"%warpid", Special::warp}};

int register_bits(const std::string& type) {
  static const std::map<std::string, int> bits = {{".pred", 1}, {".b16", 16}, {".b32", 32}, {".b64", 64},
                                                  {".u16", 16}, {".u32", 32}, {".u64", 64}, {".s16", 16},
                                                  {".s32", 32}, {".s64", 64}};
  const auto found = bits.find(type);
  if (found == bits.end()) throw Fault("PTX: registers of type " + type + " are not supported");
  return found->second;
}

// A variable as declared: `.align 8 .b8 name[192]` or `.u32 name`.
struct Declared {
  std::string name;
  std::size_t align = 0, bytes = 0;
};

Declared declared(const std::string& text, std::size_t skip) {
  static const std::map<std::string, std::size_t> sizes = {
      {".b8", 1},  {".u8", 1},  {".s8", 1},  {".b16", 2}, {".u16", 2}, {".s16", 2},
      {".b32", 4}, {".u32", 4}, {".s32", 4}, {".b64", 8}, {".u64", 8}, {".s64", 8}};
  Declared out;
  const auto words = words_of(text);
  bool pointer = false;
  for (std::size_t i = skip; i < words.size(); ++i) {
    if (const auto size = sizes.find(words[i]); size != sizes.end()) {
      out.bytes = size->second;
    } else if (words[i] == ".ptr") {
      pointer = true;
    } else if (words[i] == ".align" && i + 1 < words.size()) {
      const std::size_t align = std::strtoull(words[++i].c_str(), nullptr, 10);
      if (!pointer) out.align = align;  // of a pointer it is said of what it points to
    } else if (words[i][0] != '.' && i + 1 == words.size()) {
      out.name = words[i];
    } else if (!(pointer && words[i] == ".global")) {
      throw Fault("PTX: the declaration '" + text + "' is not supported");
    }
  }
  if (out.name.empty() || out.bytes == 0) throw Fault("PTX: the declaration '" + text + "' is not supported");
  if (out.align == 0) out.align = out.bytes;
  if (const std::size_t bracket = out.name.find('['); bracket != std::string::npos) {
    out.bytes *= std::strtoull(out.name.c_str() + bracket + 1, nullptr, 10);
    out.name.resize(bracket);
  }
  return out;
}

// Gives a variable its place at the end of a space; tells the offset.
std::size_t place(std::size_t& end, const Declared& variable) {
  const std::size_t offset = (end + variable.align - 1) / variable.align * variable.align;
  end = offset + variable.bytes;
  return offset;
}

class KernelReader : public Names {
 public:
  Kernel read(const EntryText& entry) {
    kernel_.name = entry.name;
    for (const auto& text : entry.parameters) {
      if (!text.starts_with(".param ")) throw Fault("PTX: the parameter '" + text + "' is not supported");
      const Declared parameter = declared(text, 1);
      const std::size_t offset = place(kernel_.parameter_bytes, parameter);
      kernel_.parameters.push_back({offset, parameter.bytes});
      rows_[parameter.name] = constant(offset);
    }
    for (const auto& directive : entry.directives) read_head(directive);
    for (const auto& statement : entry.statements) read_statement(statement);
    for (auto& instruction : kernel_.code) {
      if (instruction.kind != Kind::branch) continue;
      const auto [name, place_in_code] = labels_[instruction.target];
      if (place_in_code >= kernel_.code.size()) throw Fault("PTX: no instruction behind the label " + name);
      instruction.target = place_in_code;
    }
    return std::move(kernel_);
  }

  int row_of(const std::string& operand) override {
    if (const auto known = rows_.find(operand); known != rows_.end()) return known->second;
    if (const auto special = specials.find(operand); special != specials.end()) {
      kernel_.specials.emplace_back(new_row(32), special->second);
      return rows_[operand] = kernel_.specials.back().first;
    }
    const char* text = operand.c_str();
    char* end = nullptr;
    const std::uint64_t number = operand[0] == '-' ? static_cast<std::uint64_t>(std::strtoll(text, &end, 0))
                                                   : std::strtoull(text, &end, 0);
    if (!operand.empty() && end != text && *end == '\0') return rows_[operand] = constant(number);
    throw Fault("PTX: the operand '" + operand + "' of " + kernel_.name + " is not supported");
  }
  int bits_of(int row) const override { return kernel_.row_bits[static_cast<std::size_t>(row)]; }
  std::size_t label(const std::string& name) override {
    for (std::size_t i = 0; i < labels_.size(); ++i)
      if (labels_[i].first == name) return i;
    labels_.emplace_back(name, ~std::size_t{0});
    return labels_.size() - 1;
  }

 private:
  int new_row(int bits) {
    kernel_.row_bits.push_back(bits);
    return static_cast<int>(kernel_.row_bits.size()) - 1;
  }
  int constant(std::uint64_t value) {
    kernel_.constants.emplace_back(new_row(any_width), value);
    return kernel_.constants.back().first;
  }
  void read_head(const std::string& directive) {
    const auto words = words_of(directive);
    if (words[0] == ".maxntid") {
      kernel_.most_threads = 1;
      for (const auto& number : list_of(std::string_view(directive).substr(words[0].size())))
        kernel_.most_threads *= static_cast<unsigned>(std::strtoul(number.c_str(), nullptr, 10));
    } else if (words[0] != ".minnctapersm") {
      throw Fault("PTX: the directive '" + directive + "' is not supported");
    }
  }
  void read_registers(const std::string& statement) {
    const auto words = words_of(statement);
    const int bits = register_bits(words.at(1));
    const std::size_t names = statement.find(words[1]) + words[1].size();
    for (const auto& name : list_of(std::string_view(statement).substr(names))) {
      const std::size_t count = name.find('<');
      if (count == std::string::npos) {
        rows_[name] = new_row(bits);
        continue;
      }
      const auto most = std::strtoul(name.c_str() + count + 1, nullptr, 10);
      for (unsigned long i = 0; i < most; ++i)
        rows_[name.substr(0, count) + std::to_string(i)] = new_row(bits);
    }
  }
  void read_statement(const std::string& statement) {
    if (statement.empty()) return;
    if (statement.back() == ':') {
      labels_[label(statement.substr(0, statement.size() - 1))].second = kernel_.code.size();
    } else if (statement[0] != '.') {
      kernel_.code.push_back(decode(statement, *this));
    } else if (statement.starts_with(".reg ")) {
      read_registers(statement);
    } else if (statement.starts_with(".shared ") || statement.starts_with(".local ")) {
      const Declared variable = declared(statement, 1);
      rows_[variable.name] =
          constant(place(statement[1] == 's' ? kernel_.shared_bytes : kernel_.local_bytes, variable));
    } else if (!statement.starts_with(".pragma \"nounroll\"")) {
      throw Fault("PTX: the directive '" + statement + "' is not supported");
    }
  }

  Kernel kernel_;
  std::map<std::string, int> rows_;
  std::vector<std::pair<std::string, std::size_t>> labels_;  // and the index of the instruction behind it
};

}  // namespace

Module parse_ptx(const std::string& text) {
  const ModuleText parts = split_ptx(text);
  Module module;
  module.target = parts.target;
  for (const auto& entry : parts.entries) module.kernels[entry.name] = KernelReader().read(entry);
  return module;
}

}  // namespace reprise::fake_cuda
