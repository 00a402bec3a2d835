"""The build step copies the named files and nothing else, and installs only when the lock file has changed."""

import subprocess
from pathlib import Path

import pytest

from staff_portal.kernel import assets


@pytest.fixture
def build(tmp_path: Path) -> assets.Build:
    (tmp_path / "package-lock.json").write_text('{"lockfileVersion": 3}', "utf-8")
    for name in assets.NAMED_FILES:
        source = tmp_path / "node_modules" / name
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text(f"content of {name}", "utf-8")
    return assets.Build(root=tmp_path)


def stamp(build: assets.Build, extent: str = "run") -> None:
    build.stamp.write_text(f"{assets.lock_digest(build)} {extent}\n", "ascii")


def test_copies_every_named_file_once(build: assets.Build) -> None:
    assert assets.copy_named_files(build) == len(assets.NAMED_FILES)
    for source, target in assets.NAMED_FILES.items():
        assert (build.vendor / target).read_text("utf-8") == f"content of {source}"
    assert assets.copy_named_files(build) == 0


def test_a_file_that_has_moved_in_its_package_is_named(build: assets.Build) -> None:
    missing = next(iter(assets.NAMED_FILES))
    (build.modules / missing).unlink()
    with pytest.raises(assets.AssetBuildError, match="bootstrap"):
        assets.copy_named_files(build)


def test_files_no_longer_named_go(build: assets.Build) -> None:
    assets.copy_named_files(build)
    stranger = build.vendor / "old" / "left-over.js"
    stranger.parent.mkdir()
    stranger.write_text("x", "utf-8")
    assert assets.remove_strangers(build) == 1
    assert not stranger.exists()
    assert (build.vendor / "htmx" / "htmx.min.js").exists()


def test_a_changed_lock_file_makes_the_installation_stale(build: assets.Build) -> None:
    assert not assets.is_installed(build)
    stamp(build)
    assert assets.is_installed(build)
    (build.root / "package-lock.json").write_text('{"lockfileVersion": 3, "packages": {}}', "utf-8")
    assert not assets.is_installed(build)


def test_an_installation_with_test_packages_serves_both(build: assets.Build) -> None:
    stamp(build, "run")
    assert not assets.is_installed(assets.Build(root=build.root, dev=True))
    stamp(build, "dev")
    assert assets.is_installed(assets.Build(root=build.root, dev=True))
    assert assets.is_installed(build)


def test_a_missing_lock_file_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(assets.AssetBuildError, match=r"package-lock\.json is missing"):
        assets.lock_digest(assets.Build(root=tmp_path))


def test_npm_comes_from_the_environment_where_the_machine_has_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    outcome = subprocess.run(
        [*assets.npm_command(), "--version"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout.strip().split(".")[0].isdigit()


def test_the_lock_file_names_no_host() -> None:
    assert '"resolved"' not in (assets.ROOT / "package-lock.json").read_text("utf-8")
