# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
"""Holds scenarios against the JSON Schema with an independent validator: shipped ones pass, structurally bad ones fail.

usage: validate_schema.py SCHEMA.json SOURCE_DIR GOOD.yaml...
Exit 77 (skipped) where Debian's python3-jsonschema or python3-yaml is missing.
"""
import json
import pathlib
import re
import sys

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"skipped: {missing}; apt-get install python3-jsonschema python3-yaml")
    sys.exit(77)


class Loader(yaml.SafeLoader):
    """YAML 1.2's core types, as the schema means them: 1e-6 is a number, `no` and `010` are words."""


Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("tag:yaml.org,2002:null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$", "tf"),
    ("tag:yaml.org,2002:int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("tag:yaml.org,2002:float", r"^-?(?:0|[1-9][0-9]*)?(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?$", "-0123456789."),
):
    Loader.add_implicit_resolver(tag, re.compile(pattern), first)

# What a schema cannot see: text that is no YAML or no single tree, files, names used twice, other keys' values, presets.
BEYOND = {"yaml_syntax", "yaml_depth", "encoding", "duplicate_key", "file_not_found", "unknown_preset", "conflict", "bad_override",
          "unsupported_size"}
BEYOND_FILES = {
    "compare_unknown_platform", "levels_one", "programming_error_negative", "linear_no_preset", "preset_incomplete",
    "precision_of_ideal", "conductance_negative", "latch_without_capacitance", "read_time_huge", "read_time_denormal",
    "temperature_zero", "digital_energy_negative", "preset_without_source", "preset_bad_values", "preset_bad_header",
    "coding_incomplete", "cells_incomplete", "coding_ramp_without_time", "settling_without_wires", "encoding_escape_in_text", "drift_without_law", "drift_wrong_lists", "flicker_wrong", "programming_without_pulse",
    "relaxation_incomplete", "relaxation_times_fall",
    "wires_without_resistance", "reset_assumed_without_probability", "reset_barrier_overflows", "reset_error_above_half",
    "reset_negative_tilt", "reset_time_zero", "reset_two_level_incomplete",
    "bit_errors_conflicts", "bit_errors_ranges", "bit_errors_uncompute", "self_timed_without_regeneration",
    "quasistatic_times", "quasistatic_reading", "training_times", "training_without_target",
    "adc_steps_without_figures", "adc_mismatch_without_sigma", "adc_range_without_percentile", "adc_walden_without_figure",
    "adc_sampling_without_voltage",
    "adc_amplifier", "driver_losses", "modulator_line", "capacitive_wrong", "select_wrong", "cooling_incomplete", "cooling_efficiency", "schedule_broken",
    "mesh_conflicts", "mesh_without_physics", "optical_conflicts", "amplifier_conflicts", "hand_over_conflicts",
    "layers_platform_wrong", "layers_twice", "layers_wrong_together",
    "iso_contradicts", "statistical_conflicts", "statistical_of_nothing", "iso_of_wrong_unit", "sweep_explodes", "sweep_points_missing", "sweep_points_of_a_grid", "sweep_unknown_key",
}


def main(schema_file, source, good):
    schema = json.loads(pathlib.Path(schema_file).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    good = good + sorted(source.glob("scenarios/*/scenario.yaml")) + sorted(source.glob("scenarios/papers/*/scenario.yaml"))
    failures = 0
    for file in good:
        for error in validator.iter_errors(yaml.load(file.read_text(), Loader)):
            print(f"{file}: refused: {error.message[:200]}")
            failures += 1
    tried = 0
    for file in sorted(source.glob("tests/sim/scenario/bad/*.yaml")):
        codes = set(re.findall(r"\[(\w+)\]$", file.with_suffix(".expected").read_text(), re.MULTILINE))
        if file.with_suffix(".set").exists() or codes <= BEYOND or file.stem in BEYOND_FILES:
            continue
        tried += 1
        if validator.is_valid(yaml.load(file.read_text(), Loader)):
            print(f"{file}: taken, but the reader refuses it")
            failures += 1
    print(f"{len(good)} good scenarios, {tried} bad ones, {failures} failures")
    return 1 if failures or tried < 50 or len(good) < 2 else 0


sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2]), [pathlib.Path(name) for name in sys.argv[3:]]))
