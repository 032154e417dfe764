// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/gpu.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/machine/gpu_calls.h"

namespace reprise {
namespace {

std::string lower(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(), [](unsigned char c) { return std::tolower(c); });
  return small;
}

std::string known(const GpuList& list) {
  std::vector<std::string> words;
  for (const auto& gpu : list.gpus)
    words.push_back(fmt::format("cuda:{} {} {}", gpu.index, gpu.name, gpu.uuid));
  return join(words, "; ");
}

GpuChoice none(const GpuList& list, const std::string& wanted) {
  return {std::nullopt, fmt::format("there is no GPU {} here; there are: {}", wanted, known(list))};
}

GpuChoice by_number(const GpuList& list, std::int64_t number) {
  for (const auto& gpu : list.gpus)
    if (gpu.index == number) return {gpu, ""};
  return none(list, fmt::format("number {} (the first is 0)", number));
}

GpuChoice by_uuid(const GpuList& list, const std::string& wanted) {
  GpuChoice choice;
  for (const auto& gpu : list.gpus) {
    if (!lower(gpu.uuid).starts_with(lower(wanted))) continue;
    if (choice.gpu)
      return {std::nullopt,
              fmt::format("more than one GPU has a UUID that begins with {}; write more of it: {}", wanted,
                          known(list))};
    choice.gpu = gpu;
  }
  return choice.gpu ? choice : none(list, "of UUID " + wanted);
}

GpuChoice by_name(const GpuList& list, const std::string& wanted) {
  for (const auto& gpu : list.gpus)
    if (lower(gpu.name).find(lower(wanted)) != std::string::npos) return {gpu, ""};
  return none(list, fmt::format("whose name holds '{}'", wanted));
}

GpuChoice old_ones_left_out(GpuChoice choice) {
  if (!choice.gpu) return choice;
  const Gpu& gpu = *choice.gpu;
  if (gpu.major > least_major || (gpu.major == least_major && gpu.minor >= least_minor)) return choice;
  return {std::nullopt, fmt::format("cuda:{} ({}) has compute capability {}.{}; wanted {}.{} or newer",
                                    gpu.index, gpu.name, gpu.major, gpu.minor, least_major, least_minor)};
}

std::string file_text(const char* path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

GpuList ask() {
  const OpenedCalls& calls = opened_calls();
  if (calls.driver.init != nullptr) return list_gpus(calls.driver, calls.management);
  GpuList list;
  list.trouble = no_driver(file_text("/proc/driver/nvidia/version"));
  return list;
}

}  // namespace

const GpuList& gpus_here() {
  static const GpuList list = ask();
  return list;
}

GpuChoice pick_gpu(const GpuList& list, std::string_view device) {
  if (!list.trouble.empty()) return {std::nullopt, list.trouble};
  const auto colon = device.find(':');
  const std::string wanted(colon == std::string_view::npos ? "0" : device.substr(colon + 1));
  if (const auto number = to_integer(wanted)) return old_ones_left_out(by_number(list, *number));
  const std::string small = lower(wanted);
  if (small.starts_with("gpu-") || small.starts_with("mig-")) return old_ones_left_out(by_uuid(list, wanted));
  return old_ones_left_out(by_name(list, wanted));
}

std::string too_old_for(const GpuList& list, int toolkit) {
  // Within one major version any driver of that version serves (CUDA's minor version compatibility).
  if (list.cuda / 1000 >= toolkit / 1000) return "";
  return fmt::format(
      "the NVIDIA driver{} knows CUDA up to {}, and this LibTorch was built for CUDA {}; "
      "install a newer driver, or a torch for CUDA {}",
      list.driver.empty() ? "" : " " + list.driver, cuda_version_text(list.cuda), cuda_version_text(toolkit),
      list.cuda / 1000);
}

std::string to_sentence(const Gpu& gpu) {
  return fmt::format("cuda:{} {}, compute capability {}.{}, {} processors", gpu.index, gpu.name, gpu.major,
                     gpu.minor, gpu.processors);
}

std::string cuda_version_text(int version) {
  return fmt::format("{}.{}", version / 1000, version % 1000 / 10);
}

std::map<std::string, std::string> gpu_remarks(const std::string& uuid) {
  return remarks_of(opened_calls().management, uuid);
}

}  // namespace reprise
