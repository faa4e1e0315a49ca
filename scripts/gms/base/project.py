"""The clone of the repository that this code belongs to."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
