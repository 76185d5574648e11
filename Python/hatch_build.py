"""Puts the `bidual` command into the wheel: the one that BIDUAL names, or one that is built from the repository around this folder."""

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CommandHook(BuildHookInterface):
    PLUGIN_NAME = "custom"

    def initialize(self, version, build_data):
        if version == "editable":
            return
        build_data["pure_python"] = False
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        # The command knows nothing of Python, so that one wheel serves every version.
        build_data["tag"] = f"py3-none-{platform}"
        build_data["force_include"][str(self._command())] = "bidual/bin/bidual"

    def _command(self):
        given = os.environ.get("BIDUAL")
        if given:
            path = Path(given).resolve()
            if not path.is_file():
                raise SystemExit(f"BIDUAL names '{given}', which is no file; name the bidual command")
            return path
        root = Path(self.root).parent
        if not (root / "Package.swift").is_file() or not shutil.which("swift"):
            raise SystemExit(
                "no bidual command to put into the package: install Swift and work in a clone, or name a command by BIDUAL"
            )
        build = ["swift", "build", "-c", "release", "--product", "bidual", "--package-path", str(root)]
        # Without the Swift runtime beside it the command runs where there is no Swift.
        build += ["--static-swift-stdlib", "--scratch-path", str(root / ".build-python")]
        subprocess.run(build, check=True)
        folder = subprocess.run(build + ["--show-bin-path"], check=True, capture_output=True, text=True)
        return Path(folder.stdout.strip()) / "bidual"
