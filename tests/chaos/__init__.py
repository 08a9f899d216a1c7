"""Tests of ``chaos``: the campaign, and what it stands on."""
