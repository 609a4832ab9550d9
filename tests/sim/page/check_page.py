# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
"""Opens what `szilard report` writes in headless Chromium and holds it against the run's own files.

usage: check_page.py SZILARD SOURCE_DIR FOLDER
Exit 77 (skipped) where Debian's chromium is missing, or where szilard was built without the page's script.
"""
import array
import base64
import json
import math
import pathlib
import random
import re
import shutil
import struct
import subprocess
import sys
import time

import browser

SCENARIO = """szilard: 1
name: page
temperature: 300 K
network: {data}/digits_mlp_64_32_10.onnx
dataset: {{inputs: {data}/digits_test_images.npy, labels: {data}/digits_test_labels.npy, scale: 0.0625, samples: 60}}
report: html
platforms:
  - {{name: rram, linear: {{model: electronic_crossbar, preset: rram_wan2022, rows: 64, columns: 64, wires: exact, driver_resistance: 50 ohm, sense_resistance: 50 ohm}},
     input: {{model: dac, preset: dac_40nm_vlsi2018, bits: 8}}, neuron: {{model: relu_bit, preset: sense_amplifier_28nm, reset: cmos_latch}}}}
  - {{name: mesh, linear: {{model: mzi_mesh, preset: mzi_harris2014, modes: 64}}, neuron: {{model: relu_bit, preset: sense_amplifier_28nm, reset: cmos_latch}}}}
  - {{name: systolic, digital: {{rtl: systolic_int8, rows: 8, columns: 8, batch: 4, clock: 1 GHz, energy: cmos45_horowitz2014}}}}
sweep:
  axes:
    - {{key: temperature, list: [250 K, 300 K, 350 K]}}
    - {{key: platforms.rram.linear.driver_resistance, list: [10 ohm, 100 ohm, 1000 ohm]}}
  seeds: 2
"""


def data_of(file):
    """The data that stand in a page."""
    return json.loads(re.search(r'id="szilard-data">(.*?)</script>', file.read_text(), re.S).group(1))


# Whether a picture was really painted: some of its points are not those of the ground.
PAINTED = """(figure) => [...figure.box.querySelectorAll('canvas')].some((canvas) => {
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  let painted = 0;
  for (let i = 3; i < data.length; i += 4) painted += data[i] > 0;
  return painted > 500;
})"""


def szilard(program, *arguments, code=0, **more):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, **more)
    assert done.returncode == code, f"{arguments}: exit {done.returncode}: {done.stderr}{done.stdout}"
    return done


def held(page, file):
    """No error, no request but for the page itself, every picture painted, a table and a label for each."""
    page.run("szilardPage.draw_all()")
    figures = page.run(f"szilardPage.figures.map((f) => ({{id: f.picture.id, painted: ({PAINTED})(f), series: f.chart.getOption().series.length, "
                       "rows: f.node.querySelectorAll('tbody tr').length, label: f.box.getAttribute('aria-label')}))")
    assert figures, "no pictures"
    for figure in figures:
        assert figure["painted"] and figure["series"] > 0 and figure["rows"] > 0 and len(figure["label"]) > 20, figure
    assert not page.errors, page.errors
    assert page.addresses == [pathlib.Path(file).resolve().as_uri()], page.addresses
    assert page.run("document.querySelectorAll('link,img,iframe,object,embed,script[src]').length") == 0
    return [figure["id"] for figure in figures]


