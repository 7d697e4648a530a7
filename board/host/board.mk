# SPDX-License-Identifier: MIT
# The machine that builds is the machine that runs: nothing to override.
