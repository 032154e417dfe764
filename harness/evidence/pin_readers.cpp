// SPDX-License-Identifier: Apache-2.0
#include "harness/evidence/pin_readers.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace reprise {
namespace {

std::string_view value_of(const Plan& plan, std::string_view pin) { return pin_value(plan.pins, pin); }

bool has(const Host& host, std::string_view flag) {
  return std::binary_search(host.flags.begin(), host.flags.end(), flag, std::less<>{});
}

// A command that is handed the pin's value reads it, whatever it does with it.
bool is_in_words(const Plan& plan, std::string_view pin) {
  return plan.command && std::ranges::any_of(plan.command->words, [&](const std::string& word) {
           return word.find("{" + std::string(pin) + "}") != std::string::npos;
         });
}

// Whether the training uses a GPU; of a command that is still to run, whether it could.
bool on_gpu(const Plan& plan, const Host& host) {
  if (!plan.command) return value_of(plan, "device") != "cpu";
  return host.gpu || (is_in_words(plan, "device") && value_of(plan, "device") != "cpu");
}

bool on_cpu(const Plan& plan, const Host& host) { return plan.command || !on_gpu(plan, host); }

std::string other_place(const Plan& plan, const Reader& reader, const Host& host) {
  if (reader.on == On::nowhere) return "no training here uses that";
  if (reader.on == On::gpu && !on_gpu(plan, host)) {
    if (!plan.command) return "this plan trains on the CPU";
    return host.observed ? "no run was seen to use a GPU" : "there is no GPU that the command could use";
  }
  if (reader.on == On::cpu && !on_cpu(plan, host)) return "this plan trains on a GPU";
  if (!reader.architecture.empty() && host.architecture != reader.architecture)
    return fmt::format("this is {}", host.architecture.empty() ? "an unknown processor" : host.architecture);
  return "";
}

// A Python that is told to ignore its environment has no pin of it either.
bool ignores_environment(const CommandLine& command) {
  for (std::size_t i = 1; i < command.words.size() && command.words[i].starts_with('-'); ++i) {
    const std::string& word = command.words[i];
    if (word == "-c" || word == "-m") return false;
    if (!word.starts_with("--") && word.find_first_of("IE") != std::string::npos) return true;
  }
  return false;
}

// "/usr/bin/python3" is a Python whatever else was seen of it.
bool starts_python(const CommandLine& command) {
  const std::string& word = command.words.front();
  return word.substr(word.rfind('/') + 1).starts_with("python");
}

std::string other_kind(const Plan& plan, std::string_view pin, const Reader& reader, const Host& host) {
  if (reader.in == In::native && plan.command) return "this is a command, which does not take it";
  if (reader.in == In::native || reader.in == In::any) return "";
  if (!plan.command)
    return reader.in == In::several ? "this recipe trains in one process" : "this recipe is native code";
  if (reader.in == In::command) return "";
  if (reader.in == In::several) return host.observed ? "no run was seen to join several GPUs" : "";
  if (pin == "python-hash-seed" && ignores_environment(*plan.command))
    return "this Python is told to ignore its environment";
  return host.observed && !host.python && !starts_python(*plan.command) ? "no Python was seen in the run"
                                                                        : "";
}

// What a script can set by itself: then the plan's value decides nothing.
bool is_scripts_own(std::string_view pin) {
  return pin == "precision" || pin == "threads" || pick_pin(pin).environment.empty();
}

std::string other_pin(const Plan& plan, const Reader& reader) {
  const auto equals = reader.with.find('=');
  if (equals == std::string_view::npos) return "";
  const bool unequal = reader.with[equals - 1] == '!';
  const std::string_view pin = reader.with.substr(0, equals - (unequal ? 1 : 0));
  const std::string_view value = value_of(plan, pin);
  if ((value == reader.with.substr(equals + 1)) != unequal) return "";
  if (plan.command && is_scripts_own(pin)) return "";
  return fmt::format("only {} makes it count, and the plan has {}={}",
                     unequal ? fmt::format("{} other than {}", pin, reader.with.substr(equals + 1))
                             : std::string(reader.with),
                     pin, value);
}

// float32 matrix products on the CPU: oneDNN alone goes below full precision, where the processor can. The
// highest is what they have anyway, so the other side decides.
std::string unread_precision(const Plan& plan, const Host& host) {
  if (on_gpu(plan, host)) return "";
  const std::string_view value = value_of(plan, "matmul-precision");
  const bool onednn = value_of(plan, "onednn") != "off";
  const bool half =
      (has(host, "avx512bw") && has(host, "avx512vl") && has(host, "avx512dq")) || has(host, "bf16");
  if (onednn && ((value == "medium" && half) || (value == "high" && has(host, "amx_fp16")))) return "";
  return value == "medium" ? "this processor's oneDNN has no bfloat16"
                           : "the CPU multiplies in full precision";
}

// The pins that no row of the table can tell.
std::string other_reason(const Plan& plan, std::string_view pin, const Host& host) {
  if (pin == "seed" && plan.command && plan.command->seeding == Seeding::script)
    return "the script's own seeds were asked for";
  if (pin == "matmul-precision") return unread_precision(plan, host);
  if (pin == "cublas-tf32-override") return "the pin matmul-precision is set after it and takes its place";
  if (pin == "openblas-coretype" && !host.openblas && host.architecture == "x86_64" &&
      (!plan.command || host.observed))
    return host.observed ? "no OpenBLAS was seen in the run" : "LibTorch has MKL on x86_64";
  const bool sdp = pin == "sdp-flash" || pin == "sdp-math";
  // Both kernels off would end a training that needs one with an error.
  if (sdp && !plan.command && !on_gpu(plan, host) && value_of(plan, "sdp-flash") == "off" &&
      value_of(plan, "sdp-math") == "off")
    return "the CPU has no other kernel than flash and math, and with both off only a training without "
           "attention can run";
  return "";
}

std::string why_unread(const Plan& plan, std::string_view pin, const Host& host) {
  const Pin* row = find_pin(pin);
  if (row == nullptr || is_in_words(plan, pin)) return "";  // no row: of a newer version's plan
  const Reader& reader = row->read_by;
  for (const std::string& why : {other_kind(plan, pin, reader, host), other_place(plan, reader, host),
                                 other_pin(plan, reader), other_reason(plan, pin, host)})
    if (!why.empty()) return why;
  return "";
}

// Sentences about several pins, those of one reason together.
class Reasons {
 public:
  void add(std::string_view pin, const std::string& why) {
    const std::string because = fmt::format("{} (it is for {})", why, readers_of(pin));
    const auto known = std::ranges::find(reasons_, because, &std::pair<std::string, std::string>::first);
    if (known == reasons_.end())
      reasons_.emplace_back(because, pin);
    else
      known->second += fmt::format(", {}", pin);
  }
  void add(const std::string& sentence) { sentences_.push_back(sentence); }
  std::string text() const {
    auto all = sentences_;
    for (const auto& [because, pins] : reasons_)
      all.push_back(fmt::format("nothing reads {} here: {}", pins, because));
    return join(all, "; ");
  }