def check_numbers(page, summary):
    """The pictures' own data against summary.json."""
    ladder = page.run("(() => { const f = szilardPage.figures.find((f) => f.picture.id === 'ladder'), o = f.chart.getOption(); "
                      "return o.yAxis[0].data.map((name, i) => [name, o.series[1].data[i].J]); })()")
    ladder = dict(ladder)
    check_rungs(page)
    for platform in summary["platforms"]:
        name, energy = platform["name"], platform["energy"]
        assert ladder[name] == energy["per_inference_J"], (name, ladder)
        cycles = page.run(f"szilardPage.data.platforms.find((p) => p.name === {json.dumps(name)}).cycles")
        assert cycles["cycles"] == summary["dataset"]["samples"]
        for mechanism in cycles["mechanisms"]:
            points = struct.unpack(f"<{cycles['points']}f", base64.b64decode(mechanism["mean_J"]))
            total, expected = sum(points) * cycles["cycles_a_point"], energy["by_mechanism"][mechanism["name"]]
            assert abs(total - expected) <= 1e-6 * abs(expected) + 1e-33, (name, mechanism["name"], total, expected)
        drawn = page.run(f"szilardPage.figures.find((f) => f.picture.id === 'components-' + {json.dumps(name)}).chart.getModel().getSeriesByIndex(0).getData().tree.root.getValue()")
        positive = sum(joules for part in energy["by_component"].values() for joules in part.values() if joules > 0)
        assert abs(drawn - positive) <= 1e-12 * positive, (name, drawn, positive)
        links = page.run(f"szilardPage.figures.find((f) => f.picture.id === 'flow-' + {json.dumps(name)}).chart.getOption().series[0].links")
        supplied = sum(link["value"] for link in links if link["source"] == "supplied")
        heat = sum(link["value"] for link in links if link["target"].startswith("heat: "))
        assert abs(supplied - energy["supplied_J"]) <= 1e-9 * supplied, (name, supplied)
        assert abs(heat - energy["dissipated_J"]) <= 1e-9 * heat, (name, heat)
    bounds = [platform["bounds"]["digital_flop_J"] for platform in summary["platforms"]]
    assert ladder["Landauer bound of 16-bit arithmetic"] == max(bounds)
    accuracy = page.run("szilardPage.figures.find((f) => f.picture.id === 'accuracy').chart.getOption().series[0].data.map((d) => d[0])")
    assert accuracy == [platform["accuracy"] for platform in summary["platforms"]]


def check_rungs(page, least_width=0.3):
    """Every rung of the ladder has its mark within the picture, the larger energy on the right of the smaller."""
    marks, width = page.run("(() => { const f = szilardPage.figures.find((f) => f.picture.id === 'ladder'), data = f.chart.getOption().series[1].data; "
                            "return [data.map((d) => [d.J, f.chart.convertToPixel({ gridIndex: 0 }, d.value)]), f.box.clientWidth]; })()")
    across = [at[0] for joules, at in sorted(marks)]
    assert across == sorted(across) and 0 < across[0] and across[-1] < width and across[-1] - across[0] > least_width * width, (marks, width)


def check_keys(page):
    """The energy over cycles zooms by the keyboard, and says so."""
    page.run("szilardPage.figures.find((f) => f.picture.zooms).box.focus()")
    window = "szilardPage.figures.find((f) => f.picture.zooms).window()"
    before = page.run(window)
    for key in ("+", "ArrowRight"):
        page.call("Input.dispatchKeyEvent", type="keyDown", key=key, text=key if key == "+" else "")
        page.call("Input.dispatchKeyEvent", type="keyUp", key=key)
    after = page.run(window)
    assert before[0] < after[0] and after[1] - after[0] < before[1] - before[0], (before, after)
    page.call("Input.dispatchKeyEvent", type="keyDown", key="Home")
    assert page.run(window) == before


def check_print(page, names):
    """On paper every picture is SVG, in light colours whatever the screen has; afterwards the screen is as before."""
    on_paper = "[...document.querySelectorAll('.paper > svg')].filter((svg) => svg.querySelectorAll('path, text, rect').length > 3).length"
    theme = page.run("document.documentElement.dataset.theme")
    page.run("dispatchEvent(new Event('beforeprint'))")
    assert page.run(on_paper) == len(names), (page.run(on_paper), len(names))
    assert page.run("document.documentElement.dataset.theme") == "light"
    page.run("dispatchEvent(new Event('afterprint'))")
    assert page.run("document.querySelectorAll('.paper').length") == 0 and page.run("document.documentElement.dataset.theme") == theme
    printed = base64.b64decode(page.call("Page.printToPDF")["data"])
    assert printed.startswith(b"%PDF") and printed.count(b"/Type /Page\n") > 3, printed[:40]
    saved = page.run("Promise.all(szilardPage.figures.map((f) => szilardPage.png(f.picture))).then((all) => all.map((blob) => blob.type + ' ' + (blob.size > 5000)))")
    assert saved == ["image/png true"] * len(names), saved


