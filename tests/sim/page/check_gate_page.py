# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
"""A run whose ReLU units are metered gate by gate, and a page of it: each figure beside the gates' energy has its place and its origin.

usage: check_gate_page.py SZILARD SOURCE_DIR FOLDER
Exit 77 (skipped) where chromium, yosys, osu018 or the page's script are missing.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys

import browser

LIBRARY = "/usr/share/qflow/tech/osu018/osu018_stdcells.lib"
SCENARIO = """szilard: 1
name: gates
temperature: 300 K
network: {data}/digits_mlp_64_32_10.onnx
dataset: {{inputs: {data}/digits_test_images.npy, scale: 0.0625, samples: 20}}
report: html
platforms:
  - {{name: hybrid, linear: {{model: electronic_crossbar, preset: rram_wan2022, rows: 64, columns: 64}}, input: {{model: dac, preset: dac_40nm_vlsi2018, bits: 8}},
     output: {{model: adc, preset: adc_aimc28, bits: 8}}, neuron: {{model: relu_rtl, lanes: 8, clock: 50 MHz, energy: osu018}}}}
  - {{name: counted, digital: {{rtl: systolic_int8, rows: 8, columns: 8, batch: 4, clock: 1 GHz, energy: cmos45_horowitz2014}}}}
"""


def main(program, source, folder):
    if browser.find() is None or shutil.which("yosys") is None or not pathlib.Path(LIBRARY).exists():
        print("skipped: chromium, yosys and qflow-tech-osu018 are needed")
        return 77
    source, folder = pathlib.Path(source).resolve(), pathlib.Path(folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    subprocess.run([source / "script/map_netlist", folder / "relu_unit_1x8_osu018_stdcells.json", LIBRARY, "relu_unit", "LANES=8 WIDTH=16", "",
                    source / "rtl/relu_unit/relu_unit.sv"], check=True)
    (folder / "scenario.yaml").write_text(SCENARIO.format(data=source / "scenarios/data"))
    done = subprocess.run([program, "run", folder / "scenario.yaml", "-q", "-o", folder / "run"], capture_output=True, text=True,
                          env=dict(os.environ, SZILARD_NETLISTS=str(folder)))
    if done.returncode == 4 and "without the report's pictures" in done.stderr:
        print("skipped: " + done.stderr)
        return 77
    assert done.returncode == 0, done.stderr
    summary = {platform["name"]: platform for platform in json.loads((folder / "run/summary.json").read_text())["platforms"]}
    gates = summary["hybrid"]["gate_level"]
    assert len(gates["beside_it"]) >= 10 and "gate_level" not in summary["counted"]
    with browser.Page() as page:
        page.open(folder / "run/report.html")
        page.run("szilardPage.draw_all()")
        found = page.run("szilardPage.figures.filter((f) => f.picture.id.startsWith('digital-')).map((f) => f.picture.id)")
        assert found == ["digital-hybrid"], found
        drawn, rows = page.run("(() => { const f = szilardPage.figures.find((f) => f.picture.id === 'digital-hybrid'); "
                               "return [f.chart.getOption().series[0].data.map((d) => d.J), "
                               "[...f.node.querySelectorAll('tbody tr')].map((r) => [...r.children].map((c) => c.textContent))]; })()")
        assert not page.errors, page.errors
    told = {row[0]: row[1:] for row in rows}
    for figure in gates["beside_it"]:
        joules, origin = told[figure["name"]]
        assert abs(float(joules.replace(",", "")) - figure["energy_J"]) < 1e-9 * figure["energy_J"], (figure, joules)
        assert origin == figure["origin"] and figure["energy_J"] in drawn, (figure, origin)
    assert any("Stillmaker and Baas" in origin for _, origin in told.values())
    assert gates["library"] in told["logic, from its gates"][1] and gates["logic_J"] in drawn
    assert all(len(origin) > 5 for _, origin in told.values()), told
    assert gates["landauer_J"]["register"] in drawn and gates["glitch_estimate_J"] in drawn
    print(f"{len(rows)} figures with their origin")
    return 0


sys.exit(main(*sys.argv[1:4]))