 private:
  std::vector<std::string> sentences_;
  std::vector<std::pair<std::string, std::string>> reasons_;  // why -> pins
};

// "avx512" for the widest that ATen takes by itself on this processor; "" where that is not certain.
std::string widest(const Host& host) {
  if (host.architecture != "x86_64" || host.flags.empty()) return "";
  if (has(host, "avx512vl") && has(host, "avx512bw") && has(host, "avx512dq") && has(host, "fma"))
    return "avx512";
  return has(host, "avx2") && has(host, "fma") ? "avx2" : "default";
}

// Whether oneDNN goes by itself just as far as that value lets it.
bool is_onednn_own(const Host& host, std::string_view value) {
  if (host.architecture != "x86_64" || host.flags.empty()) return false;
  const bool wide =
      has(host, "avx512f") && has(host, "avx512bw") && has(host, "avx512vl") && has(host, "avx512dq");
  if (value == "avx512")
    return wide && !has(host, "avx512_vnni") && !has(host, "avx512_bf16") && !has(host, "avx10");
  return value == "avx2" && has(host, "avx2") && !wide && !has(host, "avx_vnni");
}

// Why two values of a pin are one setting there, or "".
std::string same_setting(std::string_view pin, std::string_view a, std::string_view b, const Host& on_a,
                         const Host& on_b) {
  std::string why;
  if (pin == "isa") {
    if (on_a.observed && on_b.observed && !on_a.capability.empty()) {
      if (on_a.capability == on_b.capability) why = fmt::format("ATen took {} in both runs", on_a.capability);
    } else if (const auto own = widest(on_a); !own.empty() && own == widest(on_b)) {
      if ((a == "auto" ? std::string_view(own) : a) == (b == "auto" ? std::string_view(own) : b))
        why = fmt::format("{} is what ATen takes by itself on this processor", own);
    }
  } else if (pin == "onednn") {
    const auto own = [](std::string_view value, const Host& host) {
      return value == "default" || is_onednn_own(host, value);
    };
    if (own(a, on_a) && own(b, on_b)) why = "oneDNN goes just as far by itself on this processor";
  } else if (pin == "device" && a != "cpu" && b != "cpu") {
    const bool first = (a == "cuda" || a == "cuda:0") && (b == "cuda" || b == "cuda:0");
    const bool seen = on_a.observed && on_b.observed && !on_a.gpu_name.empty();
    if (seen ? on_a.gpu_name == on_b.gpu_name : first) why = "both name one GPU";
  } else if (pin == "glibc-tunables" && (a == "default" || a == "no-avx512") &&
             (b == "default" || b == "no-avx512") && !on_a.flags.empty() && !on_b.flags.empty() &&
             !has(on_a, "avx512f") && !has(on_b, "avx512f")) {
    why = "this processor has no AVX-512";
  }
  return why.empty() ? "" : fmt::format("{}={} is the same setting here as {}={}: {}", pin, b, pin, a, why);
}

}  // namespace

