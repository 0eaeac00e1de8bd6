"""Improve: benchmarking for the people who run ICT and digital in UK councils."""
