// SPDX-License-Identifier: Apache-2.0
// Drives libreprise_cuda.so on the fake CUDA run-time library.
//   product LIBRARY SCENE SEED COUNT [MISTAKE]
// Prints one line: "right"; "WRONG ..." (exit code 1); "refused CODE SENTENCE" (3), when the library answers
// with an error; "failed ..." (4), when a call of this program's own does.
#include <cstdio>
#include <cstdlib>
#include <map>

#include "fake_cuda/programs/scenarios.h"

using namespace reprise::fake_cuda;

int main(int count, char** arguments) {
  if (count < 5) return 2;
  static const std::map<std::string, void (*)(const Scene&)> scenes = {
      {"layouts", random_layouts}, {"steps", training_steps}, {"graph", graph_replays},
      {"answers", known_answers},  {"large", large_tensor},   {"whole", whole},
      {"misuse", misuses}};
  const auto scene = scenes.find(arguments[2]);
  if (scene == scenes.end()) return 2;
  try {
    scene->second({load_plugin(arguments[1]), std::strtoull(arguments[3], nullptr, 10),
                   static_cast<unsigned>(std::atoi(arguments[4])), count > 5 ? arguments[5] : ""});
    std::printf("right\n");
    return 0;
  } catch (const WrongDigest& wrong) {
    std::printf("WRONG %s\n", wrong.what());
    return 1;
  } catch (const Refused& refusal) {
    std::printf("refused %d %s\n", refusal.code, refusal.what());
    return 3;
  } catch (const OwnFailure& failure) {
    std::printf("failed %s\n", failure.what());
    return 4;
  }
}
