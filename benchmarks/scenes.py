"""The 18 scenes of the data folder, as pictures without transparency."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PIL import Image

from . import corpus

FILES: Final[dict[str, str]] = {
    "astronaut": "img_skimage/astronaut.png",
    "brick": "img_skimage/brick.png",
    "camera": "img_skimage/camera.png",
    "chelsea": "img_skimage/chelsea.png",
    "coffee": "img_skimage/coffee.png",
    "coins": "img_skimage/coins.png",
    "color": "img_skimage/color.png",
    "grass": "img_skimage/grass.png",
    "gravel": "img_skimage/gravel.png",
    "horse": "img_skimage/horse.png",
    "moon": "img_skimage/moon.png",
    "motorcycle": "img_skimage/motorcycle_left.png",
    "page": "img_skimage/page.png",
    "rocket": "img_skimage/rocket.jpg",
    "text": "img_skimage/text.png",
    "peppers": "img_imagehash/peppers.png",
    "imagehash": "img_imagehash/imagehash.png",
    "bridge": "img_pdq/dih/bridge-1-original.jpg",
}
"""A scene is one motif: where several pictures show it, the one that is the sample."""
TWINS: Final[dict[str, str]] = {"motorcycle": "img_skimage/motorcycle_right.png"}
"""A second picture of the scene, from elsewhere: finding it is no false match and is not asked."""


def are_here() -> bool:
    """Whether every picture of the data folder is."""
    return all(path_of(name).exists() for name in FILES)


def path_of(name: str) -> Path:
    """Where the sample of a scene lies.

    Raises:
        KeyError: no scene is named so.
    """
    return corpus.data_folder() / FILES[name]


def scene(name: str) -> Image.Image:
    """The sample of a scene, RGB, transparent parts on white.

    Raises:
        KeyError: no scene is named so.
        OSError: it is not there.
    """
    return opaque(path_of(name))


def scenes() -> dict[str, Image.Image]:
    """Every scene by name."""
    return {name: scene(name) for name in FILES}


def twins() -> dict[str, Image.Image]:
    """The second pictures, by the name of their scene."""
    return {name: opaque(corpus.data_folder() / path) for name, path in TWINS.items()}


def opaque(path: Path) -> Image.Image:
    """A picture of a file, RGB, transparent parts on white."""
    with Image.open(path) as picture:
        if picture.mode != "RGBA":
            return picture.convert("RGB")
        ground = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(ground, picture).convert("RGB")
