"""Tests of ``trueup.testing``: the campaign, and what it stands on."""
