"""What the wheel's own `oiiotool --info -v` prints of a file, read back into values."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

PROGRAM = Path(sys.executable).parent / "oiiotool"
HEADING = re.compile(r"^(?: subimage +\d+|\S.*?) ?: +(\d+) x +(\d+), (\d+) channel, (?:deep )?(\S+)")
CHANNEL = re.compile(r"(\S+)(?: \((\w+)\))?")
LAYOUT = ("channel list", "pixel data origin", "full/display size", "full/display origin", "tile size")


@dataclass
class Printed:
    """One part as it was printed; windows are xmin, ymin, xmax, ymax, inclusive."""

    width: int
    height: int
    common_type: str
    lines: dict[str, str] = field(default_factory=dict)

    @property
    def channels(self) -> dict[str, str]:
        """Types in capitals by name, in order; samples of 10 or 12 bits are read as 16."""
        listed = self.lines["channel list"].split(", ")
        kinds = {name: (kind or self.common_type).upper() for name, kind in (_channel(text) for text in listed)}
        return {name: "UINT16" if kind in ("UINT10", "UINT12") else kind for name, kind in kinds.items()}

    @property
    def data_window(self) -> list[int]:
        x, y = self._numbers("pixel data origin", default=[0, 0])
        return [x, y, x + self.width - 1, y + self.height - 1]

    @property
    def display_window(self) -> list[int]:
        width, height = self._numbers("full/display size", default=[self.width, self.height])
        x, y = self._numbers("full/display origin", default=[0, 0])
        return [x, y, x + width - 1, y + height - 1]

    @property
    def attributes(self) -> dict[str, str]:
        """Values as printed, by name."""
        return {name: value for name, value in self.lines.items() if name not in LAYOUT}

    def _numbers(self, name: str, *, default: list[int]) -> list[int]:
        found = [int(number) for number in re.findall(r"-?\d+", self.lines.get(name, ""))]
        return found or default


def printed_parts(path: Path) -> list[Printed]:
    """The parts of the file in order."""
    command = [str(PROGRAM), "--info", "-v", "-a", path.name]
    output = subprocess.run(command, cwd=path.parent, capture_output=True, check=True, timeout=60).stdout
    parts: list[Printed] = []
    for line in output.decode(errors="replace").splitlines()[1:]:
        heading = HEADING.match(line)
        if heading:
            width, height, _, kinds = heading.groups()
            parts.append(Printed(int(width), int(height), kinds.partition("/")[0]))
        elif line.startswith("    ") and ": " in line and "subimages:" not in line.split(": ")[0]:
            name, _, value = line.strip().partition(": ")
            parts[-1].lines[name] = value
    # A file of several parts has a summary before them.
    return parts[1:] if len(parts) > 1 else parts


def _channel(text: str) -> tuple[str, str | None]:
    found = CHANNEL.fullmatch(text.strip())
    assert found is not None, text
    return found.group(1), found.group(2)