def check_files(program, run, folder, names, data):
    """The same pictures as SVG and PNG."""
    arguments = ["report", run, "-o", folder / "again.html", "--svg", folder / "svg"]
    has_converter = shutil.which("rsvg-convert") is not None
    done = szilard(program, *arguments, *(["--png", folder / "png"] if has_converter else []))
    drawings = sorted((folder / "svg").glob("*.svg"))
    assert len(drawings) == len(names) and f"{len(names)} pictures" in done.stdout, (drawings, done.stdout)
    for drawing in drawings:
        text = drawing.read_text()
        assert text.startswith("<svg") and "NaN" not in text and len(text) > 2000, drawing
    # Every active neuron has its cell: nothing was left for a second frame.
    for platform in data["platforms"]:
        active = sum(row.count("1") for layer in platform["activity"] for row in layer["active"])
        cells = sum(len(re.findall("M", path)) for path in re.findall(r'<path d="([^"]*)"', (folder / f"svg/raster-{platform['name']}.svg").read_text()))
        assert cells >= active, (platform["name"], cells, active)
    if has_converter:
        pictures = sorted((folder / "png").glob("*.png"))
        assert [p.stem for p in pictures] == [d.stem for d in drawings], pictures
        for picture in pictures:
            head = picture.read_bytes()[:24]
            assert head.startswith(b"\x89PNG") and struct.unpack(">I", head[16:20])[0] in (3 * 520, 3 * 860), picture
    # Without node, or without rsvg-convert, the page itself is still written, and what is missing is said.
    alone = {"PATH": str(folder / "nothing")}
    done = szilard(program, *arguments, code=4, env=alone)
    assert "need node" in done.stderr and "written to" in done.stdout, done
    done = szilard(program, "report", run, "-o", folder / "again.html", "--png", folder / "png2", code=4, env=alone)
    assert "librsvg2-bin" in done.stderr and not (folder / "png2").exists(), done


