"""Input that nobody wrote for us: packages as published, and sites as their tools build them.

Everything comes from npm and PyPI through their own clients, into a folder that is given.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

NPM = ("tarteaucitronjs", "posthog-js", "mixpanel-browser", "react-dom", "vue", "bootstrap")
TEXTS = ("tarteaucitronjs", "mixpanel-browser", "bootstrap", "vue", "react-dom")
PYPI = ("django-analytical", "wagtail", "django-oscar", "sphinx")


def fetchers() -> dict[str, Callable[[Path], Path]]:
    """What puts each subject into a folder, by name; each returns the folder to check."""
    found: dict[str, Callable[[Path], Path]] = {name: partial(npm_package, name) for name in NPM}
    found |= {name: partial(pypi_package, name) for name in PYPI}
    found["vite app"] = vite_app
    found["mkdocs-material site"] = mkdocs_site
    return found


def run(*command: str | Path, cwd: Path) -> str:
    """The output of a tool; if it fails, an error that says what it said."""
    done = subprocess.run(
        [*map(str, command)], cwd=cwd, capture_output=True, encoding="utf-8", timeout=900
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} gave {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def npm_package(name: str, folder: Path) -> Path:
    """The newest release of an npm package, unpacked."""
    archive = run("npm", "pack", "--silent", name, cwd=folder).split()[-1]
    with tarfile.open(folder / archive) as opened:
        opened.extractall(folder, filter="data")
    (top,) = [path for path in folder.iterdir() if path.is_dir()]
    return top


def pypi_package(name: str, folder: Path) -> Path:
    """The newest wheel of a Python package, unpacked."""
    pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps")
    run(*pip, "--only-binary", ":all:", "--dest", folder, name, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    top = folder / "package"
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(top)
    return top


def vite_app(folder: Path) -> Path:
    """What Vite builds of its own template for Vue with TypeScript."""
    create = ("npm", "create", "--yes", "vite@latest", "app", "--", "--template", "vue-ts")
    run(*create, "--no-interactive", cwd=folder)
    run("npm", "install", "--no-audit", "--no-fund", "--silent", cwd=folder / "app")
    run("npm", "run", "build", cwd=folder / "app")
    return folder / "app" / "dist"


def mkdocs_site(folder: Path) -> Path:
    """A documentation site with analytics on, whose pages are the texts of npm packages."""
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "mkdocs-material", cwd=folder)
    (folder / "docs").mkdir()
    number = 0
    for name in TEXTS:
        (folder / name).mkdir()
        for text in sorted(npm_package(name, folder / name).rglob("*.md")):
            shutil.copy2(text, folder / "docs" / f"page-{number}.md")
            number += 1
    shutil.copy2(folder / "docs" / "page-0.md", folder / "docs" / "index.md")
    (folder / "mkdocs.yml").write_text(
        "site_name: Texts of packages\n"
        "site_url: https://docs.booking.example/\n"
        "theme:\n  name: material\n"
        "extra:\n  analytics:\n    provider: google\n    property: G-0000000000\n",
        encoding="utf-8",
    )
    run(python, "-m", "mkdocs", "build", "--quiet", cwd=folder)
    return folder / "site"
