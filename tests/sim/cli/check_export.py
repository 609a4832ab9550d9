# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
"""Reads what `szilard run --export` wrote with NumPy alone.

usage: check_export.py SZILARD SCENARIO FOLDER
Exit 77 (skipped) where Debian's python3-numpy is missing.
"""
import json
import pathlib
import subprocess
import sys

try:
    import numpy
except ImportError as missing:
    print(f"skipped: {missing}; apt-get install python3-numpy")
    sys.exit(77)


def main(program, scenario, folder):
    folder = pathlib.Path(folder)
    subprocess.run([program, "run", scenario, "-o", folder / "run", "--samples", "10", "--quiet", "--export", folder / "export"],
                   check=True, stdout=subprocess.DEVNULL)
    export = folder / "export"
    manifest = json.loads((export / "manifest.json").read_text())
    assert manifest["schema"] == "szilard.export/1"
    assert [p["name"] for p in manifest["platforms"]] == ["rram", "hybrid"], manifest["platforms"]
    for platform in manifest["platforms"]:
        assert [layer["tile_rows"] for layer in platform["layers"]] == [64, 64]
        for layer in platform["layers"]:
            lowest, highest = layer["minimum_conductance_S"], layer["maximum_conductance_S"]
            for tile in layer["tiles"]:
                shape = (tile["rows"], tile["columns"])
                arrays = {q: numpy.load(export / f) for q, f in tile["files"].items() if q != "csv"}
                for quantity, array in arrays.items():
                    assert array.shape == shape and array.dtype == numpy.float64, quantity
                    if quantity != "error_S":
                        assert array.min() >= 0
                target = arrays["target_S"]
                assert target.min() >= lowest * (1 - 1e-12) and target.max() <= highest * (1 + 1e-12)
                assert numpy.array_equal(arrays["error_S"], arrays["conductance_S"] - target)
                steps = (arrays["level_S"] - lowest) / (highest - lowest) * 15
                assert numpy.allclose(steps, numpy.round(steps), atol=1e-9)
                assert numpy.abs(arrays["level_S"] - target).max() <= (highest - lowest) / 30 * (1 + 1e-9)
                table = numpy.genfromtxt(export / tile["files"]["csv"], delimiter=",", names=True)
                assert table.size == shape[0] * shape[1]
                for quantity in ("target_S", "conductance_S", "error_S"):
                    assert numpy.array_equal(table[quantity].reshape(shape), arrays[quantity])
                # Write-verify accepts 2 uS: most cells lie within it, and not all of them on the level.
                off = numpy.abs(arrays["programmed_S"] - arrays["level_S"])
                assert (off <= 2e-6).mean() > 0.9 and off.max() > 0
    first = manifest["platforms"]
    assert (export / first[0]["layers"][0]["tiles"][0]["files"]["csv"]).read_bytes() == \
        (export / first[1]["layers"][0]["tiles"][0]["files"]["csv"]).read_bytes(), "platforms share their devices"
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