def run_of(folder, layers, samples, components_a_layer, mechanisms, scale=1e-12, platform="p", title="made-up"):
    """A run's folder made up here, its ledger closed, with names of the caller's."""
    random_numbers = random.Random(7)
    folder.mkdir(parents=True)
    components = [f"{platform}/{layer}/part_{c}" for layer in layers for c in range(components_a_layer)]
    by_component = {component: {mechanism: 0.0 for mechanism in mechanisms} for component in components}
    with open(folder / "ledger.csv", "w") as ledger:
        ledger.write("sample,component,mechanism,fate,origin,joules\n")
        for sample in range(samples):
            for component in components:
                supplied = 0.0
                for mechanism in mechanisms:
                    joules = scale * (1 + random_numbers.random())
                    by_component[component][mechanism] += joules
                    supplied += joules
                    ledger.write(f"{sample},{component},{mechanism},dissipated,computed,{joules!r}\n")
                ledger.write(f"{sample},{component},supply,supplied,computed,{supplied!r}\n")
    by_mechanism = {m: sum(parts[m] for parts in by_component.values()) for m in mechanisms}
    total = sum(by_mechanism.values())
    accounts = [{"component": c, "mechanism": m, "fate": "dissipated", "joules": j} for c, parts in by_component.items() for m, j in parts.items()]
    accounts += [{"component": c, "mechanism": "supply", "fate": "supplied", "joules": sum(parts.values())} for c, parts in by_component.items()]
    account = {"name": platform, "kind": "dynamic-analog", "accuracy": 0.5, "agreement": 0.5, "output_rms_error": 0.1,
                "layers": [{"name": layer, "rms_error": 0.1, "max_error": 0.3} for layer in layers], "cycles": samples, "latency_s": 1e-8,
                "throughput_per_s": 1e8, "peak_power_W": 1.0, "area_m2": None,
                "energy": {"supplied_J": total, "dissipated_J": total, "recovered_J": 0.0, "stored_J": 0.0, "total_J": total,
                           "per_inference_J": total / samples, "closure": 0.0, "by_component": by_component, "by_mechanism": by_mechanism},
                "neurons": {"count": 1, "active_mean": 0.5, "active_by_layer": {}}, "bounds": {"digital_flop_J": 1e-15, "reset_per_neuron_J": 1e-19},
                "bound": "reset_per_neuron_J", "ratio_to_bound": 1e7}
    summary = {"schema": "szilard.summary/1", "szilard": {"version": "0", "commit": "0", "instruction_set": "x"},
               "scenario": {"name": title, "sha256": "0" * 64, "seed": 1, "temperature_K": 300},
               "network": {"file": "<b>net</b>.onnx", "sha256": "0" * 64, "layers": [{"name": layer} for layer in layers], "parameters": 1, "neurons": 1, "macs": 1000},
               "dataset": {"file": "x.npy", "samples": samples}, "reference": {"accuracy": 0.5}, "platforms": [account]}
    (folder / "coefficients.json").write_text(json.dumps({"schema": "szilard.coefficients/1", "samples": samples, "accounts": accounts}))
    (folder / "summary.json").write_text(json.dumps(summary))
    return summary


def check_large(program, folder):
    """10,000 cycles of 50 components: below 5 MB, and there in under 2 s."""
    run_of(folder / "large", [f"layer_{i}" for i in range(10)], 10_000, 5, ["joule_heating", "line_charging"])
    start = time.monotonic()
    szilard(program, "report", folder / "large")
    written = time.monotonic() - start
    file = folder / "large/report.html"
    size = file.stat().st_size
    assert size < 5_000_000, size
    times = []
    for _ in range(2):  # the second one finds the browser's files in memory
        with browser.Page() as page:
            page.open(file)
            # From the request to the end of the script, with the pictures that come into view first drawn.
            times.append(page.run("new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0)))") / 1000)
            cycles = page.run("szilardPage.data.platforms[0].cycles")
            assert cycles["cycles"] == 10_000 and cycles["cycles_a_point"] == 1, cycles["cycles_a_point"]
            held(page, file)
            note = page.run("szilardPage.figures.find((f) => f.picture.zooms).note.textContent")
            assert "Down-sampled" in note, note
            page.run("szilardPage.figures.find((f) => f.picture.zooms).chart.dispatchAction({type: 'dataZoom', startValue: 4000, endValue: 4100})")
            assert page.run("szilardPage.figures.find((f) => f.picture.zooms).note.textContent") == "Every cycle is drawn."
            assert not page.errors, page.errors
    print(f"10,000 cycles x 50 components: {size / 1e6:.2f} MB, written in {written:.2f} s, open in {min(times):.2f} s")
    assert min(times) < 2, times


def check_faint(program, folder):
    """Energies of a hundredth of kT: what the pictures' library rounds to nothing is drawn all the same; on a telephone too."""
    run_of(folder / "faint", ["fc.0"], 20, 2, ["relaxation"], scale=1e-23)
    szilard(program, "report", folder / "faint", "--svg", folder / "faint-svg")
    for width in (1280, 420):
        with browser.Page(width) as page:
            page.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
            page.open(folder / "faint/report.html")
            held(page, folder / "faint/report.html")
            check_rungs(page, 0.4)
            assert page.run("document.documentElement.scrollWidth") == width
            labels = page.run("szilardPage.figures.find((f) => f.picture.zooms).chart.getModel().getComponent('yAxis').axis.getViewLabels().map((l) => l.formattedLabel)")
            assert len(labels) > 2 and len(set(labels)) == len(labels) and any("yJ" in label for label in labels), labels


