"""Drawing a bot whose callbacks raise, with random numbers of its own."""

from dataclasses import replace

from ...scene.scene import Scene
from ...scene.seeded_random import SeededRandom

_PERCENT = 10


def draw_callbacks(seed: int, scene: Scene) -> Scene:
    """The scene of a seed, in some live histories with callbacks that raise."""
    random = SeededRandom(f"{seed}-callbacks")
    return replace(scene, callbacks_raise=scene.is_live and random.happens(_PERCENT))
