// SPDX-License-Identifier: Apache-2.0
#pragma once
// Pins on this process: imposed once, before the first LibTorch call of a recipe, and read back as often as
// wished.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/plan/pins.h"

namespace reprise {

struct TorchSetting;

// What this process's environment has otherwise than the pins want it: variable -> wanted text, or nothing
// for a variable that must not be set. They are read before main(), so only a fresh process can be cured.
struct WantedVariable {
  std::string name;
  bool set;  // false: it must be absent
  std::string text;
};
std::vector<WantedVariable> wrong_variables(const Pins& pins);

// Where a variable is not as the plan wants it, the process starts itself again, with these arguments and a
// cured environment. A second time would change nothing, so that one goes on, and the pin is refused. To be
// called before anything else of LibTorch.
void cure_environment(const Pins& pins, char** arguments);

// Makes every LibTorch call that the pins ask for, then reads all back: one that did not take is an Error;
// one that this LibTorch cannot do (a GPU library it was built without) ends the run as skipped.
// `left_alone`: pins that are somebody else's to set, neither made nor checked. A script may have set
// variables of its own before it imports torch: that is a finding, which the readings tell, and no trouble.
enum class Variables { as_planned, of_the_script };
void impose_pins(const Pins& pins, const std::vector<std::string_view>& left_alone = {},
                 Variables variables = Variables::as_planned);

// Every pin as this process has it now: from LibTorch's own getters, the environment, or, where the harness
// itself does what a pin says (batch-order, precision), as wanted. A variable that was changed reads
// "NAME=TEXT".
Pins read_pins(const Pins& wanted);

// The same again and again, for whoever reads at every step: what a pin sets is looked up once.
class PinReader {
 public:
  explicit PinReader(const Pins& wanted);
  Pins read() const;

 private:
  struct Row {
    std::string pin, wanted;
    std::vector<WantedVariable> variables;
    const TorchSetting* setting;  // null: none
  };
  std::vector<Row> rows_;
};

// An Error for the first pin that differs: "pin threads did not hold at step 40: wanted 1, found 2; ...".
// `when` is "at step 40", "before step 1".
void check_pins_hold(const Pins& wanted, const Pins& found, const std::string& when);

}  // namespace reprise