def check_estimate(program, scenario, folder):
    """A page of an estimate: no ledger, but each layer's energy and its interval."""
    szilard(program, "run", scenario, "--statistical", "--report", "-q", "-o", folder / "estimate")
    summary = json.loads((folder / "estimate/summary.json").read_text())
    file = folder / "estimate/report.html"
    with browser.Page() as page:
        page.open(file)
        names = held(page, file)
        assert {"ladder", "layer-energies", "components-rram", "components-mesh", "components-systolic"} == set(names), names
        check_rungs(page)
        drawn = page.run("szilardPage.figures.find((f) => f.picture.id === 'layer-energies').chart.getOption().series.filter((s) => s.type === 'scatter')"
                         ".map((s) => [s.name, s.data.map((d) => [d.layer.name, d.layer.energy_J, d.layer.interval_J])])")
        expected = [[p["name"], [[l["name"], l["energy_J"], l["interval_J"]] for l in p["layers"] if l["energy_J"] > 0]] for p in summary["platforms"]]
        assert drawn == expected, (drawn, expected)
        assert "estimated" in page.run("document.querySelector('.lead').textContent") and "±" in page.run("document.querySelector('.cards').textContent")


def check_million(program, folder):
    """A million cycles: joined when the page is written, said so on the page, sums kept; a small file that opens at once."""
    cycles, block = 1_000_000, 1000
    summary = run_of(folder / "million", ["fc.0", "fc.1"], 1, 1, ["joule_heating", "line_charging"])
    (folder / "million/ledger.csv").unlink()
    accounts = json.loads((folder / "million/coefficients.json").read_text())["accounts"]
    random_numbers = random.Random(11)
    rows, sums = array.array("d"), [0.0] * len(accounts)
    for _ in range(block):
        for a in range(len(accounts)):
            rows.append(1e-12 * (1 + random_numbers.random()))
            sums[a] += rows[-1] * (cycles // block)
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({cycles}, {len(accounts)}), }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    with open(folder / "million/ledger.npy", "wb") as ledger:
        ledger.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        for _ in range(cycles // block):
            ledger.write(rows.tobytes())
    by_component = summary["platforms"][0]["energy"]["by_component"]
    for account, joules in zip(accounts, sums):
        account["joules"] = joules
        if account["fate"] == "dissipated":
            by_component[account["component"]][account["mechanism"]] = joules
    energy = summary["platforms"][0]["energy"]
    energy["by_mechanism"] = {m: sum(parts[m] for parts in by_component.values()) for m in energy["by_mechanism"]}
    energy["supplied_J"] = energy["dissipated_J"] = energy["total_J"] = sum(energy["by_mechanism"].values())
    energy["per_inference_J"] = energy["total_J"] / cycles
    summary["platforms"][0]["cycles"] = summary["dataset"]["samples"] = cycles
    (folder / "million/summary.json").write_text(json.dumps(summary))
    (folder / "million/coefficients.json").write_text(json.dumps({"schema": "szilard.coefficients/1", "samples": cycles, "accounts": accounts}))
    szilard(program, "report", folder / "million")
    file = folder / "million/report.html"
    size = file.stat().st_size
    assert size < 5_000_000, size
    with browser.Page() as page:
        page.open(file)
        opened = page.run("new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0)))") / 1000
        held(page, file)
        drawn = page.run("szilardPage.data.platforms[0].cycles")
        each = drawn["cycles_a_point"]
        assert drawn["cycles"] == cycles and each > 1 and drawn["points"] == -(-cycles // each), drawn["points"]
        for mechanism in drawn["mechanisms"]:
            points = struct.unpack(f"<{drawn['points']}f", base64.b64decode(mechanism["mean_J"]))
            total, expected = math.fsum(points) * each, energy["by_mechanism"][mechanism["name"]]
            assert cycles % each or abs(total - expected) <= 1e-6 * expected, (total, expected)
        note = page.run("szilardPage.figures.find((f) => f.picture.zooms).note.textContent")
        assert "Down-sampled: each step is the mean of" in note and f"The file holds means of {each} cycles" in note and "ledger" in note, note
        page.run("szilardPage.figures.find((f) => f.picture.zooms).show(0, 100)")
        note = page.run("szilardPage.figures.find((f) => f.picture.zooms).note.textContent")
        assert f"mean of {each} cycles" in note, note
        assert not page.errors, page.errors
    print(f"{cycles:,} cycles: {size / 1e6:.2f} MB, {each} cycles a point, open in {opened:.2f} s")
    assert opened < 2, opened


def check_markup(program, folder):
    """Names are text wherever they stand."""
    evil = ["<img src=x onerror=\"globalThis.broken=1\">", "</script><script>globalThis.broken=2</script>", "a,b&amp;c"]
    name, title = "\"'><script>globalThis.broken=3</script>", "</title><img src=y>& \u00fcber \u6f22\u5b57 \u202e"
    run_of(folder / "markup", evil, 3, 1, ["heat<i>x"], platform=name, title=title)
    szilard(program, "report", folder / "markup", "--svg", folder / "markup-svg")
    assert all("<script" not in drawing.read_text() and "<img" not in drawing.read_text() for drawing in (folder / "markup-svg").glob("*.svg"))
    file = folder / "markup/report.html"
    assert "<img" not in file.read_text() and "</script><script>globalThis" not in file.read_text()
    with browser.Page() as page:
        page.open(file)
        held(page, file)
        assert page.run("globalThis.broken === undefined && document.querySelectorAll('img, i').length === 0")
        for text in [*evil, name, title]:
            assert page.run(f"document.body.textContent.includes({json.dumps(text)})"), text
        assert page.run("document.title").startswith(title.replace("\u202e", "").rstrip()[:20])


def check_bad(program, folder, good):
    """Folders that are no whole run of this version: one clear message, exit 2, nothing written."""
    def refused(name, change, text):
        other = folder / name
        shutil.copytree(good, other)
        (other / "report.html").unlink(missing_ok=True)
        change(other)
        done = szilard(program, "report", other, code=2)
        assert text in done.stderr and done.stderr.count("error:") == 1 and "json.exception" not in done.stderr, (name, done.stderr)
        assert not (other / "report.html").exists(), name

    def replace(file, old, new):
        def change(other):
            text = (other / file).read_text()
            assert old in text
            (other / file).write_text(text.replace(old, new, 1))
        return change

    refused("no-summary", lambda other: (other / "summary.json").unlink(), "holds no finished run and no study")
    refused("training", lambda other: (other / "summary.json").rename(other / "training.json"), "holds a training")
    refused("no-ledger", lambda other: (other / "ledger.csv").unlink(), "neither ledger.csv nor ledger.npy")
    refused("no-coefficients", lambda other: (other / "coefficients.json").unlink(), "incomplete")
    refused("newer", replace("summary.json", "szilard.summary/1", "szilard.summary/2"), "newer szilard")
    refused("foreign", lambda other: (other / "summary.json").write_text("[1, 2]\n"), "not what szilard writes")
    refused("no-json", lambda other: (other / "summary.json").write_text("{"), "not JSON")
    refused("hollow", lambda other: (other / "summary.json").write_text('{"schema": "szilard.summary/1"}'), "lack what the page needs")
    for keys in (["neurons"], ["energy", "stored_J"], ["layers", 0, "rms_error"], ["ratio_to_bound"]):
        def without(other, keys=keys):
            summary = json.loads((other / "summary.json").read_text())
            inner = summary["platforms"][0]
            for key in keys[:-1]:
                inner = inner[key]
            del inner[keys[-1]]
            (other / "summary.json").write_text(json.dumps(summary))
        refused("without-" + str(keys[-1]), without, "lack what the page needs")
    refused("cut", lambda other: (other / "ledger.csv").write_text((other / "ledger.csv").read_text()[:-20]), "the file was cut")
    refused("shortened", lambda other: (other / "ledger.csv").write_text("".join((other / "ledger.csv").open().readlines()[:-40])), "not of one run")
    refused("nan", lambda other: (other / "ledger.csv").write_text(re.sub(r"(?m)^(3,.*,)[^,]*$", r"\1nan", (other / "ledger.csv").read_text(), count=1)), "joules are no number")
    refused("order", lambda other: (other / "ledger.csv").open("a").write("0,rram/fc1/x,y,supplied,computed,1\n"), "out of order")
    refused("other-head", lambda other: (other / "ledger.csv").write_text("a,b\n"), "not a ledger")
    for arguments in (["report", folder / "nowhere"], ["report", good / "ledger.csv"], ["report"]):
        assert "error:" in szilard(program, *arguments, code=2).stderr
    done = szilard(program, "report", good, "-o", folder / "no/such/folder.html", code=4)
    assert "cannot" in done.stderr, done.stderr


def check_study(program, scenario, folder):
    szilard(program, "sweep", scenario, "-o", folder / "study", "--samples", 40, "-q")
    szilard(program, "report", folder / "study", "--svg", folder / "study-svg")
    file = folder / "study/report.html"
    with browser.Page() as page:
        page.open(file)
        names = held(page, file)
        assert "pareto" in names and "parallel-rram" in names and "tornado-rram-energy.per_inference_J" in names, names
        front = json.loads(szilard(program, "pareto", folder / "study", "--json").stdout)["front"]
        drawn = page.run("szilardPage.figures[0].chart.getOption().series.at(-1).data.map((d) => d.value)")
        assert drawn == [[candidate["x"], candidate["y"]] for candidate in front], (drawn, front)
        # What the temperature does to the mean energy, from the rows that `szilard results` prints.
        rows = json.loads(szilard(program, "results", folder / "study", "--json").stdout)["rows"]
        means = {}
        for row in rows:
            means.setdefault(row["platforms.rram.linear.driver_resistance"], []).append(row["rram.energy.per_inference_J"])
        means = [sum(values) / len(values) for values in means.values()]
        assert len(data_of(file)["rows"]) == len(rows)
        table = page.run("szilardPage.figures.find((f) => f.picture.id === 'tornado-rram-energy.per_inference_J').chart.getOption()")
        swing = dict(zip(table["yAxis"][0]["data"], ((s0["mean"], s1["mean"]) for s0, s1 in zip(table["series"][0]["data"], table["series"][1]["data"]))))
        least, most = swing["linear.driver_resistance"]  # as it reads in the platform's section
        assert abs(least - min(means)) < 1e-9 * least and abs(most - max(means)) < 1e-9 * most, (swing, means)
        # Keys of one platform are no axes of another's pictures.
        assert "parallel-systolic" not in names or not any("driver_resistance" in name for name in page.run(
            "szilardPage.figures.find((f) => f.picture.id === 'parallel-systolic').chart.getOption().parallelAxis.map((a) => a.name)"))
    check_sensitivity(program, scenario, folder)


def check_sensitivity(program, scenario, folder):
    """What `szilard tornado --study` left in the study's folder is on its page; what is not of this study is refused."""
    arguments = ["tornado", scenario, "--metric", "rram.energy", "--samples", 20, "-q", "--key", "platforms.rram.linear.read_voltage", "--key", "temperature"]
    ranking = json.loads(szilard(program, *arguments, "--json", "--study", folder / "study").stdout)
    stored = folder / "study/tornado-rram.energy.per_inference_J.json"
    assert json.loads(stored.read_text()) == ranking
    szilard(program, "report", folder / "study")
    with browser.Page() as page:
        page.open(folder / "study/report.html")
        assert "sensitivity-rram.energy.per_inference_J" in held(page, folder / "study/report.html")
        drawn = page.run("(() => { const o = szilardPage.figures.find((f) => f.picture.id === 'sensitivity-rram.energy.per_inference_J').chart.getOption(); "
                         "return o.yAxis[0].data.map((name, i) => [name, o.series[0].data[i].value, o.series[1].data[i].value]); })()")
        expected = [[row["key"].replace("platforms.rram.", ""), row["low"], row["high"]] for row in ranking["rows"] if max(abs(row["low"] - ranking["base"]), abs(row["high"] - ranking["base"])) > 0]
        assert drawn == expected and expected[0][0] == "linear.read_voltage", (drawn, expected)
    done = szilard(program, *arguments, "--study", folder / "run", code=2)
    assert "error:" in done.stderr, done.stderr
    good = stored.read_text()
    for bad, text in ((good.replace("szilard.tornado/1", "szilard.tornado/2"), "newer szilard"), (good.replace('"metric": "rram.', '"metric": "other.'), "not of one scenario"),
                      (good.replace('"low":', '"lower":'), "not what szilard tornado writes"), (good[:100], "not JSON")):
        stored.write_text(bad)
        done = szilard(program, "report", folder / "study", code=2)
        assert text in done.stderr and "tornado-rram" in done.stderr, done.stderr
    stored.unlink()


def main(program, source, folder):
    if browser.find() is None:
        print("skipped: no chromium; apt-get install chromium")
        return 77
    folder = pathlib.Path(folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    scenario = folder / "scenario.yaml"
    scenario.write_text(SCENARIO.format(data=pathlib.Path(source, "scenarios/data").resolve()))
    done = subprocess.run([program, "run", scenario, "-q", "-o", folder / "run"], capture_output=True, text=True)
    if done.returncode == 4 and "without the report's pictures" in done.stderr:
        print("skipped: " + done.stderr)
        return 77
    assert done.returncode == 0, done.stderr
    summary = json.loads((folder / "run/summary.json").read_text())
    file = folder / "run/report.html"
    for theme in ("light", "dark"):
        with browser.Page() as page:
            page.theme(theme)
            page.open(file)
            names = held(page, file)
            for name in ("ladder", "accuracy", "layers", "cycles-rram", "flow-mesh", "components-systolic", "light-mesh", "raster-rram"):
                assert name in names, names
            assert sum(name.startswith("drop-rram-") for name in names) == 2, names
            assert page.run("getComputedStyle(document.documentElement).colorScheme") == theme
            check_numbers(page, summary)
            check_keys(page)
            page.run("document.getElementById('theme').click()")
            assert page.run("document.documentElement.dataset.theme") != theme
            check_print(page, names)
            assert not page.errors, page.errors
            page.screenshot(folder / f"{theme}.png")
    check_files(program, folder / "run", folder, names, data_of(file))
    assert (folder / "again.html").read_bytes() == file.read_bytes(), "the same run, another page"
    text = file.read_text()
    # Addresses that stand in the page are names of XML name spaces: nothing that could be loaded.
    assert set(re.findall(r"https?://[\w./-]+", text)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink", "http://www.w3.org/2000/xmlns/", "http://www.w3.org/XML/1998/namespace"}, \
        set(re.findall(r"https?://[\w./-]+", text))
    szilard(program, "run", scenario, "-q", "-o", folder / "npy", "--ledger", "npy")
    assert data_of(folder / "npy/report.html")["platforms"] == data_of(file)["platforms"], "ledger.npy gives other pictures"
    check_study(program, scenario, folder)
    check_markup(program, folder)
    check_bad(program, folder, folder / "run")
    check_estimate(program, scenario, folder)
    check_faint(program, folder)
    check_large(program, folder)
    check_million(program, folder)
    print(f"{len(names)} pictures of a run held")
    return 0


sys.exit(main(*sys.argv[1:]))
