// SPDX-License-Identifier: Apache-2.0
#include "harness/record/pin_torch.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <optional>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/record/device.h"
#include "harness/record/skip.h"
#include "harness/record/torch_settings.h"

namespace reprise {
namespace {

const TorchSetting* setting_of(std::string_view pin) {
  for (const auto& setting : torch_settings())
    if (setting.pin == pin) return &setting;
  return nullptr;
}

std::optional<std::string> environment_of(const std::string& name) {
  const char* text = std::getenv(name.c_str());
  return text ? std::optional<std::string>(text) : std::nullopt;
}

// Of the variables with these names, those that the pin sets, as a value of it wants them.
std::vector<WantedVariable> variables_of(const Pin& pin, const std::string& value,
                                         const std::vector<std::string>& names) {
  const auto assigned = pin_environment({{std::string(pin.name), value}});
  std::vector<WantedVariable> variables;
  for (const auto& name : names) {
    if (!sets_variable(pin, name)) continue;
    const auto rule = assigned.find(name);
    variables.push_back({name, rule != assigned.end(), rule == assigned.end() ? "" : rule->second});
  }
  return variables;
}

// What the environment has otherwise than it is wanted, in words; "" if nothing.
std::string environment_fault(const std::vector<WantedVariable>& variables) {
  for (const auto& variable : variables) {
    const auto found = environment_of(variable.name);
    if (variable.set ? found == variable.text : !found) continue;
    return found ? variable.name + "=" + *found : variable.name + " unset";
  }
  return {};
}

std::string first_line(const char* text) { return split(text, '\n').front(); }

std::string read_setting(const TorchSetting& setting, const std::string& wanted) {
  try {
    return setting.read(wanted);
  } catch (const std::exception& error) {
    // Getters of newer versions refuse where two generations of the same switch were mixed.
    return "unreadable (" + first_line(error.what()) + ")";
  }
}

}  // namespace

std::vector<WantedVariable> wrong_variables(const Pins& pins) {
  const auto assigned = pin_environment(pins);
  std::vector<WantedVariable> wrong;
  for (const auto& variable : pinned_variables()) {
    const auto found = environment_of(variable);
    const auto rule = assigned.find(variable);
    if (rule == assigned.end() && found) wrong.push_back({variable, false, ""});
    if (rule != assigned.end() && found != rule->second) wrong.push_back({variable, true, rule->second});
  }
  return wrong;
}

void cure_environment(const Pins& pins, char** arguments) {
  constexpr const char* mark = "REPRISE_WORKER_RESTARTED";
  const bool restarted = std::getenv(mark) != nullptr;
  ::unsetenv(mark);
  const auto wrong = wrong_variables(pins);
  if (wrong.empty() || restarted) return;
  for (const auto& variable : wrong) {
    if (variable.set)
      ::setenv(variable.name.c_str(), variable.text.c_str(), 1);
    else
      ::unsetenv(variable.name.c_str());
  }
  ::setenv(mark, "1", 1);
  ::execv("/proc/self/exe", arguments);
  ::unsetenv(mark);
}

void impose_pins(const Pins& pins, const std::vector<std::string_view>& left_alone, Variables variables) {
  Pins imposed = pins;
  for (const auto name : left_alone) imposed.erase(std::string(name));
  // Before any other setting: some ask LibTorch about CUDA, which it answers once.
  if (imposed.contains("device")) use_device(imposed);
  for (const auto& setting : torch_settings()) {
    if (std::ranges::find(left_alone, setting.pin) != left_alone.end()) continue;
    const auto pin = pins.find(std::string(setting.pin));
    check(pin != pins.end(), "a plan names every pin");
    try {
      setting.set(pin->second);
    } catch (const Skip&) {
      throw;
    } catch (const std::exception& error) {
      throw Skip(fmt::format("pin {}={} cannot be set with this LibTorch: {}", pin->first, pin->second,
                             first_line(error.what())));
    }
  }
  if (variables == Variables::of_the_script) {
    const auto names = pinned_variables();
    std::erase_if(imposed, [&](const auto& pin) {
      return !environment_fault(variables_of(pick_pin(pin.first), pin.second, names)).empty();
    });
  }
  check_pins_hold(imposed, read_pins(imposed), "when it was set");
}

PinReader::PinReader(const Pins& wanted) {
  const auto names = pinned_variables();
  for (const auto& [name, value] : wanted)
    rows_.push_back({name, value, variables_of(pick_pin(name), value, names), setting_of(name)});
}

Pins PinReader::read() const {
  Pins read;
  for (const auto& row : rows_) {
    std::string& found = read[row.pin];
    found = environment_fault(row.variables);
    if (found.empty()) found = row.setting != nullptr ? read_setting(*row.setting, row.wanted) : row.wanted;
  }
  return read;
}

Pins read_pins(const Pins& wanted) { return PinReader(wanted).read(); }

void check_pins_hold(const Pins& wanted, const Pins& found, const std::string& when) {
  for (const auto& [name, value] : wanted) {
    const auto now = found.find(name);
    check(now != found.end(), "every pin is read back");
    if (now->second == value) continue;
    fail("pin {} did not hold {}: wanted {}, found {}; {}", name, when, value, now->second,
         when == "when it was set" ? "start the run with `reprise`, which gives it a fresh environment"
                                   : "something in the recipe changed it");
  }
}

}  // namespace reprise