Host host_of(const Facts& facts) {
  Host host;
  host.observed = true;
  const auto text = [&](const char* name) {
    const auto found = facts.find(name);
    return found == facts.end() ? std::string() : found->second;
  };
  host.architecture = text("cpu.architecture");
  for (const auto& flag : split(text("cpu.flags"), ' '))
    if (!flag.empty()) host.flags.push_back(flag);
  std::ranges::sort(host.flags);
  host.capability = text("cpu.capability");
  host.gpu_name = text("gpu.uuid");
  host.python = facts.contains("python.version");
  for (const auto& [name, value] : facts) {
    host.gpu = host.gpu || name.starts_with("gpu.");
    host.openblas =
        host.openblas || (name.starts_with("library.") && name.find("openblas") != std::string::npos);
  }
  return host;
}

Host host_of(const Cpu& cpu, bool has_gpu) {
  Host host;
  host.architecture = cpu.architecture;
  host.flags = cpu.flags;
  std::ranges::sort(host.flags);
  host.gpu = has_gpu;
  return host;
}

std::string_view readers_of(std::string_view pin) { return pick_pin(pin).read_by.who; }

std::string unread_reason(const Plan& plan, std::string_view pin, const Host& host) {
  const std::string why = why_unread(plan, pin, host);
  if (why.empty()) return "";
  Reasons reasons;
  reasons.add(pin, why);
  return reasons.text();
}

std::string no_evidence(const Plan& a, const Host& on_a, const Plan& b, const Host& on_b) {
  if (recipe_id(a) != recipe_id(b) || a.resume_at != b.resume_at || a.order != b.order) return "";
  if (a.placement.cpu != b.placement.cpu) return "";
  Reasons reasons;
  for (const auto& [pin, value] : b.pins) {
    const std::string_view other = value_of(a, pin);
    if (other == value) continue;
    if (is_in_words(b, pin)) return "";
    if (const std::string same = same_setting(pin, other, value, on_a, on_b); !same.empty()) {
      reasons.add(same);
      continue;
    }
    const std::string one = why_unread(a, pin, on_a), two = why_unread(b, pin, on_b);
    // Where one side cannot have attention, the other has none either: they train the same.
    const bool sdp = pin == "sdp-flash" || pin == "sdp-math";
    const bool read = sdp ? one.empty() && two.empty() : one.empty() || two.empty();
    if (read) return "";
    reasons.add(pin, two.empty() ? one : two);
  }
  return reasons.text();
}

}  // namespace reprise
