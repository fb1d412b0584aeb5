"""Distances (CIE 1976) between colours as seen with three colour vision deficiencies, by colorspacious 1.1.2."""
import numpy as np
from colorspacious import cspace_convert

PAIRS = [("#f3ecd4", "#bad6be"), ("#6eaeb8", "#3874a0"), ("#1f5a8c", "#8a4b12"), ("#cfe0ec", "#f3ddc4"),
         ("#e3b887", "#a9cbe3"), ("#38749f", "#b5651d"), ("#ff0000", "#00a000")]
KINDS = [("protanope", "protanomaly"), ("deuteranope", "deuteranomaly"), ("tritanope", "tritanomaly")]


def rgb(color):
    return np.array([int(color[i:i + 2], 16) / 255 for i in (1, 3, 5)])


print("one,other,eyes,distance")
for one, other in PAIRS:
    for name, kind in KINDS:
        space = {"name": "sRGB1-linear", }
        lab = []
        for color in (one, other):
            linear = cspace_convert(rgb(color), {"name": "sRGB1+CVD", "cvd_type": kind, "severity": 100}, "sRGB1-linear")
            lab.append(cspace_convert(np.clip(linear, 0, 1), "sRGB1-linear", "CIELab"))
        print(f"{one},{other},{name},{np.linalg.norm(lab[0] - lab[1]):.3f}")
