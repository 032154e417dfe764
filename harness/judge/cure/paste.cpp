// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/cure/paste.h"

#include <algorithm>

#include "harness/base/text.h"

namespace reprise {
namespace {

struct PythonLine {
  std::string_view pin, value, line;  // "*" any value, and {} in the line for it
};

// What LibTorch calls impose on a run (harness/record/torch_settings.cpp), as a script says it.
constexpr PythonLine python_lines[] = {
    {"threads", "*", "torch.set_num_threads({})"},
    {"interop-threads", "*", "torch.set_num_interop_threads({})"},
    {"deterministic", "on", "torch.use_deterministic_algorithms(True)"},
    {"deterministic", "warn", "torch.use_deterministic_algorithms(True, warn_only=True)"},
    {"deterministic", "off", "torch.use_deterministic_algorithms(False)"},
    {"fill-uninitialized", "on", "torch.utils.deterministic.fill_uninitialized_memory = True"},
    {"fill-uninitialized", "off", "torch.utils.deterministic.fill_uninitialized_memory = False"},
    {"default-dtype", "*", "torch.set_default_dtype(torch.{})"},
    {"flush-denormal", "on", "torch.set_flush_denormal(True)"},
    {"flush-denormal", "off", "torch.set_flush_denormal(False)"},
    {"onednn", "off", "torch.backends.mkldnn.enabled = False"},
    {"nnpack", "off", "torch.backends.nnpack.set_flags(False)"},
    {"sdp-flash", "off", "torch.backends.cuda.enable_flash_sdp(False)"},
    {"sdp-mem-efficient", "off", "torch.backends.cuda.enable_mem_efficient_sdp(False)"},
    {"sdp-math", "off", "torch.backends.cuda.enable_math_sdp(False)"},
    {"sdp-cudnn", "off", "torch.backends.cuda.enable_cudnn_sdp(False)"},
    {"cudnn", "off", "torch.backends.cudnn.enabled = False"},
    {"cudnn-benchmark", "off", "torch.backends.cudnn.benchmark = False"},
    {"cudnn-deterministic", "on", "torch.backends.cudnn.deterministic = True"},
    {"tf32-cudnn", "off", "torch.backends.cudnn.allow_tf32 = False"},
    {"matmul-precision", "*", "torch.set_float32_matmul_precision(\"{}\")"},
    {"blas-backend", "cublas", "torch.backends.cuda.preferred_blas_library(\"cublas\")"},
    {"blas-backend", "cublaslt", "torch.backends.cuda.preferred_blas_library(\"cublaslt\")"},
};

std::string python_line_of(const PinSetting& setting) {
  for (const auto& [pin, value, line] : python_lines)
    if (pin == setting.pin && (value == "*" || value == setting.value))
      return replace_all(std::string(line), "{}", setting.value);
  return "";
}

}  // namespace

std::string pins_block(const PinSet& set) {
  std::string block = "[pins]\n";
  for (const auto& [pin, value] : set)
    block += pin + " = " + (to_integer(value) ? value : "\"" + value + "\"") + "\n";
  return block;
}

ScriptLines script_lines(const PinSet& set) {
  ScriptLines lines;
  for (const auto& setting : set) {
    const auto variables = pin_environment({{setting.pin, setting.value}});
    for (const auto& [name, text] : variables) lines.environment.push_back(name + "=" + text);
    const std::string line = python_line_of(setting);
    if (!line.empty()) lines.python.push_back(line);
    if (variables.empty() && line.empty()) lines.neither.push_back(setting.pin + "=" + setting.value);
  }
  return lines;
}

std::string script_text(const PinSet& set) {
  const ScriptLines lines = script_lines(set);
  std::string text;
  if (!lines.environment.empty()) {
    text += "# in the shell, before Python starts:\n";
    for (const auto& variable : lines.environment) text += "export " + variable + "\n";
  }
  if (!lines.python.empty()) {
    text += "# in Python, after `import torch` and before anything is computed:\n";
    for (const auto& line : lines.python) text += line + "\n";
  }
  for (const auto& pin : lines.neither) text += "# only `reprise` sets this one: --pin " + pin + "\n";
  return text;
}

}  // namespace reprise
