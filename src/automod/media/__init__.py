"""Bytes to upright pixels to perceptual hashes; pure: no files, no network, no clock."""
