// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/command_words.h"

#include "plan/told_command.h"

using namespace reprise;

namespace {

std::string told(const Plan& plan) {
  std::string text;
  for (const auto& argument : arguments_of(plan)) text += argument.name + "=" + argument.value + ";";
  return text;
}

}  // namespace

TEST_CASE("what is run is the script that a command names, its module, the text behind -c, or the program") {
  CHECK(source_word(told_command("python train.py --lr 0.1", {"train.py"})) == 1);
  CHECK(source_word(told_command("torchrun --nproc-per-node 2 train.py a", {"train.py"})) == 3);
  CHECK(source_word(told_command("python -u -m pkg.train --lr 0.1")) == 3);
  CHECK(source_word(told_command("bash -lc text --lr 0.1")) == 2);
  CHECK(source_word(told_command("python train.py -c 5", {"train.py"})) == 1);
  CHECK(source_word(told_command("./simulate --count 5")) == 0);
}

TEST_CASE("arguments go by the name that stands before the value, else by their place as in sys.argv") {
  CHECK(told(told_command("python train.py off 3", {"train.py"})) == "1=off;2=3;");
  CHECK(told(told_command("python train.py --lr 0.1 --wd=0.2 -v --beta -0.5 lr=3 data", {"train.py"})) ==
        "--lr=0.1;--wd=0.2;-v=present;--beta=-0.5;lr=3;8=data;");
  CHECK(told(told_command("python -O train.py --x", {"train.py"})) == "-O=present;--x=present;");
  CHECK(told(told_command("timeout 10 python train.py", {"train.py"})) == "before 1=10;before 2=python;");
  CHECK(told(told_command("python -m pkg.train --lr 0.1")) == "--lr=0.1;");
  CHECK(told(told_command("./simulate 1=2 - =x", {})) == "1=1=2;2=-;3==x;");
}
