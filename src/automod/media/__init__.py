"""Bytes to upright pixels to perceptual hashes; pure, but for the child that decodes videos."""
