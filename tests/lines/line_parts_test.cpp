// SPDX-License-Identifier: Apache-2.0
// What of a printed line is compared, and what is left out of it by the rule of docs/python.md.
#include <catch2/catch.hpp>
#include <string>

#include "harness/lines/line_parts.h"
#include "harness/lines/line_times.h"

using namespace reprise;

namespace {

// What is compared, with "~" for what is left out.
std::string compared(const std::string& line) {
  std::string text;
  for (const auto& part : parts_of(line))
    text += part.kind == PartKind::left_out ? "~" : std::string(part.text);
  return text;
}

std::string numbers(const std::string& line) {
  std::string text;
  for (const auto& part : parts_of(line))
    if (part.kind == PartKind::number) text += (text.empty() ? "" : " ") + std::string(part.text);
  return text;
}

}  // namespace

TEST_CASE("times, dates, durations and rates are left out, and the numbers beside them stay") {
  CHECK(compared("elapsed 12.3s") == "elapsed ~");
  CHECK(compared("acc 0.75 (0.3s)") == "acc 0.75 (~)");
  CHECK(compared("acc 0.75 (0.3 s)") == "acc 0.75 (~)");
  CHECK(compared("iter 0: loss 4.2874, time 3034.51ms, mfu -100.00%") ==
        "iter 0: loss 4.2874, time ~, mfu ~%");
  CHECK(compared("2026-11-28 03:17:42,123 INFO accuracy 0.75") == "~ INFO accuracy 0.75");
  CHECK(compared("[2026-11-28T03:17:42.5Z] acc=0.75") == "[~] acc=0.75");
  CHECK(compared("Sat Nov 28 03:17:42 2026 acc 1") == "~ acc 1");
  CHECK(compared("[W1128 03:17:42.332 socket.cpp:752] 3 tries") == "[~ socket.cpp:752] 3 tries");
  CHECK(compared("run_20261128-031742 acc 0.5") == "run_~ acc 0.5");
  CHECK(compared("took 2m 03s, loss 0.5") == "took ~ ~, loss 0.5");
  CHECK(compared("0:01:02.5 of training, loss 0.5") == "~ of training, loss 0.5");
  CHECK(compared("388.4 samples/s, 12.5 ms/step, 3 samples per second, loss 2.5") == "~, ~, ~, loss 2.5");
  CHECK(
      compared(
          "{'train_runtime': 0.0412, 'train_samples_per_second': 388.4, 'train_loss': 0.69, 'epoch': 1.0}") ==
      "{'train_runtime': ~, 'train_samples_per_second': ~, 'train_loss': 0.69, 'epoch': 1.0}");
  CHECK(compared("runtime=3.5 epoch=2 pid 4711 rank 1") == "runtime=~ epoch=2 pid ~ rank 1");
}

TEST_CASE("paths and addresses are left out, and a number behind a path stays") {
  CHECK(compared("saved /tmp/a1b2/model.pt acc 0.75") == "saved ~ acc 0.75");
  CHECK(compared("/tmp/a/eval.txt:0.75") == "~:0.75");
  CHECK(compared("loaded '/data/x.bin', 3 classes") == "loaded '~', 3 classes");
  CHECK(compared("<Net object at 0x7f3a1c>") == "<Net object at ~>");
  CHECK(compared("master tcp://127.0.0.1:29501 ranks 2") == "master ~ ranks 2");
  CHECK(compared("id 123e4567-e89b-12d3-a456-426614174000 acc 1.0") == "id ~ acc 1.0");
  // A share, a name with a slash and a relative path hold what was computed, or are equal anyway.
  CHECK(compared("correct 3/10") == "correct 3/10");
  CHECK(compared("val/acc 0.75 checkpoints/best.pt") == "val/acc 0.75 checkpoints/best.pt");
  CHECK(compared("acc 0.75 / 0.80") == "acc 0.75 / 0.80");
}

TEST_CASE("numbers that only look like times are compared") {
  CHECK(numbers("loss 0.5 min 0.1 max 0.9") == "0.5 0.1 0.9");
  CHECK(numbers("time_steps 100") == "100");
  CHECK(numbers("timestep 5 seed 1764300000") == "5 1764300000");
  CHECK(numbers("124.4M parameters in fc2") == "124.4");
  CHECK(numbers("May the loss be 5e-3, -2 or nan") == "5e-3 -2 nan");
  CHECK(numbers("shape 3x4 sum 1.5") == "3 1.5");
  CHECK(numbers("ppl 12.5 score 3 stars 4 hits 7") == "12.5 3 4 7");
  CHECK(time_unit_at(" stars 4") == 0);
  CHECK(moment_at("12.5.2") == 0);
  CHECK(compact_date_at("20269999") == 0);
  CHECK_FALSE(names_time("time_steps"));
}

TEST_CASE("of a line that was drawn over only its end is seen, and a bar that came to its end") {
  CHECK(shown_at_end("\r  0%|          | 0/10\r100%|####| 10/10 [00:01<00:00, 9.8it/s, loss=0.5]") ==
        "100%  10/10 loss=0.5");
  CHECK(shown_at_end("\rEpoch 1:  50%|##  | 5/10 [00:00<00:00, 9.8it/s]epoch 1 acc 0.75") ==
        "epoch 1 acc 0.75");
  CHECK(shown_at_end("\r 50%|##  | 5/10 [00:00<00:00, 9.8it/s]") == "");
  CHECK(shown_at_end("acc 0.75\r") == "acc 0.75");
  CHECK(shown_at_end("working\r           \racc") == "acc");
  CHECK(shown_at_end("\x1b[1;31macc\x1b[0m 0.75") == "acc 0.75");
}
