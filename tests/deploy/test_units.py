"""The files an operator installs are what systemd, nginx and interneg understand."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from gateway.cli import parser
from gateway.settings import PREFIX, Settings, read_settings
from tests.deploy.proxy import NGINX_CONF, free_port, main_conf
from tests.deploy.units import INSTALLED, Service, read_unit, settings
from tests.required import require

UNITS = ("serve", "work")


def test_every_variable_of_the_settings_file_is_a_setting() -> None:
    known = {PREFIX + spec.name.upper() for spec in fields(Settings)}
    assert set(settings()) <= known
    assert read_settings(settings()).drain_seconds == 5


@pytest.mark.parametrize("name", UNITS)
def test_the_command_of_a_unit_is_one_that_the_program_has(name: str, tmp_path: Path) -> None:
    service = Service(read_unit(name), "8001", tmp_path, {})
    words = service.command("gateway.cli")
    assert words[:3] == [sys.executable, "-m", "gateway.cli"]
    parsed = parser().parse_args(words[3:])
    assert parsed.command.__name__ == name
    assert service.environment()["INTERNEG_DATA_DIR"] == f"{tmp_path}/{name}-8001"


def test_a_worker_takes_the_work_that_its_own_file_names(tmp_path: Path) -> None:
    service = Service(read_unit("work"), "pictures", tmp_path, {"WORK": "media jobs"})
    assert service.command("gateway.cli")[3:] == ["work", "media", "jobs"]


@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_nothing_to_say_about_a_unit(name: str, tmp_path: Path) -> None:
    require(shutil.which("systemd-analyze") is not None, "there is no systemd-analyze")
    unit = read_unit(name)
    installed = tmp_path / unit.path.name
    installed.write_text(unit.path.read_text().replace(INSTALLED, sys.executable))
    said = subprocess.run(["systemd-analyze", "verify", "--man=no", str(installed)], capture_output=True, text=True)
    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_leaves_time_to_end_in_order(name: str) -> None:
    unit = read_unit(name)
    assert (unit.one("Type"), unit.one("TimeoutStartSec"), unit.one("Restart")) == ("notify", "infinity", "always")
    assert int(unit.one("TimeoutStopSec")) > read_settings(settings()).drain_seconds + 30


def test_nginx_takes_the_configuration(tmp_path: Path) -> None:
    require(shutil.which("nginx", path="/usr/sbin:/usr/bin") is not None, "there is no nginx")
    conf = main_conf(tmp_path, listen=free_port(), gateways=(8001, 8002))
    said = subprocess.run(["/usr/sbin/nginx", "-t", "-c", str(conf)], capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    assert NGINX_CONF.read_text().count("server 127.0.0.1:80") == 2
