# SPDX-License-Identifier: Apache-2.0
"""A test for ReFrame: does this system train the same bits twice?

    reframe -c reframe_test.py -r

On a site, valid_systems names its partitions, which say how their nodes are asked for.
"""
import reframe as rfm
import reframe.utility.sanity as sn


@rfm.simple_test
class RepriseRepeats(rfm.RunOnlyRegressionTest):
    recipe = parameter(["waves"])
    threads = parameter([1, 2])
    valid_systems = ["*"]
    valid_prog_environs = ["*"]
    executable = "reprise"

    @run_after("init")
    def choose(self):
        self.executable_opts = [
            "run", self.recipe, "--set", "steps=50", "--pin", f"threads={self.threads}",
            "--repeat", "2", "--runs", "runs",
        ]
        # Exit codes as in diff(1): 0 the same, 1 other bits, 2 trouble.
        self.postrun_cmds = ["reprise diff runs/*/1 runs/*/2; echo \"diff: $?\""]

    @sanity_function
    def same_bits(self):
        return sn.assert_found(r"^diff: 0$", self.stdout)
